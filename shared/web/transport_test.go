package web_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"groundswell/shared/lambdahttp"
	"groundswell/shared/portal"
	"groundswell/shared/web"
)

// ways are how requests get to the handler: by net/http, and as the events of an
// HTTP API. Scripts run on all of them.
var ways = map[string]options{
	"net/http": {},
	"lambda":   {around: throughEvents, adjust: func(s *web.Server, _ *portal.Portal) { s.Adapter = true }},
}

func eachWay(t *testing.T, script func(t *testing.T, s *site)) {
	for name, o := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script(t, newSite(t, o))
		})
	}
}

// throughEvents does what API Gateway does: it turns the request into an event of
// payload 2.0, and the function's answer, by way of JSON, into a response.
func throughEvents(h http.Handler) http.Handler {
	invoke := lambdahttp.Handler(h, lambdahttp.Options{})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ev := events.APIGatewayV2HTTPRequest{Version: "2.0", RouteKey: "$default", RawPath: r.URL.Path, RawQueryString: r.URL.RawQuery, Headers: map[string]string{}}
		for name, values := range r.Header {
			if name == "Cookie" {
				ev.Cookies = strings.Split(strings.Join(values, "; "), "; ")
				continue
			}
			ev.Headers[strings.ToLower(name)] = strings.Join(values, ",")
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, "unreadable", http.StatusBadRequest)
			return
		}
		if len(body) > 10<<20 { // API Gateway's own limit
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		ev.Body, ev.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
		ev.RequestContext.RequestID = "JKJaXmPLvHcESHA="
		ev.RequestContext.DomainName = r.Host
		ev.RequestContext.HTTP.Method = r.Method
		ev.RequestContext.HTTP.Path = r.URL.Path
		ev.RequestContext.HTTP.Protocol = "HTTP/1.1"
		ev.RequestContext.HTTP.SourceIP, _, _ = net.SplitHostPort(r.RemoteAddr)

		got, err := invoke(r.Context(), ev)
		if err != nil {
			http.Error(w, "invocation ended in an error", http.StatusBadGateway)
			return
		}
		wire, err := json.Marshal(got)
		if err != nil {
			panic(err)
		}
		var res events.APIGatewayV2HTTPResponse
		if err := json.Unmarshal(wire, &res); err != nil {
			panic(err)
		}
		for name, value := range res.Headers {
			w.Header().Set(name, value)
		}
		for _, c := range res.Cookies {
			w.Header().Add("Set-Cookie", c)
		}
		out := []byte(res.Body)
		if res.IsBase64Encoded {
			if out, err = base64.StdEncoding.DecodeString(res.Body); err != nil {
				panic(err)
			}
		}
		w.WriteHeader(res.StatusCode)
		_, _ = w.Write(out)
	})
}
