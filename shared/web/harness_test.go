package web_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/projection"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/local"
	"groundswell/shared/web"
)

const base = "https://ideas.example.com"

// A site is a whole portal on a real table, with its counting, a clock that the
// test sets, and a mail box.
type site struct {
	t       testing.TB
	server  *web.Server
	handler http.Handler
	table   *local.Table
	clock   *clock
	mails   *mails
	log     *logLines
	seen    sync.Map // operations that were answered, as "GET /ideas"
}

type options struct {
	wrap    func(table.Table) table.Table     // around the table that the portal uses
	around  func(http.Handler) http.Handler   // around the handler: another way to get there
	adjust  func(*web.Server, *portal.Portal) // before the handler is made
	noCount bool
}

func newSite(t testing.TB, o options) *site {
	t.Helper()
	s := &site{t: t, clock: &clock{now: time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)}, mails: &mails{codes: map[string]string{}}, log: &logLines{}}
	tb, err := local.Open(filepath.Join(t.TempDir(), "table"), local.Options{Clock: s.clock.Now, NoSync: true, Consumers: []string{"projections"}})
	if err != nil {
		t.Fatal(err)
	}
	s.table = tb
	var used table.Table = tb
	if o.wrap != nil {
		used = o.wrap(tb)
	}
	p := &portal.Portal{Store: &store.Store{Table: used, Clock: s.clock.Now}, Mails: s.mails, Clock: s.clock.Now, IDs: portal.IDs{Rand: rand.Reader},
		Categories: portal.DefaultCategories(), Locales: []string{"en", "zh"}, TeamEmails: []string{"team@example.com"}}
	p.MailLinks = &portal.MailLinks{Store: p.Store.(*store.Store), Clock: s.clock.Now, Rand: rand.Reader}
	s.server = &web.Server{Portal: p, BaseURL: base, Log: slog.New(slog.NewJSONHandler(s.log, nil))}
	s.server.ServeImports()
	if o.adjust != nil {
		o.adjust(s.server, p)
	}
	s.handler = s.server.Handler()
	if o.around != nil {
		s.handler = o.around(s.handler)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	if o.noCount {
		close(done)
	} else {
		counter := &projection.Consumer{Store: &store.Store{Table: tb, Clock: s.clock.Now}, Clock: s.clock.Now}
		go func() {
			defer close(done)
			_ = tb.Follow(ctx, "projections", local.FollowOptions{}, counter.Handle)
		}()
	}
	t.Cleanup(func() {
		cancel()
		<-done
		if err := tb.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// settle waits until everything written so far has been counted.
func (s *site) settle() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := s.table.Drained(ctx, "projections"); err != nil {
		s.t.Fatal(err)
	}
}

// visitor is a fresh browser.
func (s *site) visitor() *browser { return &browser{site: s, t: s.t, cookies: map[string]string{}} }

// member is a browser that has signed in, by mail as everybody does.
func (s *site) member(email string) *browser {
	s.t.Helper()
	b := s.visitor()
	b.post("/sign-in", fmt.Sprintf(`{"email": %q}`, email)).want(http.StatusAccepted)
	b.post("/sign-in/confirm", fmt.Sprintf(`{"email": %q, "code": %q}`, email, s.mails.code(email))).want(http.StatusOK)
	return b
}

// A browser keeps cookies and sends requests to the JSON interface.
type browser struct {
	*site
	t       testing.TB
	cookies map[string]string
}

// on is the same browser in a subtest.
func (b *browser) on(t testing.TB) *browser { return &browser{b.site, t, b.cookies} }

func (b *browser) get(path string, header ...string) *answer {
	b.t.Helper()
	return b.do(http.MethodGet, path, "", header...)
}

func (b *browser) post(path, body string, header ...string) *answer {
	b.t.Helper()
	return b.do(http.MethodPost, path, body, header...)
}

func (b *browser) patch(path, body string, header ...string) *answer {
	b.t.Helper()
	return b.do(http.MethodPatch, path, body, header...)
}

func (b *browser) put(path string) *answer {
	b.t.Helper()
	return b.do(http.MethodPut, path, "")
}

func (b *browser) delete(path string, header ...string) *answer {
	b.t.Helper()
	return b.do(http.MethodDelete, path, "", header...)
}

// do sends a request below /api/v1 and checks the answer against the document.
// header is name, value, name, value; a body is JSON unless header says otherwise.
func (b *browser) do(method, path, body string, header ...string) *answer {
	b.t.Helper()
	r := httptest.NewRequest(method, base+"/api/v1"+path, strings.NewReader(body))
	r.RemoteAddr = "203.0.113.7:4711"
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
		if header[i+1] == "" {
			r.Header.Del(header[i])
		}
	}
	return b.send(r, []byte(body))
}

func (b *browser) send(r *http.Request, body []byte) *answer {
	b.t.Helper()
	b.clock.pass(time.Millisecond) // nothing that people do happens at the same moment
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	sent := r.Clone(r.Context())
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	res := w.Result()
	for _, c := range res.Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	a := &answer{t: b.t, what: r.Method + " " + r.URL.Path, status: res.StatusCode, header: res.Header, body: w.Body.Bytes()}
	checkContract(b.t, &b.seen, sent, body, a)
	return a
}

// An answer remembers enough to say what was wrong with it.
type answer struct {
	t      testing.TB
	what   string
	status int
	header http.Header
	body   []byte
}

func (a *answer) want(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s = %d, want %d\n%s", a.what, a.status, status, a.body)
	}
	return a
}

// is compares the member at a path such as "ideas.0.title" with want, as JSON.
func (a *answer) is(path string, want any) *answer {
	a.t.Helper()
	got, _ := json.Marshal(a.at(path))
	if w, _ := json.Marshal(want); !bytes.Equal(got, w) {
		a.t.Errorf("%s: %s = %s, want %s\n%s", a.what, path, got, w, a.body)
	}
	return a
}

func (a *answer) str(path string) string {
	a.t.Helper()
	s, ok := a.at(path).(string)
	if !ok {
		a.t.Fatalf("%s: %s is no string\n%s", a.what, path, a.body)
	}
	return s
}

// at is the member at a path; "ideas.#" is the length of an array.
func (a *answer) at(path string) any {
	a.t.Helper()
	var v any
	if err := json.Unmarshal(a.body, &v); err != nil {
		a.t.Fatalf("%s: %v\n%s", a.what, err, a.body)
	}
	for part := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			var ok bool
			if v, ok = x[part]; !ok {
				a.t.Fatalf("%s: no %s\n%s", a.what, path, a.body)
			}
		case []any:
			var i int
			if part == "#" {
				v = len(x)
			} else if _, err := fmt.Sscan(part, &i); err != nil || i >= len(x) {
				a.t.Fatalf("%s: no %s\n%s", a.what, path, a.body)
			} else {
				v = x[i]
			}
		default:
			a.t.Fatalf("%s: no %s\n%s", a.what, path, a.body)
		}
	}
	return v
}

// problem checks that the answer is the problem code about the fields, in order.
func (a *answer) problem(status int, code string, names ...string) *answer {
	a.t.Helper()
	a.want(status)
	if ct := a.header.Get("Content-Type"); ct != "application/problem+json" {
		a.t.Errorf("%s: Content-Type %q", a.what, ct)
	}
	a.is("type", "urn:groundswell:problem:"+code).is("status", status)
	var p struct{ Fields []struct{ Name string } }
	if err := json.Unmarshal(a.body, &p); err != nil {
		a.t.Fatal(err)
	}
	var got []string
	for _, f := range p.Fields {
		got = append(got, f.Name)
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		a.t.Errorf("%s: fields %q, want %q\n%s", a.what, got, names, a.body)
	}
	return a
}
