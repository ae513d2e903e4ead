package picture_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"groundswell/shared/brand"
	"groundswell/shared/picture"
	"groundswell/shared/portal"
)

// ideas is a store that answers one question only.
type ideas struct {
	portal.Store
	page portal.IdeaPage
	err  error
}

func (s ideas) IdeaPage(context.Context, portal.IdeaQuery) (portal.IdeaPage, error) {
	return s.page, s.err
}

const id = "1kjmbqdedrfsmpx2w"

func TestHandler(t *testing.T) {
	t.Parallel()
	idea := portal.IdeaPage{Idea: portal.Idea{ID: id, Title: "门口放一个湿伞架", Status: portal.Launched}, Card: portal.Card{Votes: -71}}
	for name, c := range map[string]struct {
		store  ideas
		method string
		status int
		body   string // in the answer
		logged bool
	}{
		"the picture":       {ideas{page: idea}, "GET", 200, "\x89PNG", false},
		"its head":          {ideas{page: idea}, "HEAD", 200, "", false},
		"no such idea":      {ideas{err: &portal.Error{Kind: portal.NotFound}}, "GET", 404, "no such idea", false},
		"the store is down": {ideas{err: errors.New("secret cause")}, "GET", 500, "went wrong", true},
		"another method":    {ideas{page: idea}, "POST", 405, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			h := picture.New(&portal.Portal{Store: c.store}, "Groundswell", brand.Default()).Handler(slog.New(slog.NewTextHandler(&log, nil)))
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(c.method, "/ideas/"+id+"/card.png", nil))
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.body) || c.method == "HEAD" && w.Body.Len() > 0 {
				t.Errorf("%d %.80q, want %d with %q", w.Code, w.Body, c.status, c.body)
			}
			if strings.Contains(w.Body.String(), "secret") {
				t.Error("the cause is shown")
			}
			if strings.Contains(log.String(), "secret cause") != c.logged {
				t.Errorf("logged: %s", log.String())
			}
			if tag := w.Header().Get("Etag"); (tag != "") != (c.status == 200) {
				t.Errorf("the tag is %q", tag)
			}
		})
	}
}
