package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/web"
)

// Links to where an idea was, in the system that it was imported from, lead to it.
func TestMovedIdeas(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada := s.reader().signIn("ada@example.com")
	ada.open("/submit").fill("/submit", "title", "Moved here", "category", "tea").want(200)
	id := ada.at[len("/ideas/"):][:17]
	for _, old := range []string{"https://ideas.example.com/forums/3-général/suggestions/12-moved/?tab=votes#c", "/posts/12", "/"} {
		path := portal.OldPath(old)
		if path == "" {
			continue // the front page is nobody's
		}
		for _, op := range store.PathUnit(path, id).Ops() {
			if err := s.table.Write(t.Context(), op); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, old := range []string{"/forums/3-g%C3%A9n%C3%A9ral/suggestions/12-moved", "/posts/12", "/posts/12/", "/posts/12/moved-here?x=y"} {
		if ada.open(old).want(200).sees("Moved here"); ada.at != "/ideas/"+id+"/moved-here" {
			t.Errorf("%s ends at %s", old, ada.at)
		}
	}
	for _, none := range []string{"/posts/13", "/posts/12/a/b", "/posts", "/api/v1/posts/12", "/posts/12%00"} {
		ada.open(none).want(404)
	}
	ada.request(http.MethodPost, "/posts/12", url.Values{}).want(404)
}

// The functions that don't answer unknown paths don't look for old addresses: they
// may not read what that takes.
func TestMovedIdeasElsewhere(t *testing.T) {
	t.Parallel()
	broken := options{wrap: func(tb table.Table) table.Table { return noBatches{tb} }}
	for noun, want := range map[web.Noun]int{web.Accounts: http.StatusNotFound, web.Ideas: http.StatusInternalServerError} {
		w := httptest.NewRecorder()
		newPages(t, broken).server.Handler(noun).ServeHTTP(w, httptest.NewRequest(http.MethodGet, base+"/posts/12", nil))
		if w.Code != want {
			t.Errorf("%s: status %d, want %d", noun, w.Code, want)
		}
	}
}

type noBatches struct{ table.Table }

func (noBatches) BatchGet(context.Context, []table.Key, bool) (map[table.Key]table.Record, error) {
	return nil, errors.New("not granted")
}
