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

	"github.com/aws/aws-lambda-go/events"
)

// Handler adapts handle for lambda.Start. Messages are handled one after the
// other; those left when the time is up are reported as failed, untried. The
// returned error is always nil; failures travel in the answer.
func Handler(handle func(ctx context.Context, body string) error, log *slog.Logger) func(context.Context, events.SQSEvent) (events.SQSEventResponse, error) {
	return func(ctx context.Context, ev events.SQSEvent) (events.SQSEventResponse, error) {
		resp := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
		for _, m := range ev.Records {
			err := ctx.Err()
			if err == nil {
				err = try(ctx, handle, m.Body)
			}
			if err != nil {
				log.ErrorContext(ctx, "queue message failed",
					"message_id", m.MessageId, "receive_count", m.Attributes["ApproximateReceiveCount"], "error", err)
				resp.BatchItemFailures = append(resp.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: m.MessageId})
			}
		}
		return resp, nil
	}
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
