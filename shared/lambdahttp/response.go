package lambdahttp

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// recorder is the http.ResponseWriter of one request. It follows net/http's
// server where a handler could tell: headers freeze at the first write, a body
// where none is allowed is an error, the content type is sniffed if unset.
type recorder struct {
	method  string
	head    http.Header // what the handler sees
	sent    http.Header // frozen copy
	status  int         // 0 until written
	body    bytes.Buffer
	written int // bytes the handler wrote, kept or not
}

func newRecorder(method string) *recorder {
	return &recorder{method: method, head: http.Header{}}
}

func (w *recorder) Header() http.Header { return w.head }

// WriteHeader panics for a status that is none, as net/http does. Informational
// answers have no way through an invocation and are dropped.
func (w *recorder) WriteHeader(status int) {
	if status < 100 || status > 999 {
		panic(fmt.Sprintf("invalid WriteHeader code %d", status))
	}
	if w.status != 0 || status < 200 {
		return
	}
	w.status = status
	w.sent = w.head.Clone()
}

func (w *recorder) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if !bodyAllowed(w.status) {
		return 0, http.ErrBodyNotAllowed
	}
	w.written += len(p)
	if w.method == http.MethodHead {
		// Only the start is kept, for the sniffing of the content type.
		w.body.Write(p[:min(len(p), max(0, sniffLen-w.body.Len()))])
		return len(p), nil
	}
	if w.written > MaxPayload {
		return 0, fmt.Errorf("lambdahttp: answer exceeds %d bytes", MaxPayload)
	}
	return w.body.Write(p)
}

const sniffLen = 512 // what http.DetectContentType looks at

func bodyAllowed(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}

// response is the event's answer, or the reason why there is none.
func (w *recorder) response() (resp events.APIGatewayV2HTTPResponse, reason string) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.status > 599 {
		return resp, "status is not one of HTTP's"
	}
	if w.written > MaxPayload && w.method != http.MethodHead {
		return resp, "body exceeds 6 MB"
	}
	h := w.sent
	resp = events.APIGatewayV2HTTPResponse{StatusCode: w.status, Headers: map[string]string{}}
	w.setEntityHeaders(h)
	for name, values := range h {
		if !validToken(name) || strings.HasPrefix(name, http.TrailerPrefix) {
			continue
		}
		if name == "Set-Cookie" {
			for _, v := range values {
				resp.Cookies = append(resp.Cookies, cleanValue(v))
			}
			continue
		}
		if len(values) > 0 {
			resp.Headers[name] = cleanValue(strings.Join(values, ", "))
		}
	}
	if bodyAllowed(w.status) && w.method != http.MethodHead {
		resp.Body, resp.IsBase64Encoded = encodeBody(w.body.Bytes(), h)
	}
	if encodedLen(resp) > MaxPayload {
		return events.APIGatewayV2HTTPResponse{}, "encoded answer exceeds 6 MB"
	}
	return resp, ""
}

// setEntityHeaders settles the headers about the body as net/http's server does.
// Content-Length is kept for HEAD only: API Gateway counts every other body.
func (w *recorder) setEntityHeaders(h http.Header) {
	delete(h, "Transfer-Encoding")
	delete(h, "Trailer")
	switch {
	case !bodyAllowed(w.status):
		delete(h, "Content-Length")
		if w.status == http.StatusNotModified {
			delete(h, "Content-Type")
		}
		return
	case w.method != http.MethodHead:
		delete(h, "Content-Length")
	case h.Get("Content-Length") == "" && w.written > 0:
		h.Set("Content-Length", strconv.Itoa(w.written))
	}
	if _, set := h["Content-Type"]; !set && w.body.Len() > 0 && h.Get("Content-Encoding") == "" {
		b := w.body.Bytes()
		h.Set("Content-Type", http.DetectContentType(b[:min(len(b), sniffLen)]))
	}
}

// encodeBody sends text as it is and everything else, compressed text included,
// in base64. Text must also be UTF-8, or JSON could not carry it.
func encodeBody(b []byte, h http.Header) (string, bool) {
	enc := h.Get("Content-Encoding")
	if textual(h.Get("Content-Type")) && (enc == "" || enc == "identity") && utf8.Valid(b) {
		return string(b), false
	}
	if len(b) == 0 {
		return "", false
	}
	return base64.StdEncoding.EncodeToString(b), true
}

func textual(contentType string) bool {
	t, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return contentType == ""
	}
	switch t {
	case "application/json", "application/javascript", "application/xml", "application/yaml":
		return true
	}
	return strings.HasPrefix(t, "text/") || strings.HasSuffix(t, "+json") || strings.HasSuffix(t, "+xml")
}

// cleanValue keeps a header's value on one line, as net/http's server does, and
// valid in JSON.
func cleanValue(v string) string {
	return strings.ToValidUTF8(oneLine.Replace(v), "?")
}

var oneLine = strings.NewReplacer("\r", " ", "\n", " ", "\x00", " ")
