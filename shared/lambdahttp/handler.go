// Package lambdahttp runs a net/http handler behind an Amazon API Gateway HTTP
// API: it turns a payload 2.0 event into a request and the answer into a
// payload 2.0 response, so that the web layer is the same on Lambda as on a
// socket.
//
// Start with [Handler]; request.go reads events and response.go writes them.
//
// What a handler may rely on:
//
//   - URL.Path, URL.RawQuery and Host are what the client asked for; the URL is
//     in origin form (no scheme, no host), as net/http's own server gives it.
//   - X-Forwarded-Proto is "https", for an HTTP API speaks nothing else. It and
//     X-Request-Id (API Gateway's request id) are set here; whatever a client
//     sends under these names, or as any other X-Forwarded-* header, is dropped.
//   - X-Amzn-Trace-Id names the invocation's trace, or is not there.
//   - RemoteAddr is the caller as API Gateway saw it, always with a port; behind
//     the edge (see [Options]) as the edge saw it, and so is Host.
//   - The context ends shortly before the function's time is up.
//
// A stage's name, which paths carry unless it is $default, is taken off them. The
// package must not know what it serves: no routes, no sessions, no access log.
package lambdahttp

import (
	"context"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// MaxPayload is the largest event or answer, in bytes of JSON, of a synchronous
// invocation (AWS Lambda Developer Guide, "Lambda quotas": 6 MB).
const MaxPayload = 6 << 20

// Options adjusts a Handler. The zero value is good.
type Options struct {
	// Log receives what only the adapter can see: panics, answers that are too
	// big, events that are no requests. Nil discards it.
	Log *slog.Logger

	// MaxBody is the largest request body in bytes, after base64 is undone;
	// anything larger is answered with 413. 0 means MaxPayload.
	MaxBody int

	// Margin is taken off the invocation's deadline, so that a handler that runs
	// out of time can still answer. 0 means 300 ms.
	Margin time.Duration

	// Edge takes Host and RemoteAddr from X-Viewer-Host and X-Viewer-Address,
	// which the edge (infra/stack/edge.yaml) sets on every request. Set it only
	// where nobody can reach the API around the edge: a client that can would
	// choose its own address. Without it both headers are dropped.
	Edge bool
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.MaxBody == 0 {
		o.MaxBody = MaxPayload
	}
	if o.Margin == 0 {
		o.Margin = 300 * time.Millisecond
	}
	return o
}

// Handler adapts h for lambda.Start. The error it returns is always nil: every
// failure, a panic of h included, is an answer to the client, and the function
// lives on.
func Handler(h http.Handler, opts Options) func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	o := opts.withDefaults()
	return func(ctx context.Context, ev events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		id := requestID(ctx, ev)
		log := o.Log.With("request_id", id)

		if deadline, ok := ctx.Deadline(); ok {
			var cancel context.CancelFunc
			ctx, cancel = context.WithDeadline(ctx, deadline.Add(-o.Margin))
			defer cancel()
		}
		r, refusal := newRequest(ctx, ev, id, o)
		if refusal != nil {
			log.WarnContext(ctx, "event refused", "status", refusal.status, "reason", refusal.reason)
			return problem(refusal.status, refusal.reason, id, ev.RequestContext.HTTP.Method), nil
		}
		w := newRecorder(r.Method)
		if !serve(h, w, r, log) {
			return problem(http.StatusInternalServerError, "", id, r.Method), nil
		}
		resp, reason := w.response()
		if reason != "" {
			log.ErrorContext(ctx, "answer refused", "reason", reason, "status", w.status, "bytes", w.written)
			return problem(http.StatusInternalServerError, "", id, r.Method), nil
		}
		return resp, nil
	}
}

// serve calls h and reports whether it returned. A panic is logged by its type
// and stack; its text only if the Go runtime wrote it, for other text may hold
// what a user typed.
func serve(h http.Handler, w *recorder, r *http.Request, log *slog.Logger) (ok bool) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		ok = false
		if v == http.ErrAbortHandler { // the documented way to give up without a log entry
			return
		}
		attrs := []any{slog.String("panic_type", typeName(v)), slog.String("stack", string(debug.Stack()))}
		if err, is := v.(runtime.Error); is {
			attrs = append(attrs, slog.String("panic", err.Error()))
		}
		log.ErrorContext(r.Context(), "handler panicked", attrs...)
	}()
	h.ServeHTTP(w, r)
	return true
}
