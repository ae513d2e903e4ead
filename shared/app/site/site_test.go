package site_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"groundswell/shared/app"
	"groundswell/shared/app/site"
	"groundswell/shared/table/local"
	"groundswell/shared/web"
)

func TestSite(t *testing.T) {
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
	server, err := site.New(site.Parts{Config: app.Config{PortalName: "Our Ideas"}, Table: db, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		nouns  []web.Noun
		path   string
		status int
		body   string
	}{
		"all of it":                   {nil, "/", 200, "Our Ideas"},
		"the part of a function":      {[]web.Noun{web.Ideas}, "/api/v1/categories", 200, `"coffee"`},
		"but no other function's":     {[]web.Noun{web.Votes}, "/api/v1/categories", 404, "problem"},
		"where nobody signs in by it": {[]web.Noun{web.Statuses}, "/api/v1/statuses", 200, `"launched"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			server.Handler(c.nouns...).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, c.path, nil))
			body, err := io.ReadAll(w.Result().Body)
			if err != nil {
				t.Fatal(err)
			}
			if w.Code != c.status || !strings.Contains(string(body), c.body) {
				t.Errorf("%d, want %d with %s:\n%s", w.Code, c.status, c.body, body)
			}
		})
	}
}
