// Package lambdaevents feeds a function from Amazon EventBridge: one event, or one
// tick of a schedule, an invocation.
//
// Start with [Handler] and [Tick]. EventBridge invokes asynchronously and at least
// once, so whoever handles an event must bear it twice. After an error Lambda tries
// the event again, twice, and then puts it where template.yaml says; an event that
// can never be handled (queue.ErrDead) is logged and let go, so that what it holds is
// not kept.
package lambdaevents

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"groundswell/shared/metric"
	"groundswell/shared/queue"
	"groundswell/shared/trace"
)

// Options say who handles, and who hears of it.
type Options struct {
	Name  string       // of the consumer, in metrics and log lines
	Log   *slog.Logger // never nil
	Meter metric.Meter // nil = none
	Clock func() time.Time
}

func (o Options) withDefaults() Options {
	if o.Meter == nil {
		o.Meter = metric.None
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	return o
}

// errFailed is all that Lambda hears of a failure: it logs what it hears.
var errFailed = errors.New("event not handled; the log says why")

// Handler adapts handle, which gets the whole event as it came, for lambda.Start.
// Each event is one log line and, if it says when it happened, one value of
// metric.Lag.
func Handler(handle func(ctx context.Context, event []byte) error, opts Options) func(context.Context, json.RawMessage) error {
	o := opts.withDefaults()
	return func(ctx context.Context, raw json.RawMessage) error {
		begun := o.Clock()
		var head struct {
			ID   string    `json:"id"`
			Type string    `json:"detail-type"`
			Time time.Time `json:"time"`
		}
		var lag time.Duration
		if err := json.Unmarshal(raw, &head); err == nil && !head.Time.IsZero() {
			lag = max(0, begun.Sub(head.Time))
		}
		err := try(ctx, handle, raw)
		log := o.Log.With("consumer", o.Name, "event_id", head.ID, "detail_type", head.Type, "lag_ms", lag.Milliseconds(),
			"ms", o.Clock().Sub(begun).Milliseconds(), "trace_id", trace.Of(ctx))
		o.Meter.Put(metric.Lag, o.Name, lag.Seconds())
		o.Meter.Put(metric.Records, o.Name, 1)
		if err == nil {
			log.InfoContext(ctx, "event")
			return nil
		}
		o.Meter.Put(metric.Failed, o.Name, 1)
		if errors.Is(err, queue.ErrDead) {
			log.ErrorContext(ctx, "event let go", "error", err)
			return nil
		}
		log.ErrorContext(ctx, "event failed", "error", err)
		return errFailed
	}
}

// Tick adapts a function that runs on a schedule. It gets the time that the schedule
// meant, not the time it is: a tick that comes late or twice does the same.
func Tick(run func(ctx context.Context, due time.Time) error, opts Options) func(context.Context, json.RawMessage) error {
	o := opts.withDefaults()
	return Handler(func(ctx context.Context, raw []byte) error {
		var ev events.EventBridgeEvent
		if err := json.Unmarshal(raw, &ev); err != nil || ev.Time.IsZero() { // invoked by hand
			ev.Time = o.Clock()
		}
		return run(ctx, ev.Time.UTC())
	}, o)
}

// try turns a panic into an error.
func try(ctx context.Context, handle func(context.Context, []byte) error, raw []byte) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("handler panicked with %T\n%s", v, debug.Stack())
		}
	}()
	return handle(ctx, raw)
}
