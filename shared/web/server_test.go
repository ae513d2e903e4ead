package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"groundswell/shared/portal"
	"groundswell/shared/table"
	"groundswell/shared/web"
)

// secret is what a database might say and nobody outside may read.
const secret = "dial tcp 10.0.0.7:8000: user ada@example.com, password hunter2"

// broken is a table where nothing works once it is broken.
type broken struct {
	table.Table
	now bool
}

func (b *broken) Get(ctx context.Context, k table.Key, c bool) (table.Record, error) {
	if b.now {
		return table.Record{}, errors.New(secret)
	}
	return b.Table.Get(ctx, k, c)
}

func (b *broken) BatchGet(ctx context.Context, ks []table.Key, c bool) (map[table.Key]table.Record, error) {
	if b.now && !slices.ContainsFunc(ks, func(k table.Key) bool { return strings.HasPrefix(k.SK, "S#") }) {
		return nil, errors.New(secret)
	}
	return b.Table.BatchGet(ctx, ks, c) // sessions still work: the handlers have to be reached
}

func (b *broken) Query(ctx context.Context, q table.Query) (table.Page, error) {
	if b.now {
		return table.Page{}, errors.New(secret)
	}
	return b.Table.Query(ctx, q)
}

func (b *broken) Write(ctx context.Context, ops ...table.Op) error {
	if b.now {
		return errors.New(secret)
	}
	return b.Table.Write(ctx, ops...)
}

// An error of ours is a 500 with one fixed sentence and the id to ask about; its
// text is in the log, once, and nowhere else.
func TestInternalErrors(t *testing.T) {
	t.Parallel()
	var b *broken
	s := newSite(t, options{wrap: func(tb table.Table) table.Table { b = &broken{Table: tb}; return b }})
	ada, team := s.member("ada@example.com"), s.member("team@example.com")
	id := ada.post("/ideas", `{"title": "Tea", "category": "tea"}`).want(201).str("idea.id")
	cid := ada.post("/ideas/"+id+"/comments", `{"body": "b"}`).want(201).str("comment.id")
	s.settle()
	b.now = true
	const sentence = "Something went wrong on our side. Please try again."
	check := func(a *answer) {
		t.Helper()
		a.problem(500, "internal").is("detail", sentence)
		if id := a.str("request_id"); !strings.Contains(s.log.String(), `"request_id":"`+id+`"`) || a.header.Get("X-Request-Id") != id {
			t.Errorf("%s: request id %s is not in the log or not in the header", a.what, id)
		}
		if strings.Contains(string(a.body), "hunter2") || strings.Contains(string(a.body), "10.0.0.7") {
			t.Errorf("%s shows internal text: %s", a.what, a.body)
		}
	}
	calls := 0
	for _, a := range []func() *answer{
		func() *answer { return ada.get("/ideas") },
		func() *answer { return ada.get("/ideas?q=tea") },
		func() *answer { return ada.get("/ideas/similar?title=tea") },
		func() *answer { return ada.get("/ideas/" + id) },
		func() *answer { return ada.get("/ideas/" + id + "/comments") },
		func() *answer { return ada.post("/ideas", `{"title": "Tea", "category": "tea"}`) },
		func() *answer { return ada.patch("/ideas/"+id, `{"title": "Tea, please"}`) },
		func() *answer { return ada.put("/ideas/" + id + "/vote") },
		func() *answer { return ada.delete("/ideas/" + id + "/vote") },
		func() *answer { return ada.post("/ideas/"+id+"/comments", `{"body": "b"}`) },
		func() *answer { return ada.patch("/ideas/"+id+"/comments/"+cid, `{"body": "b"}`) },
		func() *answer { return ada.delete("/ideas/" + id + "/comments/" + cid) },
		func() *answer { return ada.patch("/me", `{"name": "Ada"}`) },
		func() *answer { return ada.post("/sign-out", "") },
		func() *answer { return team.post("/ideas/"+id+"/status", `{"status": "planned"}`) },
		func() *answer { return team.post("/ideas/"+id+"/merge", `{"into": "`+id[:16]+`0"}`) },
		func() *answer { return team.delete("/ideas/" + id + "/merge") },
		func() *answer { return s.visitor().post("/sign-in", `{"email": "eve@example.com"}`) },
	} {
		check(a())
		calls++
	}
	if got := strings.Count(s.log.String(), `"msg":"request_failed"`); got != calls {
		t.Errorf("%d errors logged for %d failed requests", got, calls)
	}
}

// panicking lets every read of an idea blow up with what a user wrote.
type panicking struct{ table.Table }

func (p panicking) Get(context.Context, table.Key, bool) (table.Record, error) { panic(secret) }
func (p panicking) Query(context.Context, table.Query) (table.Page, error)     { panic(secret) }

func TestPanic(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{noCount: true, wrap: func(tb table.Table) table.Table { return panicking{tb} }})
	a := s.visitor().get("/ideas").problem(500, "internal")
	log := s.log.String()
	if strings.Contains(log, "hunter2") || strings.Contains(string(a.body), "hunter2") {
		t.Errorf("the panic's text got out:\n%s\n%s", log, a.body)
	}
	if !strings.Contains(log, `"msg":"handler_panicked"`) || !strings.Contains(log, "server_test.go") {
		t.Errorf("the log has no stack:\n%s", log)
	}
}

// Every answer carries the security headers: pages, problems, what isn't there.
func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	for _, path := range []string{"/ideas", "/ideas?sort=x", "/nothing"} {
		a := s.visitor().get(path)
		header(t, a, "X-Content-Type-Options", "nosniff")
		header(t, a, "Referrer-Policy", "strict-origin-when-cross-origin")
		header(t, a, "Cross-Origin-Opener-Policy", "same-origin")
		header(t, a, "Strict-Transport-Security", "max-age=31536000")
		header(t, a, "Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "+
			"manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	}
}

func TestCaching(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	ada := s.member("ada@example.com")
	header(t, s.visitor().get("/ideas"), "Cache-Control", "no-cache")
	header(t, s.visitor().get("/ideas"), "Vary", "Cookie")
	header(t, ada.get("/ideas"), "Cache-Control", "no-store")
	header(t, s.visitor().get("/me"), "Cache-Control", "no-store")
	header(t, s.visitor().get("/me"), "WWW-Authenticate", `Cookie realm="portal"`)
	header(t, s.visitor().get("/categories"), "Cache-Control", "public, max-age=30, stale-while-revalidate=60")
}

func TestMethodNotAllowed(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	header(t, s.visitor().do("DELETE", "/ideas", "").problem(405, "method_not_allowed"), "Allow", "GET, HEAD, POST")
	header(t, s.visitor().do("POST", "/ideas/x/vote", "").problem(405, "method_not_allowed"), "Allow", "PUT, DELETE")
}

func TestHead(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	server := httptest.NewServer(s.handler)
	defer server.Close()
	res, err := http.Head(server.URL + api + "/ideas")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 200 || res.ContentLength <= 0 {
		t.Errorf("HEAD = %d with Content-Length %d", res.StatusCode, res.ContentLength)
	}
}

// What another site makes a browser send is refused, whatever the cookie says.
func TestCrossOrigin(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, s *site) {
		ada := s.member("ada@example.com")
		id := ada.post("/ideas", `{"title": "Tea", "category": "tea"}`).want(201).str("idea.id")
		vote := func(header ...string) *answer { return ada.do("PUT", "/ideas/"+id+"/vote", "", header...) }
		vote("Sec-Fetch-Site", "cross-site").problem(403, "cross_origin")
		vote("Sec-Fetch-Site", "same-site").problem(403, "cross_origin")
		vote("Origin", "https://evil.example").problem(403, "cross_origin")
		vote("Origin", "null").problem(403, "cross_origin")
		ada.do("POST", "/sign-out", "", "Origin", "https://evil.example").problem(403, "cross_origin")
		vote("Sec-Fetch-Site", "same-origin").want(200)
		vote("Sec-Fetch-Site", "cross-site", "Origin", base).want(200) // the CDN's other name for us
		vote().want(200)
		ada.get("/me", "Sec-Fetch-Site", "cross-site").want(200)
	})
}

// Cookies bear the host prefix and Secure over https, and neither over http.
func TestCookies(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, base, prefix, flags string }{
		{"https", base, "__Host-", "HttpOnly; Secure; SameSite=Lax"},
		{"http", "http://127.0.0.1:8080", "", "HttpOnly; SameSite=Lax"},
		{"by the request", "", "", "HttpOnly; SameSite=Lax"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, options{adjust: func(w *web.Server, _ *portal.Portal) { w.BaseURL = tt.base }})
			call := func(path, body string, cookies ...string) *http.Response {
				r := httptest.NewRequest("POST", "http://127.0.0.1:8080"+api+path, strings.NewReader(body))
				r.Header.Set("Content-Type", "application/json")
				r.Header.Set("X-Forwarded-Proto", "https") // a client's invention: there is no adapter here
				for _, c := range cookies {
					r.Header.Add("Cookie", c)
				}
				w := httptest.NewRecorder()
				s.handler.ServeHTTP(w, r)
				return w.Result()
			}
			asked := call("/sign-in", `{"email": "ada@example.com"}`)
			got := asked.Header.Get("Set-Cookie")
			if want := "; Path=/; Max-Age=600; " + tt.flags; !strings.HasPrefix(got, tt.prefix+"gs_signin=") || !strings.HasSuffix(got, want) {
				t.Errorf("sign-in: Set-Cookie %q, want %sgs_signin and %q", got, tt.prefix, want)
			}
			pair, _, _ := strings.Cut(got, ";")
			in := call("/sign-in/confirm", `{"email": "ada@example.com", "code": "`+s.mails.code("ada@example.com")+`"}`, pair)
			got = in.Header.Get("Set-Cookie")
			if want := "; Path=/; Max-Age=31536000; " + tt.flags; !strings.HasPrefix(got, tt.prefix+"gs_session=") || !strings.HasSuffix(got, want) {
				t.Errorf("confirm: Set-Cookie %q, want %sgs_session and %q", got, tt.prefix, want)
			}
		})
	}
}

// One line for each request, with the route and never with what people sent.
func TestRequestLog(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, s *site) {
		ada := s.member("ada@example.com")
		before := len(s.log.String())
		a := ada.get("/ideas?q=private&limit=5", "User-Agent", "agent-x", "X-Request-Id", "mine").want(200)
		line := s.log.String()[before:]
		var got struct {
			Msg, Method, Route string
			Status             int
			Bytes              int
			RequestID          string `json:"request_id"`
		}
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatalf("%v\n%s", err, line)
		}
		if got.Msg != "request" || got.Method != "GET" || got.Route != "GET /api/v1/ideas" || got.Status != 200 || got.Bytes != len(a.body) {
			t.Errorf("log line %s", line)
		}
		if got.RequestID != a.header.Get("X-Request-Id") || got.RequestID == "mine" {
			t.Errorf("request id %q in the log, %q in the answer", got.RequestID, a.header.Get("X-Request-Id"))
		}
		for _, private := range []string{"private", "agent-x", "203.0.113", "ada@example", ada.cookies["__Host-gs_session"], s.mails.code("ada@example.com")} {
			if strings.Contains(s.log.String(), private) {
				t.Errorf("the log has %q:\n%s", private, s.log.String())
			}
		}
	})
}

// The trace is in the line where it comes from the adapter, and only there.
func TestTraceLog(t *testing.T) {
	t.Parallel()
	const id = "1-67891233-abcdef012345678912345678"
	for _, adapter := range []bool{true, false} {
		s := newSite(t, options{adjust: func(s *web.Server, _ *portal.Portal) { s.Adapter = adapter }})
		s.visitor().get("/categories", "X-Amzn-Trace-Id", "Root="+id).want(200)
		if got := strings.Contains(s.log.String(), `"trace_id":"`+id+`"`); got != adapter {
			t.Errorf("adapter %v: trace in the log %v: %s", adapter, got, s.log)
		}
	}
}

// A noun's handler has its own routes and nobody else's.
func TestNouns(t *testing.T) {
	t.Parallel()
	s := newSite(t, options{})
	votes := s.server.Handler(web.Votes)
	for path, want := range map[string]int{"/ideas/00000000000000000/vote": 401, "/me": 404} {
		r := httptest.NewRequest(http.MethodPut, base+api+path, nil)
		w := httptest.NewRecorder()
		votes.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("PUT %s on votes = %d, want %d", path, w.Code, want)
		}
	}
}
