package lambdahttp_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// gateway is as much of an HTTP API as the round trip needs, by the documented
// form of payload 2.0: HTTP to event, and the function's answer back to HTTP.
func gateway(invoke func(context.Context, []byte) ([]byte, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		payload, err := json.Marshal(toEvent(r))
		if err != nil {
			panic(err)
		}
		out, err := invoke(r.Context(), payload)
		if err != nil {
			panic(err)
		}
		if err := toHTTP(w, r.Method, out); err != nil {
			panic(err)
		}
	})
}

func toEvent(r *http.Request) events.APIGatewayV2HTTPRequest {
	body, _ := io.ReadAll(r.Body)
	ip, _, _ := net.SplitHostPort(r.RemoteAddr)
	ev := events.APIGatewayV2HTTPRequest{
		Version:        "2.0",
		RawPath:        r.URL.Path, // decoded, as an HTTP API does
		RawQueryString: r.URL.RawQuery,
		Headers:        map[string]string{"host": r.Host},
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			DomainName: r.Host, RequestID: "round-trip=", Stage: "$default",
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: r.Method, Path: r.URL.Path, Protocol: r.Proto, SourceIP: ip},
		},
	}
	for name, values := range r.Header {
		if name != "Cookie" {
			ev.Headers[strings.ToLower(name)] = strings.Join(values, ",")
		}
	}
	for _, line := range r.Header["Cookie"] {
		ev.Cookies = append(ev.Cookies, strings.Split(line, "; ")...)
	}
	// JSON goes as text, all else, forms included, in base64.
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		ev.Body = string(body)
	} else if len(body) > 0 {
		ev.Body, ev.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	}
	return ev
}

func toHTTP(w http.ResponseWriter, method string, payload []byte) error {
	var resp events.APIGatewayV2HTTPResponse
	if err := json.Unmarshal(payload, &resp); err != nil {
		return err
	}
	body := []byte(resp.Body)
	if resp.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(resp.Body); err != nil {
			return err
		}
	}
	bodiless := method == http.MethodHead || resp.StatusCode == http.StatusNoContent || resp.StatusCode == http.StatusNotModified
	switch {
	case resp.StatusCode < 200 || resp.StatusCode > 599:
		return fmt.Errorf("status %d", resp.StatusCode)
	case resp.MultiValueHeaders != nil:
		return fmt.Errorf("multiValueHeaders are not of payload 2.0")
	case bodiless && len(body) > 0:
		return fmt.Errorf("body in an answer to %s with status %d", method, resp.StatusCode)
	}
	h := w.Header()
	h["Content-Type"] = nil // no guess of net/http's
	for name, value := range resp.Headers {
		if strings.ContainsAny(name+value, "\r\n") || http.CanonicalHeaderKey(name) == "Set-Cookie" {
			return fmt.Errorf("header %q: %q", name, value)
		}
		h.Set(name, value)
	}
	for _, c := range resp.Cookies {
		h.Add("Set-Cookie", c)
	}
	if !bodiless && len(body) > 0 {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(resp.StatusCode)
	if !bodiless {
		w.Write(body)
	}
	return nil
}
