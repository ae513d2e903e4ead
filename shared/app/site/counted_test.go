package site_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/app"
	"groundswell/shared/app/site"
	"groundswell/shared/metric"
	"groundswell/shared/portal"
	"groundswell/shared/table/local"
)

// tape is a meter that adds up.
type tape map[string]float64

func (m tape) Put(of metric.Metric, value string, n float64) {
	m[strings.TrimSuffix(of.Name()+" "+value, " ")] += n
}

// lastCode keeps the code that was sent last.
type lastCode struct{ code string }

func (l *lastCode) SendCode(_ context.Context, c portal.CodeMail) error {
	l.code = c.Code
	return nil
}

// TestMeter: what people did is counted once, whether they did it on a page or by
// the API, and what changed nothing is not counted.
func TestMeter(t *testing.T) {
	t.Parallel()
	db, err := local.Open(filepath.Join(t.TempDir(), "ideas.db"), local.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	meter, mails := tape{}, &lastCode{}
	server, err := site.New(site.Parts{Config: app.Config{PortalName: "Our Ideas", TeamEmails: []string{"boss@example.com"}}, Table: db, Mails: mails,
		Log: slog.New(slog.DiscardHandler), Meter: meter})
	if err != nil {
		t.Fatal(err)
	}
	h := server.Handler()
	jar := map[string]string{}
	call := func(want int, method, path, typ, body string, header ...string) string {
		t.Helper()
		r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", typ)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		for k, v := range jar {
			r.AddCookie(&http.Cookie{Name: k, Value: v})
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		for _, c := range w.Result().Cookies() {
			jar[c.Name] = c.Value
		}
		if w.Code != want {
			t.Fatalf("%s %s: %d, want %d: %s", method, path, w.Code, want, w.Body)
		}
		return w.Body.String()
	}
	api := func(want int, method, path, body string, header ...string) string {
		t.Helper()
		return call(want, method, "/api/v1"+path, "application/json", body, header...)
	}
	form := func(want int, path, body string) {
		t.Helper()
		call(want, http.MethodPost, path, "application/x-www-form-urlencoded", body)
	}
	const who = `"email":"boss@example.com"`
	api(http.StatusAccepted, "POST", "/sign-in", `{`+who+`}`)
	api(http.StatusUnprocessableEntity, "POST", "/sign-in/confirm", `{`+who+`,"code":"none"}`)
	api(http.StatusOK, "POST", "/sign-in/confirm", `{`+who+`,"code":"`+mails.code+`"}`)
	idea := `{"title":"Oat milk, please","body":"Because.","category":"coffee"}`
	a := api(http.StatusCreated, "POST", "/ideas", idea, "Idempotency-Key", "1")
	api(http.StatusCreated, "POST", "/ideas", idea, "Idempotency-Key", "1")
	_, id, _ := strings.Cut(a, `"id":"`)
	id, _, _ = strings.Cut(id, `"`)
	api(http.StatusOK, "PUT", "/ideas/"+id+"/vote", "")
	api(http.StatusOK, "PUT", "/ideas/"+id+"/vote", "")
	api(http.StatusOK, "DELETE", "/ideas/"+id+"/vote", "")
	form(http.StatusSeeOther, "/ideas/"+id+"/vote", "next=/")
	form(http.StatusSeeOther, "/ideas/"+id+"/comments", "body=So+do+I")
	api(http.StatusCreated, "POST", "/ideas/"+id+"/comments", `{"body":"And I."}`)
	api(http.StatusOK, "POST", "/ideas/"+id+"/status", `{"status":"planned"}`)
	api(http.StatusOK, "POST", "/ideas/"+id+"/status", `{"status":"launched"}`)
	clear(jar)
	const new = `"email":"ann@example.com"`
	api(http.StatusAccepted, "POST", "/sign-in", `{`+new+`}`)
	api(http.StatusOK, "POST", "/sign-in/confirm", `{`+new+`,"code":"`+mails.code+`"}`)
	for n := range 21 { // of somebody new
		want := http.StatusCreated
		if n == 20 {
			want = http.StatusTooManyRequests
		}
		api(want, "POST", "/ideas", fmt.Sprintf(`{"title":"Idea number %d","body":"Because.","category":"coffee"}`, n))
	}
	want := tape{"CodesAsked": 2, "CodesRefused": 1, "CodesConfirmed": 2, "Ideas": 21, "Votes": 2, "Withdrawals": 1, "Comments": 2, "Launches": 1,
		"RateLimited ideas": 1}
	if d := cmp.Diff(want, meter); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
