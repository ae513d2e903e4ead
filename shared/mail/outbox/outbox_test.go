package outbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"groundswell/frontend"
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

// handler serves the store's mails and two samples.
func handler(s *store.Store) http.Handler {
	return outbox.Handler(outbox.Options{Store: s, Log: slog.New(slog.DiscardHandler), Name: "Our <Ideas>", Samples: func() ([]outbox.Sample, error) {
		return []outbox.Sample{
			{Kind: "sign_in", Case: "usual", Locale: "en", Mail: mail.Message{Subject: "A code", HTML: "<html><head></head><p>English", Text: "plain English"}},
			{Kind: "sign_in", Case: "usual", Locale: "zh", Mail: mail.Message{Subject: "验证码", HTML: "<html><head></head><p>中文", Text: "纯文本"}},
		}, nil
	}})
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
	h := handler(s)

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
	h := handler(s)
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
	h := handler(s)
	one := "/_local/mail/" + id
	for _, tc := range []struct {
		path        string
		want, never []string
	}{
		{"/_local/mail", []string{"Launched: &lt;tea&gt; &amp; a", "ann@example.org", "4 May 2026, 12:00:00 UTC", `href="` + one + `"`, `src="` + one + `/html"`, "Our &lt;Ideas&gt;"}, []string{"<tea>", `class="chosen"`}},
		{one, []string{`class="phone"`, `class="desk"`, `sandbox="allow-popups allow-popups-to-escape-sandbox"`, `class="chosen"`, one + "?part=text", one + "?look=dark"}, []string{"<pre"}},
		{one + "?look=dark", []string{`class="frames dark"`, one + "?look=dark&amp;part=text"}, nil},
		{one + "?part=text&look=nonsense", []string{"<pre dir=\"auto\">Hello &lt;b&gt;\n</pre>"}, []string{"<iframe", `class="frames`}},
		{one + "?part=headers", []string{"Auto-Submitted: auto-generated\n", "To: &lt;ann@example.org&gt;", "Subject: "}, []string{"<iframe", "Hello"}},
		{"/_local/mail/preview", []string{"sign in: usual", "A code", "plain English", `src="/_local/mail/preview/0/html"`, "?language=zh"}, []string{"验证码", "/preview/1/"}},
		{"/_local/mail/preview?language=zh&look=light", []string{"验证码", "纯文本", `src="/_local/mail/preview/1/html"`, `class="frames light"`}, []string{"A code"}},
	} {
		resp, body := get(t, h, tc.path)
		for _, want := range tc.want {
			if !strings.Contains(body, want) {
				t.Errorf("%s without %q:\n%s", tc.path, want, body)
			}
		}
		for _, never := range append(tc.never, "<script", "style=", "ZgotmplZ") {
			if strings.Contains(body, never) {
				t.Errorf("%s with %q:\n%s", tc.path, never, body)
			}
		}
		if csp := resp.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "script") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", tc.path, csp)
		}
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Error(err)
		}
		for n := range doc.Descendants() {
			for _, a := range n.Attr {
				if a.Key == "href" && n.Data == "link" && strings.HasPrefix(a.Val, frontend.StaticPath) && strings.Count(a.Val, ".") != 2 {
					t.Errorf("%s: there is no %s any more", tc.path, a.Val)
				}
			}
		}
	}
}

// What a mail holds may not run, send, load, or reach the portal's pages.
func TestMailsAreFenced(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	id, err := outbox.New(s).Send(t.Context(), message("a", noon))
	if err != nil {
		t.Fatal(err)
	}
	h := handler(s)
	for path, want := range map[string]string{"/_local/mail/" + id + "/html": message("a", noon).HTML, "/_local/mail/preview/1/html": "中文"} {
		resp, body := get(t, h, path)
		csp := resp.Header.Get("Content-Security-Policy")
		if !strings.Contains(body, want) || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %s\n%s", path, resp.Header.Get("Content-Type"), body)
		}
		for _, bad := range []string{"allow-scripts", "allow-same-origin", "allow-forms", "allow-top-navigation", "script-src", "http"} {
			if strings.Contains(csp, bad) {
				t.Errorf("%s: policy allows too much: %s", path, csp)
			}
		}
		for _, want := range []string{"sandbox ", "default-src 'none'", "frame-ancestors 'self'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: policy without %q: %s", path, want, csp)
			}
		}
	}
	if _, body := get(t, h, "/_local/mail/preview/0/html"); !strings.Contains(body, `<head><base target="_blank">`) {
		t.Errorf("links open inside the frame:\n%s", body)
	}
}

func TestHeadersAndFile(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	id, err := outbox.New(s).Send(t.Context(), message("a", noon))
	if err != nil {
		t.Fatal(err)
	}
	h := handler(s)
	resp, body := get(t, h, "/_local/mail/"+id+"/message.eml")
	m, err := netmail.ReadMessage(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if m.Header.Get("To") != "<ann@example.org>" || !strings.HasPrefix(m.Header.Get("Content-Type"), "multipart/alternative") {
		t.Errorf("headers %v", m.Header)
	}
	if resp.Header.Get("Content-Type") != "message/rfc822" || !strings.HasPrefix(resp.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the browser would show it: %v", resp.Header)
	}
	for _, path := range []string{"/_local/mail", "/_local/mail.json", "/_local/mail/" + id, "/_local/mail/" + id + "/html", "/_local/mail/" + id + "/message.eml", "/_local/mail/preview", "/_local/mail/outbox.css"} {
		resp, _ := get(t, h, path)
		if resp.StatusCode != 200 || resp.Header.Get("Cache-Control") != "no-store" || resp.Header.Get("X-Content-Type-Options") != "nosniff" || resp.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %s, headers %v", path, resp.Status, resp.Header)
		}
	}
}

func TestSamplesAreOptional(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	o := outbox.Options{Store: s, Log: slog.New(slog.DiscardHandler)}
	if resp, _ := get(t, outbox.Handler(o), "/_local/mail/preview"); resp.StatusCode != 404 {
		t.Errorf("gallery without samples: %s", resp.Status)
	}
	if _, body := get(t, outbox.Handler(o), "/_local/mail"); strings.Contains(body, "/preview") {
		t.Error("the page leads to a gallery that there is not")
	}
	o.Samples = func() ([]outbox.Sample, error) { return nil, nil }
	if resp, _ := get(t, outbox.Handler(o), "/_local/mail/preview"); resp.StatusCode != 200 {
		t.Errorf("empty gallery: %s", resp.Status)
	}
	o.Samples = func() ([]outbox.Sample, error) { return nil, errors.New("secret") }
	if resp, body := get(t, outbox.Handler(o), "/_local/mail/preview"); resp.StatusCode != 500 || strings.Contains(body, "secret") {
		t.Errorf("broken gallery: %s\n%s", resp.Status, body)
	}
}

func TestBadRequests(t *testing.T) {
	t.Parallel()
	s, tab := open(t)
	h := handler(s)
	for path, want := range map[string]int{
		"/_local/mail/nothing":          404,
		"/_local/mail/%00":              404,
		"/_local/mail/nothing/html":     404,
		"/_local/mail/no/message.eml":   404,
		"/_local/mail/preview/2/html":   404,
		"/_local/mail/preview/-1/html":  404,
		"/_local/mail/preview/x/html":   404,
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
	for _, path := range []string{"/_local/mail", "/_local/mail.json", "/_local/mail/x", "/_local/mail/x/html"} {
		if resp, body := get(t, h, path); resp.StatusCode != 500 || strings.Contains(body, "closed") {
			t.Errorf("%s on a closed table: %s\n%s", path, resp.Status, body)
		}
	}
}

// TestHappen: what a button says happens to that mail, from the outbox's own pages alone,
// and the page says so; what has no button does not, and what fails tells nothing.
func TestHappen(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	if _, err := outbox.New(s).Send(t.Context(), message("launched/i/m", noon)); err != nil {
		t.Fatal(err)
	}
	kept, _, err := s.Outbox(t.Context(), "", 1)
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	page := "/_local/mail/" + kept[0].Key
	var heard []string
	fail := error(nil)
	h := outbox.Handler(outbox.Options{Store: s, Log: slog.New(slog.DiscardHandler), Happened: []store.OutcomeKind{store.Delivered, store.Bounced},
		Happen: func(_ context.Context, m store.OutboxMail, what store.OutcomeKind) error {
			heard = append(heard, m.ID+" "+string(what))
			return fail
		}})
	post := func(h http.Handler, path, what, site string) *http.Response {
		t.Helper()
		r := httptest.NewRequestWithContext(t.Context(), "POST", path, strings.NewReader("what="+what))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", site)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result()
	}
	for _, c := range []struct {
		name, path, what, site string
		want, heard            int
	}{
		{"a button", page, "bounced", "same-origin", 303, 1},
		{"no button", page, "complained", "same-origin", 422, 1},
		{"nothing", page, "", "same-origin", 422, 1},
		{"no mail", "/_local/mail/nothing", "bounced", "same-origin", 404, 1},
		{"another site", page, "bounced", "cross-site", 403, 1},
	} {
		resp := post(h, c.path+"/happen", c.what, c.site)
		if resp.StatusCode != c.want || len(heard) != c.heard {
			t.Errorf("%s: %s, heard %q; want %d", c.name, resp.Status, heard, c.want)
		}
		if to := resp.Header.Get("Location"); c.want == 303 && to != page+"?happened=bounced" {
			t.Errorf("%s: leads to %q", c.name, to)
		}
	}
	if diff := cmp.Diff([]string{"launched/i/m bounced"}, heard); diff != "" {
		t.Errorf("heard (-want +got):\n%s", diff)
	}
	_, before := get(t, h, page)
	_, after := get(t, h, page+"?happened=bounced")
	if !strings.Contains(before, page+"/happen") || before == after {
		t.Error("the page has no buttons, or does not say what happened")
	}
	fail = errors.New("secret")
	if resp := post(h, page+"/happen", "bounced", "same-origin"); resp.StatusCode != 500 {
		t.Errorf("a failure: %s", resp.Status)
	}
	if resp := post(handler(s), page+"/happen", "bounced", "same-origin"); resp.StatusCode != 422 {
		t.Errorf("where nothing can be made to happen: %s", resp.Status)
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
