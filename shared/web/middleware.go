package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"groundswell/shared/trace"
)

// Header values that every answer carries, made once: net/http only reads them.
var (
	nosniff     = []string{"nosniff"}
	referrer    = []string{"strict-origin-when-cross-origin"}
	opener      = []string{"same-origin"}
	permissions = []string{"camera=(), geolocation=(), microphone=(), payment=(), usb=()"}
	hsts        = []string{"max-age=31536000"} // a year: OWASP ASVS 5.0, 3.4.1
	csp         = []string{strings.Join([]string{
		"default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self' data:", "connect-src 'self'",
		"manifest-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"}, "; ")}
)

// outermost does what every request needs, matched or not: security headers, a
// request id, one log line, and an answer even if a handler panics.
func (s *Server) outermost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		c := &call{response: response{ResponseWriter: w}, id: s.requestID(r), trace: s.traceID(r), secure: s.secure(r)}
		r = withCall(r, c)
		h := w.Header()
		h["X-Content-Type-Options"] = nosniff
		h["Referrer-Policy"] = referrer
		h["Content-Security-Policy"] = csp
		h["Cross-Origin-Opener-Policy"] = opener
		h["Permissions-Policy"] = permissions
		h["X-Request-Id"] = []string{c.id}
		if c.secure {
			h["Strict-Transport-Security"] = hsts
		}
		defer func() {
			v := recover()
			if v != nil && v != http.ErrAbortHandler {
				s.panicked(c, r, v)
			}
			s.logRequest(c, r, time.Since(start))
			if v == http.ErrAbortHandler {
				panic(v) // the documented way to drop the connection
			}
		}()
		next.ServeHTTP(c, r)
	})
}

func (s *Server) requestID(r *http.Request) string {
	if s.Adapter {
		if id := r.Header.Get("X-Request-Id"); id != "" {
			return id
		}
	}
	return rand.Text()[:16] // 80 bits
}

// traceID is the id that AWS gives the request on its whole way; "" elsewhere.
func (s *Server) traceID(r *http.Request) string {
	if !s.Adapter {
		return ""
	}
	return trace.Root(r.Header.Get(trace.Header))
}

// panicked logs a panic by its type and stack. Its text is logged only if the Go
// runtime wrote it: other text may hold what a user typed.
func (s *Server) panicked(c *call, r *http.Request, v any) {
	attrs := []slog.Attr{slog.String("request_id", c.id), slog.String("trace_id", c.trace), slog.String("panic_type", fmt.Sprintf("%T", v)), slog.String("stack", string(debug.Stack()))}
	if err, ok := v.(runtime.Error); ok {
		attrs = append(attrs, slog.String("panic", err.Error()))
	}
	s.Log.LogAttrs(r.Context(), slog.LevelError, "handler_panicked", attrs...)
	if c.status == 0 {
		s.answer(c, r, failure{Status: http.StatusInternalServerError})
	}
}

// logRequest writes the line of a request. The route's pattern stands for the
// path: no query strings, addresses, tokens or titles get into a log.
func (s *Server) logRequest(c *call, r *http.Request, took time.Duration) {
	ctx := context.WithoutCancel(r.Context())
	if !s.Log.Enabled(ctx, slog.LevelInfo) {
		return
	}
	route := r.Pattern
	if route == unmatched {
		route = "none"
	}
	attrs := []slog.Attr{
		slog.String("method", logMethod(r.Method)),
		slog.String("route", route),
		slog.Int("status", max(c.status, http.StatusOK)),
		slog.Float64("ms", float64(took.Microseconds())/1000),
		slog.Int64("bytes", c.bytes),
		slog.String("request_id", c.id),
	}
	if c.trace != "" {
		attrs = append(attrs, slog.String("trace_id", c.trace))
	}
	s.Log.LogAttrs(ctx, slog.LevelInfo, "request", attrs...)
}

// logMethod keeps a client's inventions out of the log.
func logMethod(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}
