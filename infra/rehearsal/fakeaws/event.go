package fakeaws

import (
	"encoding/base64"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// RequestEvent turns a request into the payload 2.0 event that an HTTP API makes
// of it (API Gateway Developer Guide, "Create AWS Lambda proxy integrations for
// HTTP APIs"). RouteKey and PathParameters are left to the caller.
//
// What the guide leaves out, as others observed it on AWS: rawPath arrives
// decoded and ends at a decoded question mark (github.com/hotsock/voker#8); a
// body is text only for text/* and three application types, and base64 for all
// else, forms included (github.com/ministackorg/ministack#766).
func RequestEvent(r *http.Request, domain, requestID string) (events.APIGatewayV2HTTPRequest, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return events.APIGatewayV2HTTPRequest{}, err
	}
	ip, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		ip = r.RemoteAddr
	}
	path, _, _ := strings.Cut(r.URL.Path, "?")
	now := time.Now().UTC()
	prefix, _, _ := strings.Cut(domain, ".")
	ev := events.APIGatewayV2HTTPRequest{
		Version:               "2.0",
		RawPath:               path,
		RawQueryString:        r.URL.RawQuery,
		Cookies:               cookies(r.Header),
		Headers:               flatten(r, domain, ip),
		QueryStringParameters: parameters(r.URL.Query()),
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			AccountID:    AccountID,
			APIID:        prefix,
			Stage:        "$default",
			DomainName:   domain,
			DomainPrefix: prefix,
			RequestID:    requestID,
			Time:         now.Format("02/Jan/2006:15:04:05 -0700"),
			TimeEpoch:    now.UnixMilli(),
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method:    r.Method,
				Path:      path,
				Protocol:  r.Proto,
				SourceIP:  ip,
				UserAgent: r.UserAgent(),
			},
		},
	}
	switch {
	case len(body) == 0:
	case textBody(r.Header.Get("Content-Type")):
		ev.Body = string(body)
	default:
		ev.Body, ev.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	}
	return ev, nil
}

func cookies(h http.Header) []string {
	var out []string
	for _, line := range h["Cookie"] {
		for c := range strings.SplitSeq(line, ";") {
			if c = strings.TrimSpace(c); c != "" {
				out = append(out, c)
			}
		}
	}
	return out
}

// flatten lower-cases the names and joins repeated values with commas. Like API
// Gateway it appends to X-Forwarded-For what a client claimed, and overrides the
// other two.
func flatten(r *http.Request, domain, ip string) map[string]string {
	out := make(map[string]string, len(r.Header)+4)
	for name, values := range r.Header {
		if name == "Cookie" {
			continue
		}
		out[strings.ToLower(name)] = strings.Join(values, ",")
	}
	out["host"] = domain
	out["x-forwarded-proto"] = "https"
	out["x-forwarded-port"] = "443"
	if claimed := out["x-forwarded-for"]; claimed != "" {
		ip = claimed + ", " + ip
	}
	out["x-forwarded-for"] = ip
	return out
}

func parameters(q url.Values) map[string]string {
	if len(q) == 0 {
		return nil
	}
	out := make(map[string]string, len(q))
	for name, values := range q {
		out[name] = strings.Join(values, ",")
	}
	return out
}

func textBody(contentType string) bool {
	t, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	switch t {
	case "application/json", "application/xml", "application/javascript":
		return true
	}
	return strings.HasPrefix(t, "text/")
}

// AccountID is the account that everything here belongs to.
const AccountID = "123456789012"
