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

// discard is a response writer that costs nothing.
type discard struct{ h http.Header }

func (d *discard) Header() http.Header         { return d.h }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}

// What the layer costs on top of the store: the use case alone, then the request.
// make bench measures the same over the wire.
func BenchmarkJSON(b *testing.B) {
	s := newSite(b, options{adjust: func(w *web.Server, _ *portal.Portal) {
		w.Log = slog.New(slog.NewJSONHandler(io.Discard, nil))
	}})
	ada := s.member("ada@example.com")
	var id string
	for i := range 40 {
		s.clock.pass(4 * time.Minute) // nobody has so many ideas at once
		id = ada.post("/ideas", fmt.Sprintf(`{"title": "Idea number %d of many", "body": "Some text that excerpt %d is made of.", "category": "tea"}`, i, i)).want(201).str("idea.id")
	}
	for i := range 20 {
		ada.post("/ideas/"+id+"/comments", fmt.Sprintf(`{"body": "Some text in comment %d."}`, i)).want(201)
	}
	s.settle()
	get := func(path string) func(*testing.B) {
		return func(b *testing.B) {
			b.ReportAllocs()
			r := httptest.NewRequest("GET", base+api+path, nil)
			for b.Loop() {
				s.handler.ServeHTTP(&discard{http.Header{}}, r)
			}
		}
	}
	b.Run("list/use case", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := s.server.Portal.Ideas(b.Context(), portal.Actor{}, portal.ListQuery{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("list/request", get("/ideas"))
	b.Run("idea/use case", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := s.server.Portal.Idea(b.Context(), portal.Actor{}, portal.IdeaQuery{ID: id}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("idea/request", get("/ideas/"+id))
	b.Run("refused", get("/nothing"))
}
