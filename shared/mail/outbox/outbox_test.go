package outbox_test

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"groundswell/shared/mail"
	"groundswell/shared/mail/outbox"
	"groundswell/shared/store"
	"groundswell/shared/table/local"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func open(t *testing.T) (*store.Store, *local.Table) {
	t.Helper()
	clock := func() time.Time { return noon }
	tab, err := local.Open(filepath.Join(t.TempDir(), "db"), local.Options{NoSync: true, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tab.Close() })
	return &store.Store{Table: tab, Clock: clock}, tab
}

func message(id string, at time.Time) mail.Message {
	return mail.Message{ID: id, From: `"Groundswell" <ideas@example.com>`, To: "ann@example.org", Subject: "Launched: <tea> & " + id,
		Text: "Hello <b>\n", HTML: "<!doctype html><script>alert(1)</script><p>Hello", Headers: []mail.Header{{Name: "Auto-Submitted", Value: "auto-generated"}}, At: at}
}

func get(t *testing.T, h http.Handler, path string) (*http.Response, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", path, nil))
	b, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Result(), string(b)
}

func TestSendOnceAndList(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	sender := outbox.New(s)
	var ids []string
	for i, id := range []string{"a", "b", "a", "c"} {
		m := message(id, noon.Add(time.Duration(i)*time.Second))
		if id == "c" {
			m.At = time.Time{} // then it is the clock's: noon
		}
		got, err := sender.Send(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, got)
	}
	if ids[0] != ids[2] || ids[0] == ids[1] {
		t.Errorf("message ids %q: want the same for the same ID only", ids)
	}
	h := outbox.Handler(s, slog.New(slog.DiscardHandler))

	resp, body := get(t, h, "/_local/mail.json")
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "application/json" {
		t.Fatalf("%s %s\n%s", resp.Status, resp.Header.Get("Content-Type"), body)
	}
	type entry struct {
		From, To, Subject, Text, HTML string
		Headers                       map[string]string
		At                            string
	}
	var got []entry
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	var subjects []string
	for _, e := range got {
		subjects = append(subjects, e.Subject)
	}
	if subjects[0] != "Launched: <tea> & b" || len(subjects) != 3 {
		t.Errorf("newest first: %q", subjects)
	}
	m := message("b", noon)
	if diff := cmp.Diff(entry{m.From, m.To, m.Subject, m.Text, m.HTML, map[string]string{"Auto-Submitted": "auto-generated"}, "2026-05-04T12:00:01Z"}, got[0]); diff != "" {
		t.Errorf("entry (-want +got):\n%s", diff)
	}

	resp, _ = get(t, h, "/_local/mail.json?limit=2")
	if link := resp.Header.Get("Link"); !strings.Contains(link, `rel="next"`) {
		t.Errorf("Link: %q", link)
	} else {
		next := strings.TrimPrefix(strings.Split(link, ">")[0], "<")
		if _, body := get(t, h, next); strings.Count(body, `"from"`) != 1 {
			t.Errorf("second page: %s", body)
		}
	}
}

func TestEmptyOutbox(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	h := outbox.Handler(s, slog.New(slog.DiscardHandler))
	if _, body := get(t, h, "/_local/mail.json"); strings.TrimSpace(body) != "[]" {
		t.Errorf("JSON: %q, want an empty array", body)
	}
	if resp, body := get(t, h, "/_local/mail"); resp.StatusCode != 200 || !strings.Contains(body, "empty") {
		t.Errorf("page: %s\n%s", resp.Status, body)
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	id, err := outbox.New(s).Send(t.Context(), message("a", noon))
	if err != nil {
		t.Fatal(err)
	}
	h := outbox.Handler(s, slog.New(slog.DiscardHandler))

	resp, body := get(t, h, "/_local/mail")
	if csp := resp.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("policy of the list: %q", csp)
	}
	if strings.Contains(body, "<tea>") || !strings.Contains(body, "&lt;tea&gt; &amp; a") || !strings.Contains(body, "Hello &lt;b&gt;") {
		t.Errorf("text is not escaped:\n%s", body)
	}
	if !strings.Contains(body, `href="/_local/mail/`+id+`"`) {
		t.Errorf("no link to the HTML part:\n%s", body)
	}
	if _, err := html.Parse(strings.NewReader(body)); err != nil {
		t.Error(err)
	}

	resp, body = get(t, h, "/_local/mail/"+id)
	csp := resp.Header.Get("Content-Security-Policy")
	if body != message("a", noon).HTML || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		t.Errorf("HTML part: %s\n%s", resp.Header.Get("Content-Type"), body)
	}
	for _, bad := range []string{"allow-scripts", "allow-same-origin", "allow-forms", "script-src"} {
		if strings.Contains(csp, bad) {
			t.Errorf("policy allows too much: %s", csp)
		}
	}
	for _, want := range []string{"sandbox ", "default-src 'none'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("policy without %q: %s", want, csp)
		}
	}
	for _, path := range []string{"/_local/mail", "/_local/mail.json", "/_local/mail/" + id} {
		resp, _ := get(t, h, path)
		if resp.Header.Get("Cache-Control") != "no-store" || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v", path, resp.Header)
		}
	}
}

func TestBadRequests(t *testing.T) {
	t.Parallel()
	s, tab := open(t)
	h := outbox.Handler(s, slog.New(slog.DiscardHandler))
	for path, want := range map[string]int{
		"/_local/mail/nothing":          404,
		"/_local/mail/%00":              404,
		"/_local/mail.json?after=xyz":   400,
		"/_local/mail?after=xyz":        400,
		"/_local/mail?limit=nonsense":   200,
		"/_local/mail?limit=1000000000": 200,
	} {
		if resp, body := get(t, h, path); resp.StatusCode != want {
			t.Errorf("%s: %s, want %d\n%s", path, resp.Status, want, body)
		}
	}
	tab.Close()
	for _, path := range []string{"/_local/mail", "/_local/mail.json", "/_local/mail/x"} {
		if resp, body := get(t, h, path); resp.StatusCode != 500 || strings.Contains(body, "closed") {
			t.Errorf("%s on a closed table: %s\n%s", path, resp.Status, body)
		}
	}
}

func TestInvalidMessageIsNotKept(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	m := message("a", noon)
	m.Subject = "a\r\nBcc: b@example.com"
	if _, err := outbox.New(s).Send(t.Context(), m); !errors.Is(err, mail.ErrRejected) {
		t.Errorf("error %v, want ErrRejected", err)
	}
	if ms, _, err := s.Outbox(t.Context(), "", 10); err != nil || len(ms) != 0 {
		t.Errorf("kept %d, %v", len(ms), err)
	}
}
