// Package lambdaqueue feeds a function from an Amazon SQS queue: each message's
// body goes to a handler, and only the messages that failed are reported
// (ReportBatchItemFailures), so that one bad message never repeats its neighbours.
//
// Start with [Handler]. Delivery is at least once and in no order: the handler
// must be safe to repeat. How often a message is tried, and where it goes then, is the
// queue's redrive policy, not this package's business.
package lambdaqueue

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"groundswell/shared/metric"
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

// Handler adapts handle for lambda.Start. Messages are handled one after the
// other; those left when the time is up are reported as failed, untried. Each batch
// is one log line, and its age one value of metric.Lag. The returned error is always
// nil; failures travel in the answer.
func Handler(handle func(ctx context.Context, body string) error, opts Options) func(context.Context, events.SQSEvent) (events.SQSEventResponse, error) {
	o := opts.withDefaults()
	return func(ctx context.Context, ev events.SQSEvent) (events.SQSEventResponse, error) {
		begun := o.Clock()
		resp := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
		var lag time.Duration
		for _, m := range ev.Records {
			lag = max(lag, age(m, begun))
			err := ctx.Err()
			if err == nil {
				err = try(ctx, handle, m.Body)
			}
			if err != nil {
				o.Log.ErrorContext(ctx, "queue message failed",
					"message_id", m.MessageId, "receive_count", m.Attributes["ApproximateReceiveCount"], "error", err)
				resp.BatchItemFailures = append(resp.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: m.MessageId})
			}
		}
		failed := len(resp.BatchItemFailures)
		o.Log.InfoContext(ctx, "queue batch", "consumer", o.Name, "messages", len(ev.Records), "failed", failed,
			"lag_ms", lag.Milliseconds(), "ms", o.Clock().Sub(begun).Milliseconds(), "trace_id", trace.Of(ctx))
		o.Meter.Put(metric.Lag, o.Name, lag.Seconds())
		o.Meter.Put(metric.Records, o.Name, float64(len(ev.Records)))
		if failed > 0 {
			o.Meter.Put(metric.Failed, o.Name, float64(failed))
		}
		return resp, nil
	}
}

// age is how long ago the message was first sent; 0 if it does not say.
func age(m events.SQSMessage, now time.Time) time.Duration {
	ms, err := strconv.ParseInt(m.Attributes["SentTimestamp"], 10, 64)
	if err != nil {
		return 0
	}
	return max(0, now.Sub(time.UnixMilli(ms)))
}

// try turns a panic into an error, so that it costs one message and not the batch.
func try(ctx context.Context, handle func(context.Context, string) error, body string) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("handler panicked with %T\n%s", v, debug.Stack())
		}
	}()
	return handle(ctx, body)
}
