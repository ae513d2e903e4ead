package lambdahttp

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"groundswell/shared/trace"
)

// A refusal is an event that cannot become a request, and what the client hears.
type refusal struct {
	status int
	reason string // fixed text, never the client's
}

// newRequest builds the request that net/http's server would have built.
//
// An HTTP API hands over rawPath already decoded (unlike a REST API or a
// function URL), so it is the URL's Path as it stands: decoding it again would
// make "%2541" into "A".
func newRequest(ctx context.Context, ev events.APIGatewayV2HTTPRequest, id string, o Options) (*http.Request, *refusal) {
	c := ev.RequestContext
	if !validToken(c.HTTP.Method) {
		return nil, &refusal{http.StatusBadRequest, "The request has no valid method."}
	}
	path := ev.RawPath
	if below, ok := strings.CutPrefix(path, "/"+c.Stage); ok && c.Stage != "" && (below == "" || below[0] == '/') {
		path = below
	}
	if path == "" {
		path = "/"
	}
	if path[0] != '/' {
		return nil, &refusal{http.StatusBadRequest, "The request has no valid path."}
	}
	body, ref := body(ev, o.MaxBody)
	if ref != nil {
		return nil, ref
	}

	u := &url.URL{Path: path, RawQuery: ev.RawQueryString}
	proto, major, minor := "HTTP/1.1", 1, 1
	if ma, mi, ok := http.ParseHTTPVersion(c.HTTP.Protocol); ok {
		proto, major, minor = c.HTTP.Protocol, ma, mi
	}
	header := header(ev)
	if header.Get("Content-Length") != "" {
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	host, viewer := c.DomainName, c.HTTP.SourceIP
	if o.Edge {
		host, viewer = either(header.Get(viewerHost), host), either(header.Get(viewerAddress), viewer)
	}
	header.Del(viewerHost)
	header.Del(viewerAddress)
	header.Set("X-Forwarded-Proto", "https")
	if id != "" {
		header.Set("X-Request-Id", id)
	}
	if root := cmp.Or(trace.Of(ctx), trace.Root(header.Get(trace.Header))); root != "" {
		header.Set(trace.Header, "Root="+root)
	} else {
		header.Del(trace.Header)
	}
	r := &http.Request{
		Method:        c.HTTP.Method,
		URL:           u,
		RequestURI:    u.RequestURI(),
		Proto:         proto,
		ProtoMajor:    major,
		ProtoMinor:    minor,
		Header:        header,
		Host:          host,
		RemoteAddr:    remoteAddr(viewer),
		ContentLength: int64(len(body)),
		Body:          http.NoBody,
	}
	if len(body) > 0 {
		r.Body = readCloser{bytes.NewReader(body)}
	}
	return r.WithContext(ctx), nil
}

// What the edge sets.
const (
	viewerHost    = "X-Viewer-Host"
	viewerAddress = "X-Viewer-Address"
)

// header copies the event's headers, which API Gateway has lower-cased and
// joined with commas, and the cookies, which it has split off.
func header(ev events.APIGatewayV2HTTPRequest) http.Header {
	h := make(http.Header, len(ev.Headers)+3)
	for name, value := range ev.Headers {
		if !validToken(name) || !validValue(value) {
			continue
		}
		name = http.CanonicalHeaderKey(name)
		switch {
		case strings.HasPrefix(name, "X-Forwarded-"), name == "Forwarded", name == "X-Real-Ip", name == "X-Request-Id":
			// A client may write what it likes here, so nothing may read it.
		case name == "Host", name == "Transfer-Encoding":
			// net/http keeps neither in the header.
		default:
			h[name] = []string{value}
		}
	}
	cookies := make([]string, 0, len(ev.Cookies))
	for _, c := range ev.Cookies {
		if validValue(c) {
			cookies = append(cookies, c)
		}
	}
	if len(cookies) > 0 {
		h.Set("Cookie", strings.Join(cookies, "; "))
	}
	return h
}

func body(ev events.APIGatewayV2HTTPRequest, limit int) ([]byte, *refusal) {
	tooLarge := &refusal{http.StatusRequestEntityTooLarge, "The request body is too large."}
	if !ev.IsBase64Encoded {
		if len(ev.Body) > limit {
			return nil, tooLarge
		}
		return []byte(ev.Body), nil
	}
	if base64.StdEncoding.DecodedLen(len(ev.Body)) > limit+2 { // +2: padding decodes to nothing
		return nil, tooLarge
	}
	b, err := base64.StdEncoding.DecodeString(ev.Body)
	switch {
	case err != nil:
		return nil, &refusal{http.StatusBadRequest, "The request body could not be read."}
	case len(b) > limit:
		return nil, tooLarge
	}
	return b, nil
}

// remoteAddr is "ip:port". Neither API Gateway nor the edge tells a port, so it
// is 0.
func remoteAddr(viewer string) string {
	ip, err := netip.ParseAddr(strings.Trim(viewer, "[]"))
	if err != nil {
		return "0.0.0.0:0"
	}
	return net.JoinHostPort(ip.String(), "0")
}

func either(first, second string) string {
	if first != "" {
		return first
	}
	return second
}

// requestID is API Gateway's id of the request, which its access log has too, or
// Lambda's own.
func requestID(ctx context.Context, ev events.APIGatewayV2HTTPRequest) string {
	if id := ev.RequestContext.RequestID; validID(id) {
		return id
	}
	if lc, ok := lambdacontext.FromContext(ctx); ok && validID(lc.AwsRequestID) {
		return lc.AwsRequestID
	}
	return ""
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }
