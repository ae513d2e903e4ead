// Package lambdastream feeds a table.Consumer from a DynamoDB stream: it turns
// the events that Lambda's event source mapping delivers into []table.Change and
// the consumer's error into the partial batch response (ReportBatchItemFailures).
//
// Start with [Handler]; record.go decodes one record and value.go one attribute.
//
// It assumes the table layout of shared/table/dynamo (attributes pk, sk, k, v,
// ttl, b, g1p to g3s) and a stream view of NEW_AND_OLD_IMAGES. It must not know
// what a change means, and must never hold up a shard for a record that nobody
// can read.
package lambdastream

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
	"groundswell/shared/table"
	"groundswell/shared/trace"
)

// Event is a DynamoDB stream event whose records are decoded one by one: were it
// events.DynamoDBEvent, one odd attribute would fail the whole invocation, and
// with it the shard until the record expires.
type Event struct {
	Records []json.RawMessage `json:"Records"`
}

// ChangeError tells which change of a batch a consumer could not handle. All
// changes before it are acknowledged; it and those after it are delivered again.
// Any error with a FailedSeq method works as well, so a consumer need not import
// this package.
type ChangeError struct {
	Seq string // of the first change to deliver again
	Err error
}

func (e *ChangeError) Error() string { return "change " + e.Seq + ": " + e.Err.Error() }
func (e *ChangeError) Unwrap() error { return e.Err }

// FailedSeq is the change to start again from.
func (e *ChangeError) FailedSeq() string { return e.Seq }

// Options say who consumes, and who hears of it.
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

// Handler adapts c for lambda.Start. Records that cannot be decoded are logged,
// without their contents, and skipped. When c fails, the answer names the change
// to start again from: the one its error tells, or else the lowest of the batch.
// Each batch is one log line, and its age one value of metric.Lag. The returned error
// is always nil; failures travel in the answer.
func Handler(c table.Consumer, opts Options) func(context.Context, Event) (events.DynamoDBEventResponse, error) {
	o := opts.withDefaults()
	return func(ctx context.Context, ev Event) (events.DynamoDBEventResponse, error) {
		begun := o.Clock()
		batch := make([]table.Change, 0, len(ev.Records))
		for i, raw := range ev.Records {
			change, err := Decode(raw)
			if err != nil {
				o.Log.ErrorContext(ctx, "stream record skipped", "index", i, "bytes", len(raw), "error", err)
				continue
			}
			batch = append(batch, change)
		}
		resp := events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{}}
		if len(batch) == 0 {
			return resp, nil
		}
		lag := age(batch, begun)
		err := consume(ctx, c, batch)
		line := []any{"consumer", o.Name, "records", len(batch), "skipped", len(ev.Records) - len(batch),
			"lag_ms", lag.Milliseconds(), "ms", o.Clock().Sub(begun).Milliseconds(), "trace_id", trace.Of(ctx)}
		o.Meter.Put(metric.Lag, o.Name, lag.Seconds())
		o.Meter.Put(metric.Records, o.Name, float64(len(batch)))
		if err != nil {
			seq := restart(batch, err)
			o.Log.ErrorContext(ctx, "stream batch failed", append(line, "restart_seq", seq, "error", err)...)
			o.Meter.Put(metric.Failed, o.Name, float64(len(batch)))
			resp.BatchItemFailures = append(resp.BatchItemFailures, events.DynamoDBBatchItemFailure{ItemIdentifier: seq})
			return resp, nil
		}
		o.Log.InfoContext(ctx, "stream batch", line...)
		return resp, nil
	}
}

// age is how long the oldest change of the batch has waited; the stream tells whole
// seconds, so up to one of them is made up.
func age(batch []table.Change, now time.Time) time.Duration {
	var oldest time.Duration
	for _, c := range batch {
		oldest = max(oldest, now.Sub(c.At))
	}
	return oldest
}

// consume turns a panic into an error: the batch is then delivered again like any
// other, to a process that need not start anew.
func consume(ctx context.Context, c table.Consumer, batch []table.Change) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("consumer panicked with %T\n%s", v, debug.Stack())
		}
	}()
	return c(ctx, batch)
}

// restart is the sequence number to deliver again from. One that is not in the
// batch counts for nothing, so that an answer never rests on what Lambda makes of
// an identifier that it does not know.
func restart(batch []table.Change, err error) string {
	lowest, named := batch[0].Seq, ""
	var at interface{ FailedSeq() string }
	if errors.As(err, &at) {
		named = at.FailedSeq()
	}
	for _, c := range batch {
		if named != "" && c.Seq == named {
			return named
		}
		if table.CompareSeq(c.Seq, lowest) < 0 {
			lowest = c.Seq
		}
	}
	return lowest
}
