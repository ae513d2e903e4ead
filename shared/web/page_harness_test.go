package web_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"groundswell/shared/portal"
	"groundswell/shared/web"
)

// newPages is a site with its pages.
func newPages(t testing.TB, o options) *site {
	t.Helper()
	adjust := o.adjust
	o.adjust = func(s *web.Server, p *portal.Portal) {
		s.Pages = &web.Pages{}
		if adjust != nil {
			adjust(s, p)
		}
	}
	return newSite(t, o)
}

// A reader is a browser without scripts: it opens addresses, follows redirects
// and fills in the forms that pages have.
type reader struct {
	*browser
	at   string // path and query of the page
	page *html.Node
	last *http.Response
	body string
}

func (s *site) reader() *reader { return &reader{browser: s.visitor()} }

// signIn goes through the pages as everybody does.
func (r *reader) signIn(email string) *reader {
	r.t.Helper()
	r.open("/sign-in").fill("/sign-in", "email", email)
	r.want(200).fill("/sign-in/code", "code", r.mails.code(email))
	return r.want(200)
}

// open gets a page, following redirects as browsers do.
func (r *reader) open(path string, header ...string) *reader {
	r.t.Helper()
	return r.request(http.MethodGet, path, nil, header...)
}

func (r *reader) request(method, path string, form url.Values, header ...string) *reader {
	r.t.Helper()
	for range 5 {
		path, _, _ = strings.Cut(path, "#")
		req := httptest.NewRequest(method, base+path, strings.NewReader(form.Encode()))
		req.RemoteAddr = "203.0.113.7:4711"
		if method == http.MethodPost {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Origin", base)
		}
		for i := 0; i < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		a := r.exchange(req)
		r.at = path
		if to := a.Header.Get("Location"); to != "" {
			if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
				r.t.Fatalf("%s %s leads to %q", method, path, to)
			}
			if method == http.MethodPost && a.StatusCode != http.StatusSeeOther {
				r.t.Errorf("%s %s = %d; a form is answered with a 303", method, path, a.StatusCode)
			}
			method, path, form = http.MethodGet, to, nil
			continue
		}
		return r
	}
	r.t.Fatalf("%s %s: redirected for ever", method, path)
	return r
}

func (r *reader) exchange(req *http.Request) *http.Response {
	r.t.Helper()
	r.clock.pass(1_000_000)
	for name, value := range r.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	r.handler.ServeHTTP(w, req)
	r.last, r.body = w.Result(), w.Body.String()
	for _, c := range r.last.Cookies() {
		if c.MaxAge < 0 {
			delete(r.cookies, c.Name)
		} else {
			r.cookies[c.Name] = c.Value
		}
	}
	doc, err := html.Parse(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		r.t.Fatal(err)
	}
	r.page = doc
	return r.last
}

func (r *reader) want(status int) *reader {
	r.t.Helper()
	if r.last.StatusCode != status {
		r.t.Fatalf("%s = %d, want %d\n%s", r.at, r.last.StatusCode, status, r.text())
	}
	return r
}

func (r *reader) header(name, want string) *reader {
	r.t.Helper()
	if got := r.last.Header.Get(name); got != want {
		r.t.Errorf("%s: %s = %q, want %q", r.at, name, got, want)
	}
	return r
}

// sees checks that the page says all of these.
func (r *reader) sees(texts ...string) *reader {
	r.t.Helper()
	for _, s := range texts {
		if !strings.Contains(r.text(), s) {
			r.t.Errorf("%s does not say %q:\n%s", r.at, s, r.text())
		}
	}
	return r
}

func (r *reader) seesNot(texts ...string) *reader {
	r.t.Helper()
	for _, s := range texts {
		if strings.Contains(r.text(), s) {
			r.t.Errorf("%s says %q:\n%s", r.at, s, r.text())
		}
	}
	return r
}

// text is what the page says, with single blanks.
func (r *reader) text() string {
	var b strings.Builder
	for n := range r.page.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// fill sends the form with the action, changing fields as given by pairs of names
// and values. A missing form is a failure. It takes as long as people take.
func (r *reader) fill(action string, pairs ...string) *reader {
	r.t.Helper()
	v := r.form(action)
	r.clock.pass(portal.MinFill)
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return r.request(http.MethodPost, action, v)
}

// form is what the form with the action would send as it stands.
func (r *reader) form(action string) url.Values {
	r.t.Helper()
	v := url.Values{}
	for f := range r.page.Descendants() {
		if f.Data != "form" || attr(f, "action") != action || attr(f, "method") != "post" {
			continue
		}
		for n := range f.Descendants() {
			name := attr(n, "name")
			if n.Type != html.ElementNode || name == "" {
				continue
			}
			switch n.Data {
			case "input":
				if t := attr(n, "type"); t != "checkbox" && t != "radio" || has(n, "checked") {
					v.Set(name, attr(n, "value"))
				}
			case "textarea":
				if n.FirstChild != nil {
					v.Set(name, n.FirstChild.Data)
				}
			case "button":
				if !has(n, "formnovalidate") { // previews are asked for by name
					v.Set(name, attr(n, "value"))
				}
			case "select":
				for o := range n.Descendants() {
					if o.Data == "option" && has(o, "selected") {
						v.Set(name, attr(o, "value"))
					}
				}
			}
		}
		return v
	}
	r.t.Fatalf("%s has no form to %s:\n%s", r.at, action, r.body)
	return nil
}

// link is the address of the link with the text.
func (r *reader) link(text string) string {
	r.t.Helper()
	for n := range r.page.Descendants() {
		if n.Data == "a" && n.FirstChild != nil && strings.TrimSpace(n.FirstChild.Data) == text {
			return attr(n, "href")
		}
	}
	r.t.Fatalf("%s has no link %q", r.at, text)
	return ""
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// newIdea submits an idea through the form and returns its id.
func (r *reader) newIdea(title string) string {
	r.t.Helper()
	r.open("/submit").want(200).fill("/submit", "title", title, "category", "tea").want(200)
	return strings.Split(r.at, "/")[2]
}

// element is the page's first element of the kind with the attribute's value, or nil.
func (r *reader) element(kind, name, value string) *html.Node {
	for n := range r.page.Descendants() {
		if n.Type == html.ElementNode && n.Data == kind && attr(n, name) == value {
			return n
		}
	}
	return nil
}

// memberID is the id of the member with the address.
func (s *site) memberID(email string) string {
	s.t.Helper()
	m, err := s.server.Portal.Store.MemberByEmail(s.t.Context(), email)
	if err != nil {
		s.t.Fatal(err)
	}
	return m.ID
}
