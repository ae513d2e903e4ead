// Command feedback is the Lambda function that hears from Amazon SES, by way of
// Amazon EventBridge, what became of mails: the ledger says so, and addresses that
// mail does not reach, or whose owners complained, get no more.
// It only wires; event.json beside it is what it gets, and
// shared/feedback/testdata has one of each kind.
package main

import (
	"context"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"groundswell/shared/feedback"
	"groundswell/shared/lambdaevents"
	"groundswell/shared/metric"
	"groundswell/shared/store"
	"groundswell/shared/table/dynamo"
)

func main() {
	log := lambdacontext.NewLogger()
	if err := run(log); err != nil {
		log.Error("not started", "error", err)
		os.Exit(1)
	}
}

func run(log *slog.Logger) error {
	db, err := dynamo.FromEnv(os.Getenv)
	if err != nil {
		return err
	}
	meter := metric.FromEnv(os.Getenv, os.Stdout)
	c := feedback.Consumer{Store: &store.Store{Table: db, Clock: time.Now}, Log: log, Meter: meter}
	lambda.Start(lambdaevents.Handler(func(ctx context.Context, event []byte) error { return c.Handle(ctx, string(event)) },
		lambdaevents.Options{Name: "feedback", Log: log, Meter: meter}))
	return nil
}
