package lambdahttp_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/google/go-cmp/cmp"

	"groundswell/shared/lambdahttp"
)

const domain = "abc123.execute-api.eu-west-1.amazonaws.com"

// throughEvents serves h as the deployed portal does: HTTP to event, event as JSON
// to the function, its answer as JSON back to HTTP.
func throughEvents(t *testing.T, h http.Handler, opts lambdahttp.Options) *httptest.Server {
	t.Helper()
	return direct(t, gateway(lambda.NewHandler(lambdahttp.Handler(h, opts)).Invoke))
}

func direct(t *testing.T, h http.Handler) *httptest.Server {
	t.Helper()
	srv := httptest.NewUnstartedServer(h)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains about second WriteHeaders
	srv.Start()
	t.Cleanup(srv.Close)
	return srv
}

// answer is what a client can tell of a response.
type answer struct {
	Status  int
	Header  http.Header
	Cookies []string
	Body    string
}

func fetch(t *testing.T, base string, r call) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), r.method, base+r.target, strings.NewReader(r.body))
	if err != nil {
		t.Fatal(err)
	}
	req.Host = domain
	req.Header.Set("Accept-Encoding", "identity") // or the client would undo compression
	for name, values := range r.header {
		req.Header[name] = values
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{Status: resp.StatusCode, Header: http.Header{}, Cookies: resp.Header["Set-Cookie"], Body: string(body)}
	for name, values := range resp.Header {
		switch name {
		case "Date", "Set-Cookie", "Connection", "Transfer-Encoding":
		default:
			a.Header[name] = []string{strings.Join(values, ", ")} // one line and two are the same header
		}
	}
	return a
}

type call struct {
	method, target, body string
	header               http.Header
}

// mirror answers with what it was asked, in a form that hides nothing.
func mirror(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	cookies := []string{}
	for _, c := range r.Cookies() {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	header := r.Header.Clone()
	for name := range header {
		// What the gateway or the adapter adds is tested elsewhere.
		if strings.HasPrefix(name, "X-Forwarded-") || name == "X-Request-Id" || name == "Content-Length" || name == "Cookie" {
			delete(header, name)
			continue
		}
		header[name] = []string{strings.ReplaceAll(strings.Join(header[name], ","), ", ", ",")}
	}
	if err := r.ParseForm(); err != nil {
		cookies = append(cookies, "form error")
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{
		"method": r.Method, "path": r.URL.Path, "query": r.URL.Query(), "host": r.Host, "proto": r.Proto,
		"url_host": r.URL.Host, "scheme": r.URL.Scheme, "header": header, "cookies": cookies,
		"body": body, "length": r.ContentLength, "form": r.Form,
	})
}

func TestRequestsRoundTrip(t *testing.T) {
	t.Parallel()
	want, got := direct(t, http.HandlerFunc(mirror)), throughEvents(t, http.HandlerFunc(mirror), lambdahttp.Options{})
	for _, tc := range []struct {
		name string
		call call
	}{
		{"root", call{method: "GET", target: "/"}},
		{"repeated query values", call{method: "GET", target: "/ideas?status=new&status=launched&q=a%20b+c&empty=&flag"}},
		{"escaped path", call{method: "GET", target: "/ideas/caf%C3%A9%20%25/x"}},
		{"double slash", call{method: "GET", target: "/ideas//x"}},
		{"query with everything", call{method: "GET", target: "/?a=%26%3D%23%3F&b=%E2%82%AC&%E2%82%AC=1"}},
		{"cookies", call{method: "GET", target: "/", header: http.Header{"Cookie": {"a=1; __Host-s=x.y-z; b=\"q\"; a=2"}}}},
		{"repeated header", call{method: "GET", target: "/", header: http.Header{"Accept-Language": {"de", "en;q=0.5"}, "X-A": {"1,2", "3"}}}},
		{"JSON body", call{method: "POST", target: "/api/v1/ideas", body: `{"title":"Thé \u2028"}`, header: http.Header{"Content-Type": {"application/json"}}}},
		{"form", call{method: "POST", target: "/submit?x=q", body: "title=Th%C3%A9&x=b", header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}}},
		{"binary body", call{method: "PUT", target: "/x", body: "\x00\xff\xfe\n", header: http.Header{"Content-Type": {"application/octet-stream"}}}},
		{"body without a type", call{method: "POST", target: "/x", body: "plain"}},
		{"invalid UTF-8 in text, in base64's clothes", call{method: "POST", target: "/x", body: "a\xff", header: http.Header{"Content-Type": {"image/png"}}}},
		{"delete", call{method: "DELETE", target: "/api/v1/ideas/1/vote"}},
		{"own method", call{method: "PURGE", target: "/"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(fetch(t, want.URL, tc.call), fetch(t, got.URL, tc.call)); diff != "" {
				t.Errorf("net/http (-) and events (+) differ:\n%s", diff)
			}
		})
	}
}

func zipped(s string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, s)
	z.Close()
	return b.Bytes()
}

// handlers covers what a handler can do to a ResponseWriter.
var handlers = map[string]http.HandlerFunc{
	"nothing":  func(http.ResponseWriter, *http.Request) {},
	"text":     func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "héllo <b>&</b> \u2028") },
	"html":     func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<!doctype html><p>hi") },
	"binary":   func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("\x89PNG\r\n\x1a\n\x00\x00\xff")) },
	"latin1":   typed("text/plain; charset=iso-8859-1", "caf\xe9"),
	"json":     typed("application/json", `{"a":"<>&"}`),
	"problem":  typed("application/problem+json", `{"status":422}`),
	"svg":      typed("image/svg+xml", "<svg/>"),
	"font":     typed("font/woff2", "wOF2 in ASCII"),
	"no sniff": func(w http.ResponseWriter, _ *http.Request) { w.Header()["Content-Type"] = nil; io.WriteString(w, "x") },
	"compressed": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(zipped("<p>hello"))
	},
	"cookies": func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "__Host-s", Value: "1", Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
		http.SetCookie(w, &http.Cookie{Name: "old", MaxAge: -1})
		w.WriteHeader(http.StatusSeeOther)
	},
	"repeated header": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("Vary", "Cookie")
		w.Header().Add("Vary", "Accept")
		w.Header().Add("Link", `</a.css>; rel=preload`)
		w.Header().Add("Link", `</b.js>; rel=preload`)
	},
	"late header": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Early", "yes")
		w.WriteHeader(http.StatusTeapot)
		w.Header().Set("X-Late", "no")
		io.WriteString(w, "short")
	},
	"two statuses": func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
		w.WriteHeader(http.StatusInternalServerError)
	},
	"no content": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"1"`)
		w.WriteHeader(http.StatusNoContent)
		if _, err := io.WriteString(w, "ghost"); err != http.ErrBodyNotAllowed {
			panic("a body was allowed")
		}
	},
	"not modified": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Length", "12")
		w.WriteHeader(http.StatusNotModified)
	},
	"redirect":   func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "../x?a=1", http.StatusFound) },
	"http error": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "nope", http.StatusForbidden) },
	"newline in a header": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Bad", "a\r\nSet-Cookie: evil=1")
	},
	"two writes":  func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "a"); io.WriteString(w, "b") },
	"empty write": func(w http.ResponseWriter, _ *http.Request) { w.Write(nil) },
	"file": func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "a.css", fixedTime, strings.NewReader("a { color: red }"))
	},
	"early hints": func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		io.WriteString(w, "then this")
	},
}

func typed(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		io.WriteString(w, body)
	}
}

func TestResponsesRoundTrip(t *testing.T) {
	t.Parallel()
	for name, h := range handlers {
		for _, c := range []call{
			{method: "GET", target: "/ideas/1"},
			{method: "HEAD", target: "/ideas/1"},
			{method: "GET", target: "/ideas/1", header: http.Header{"Range": {"bytes=2-5"}}},
		} {
			t.Run(c.method+" "+name, func(t *testing.T) {
				t.Parallel()
				want := fetch(t, direct(t, h).URL, c)
				got := fetch(t, throughEvents(t, h, lambdahttp.Options{}).URL, c)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("net/http (-) and events (+) differ:\n%s", diff)
				}
			})
		}
	}
}

// TestRandomRoundTrip makes requests and answers up; whatever they are, a client
// must not be able to tell the two ways apart.
func TestRandomRoundTrip(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Mirror") != "" {
			mirror(w, r)
			return
		}
		rnd := rand.New(rand.NewPCG(7, uint64(r.ContentLength)))
		status := []int{200, 201, 204, 301, 304, 400, 404, 409, 422, 500, 503}[rnd.IntN(11)]
		for range rnd.IntN(4) {
			w.Header().Add(fmt.Sprintf("X-H%d", rnd.IntN(3)), text(rnd, 20))
		}
		for range rnd.IntN(3) {
			http.SetCookie(w, &http.Cookie{Name: "c", Value: fmt.Sprint(rnd.IntN(99)), Path: "/"})
		}
		if rnd.IntN(2) == 0 {
			w.Header().Set("Content-Type", []string{"text/html", "application/json", "image/png", "text/x;broken"}[rnd.IntN(4)])
		}
		w.WriteHeader(status)
		b := make([]byte, rnd.IntN(2000)) // more would make net/http stream, and omit HEAD's length
		for i := range b {
			b[i] = byte(rnd.IntN(256) >> (rnd.IntN(2)))
		}
		w.Write(b)
	})
	want, got := direct(t, h), throughEvents(t, h, lambdahttp.Options{})
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range 300 {
		q := url.Values{}
		for range rnd.IntN(4) {
			q.Add(text(rnd, 3), text(rnd, 8))
		}
		c := call{
			method: []string{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"}[rnd.IntN(6)],
			target: (&url.URL{Path: "/" + strings.ReplaceAll(text(rnd, 12), "?", ""), RawQuery: q.Encode()}).String(),
			body:   text(rnd, rnd.IntN(300)),
			header: http.Header{"X-N": {fmt.Sprint(i)}, "Content-Type": {[]string{"application/json", "application/x-www-form-urlencoded", "a/b"}[rnd.IntN(3)]}},
		}
		if strings.HasPrefix(c.target, "//") {
			c.target = c.target[1:]
		}
		if rnd.IntN(2) == 0 {
			c.header.Set("X-Mirror", "1")
		}
		for range rnd.IntN(3) {
			c.header.Add("Cookie", fmt.Sprintf("k%d=v%d", rnd.IntN(3), rnd.IntN(9)))
		}
		if diff := cmp.Diff(fetch(t, want.URL, c), fetch(t, got.URL, c)); diff != "" {
			t.Fatalf("%+v: net/http (-) and events (+) differ:\n%s", c, diff)
		}
	}
}

// text is up to n characters that a URL, a form or a header may hold.
func text(rnd *rand.Rand, n int) string {
	alphabet := []rune("abcXYZ019-_.~ %&=+#?;<>\"'/é€")
	var b []rune
	for range rnd.IntN(n + 1) {
		b = append(b, alphabet[rnd.IntN(len(alphabet))])
	}
	return strings.TrimSpace(string(slices.Clip(b)))
}
