package lambdahttp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"

	"groundswell/shared/lambdahttp"
)

var (
	update    = flag.Bool("update", false, "write the golden files anew")
	fixedTime = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
)

// get is the least event that is a request.
func get(path string) events.APIGatewayV2HTTPRequest {
	return events.APIGatewayV2HTTPRequest{
		Version: "2.0",
		RawPath: path,
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			DomainName: domain,
			RequestID:  "JKJaXmPLvHcESHA=",
			Stage:      "$default",
			HTTP:       events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: "GET", Path: path, Protocol: "HTTP/1.1", SourceIP: "203.0.113.7"},
		},
	}
}

func run(t *testing.T, h http.HandlerFunc, o lambdahttp.Options, ev events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	resp, err := lambdahttp.Handler(h, o)(t.Context(), ev)
	if err != nil {
		t.Fatalf("the function failed: %v", err)
	}
	return resp
}

// TestGolden runs whole events through one handler and compares whole answers.
func TestGolden(t *testing.T) {
	t.Parallel()
	h := lambdahttp.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "1"})
		http.SetCookie(w, &http.Cookie{Name: "b", Value: "2"})
		w.Header().Set("Content-Type", "application/json")
		if r.Method == http.MethodPut {
			w.Header().Set("Content-Type", "image/png")
			w.Write(body)
			return
		}
		json.NewEncoder(w).Encode(map[string]any{
			"method": r.Method, "uri": r.RequestURI, "host": r.Host, "remote": r.RemoteAddr,
			"header": r.Header, "query": r.URL.Query(), "body": string(body), "length": r.ContentLength,
		})
	}), lambdahttp.Options{})

	inputs, err := filepath.Glob("testdata/*.event.json")
	if err != nil || len(inputs) == 0 {
		t.Fatalf("no events in testdata (%v)", err)
	}
	for _, in := range inputs {
		t.Run(strings.TrimSuffix(filepath.Base(in), ".event.json"), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(in)
			if err != nil {
				t.Fatal(err)
			}
			var ev events.APIGatewayV2HTTPRequest
			if err := json.Unmarshal(raw, &ev); err != nil {
				t.Fatal(err)
			}
			resp, err := h(t.Context(), ev)
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.MarshalIndent(resp, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, '\n')
			golden := strings.Replace(in, ".event.", ".golden.", 1)
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

func TestViewer(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, source, viewer, host string
		edge                       bool
		want, wantHost             string
	}{
		{"IPv4", "203.0.113.7", "", "", false, "203.0.113.7:0", domain},
		{"IPv6", "2001:db8::1", "", "", false, "[2001:db8::1]:0", domain},
		{"nonsense", "unknown", "", "", false, "0.0.0.0:0", domain},
		{"none", "", "", "", false, "0.0.0.0:0", domain},
		{"no edge, though a client says so", "203.0.113.7", "198.51.100.1", "evil.example", false, "203.0.113.7:0", domain},
		{"edge", "203.0.113.7", "198.51.100.1", "ideas.example.com", true, "198.51.100.1:0", "ideas.example.com"},
		{"edge IPv6", "203.0.113.7", "2001:db8:0:0:0:0:0:2", "ideas.example.com", true, "[2001:db8::2]:0", "ideas.example.com"},
		{"edge, around it", "203.0.113.7", "", "", true, "203.0.113.7:0", domain},
		{"edge garbled", "203.0.113.7", "198.51.100.1:443", "ideas.example.com", true, "0.0.0.0:0", "ideas.example.com"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ev := get("/")
			ev.RequestContext.HTTP.SourceIP = tc.source
			ev.Headers = map[string]string{"x-viewer-address": tc.viewer, "x-viewer-host": tc.host}
			run(t, func(_ http.ResponseWriter, r *http.Request) {
				if r.RemoteAddr != tc.want || r.Host != tc.wantHost {
					t.Errorf("RemoteAddr = %q, Host = %q; want %q, %q", r.RemoteAddr, r.Host, tc.want, tc.wantHost)
				}
				if len(r.Header["X-Viewer-Address"])+len(r.Header["X-Viewer-Host"]) > 0 {
					t.Errorf("the edge's headers reached the handler: %v", r.Header)
				}
			}, lambdahttp.Options{Edge: tc.edge}, ev)
		})
	}
}

// TestStage: the name of a stage is no part of the path that was asked for.
func TestStage(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ stage, raw, want string }{
		{"$default", "/ideas", "/ideas"},
		{"s1", "/s1/ideas", "/ideas"},
		{"s1", "/s1", "/"},
		{"s1", "/s1/", "/"},
		{"s1", "/s1/s1", "/s1"},
		{"s1", "/s12/ideas", "/s12/ideas"},
		{"s1", "/ideas", "/ideas"},
		{"", "/ideas", "/ideas"},
	} {
		ev := get(tc.raw)
		ev.RequestContext.Stage = tc.stage
		run(t, func(_ http.ResponseWriter, r *http.Request) {
			if r.URL.Path != tc.want || r.RequestURI != tc.want {
				t.Errorf("%s of stage %q: path %q, URI %q; want %q", tc.raw, tc.stage, r.URL.Path, r.RequestURI, tc.want)
			}
		}, lambdahttp.Options{}, ev)
	}
}

func TestClientCannotForge(t *testing.T) {
	t.Parallel()
	ev := get("/")
	ev.Headers = map[string]string{
		"x-forwarded-for": "10.0.0.1", "x-forwarded-host": "evil.example", "x-forwarded-proto": "http", "X-Forwarded-Port": "80",
		"forwarded": "for=10.0.0.1", "x-real-ip": "10.0.0.1", "x-request-id": "mine", "x-amzn-trace-id": "Root=mine", "host": "evil.example",
		"cookie": "session=forged", "bad name": "x", "x-newline": "a\r\nb: c", "transfer-encoding": "chunked",
	}
	ev.Cookies = []string{"session=real", "bad=\n"}
	run(t, func(_ http.ResponseWriter, r *http.Request) {
		want := http.Header{"X-Forwarded-Proto": {"https"}, "X-Request-Id": {"JKJaXmPLvHcESHA="}, "Cookie": {"session=real"}}
		if diff := cmp.Diff(want, r.Header); diff != "" {
			t.Errorf("header (-want +got):\n%s", diff)
		}
		if r.Host != domain || r.RemoteAddr != "203.0.113.7:0" {
			t.Errorf("Host %q, RemoteAddr %q", r.Host, r.RemoteAddr)
		}
	}, lambdahttp.Options{}, ev)
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	lambdaCtx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "lambda-id"})
	for _, tc := range []struct {
		name, id string
		ctx      context.Context
		want     []string
	}{
		{"from API Gateway", "gateway-id=", lambdaCtx, []string{"gateway-id="}},
		{"from Lambda", "", lambdaCtx, []string{"lambda-id"}},
		{"unfit for a log line", "a\nb", lambdaCtx, []string{"lambda-id"}},
		{"none", "", t.Context(), nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ev := get("/")
			ev.RequestContext.RequestID = tc.id
			ev.Headers = map[string]string{"x-request-id": "client"}
			h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if diff := cmp.Diff(tc.want, r.Header["X-Request-Id"]); diff != "" {
					t.Errorf("X-Request-Id (-want +got):\n%s", diff)
				}
			})
			if _, err := lambdahttp.Handler(h, lambdahttp.Options{})(tc.ctx, ev); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestTrace(t *testing.T) {
	t.Parallel()
	const invocation, gateway = "Root=1-67891233-abcdef012345678912345678", "Root=1-67891233-000000000000000000000000"
	//lint:ignore SA1029 the key is aws-lambda-go's
	lambdaCtx := context.WithValue(t.Context(), "x-amzn-trace-id", invocation+";Sampled=0") //nolint:revive // as above
	for name, c := range map[string]struct {
		ctx          context.Context
		header, want string
	}{
		"the invocation's":         {lambdaCtx, gateway, invocation},
		"the gateway's":            {t.Context(), gateway + ";Parent=0", gateway},
		"what a client made up":    {t.Context(), "Root=ada@example.com", ""},
		"nobody has thought of it": {t.Context(), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ev := get("/")
			ev.Headers = map[string]string{"x-amzn-trace-id": c.header}
			h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if got := r.Header.Get("X-Amzn-Trace-Id"); got != c.want {
					t.Errorf("%q, want %q", got, c.want)
				}
			})
			if _, err := lambdahttp.Handler(h, lambdahttp.Options{})(c.ctx, ev); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	deadline := time.Now().Add(time.Hour)
	ctx, cancel := context.WithDeadline(t.Context(), deadline)
	defer cancel()
	var kept context.Context
	h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		kept = r.Context()
		if d, ok := kept.Deadline(); !ok || !d.Equal(deadline.Add(-time.Minute)) {
			t.Errorf("deadline = %v, %v, want a minute before %v", d, ok, deadline)
		}
	})
	if _, err := lambdahttp.Handler(h, lambdahttp.Options{Margin: time.Minute})(ctx, get("/")); err != nil {
		t.Fatal(err)
	}
	if kept.Err() == nil {
		t.Error("the context outlives the request")
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	body := func(b string, base64 bool) func(*events.APIGatewayV2HTTPRequest) {
		return func(ev *events.APIGatewayV2HTTPRequest) { ev.Body, ev.IsBase64Encoded = b, base64 }
	}
	for _, tc := range []struct {
		name   string
		edit   func(*events.APIGatewayV2HTTPRequest)
		status int
	}{
		{"no method", func(ev *events.APIGatewayV2HTTPRequest) { ev.RequestContext.HTTP.Method = "" }, 400},
		{"method with a space", func(ev *events.APIGatewayV2HTTPRequest) { ev.RequestContext.HTTP.Method = "GET /" }, 400},
		{"relative path", func(ev *events.APIGatewayV2HTTPRequest) { ev.RawPath = "ideas" }, 400},
		{"broken base64", body("%%%", true), 400},
		{"body over the limit", body("12345", false), 413},
		{"base64 body over the limit", body("MTIzNDU=", true), 413},
		{"long base64 body", body(strings.Repeat("MTIz", 1000), true), 413},
		{"body at the limit", body("1234", false), 200},
		{"base64 body at the limit", body("MTIzNA==", true), 200},
		{"empty path is the root", func(ev *events.APIGatewayV2HTTPRequest) { ev.RawPath = "" }, 200},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ev := get("/")
			tc.edit(&ev)
			called := false
			resp := run(t, func(_ http.ResponseWriter, r *http.Request) {
				called = true
				if r.URL.Path != "/" {
					t.Errorf("path %q", r.URL.Path)
				}
			}, lambdahttp.Options{MaxBody: 4}, ev)
			if resp.StatusCode != tc.status || called != (tc.status == 200) {
				t.Errorf("status %d (handler called: %v), want %d", resp.StatusCode, called, tc.status)
			}
			if tc.status != 200 {
				checkProblem(t, resp, tc.status)
			}
		})
	}
}

func checkProblem(t *testing.T, resp events.APIGatewayV2HTTPResponse, status int) {
	t.Helper()
	var p struct {
		Type, Title, Detail string
		Status              int
		RequestID           string `json:"request_id"`
	}
	if err := json.Unmarshal([]byte(resp.Body), &p); err != nil {
		t.Fatalf("body %q: %v", resp.Body, err)
	}
	if resp.StatusCode != status || p.Status != status || p.Title != http.StatusText(status) || p.Detail == "" ||
		p.Type != "about:blank" || p.RequestID != "JKJaXmPLvHcESHA=" || resp.Headers["Content-Type"] != "application/problem+json" {
		t.Errorf("problem = %d %+v, header %v", resp.StatusCode, p, resp.Headers)
	}
}

func TestServerFailures(t *testing.T) {
	t.Parallel()
	const secret = "ann@example.com"
	for _, tc := range []struct {
		name    string
		h       http.HandlerFunc
		logged  string
		aborted bool
	}{
		{"panic", func(http.ResponseWriter, *http.Request) { panic(secret) }, "panic_type=string", false},
		{"panic with an error", func(http.ResponseWriter, *http.Request) { panic(errors.New(secret)) }, "panic_type=*errors.errorString", false},
		{"runtime panic", func(_ http.ResponseWriter, r *http.Request) { _ = []int{}[len(r.Method)] }, "index out of range", false},
		{"panic after writing", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "half"); panic(secret) }, "handler panicked", false},
		{"abort", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "", true},
		{"impossible status", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(42) }, "handler panicked", false},
		{"odd status", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(799) }, "status is not one of HTTP's", false},
		{"too long", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			if _, err := w.Write(bytes.Repeat([]byte("a"), lambdahttp.MaxPayload+1)); err == nil {
				t.Error("the handler was not told")
			}
		}, "body exceeds 6 MB", false},
		{"too long in base64", func(w http.ResponseWriter, _ *http.Request) { w.Write(bytes.Repeat([]byte{0xff}, 5<<20)) }, "encoded answer exceeds 6 MB", false},
		{"too long in JSON", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Write(bytes.Repeat([]byte("<"), 2<<20))
		}, "encoded answer exceeds 6 MB", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			resp := run(t, tc.h, lambdahttp.Options{Log: slog.New(slog.NewTextHandler(&log, nil))}, get("/"))
			checkProblem(t, resp, 500)
			if strings.Contains(resp.Body, secret) || strings.Contains(log.String(), secret) {
				t.Errorf("the panic's text leaked: %s\n%s", resp.Body, &log)
			}
			if tc.aborted != (log.Len() == 0) || !strings.Contains(log.String(), tc.logged) {
				t.Errorf("log = %q, want %q", &log, tc.logged)
			}
			if !tc.aborted && !strings.Contains(log.String(), "request_id=\"JKJaXmPLvHcESHA=\"") {
				t.Errorf("log lacks the request id: %s", &log)
			}
		})
	}
}

func TestLargestAnswerFits(t *testing.T) {
	t.Parallel()
	resp := run(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Write(bytes.Repeat([]byte("<"), 1<<20-1000)) // six bytes each in JSON
	}, lambdahttp.Options{}, get("/"))
	if resp.StatusCode != 200 {
		t.Fatalf("status %d", resp.StatusCode)
	}
	b, err := json.Marshal(resp)
	if err != nil || len(b) > lambdahttp.MaxPayload {
		t.Errorf("%d bytes of JSON, %v", len(b), err)
	}
}

func TestHeadOfAPageLargerThanTheLimit(t *testing.T) {
	t.Parallel()
	ev := get("/")
	ev.RequestContext.HTTP.Method = "HEAD"
	resp := run(t, func(w http.ResponseWriter, _ *http.Request) {
		for range 7 {
			io.WriteString(w, strings.Repeat("x", 1<<20))
		}
	}, lambdahttp.Options{}, ev)
	if resp.StatusCode != 200 || resp.Body != "" || resp.Headers["Content-Length"] != "7340032" {
		t.Errorf("answer = %d %v with %d bytes", resp.StatusCode, resp.Headers, len(resp.Body))
	}
}
