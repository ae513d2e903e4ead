package web_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/web"
)

// What a page costs on top of the store's reads: the use case alone, a visitor's
// page, which is kept, and a member's, which is rendered each time.
func BenchmarkPages(b *testing.B) {
	s := newPages(b, options{adjust: func(w *web.Server, _ *portal.Portal) {
		w.Log = slog.New(slog.NewJSONHandler(io.Discard, nil))
	}})
	ada := s.reader().signIn("ada@example.com")
	var id string
	for i := range 40 {
		s.clock.pass(4 * time.Minute) // nobody has so many ideas at once
		id = ada.browser.post("/ideas", fmt.Sprintf(`{"title": "Idea number %d of many", "body": "Some **text** that excerpt %d is made of.", "category": "tea"}`, i, i)).want(201).str("idea.id")
	}
	for i := range 20 {
		ada.browser.post("/ideas/"+id+"/comments", fmt.Sprintf(`{"body": "Some text in a *comment*, %d."}`, i)).want(201)
	}
	s.settle()
	idea := ada.open("/ideas/" + id).at
	get := func(path string, header ...string) func(*testing.B) {
		return func(b *testing.B) {
			b.ReportAllocs()
			r := httptest.NewRequest("GET", base+path, nil)
			for i := 0; i < len(header); i += 2 {
				r.Header.Set(header[i], header[i+1])
			}
			for b.Loop() {
				s.handler.ServeHTTP(&discard{http.Header{}}, r)
			}
		}
	}
	cookie := ""
	for name, value := range ada.cookies {
		cookie = name + "=" + value
	}
	b.Run("home/use case", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := s.server.Portal.Ideas(b.Context(), portal.Actor{}, portal.ListQuery{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("home/visitor", get("/", "Accept-Language", "en-US,en;q=0.9"))
	b.Run("home/visitor, gzip", get("/", "Accept-Encoding", "gzip, deflate, br"))
	b.Run("home/member", get("/", "Cookie", cookie))
	b.Run("idea/use case", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := s.server.Portal.Idea(b.Context(), portal.Actor{}, portal.IdeaQuery{ID: id}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("idea/visitor", get(idea))
	b.Run("idea/member", get(idea, "Cookie", cookie))
}
