package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"groundswell/shared/app/onefile"
	"groundswell/shared/mail/outbox"
)

// portal is the local program's portal, served until the test ends.
func portal(t *testing.T, around func(http.Handler) http.Handler) string {
	t.Helper()
	app, err := onefile.Open(t.TempDir(), onefile.Options{Team: []string{"team@example.com"}, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(outbox.Path, app.Outbox())
	mux.Handle(outbox.Path+".json", app.Outbox())
	mux.Handle("/", around(app.Handler()))
	server := httptest.NewServer(mux)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- app.Run(ctx) }()
	t.Cleanup(func() {
		server.Close()
		stop()
		<-done
		if err := app.Close(); err != nil {
			t.Error(err)
		}
	})
	return server.URL
}

func same(h http.Handler) http.Handler { return h }

// TestWalks: a member's walk and the team's go through and leave no account behind
// but the team's; a second walk goes as well as the first.
func TestWalks(t *testing.T) {
	t.Parallel()
	url := portal(t, same)
	for _, email := range []string{"ann@example.com", "team@example.com", "ann@example.com"} {
		var out strings.Builder
		code := run(t.Context(), []string{"-url", url, "-email", email, "-code-from", url + outbox.Path + ".json"}, strings.NewReader(""), &out)
		if code != 0 || !strings.Contains(out.String(), ", 0 failed") {
			t.Errorf("%s: exit code %d\n%s", email, code, &out)
		}
		want := "the account is gone"
		if strings.HasPrefix(email, "team") {
			want = "the account stays"
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s: does not say %q\n%s", email, want, &out)
		}
	}
}

// TestFails: what is wrong with a portal is said, and ends in exit code 1.
func TestFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		around func(http.Handler) http.Handler
		want   string
	}{
		"no policy": {func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				rec := httptest.NewRecorder()
				h.ServeHTTP(rec, r)
				for k, v := range rec.Header() {
					if k != "Content-Security-Policy" {
						w.Header()[k] = v
					}
				}
				w.WriteHeader(rec.Code)
				_, _ = w.Write(rec.Body.Bytes())
			})
		}, "FAILED  its security headers"},
		"the roadmap is broken": {func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/roadmap" {
					w.WriteHeader(http.StatusInternalServerError)
					return
				}
				h.ServeHTTP(w, r)
			})
		}, "FAILED  the roadmap"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			code := run(t.Context(), []string{"-url", portal(t, c.around)}, strings.NewReader(""), &out)
			if code != 1 || !strings.Contains(out.String(), c.want) || strings.Count(out.String(), "FAILED") != 1 {
				t.Errorf("exit code %d\n%s", code, &out)
			}
		})
	}
	var out strings.Builder
	if code := run(t.Context(), []string{"-url", "ideas"}, strings.NewReader(""), &out); code != 2 {
		t.Errorf("exit code %d for a wrong address", code)
	}
}
