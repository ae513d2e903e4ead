package fakeaws

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/aws/aws-lambda-go/events"
)

// Invoker runs the function of that name. A Function's Invoke is one half of it.
type Invoker func(ctx context.Context, function string, payload []byte) ([]byte, error)

// Gateway is an HTTP API with one stage: it picks a route, invokes the
// route's function and writes what the function answered. It is strict where AWS
// is forgiving: an answer without a status code is a bug of ours and shows as 500.
type Gateway struct {
	domain string
	routes []route
	invoke Invoker
	lastID atomic.Int64

	// Stage is the stage's name, which every path begins with. "" is $default,
	// which no path names.
	Stage string

	// OnError, if set, hears why a request was answered with 500 or 503.
	OnError func(routeKey string, err error)
}

// NewGateway makes a gateway that answers under domain. The keys of routes are
// route keys such as "GET /ideas/{id}", "ANY /team/{proxy+}" or "$default"; the
// values are names of functions.
func NewGateway(domain string, routes map[string]string, invoke Invoker) (*Gateway, error) {
	g := &Gateway{domain: domain, invoke: invoke}
	for key, function := range routes {
		rt, err := parseRoute(key, function)
		if err != nil {
			return nil, err
		}
		g.routes = append(g.routes, rt)
	}
	return g, nil
}

// Route tells which route key and function a request would go to; ok is false if
// it would be answered with 404.
func (g *Gateway) Route(method, path string) (key, function string, ok bool) {
	rt, _, ok := match(g.routes, method, path)
	return rt.key, rt.function, ok
}

func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, below := strings.CutPrefix(r.URL.Path, "/"+g.Stage+"/")
	if path = "/" + path; g.Stage == "" {
		path, below = r.URL.Path, true
	}
	rt, params, ok := match(g.routes, r.Method, path)
	if !ok || !below {
		gatewayMessage(w, http.StatusNotFound, "Not Found")
		return
	}
	const limit = 10 << 20 // API Gateway Developer Guide, "Quotas for HTTP APIs"
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	ev, err := RequestEvent(r, g.domain, fmt.Sprintf("rehearsal-%d=", g.lastID.Add(1)))
	if err != nil {
		gatewayMessage(w, http.StatusRequestEntityTooLarge, "Request Entity Too Large")
		return
	}
	if g.Stage != "" {
		ev.RequestContext.Stage = g.Stage
	}
	ev.RouteKey, ev.RequestContext.RouteKey, ev.PathParameters = rt.key, rt.key, params
	payload, err := json.Marshal(ev)
	if err != nil {
		g.fail(w, rt.key, http.StatusInternalServerError, err)
		return
	}
	if len(payload) > MaxPayload {
		gatewayMessage(w, http.StatusRequestEntityTooLarge, "Request Entity Too Large")
		return
	}
	out, err := g.invoke(r.Context(), rt.function, payload)
	if err != nil {
		status := http.StatusInternalServerError
		if errors.Is(err, ErrThrottled) {
			status = http.StatusServiceUnavailable
		}
		g.fail(w, rt.key, status, err)
		return
	}
	if err := WriteResponse(w, r.Method, out); err != nil {
		g.fail(w, rt.key, http.StatusInternalServerError, err)
	}
}

func (g *Gateway) fail(w http.ResponseWriter, key string, status int, err error) {
	if g.OnError != nil {
		g.OnError(key, err)
	}
	text := "Internal Server Error"
	if status == http.StatusServiceUnavailable {
		text = "Service Unavailable"
	}
	gatewayMessage(w, status, text)
}

func gatewayMessage(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": text})
}

// WriteResponse writes a function's payload 2.0 answer to w. On an error nothing
// has been written.
func WriteResponse(w http.ResponseWriter, method string, payload []byte) error {
	var resp events.APIGatewayV2HTTPResponse
	if err := json.Unmarshal(payload, &resp); err != nil {
		return fmt.Errorf("read the function's answer: %w", err)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 599 {
		return fmt.Errorf("the function's answer has status %d", resp.StatusCode)
	}
	if len(resp.MultiValueHeaders) > 0 {
		return errors.New("the function's answer has multiValueHeaders, which payload 2.0 lacks")
	}
	body := []byte(resp.Body)
	if resp.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(resp.Body); err != nil {
			return fmt.Errorf("read the function's answer: %w", err)
		}
	}
	h := w.Header()
	h["Content-Type"] = nil // unless the function names one: net/http must not guess
	for name, value := range resp.Headers {
		if strings.EqualFold(name, "Set-Cookie") {
			return errors.New("the function's answer has a Set-Cookie header: cookies belong into cookies")
		}
		h.Set(name, value)
	}
	for _, c := range resp.Cookies {
		h.Add("Set-Cookie", c)
	}
	if method != http.MethodHead && len(body) > 0 {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(resp.StatusCode)
	_, err := w.Write(body)
	if errors.Is(err, http.ErrBodyNotAllowed) && len(body) == 0 {
		return nil
	}
	return err
}
