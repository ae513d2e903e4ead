package web_test

import (
	"net/http/httptest"
	"net/url"
	"testing"
)

// Whatever is sent as a cursor, the answer is a page or a 400.
func FuzzCursor(f *testing.F) {
	s := newSite(f, options{})
	ada := s.member("ada@example.com")
	id := ada.post("/ideas", `{"title": "Tea", "category": "tea"}`).want(201).str("idea.id")
	for range 3 {
		ada.post("/ideas/"+id+"/comments", `{"body": "b"}`).want(201)
		ada.post("/ideas", `{"title": "More tea", "category": "tea"}`).want(201)
	}
	s.settle()
	lists := []string{"/ideas?limit=1", "/ideas?limit=1&sort=top", "/ideas?limit=1&sort=new&status=new", "/ideas/" + id + "/comments?limit=1"}
	for i, list := range lists {
		f.Add(uint8(i), s.visitor().get(list).want(200).str("next"))
	}
	f.Add(uint8(0), "\x00\xff")
	f.Fuzz(func(t *testing.T, list uint8, cursor string) {
		path := lists[int(list)%len(lists)] + "&cursor=" + url.QueryEscape(cursor)
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, httptest.NewRequest("GET", base+api+path, nil))
		if w.Code != 200 && w.Code != 400 {
			t.Errorf("GET %s = %d\n%s", path, w.Code, w.Body)
		}
	})
}

// Whatever is sent as a body, the answer is never an error of ours.
func FuzzBody(f *testing.F) {
	s := newSite(f, options{noCount: true})
	ada := s.member("ada@example.com")
	f.Add([]byte(`{"name": "Ada", "locale": "en", "mail": {"voted": true}}`))
	f.Add([]byte(`{"name": "\ud83c\udf75 \ud83c", "mail": {"voted": 1}}`))
	f.Add([]byte(`{"mail": {"voted": true, "voted": false}} []`))
	f.Add([]byte(`{"": 0}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if a := ada.on(t).do("PATCH", "/me", string(body), "Content-Type", "application/json"); a.status >= 500 {
			t.Errorf("%d for %q", a.status, body)
		}
	})
}
