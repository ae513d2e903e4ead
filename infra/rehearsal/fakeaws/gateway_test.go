package fakeaws_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"groundswell/infra/rehearsal/fakeaws"
)

func gateway(t *testing.T, routes map[string]string, invoke fakeaws.Invoker) *fakeaws.Gateway {
	t.Helper()
	g, err := fakeaws.NewGateway("abc.execute-api.eu-west-1.amazonaws.com", routes, invoke)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestGatewayRoute(t *testing.T) {
	t.Parallel()
	routes := map[string]string{}
	for _, key := range []string{
		// The first five are the example of the Developer Guide, "Create routes for HTTP APIs".
		"GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /{proxy+}", "$default",
		"GET /ideas/{id}", "PUT /ideas/{id}/vote", "ANY /ideas/{id}/vote", "GET /ideas/similar", "GET /{noun}/similar/x", "GET /",
	} {
		routes[key] = key
	}
	for _, tc := range []struct{ request, want string }{
		{"GET /pets/dog/1", "GET /pets/dog/1"},
		{"GET /pets/dog/2", "GET /pets/dog/{id}"},
		{"GET /pets/cat/1", "GET /pets/{proxy+}"},
		{"GET /pets", "ANY /{proxy+}"},
		{"POST /test/5", "ANY /{proxy+}"},
		{"GET /ideas/similar", "GET /ideas/similar"},
		{"GET /ideas/7", "GET /ideas/{id}"},
		{"GET /ideas/7/", "ANY /{proxy+}"},
		{"HEAD /ideas/7", "ANY /{proxy+}"},
		{"PUT /ideas/7/vote", "PUT /ideas/{id}/vote"},
		{"DELETE /ideas/7/vote", "ANY /ideas/{id}/vote"},
		{"GET /ideas/similar/x", "GET /{noun}/similar/x"},
		{"GET /", "GET /"},
		{"POST /", "$default"},
	} {
		method, path, _ := strings.Cut(tc.request, " ")
		for range 10 { // a map gives the routes in another order each time
			g := gateway(t, routes, nil)
			if key, function, ok := g.Route(method, path); key != tc.want || function != tc.want || !ok {
				t.Fatalf("%s goes to %q, want %q", tc.request, key, tc.want)
			}
		}
	}
}

func TestGatewayWithoutRoute(t *testing.T) {
	t.Parallel()
	g := gateway(t, map[string]string{"GET /a/{id}": "a"}, nil)
	for _, request := range []string{"GET /", "GET /a", "GET /a/", "GET /a/1/2", "POST /a/1", "HEAD /a/1"} {
		method, path, _ := strings.Cut(request, " ")
		w := httptest.NewRecorder()
		g.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		if w.Code != 404 || !strings.Contains(w.Body.String(), `{"message":"Not Found"}`) {
			t.Errorf("%s: %d %s", request, w.Code, w.Body)
		}
	}
}

func TestGatewayRefusesBadRouteKeys(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"", "/a", "get /a", "GET a", "GET /{a", "GET /x{a}", "GET /{a+}/b", "$other"} {
		if _, err := fakeaws.NewGateway("d", map[string]string{key: "f"}, nil); err == nil {
			t.Errorf("route key %q was taken", key)
		}
	}
}

func TestGatewayEvent(t *testing.T) {
	t.Parallel()
	var got events.APIGatewayV2HTTPRequest
	g := gateway(t, map[string]string{"POST /ideas/{id}/{rest+}": "ideas"}, func(_ context.Context, function string, payload []byte) ([]byte, error) {
		if function != "ideas" {
			t.Errorf("function = %q", function)
		}
		return []byte(`{"statusCode":204}`), json.Unmarshal(payload, &got)
	})
	r := httptest.NewRequest("POST", "/ideas/7/caf%C3%A9%3Fx/y?a=1&a=2&b=%20", strings.NewReader("title=t"))
	r.RemoteAddr = "203.0.113.7:1234"
	r.Header = http.Header{
		"Accept": {"a", "b"}, "Cookie": {"x=1; y=2", "z=3"}, "Content-Type": {"application/x-www-form-urlencoded"},
		"User-Agent": {"test"}, "X-Forwarded-For": {"10.0.0.1"}, "X-Forwarded-Proto": {"gopher"},
	}
	w := httptest.NewRecorder()
	g.ServeHTTP(w, r)
	if w.Code != 204 {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	if got.RequestContext.RequestID == "" || got.RequestContext.TimeEpoch == 0 || got.RequestContext.Time == "" {
		t.Errorf("requestContext = %+v", got.RequestContext)
	}
	got.RequestContext.RequestID, got.RequestContext.Time, got.RequestContext.TimeEpoch = "", "", 0
	const domain = "abc.execute-api.eu-west-1.amazonaws.com"
	want := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: "POST /ideas/{id}/{rest+}",
		RawPath:        "/ideas/7/café", // decoded, and cut at the decoded question mark
		RawQueryString: "a=1&a=2&b=%20",
		Cookies:        []string{"x=1", "y=2", "z=3"},
		Headers: map[string]string{
			"accept": "a,b", "content-type": "application/x-www-form-urlencoded", "host": domain, "user-agent": "test",
			"x-forwarded-for": "10.0.0.1, 203.0.113.7", "x-forwarded-proto": "https", "x-forwarded-port": "443",
		},
		QueryStringParameters: map[string]string{"a": "1,2", "b": " "},
		PathParameters:        map[string]string{"id": "7", "rest": "café?x/y"},
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RouteKey: "POST /ideas/{id}/{rest+}", AccountID: fakeaws.AccountID, Stage: "$default", APIID: "abc",
			DomainName: domain, DomainPrefix: "abc",
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method: "POST", Path: "/ideas/7/café", Protocol: "HTTP/1.1", SourceIP: "203.0.113.7", UserAgent: "test",
			},
		},
		Body: "dGl0bGU9dA==", IsBase64Encoded: true, // a form is no text to API Gateway
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

func TestGatewayAnswers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, answer string
		err          error
		status       int
		body         string
		bad          bool // OnError is called
	}{
		{"text", `{"statusCode":201,"headers":{"X-A":"1"},"cookies":["a=1","b=2"],"body":"ü"}`, nil, 201, "ü", false},
		{"base64", `{"statusCode":200,"isBase64Encoded":true,"body":"AP8="}`, nil, 200, "\x00\xff", false},
		{"no body", `{"statusCode":304}`, nil, 304, "", false},
		{"broken base64", `{"statusCode":200,"isBase64Encoded":true,"body":"%"}`, nil, 500, `{"message":"Internal Server Error"}`, true},
		{"no status", `{"body":"x"}`, nil, 500, `{"message":"Internal Server Error"}`, true},
		{"no JSON", `oops`, nil, 500, `{"message":"Internal Server Error"}`, true},
		{"multiValueHeaders", `{"statusCode":200,"multiValueHeaders":{"A":["1"]}}`, nil, 500, `{"message":"Internal Server Error"}`, true},
		{"Set-Cookie header", `{"statusCode":200,"headers":{"set-cookie":"a=1"}}`, nil, 500, `{"message":"Internal Server Error"}`, true},
		{"function error", ``, &fakeaws.FunctionError{Type: "x", Message: "secret"}, 500, `{"message":"Internal Server Error"}`, true},
		{"throttled", ``, fakeaws.ErrThrottled, 503, `{"message":"Service Unavailable"}`, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			g := gateway(t, map[string]string{"$default": "f"}, func(context.Context, string, []byte) ([]byte, error) {
				return []byte(tc.answer), tc.err
			})
			var heard error
			g.OnError = func(_ string, err error) { heard = err }
			srv := httptest.NewServer(g)
			defer srv.Close()
			resp, err := http.Get(srv.URL)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != tc.status || strings.TrimSpace(string(body)) != tc.body {
				t.Errorf("answer %d %q, want %d %q", resp.StatusCode, body, tc.status, tc.body)
			}
			if (heard != nil) != tc.bad || tc.err != nil && !errors.Is(heard, tc.err) {
				t.Errorf("OnError got %v", heard)
			}
			if tc.name == "text" {
				if diff := cmp.Diff([]string{"a=1", "b=2"}, resp.Header["Set-Cookie"]); diff != "" {
					t.Errorf("cookies (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestGatewayBodyLimit(t *testing.T) {
	t.Parallel()
	g := gateway(t, map[string]string{"$default": "f"}, func(context.Context, string, []byte) ([]byte, error) {
		t.Error("invoked")
		return nil, nil
	})
	for name, size := range map[string]int{"of the gateway": 10<<20 + 1, "of the function": 5 << 20} { // 5 MB is 6.7 in base64
		w := httptest.NewRecorder()
		g.ServeHTTP(w, httptest.NewRequest("POST", "/", strings.NewReader(strings.Repeat("x", size))))
		if w.Code != 413 {
			t.Errorf("limit %s: status %d, want 413", name, w.Code)
		}
	}
}

// TestEdge: through the edge a request reaches its route, with the stage in its
// path and the visitor in its headers, whatever the visitor wrote there. Around the
// edge nothing is reached.
func TestEdge(t *testing.T) {
	t.Parallel()
	var got events.APIGatewayV2HTTPRequest
	g := gateway(t, map[string]string{"$default": "all", "GET /ideas/{id}": "idea"}, func(_ context.Context, _ string, payload []byte) ([]byte, error) {
		return []byte(`{"statusCode":204}`), json.Unmarshal(payload, &got)
	})
	g.Stage = "s1"
	r := httptest.NewRequest("GET", "/ideas/7", nil)
	r.Host, r.RemoteAddr = "ideas.example.com", "203.0.113.7:4711"
	r.Header.Set("X-Viewer-Host", "evil.example")
	w := httptest.NewRecorder()
	fakeaws.Edge("s1", g).ServeHTTP(w, r)
	if w.Code != 204 || got.RawPath != "/s1/ideas/7" || got.RequestContext.Stage != "s1" || got.RouteKey != "GET /ideas/{id}" {
		t.Errorf("%d, path %q, stage %q, route %q", w.Code, got.RawPath, got.RequestContext.Stage, got.RouteKey)
	}
	if h := got.Headers; h["x-viewer-host"] != "ideas.example.com" || h["x-viewer-address"] != "203.0.113.7" {
		t.Errorf("visitor: %v", h)
	}
	for _, path := range []string{"/ideas/7", "/", "/s", "/s12/ideas/7"} {
		w := httptest.NewRecorder()
		if g.ServeHTTP(w, httptest.NewRequest("GET", path, nil)); w.Code != 404 {
			t.Errorf("%s, around the edge: %d", path, w.Code)
		}
	}
}
