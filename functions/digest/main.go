// Command digest is the Lambda function that begins, on a schedule, the sending of
// the weekly summaries, or takes it up again where it stopped.
// It only wires; event.json beside it is what it gets.
package main

import (
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"groundswell/shared/app"
	"groundswell/shared/lambdaevents"
	"groundswell/shared/metric"
	"groundswell/shared/notify"
	"groundswell/shared/queue/sqs"
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
	cfg, err := app.FromEnv(os.Getenv, app.MailQueueURL)
	if err != nil {
		return err
	}
	db, err := dynamo.FromEnv(os.Getenv)
	if err != nil {
		return err
	}
	queue, err := sqs.FromEnv(os.Getenv, cfg.MailQueueURL)
	if err != nil {
		return err
	}
	d := notify.Digests{Store: &store.Store{Table: db, Clock: time.Now}, Queue: queue, Log: log}
	lambda.Start(lambdaevents.Tick(d.Tick, lambdaevents.Options{Name: "digest", Log: log, Meter: metric.FromEnv(os.Getenv, os.Stdout)}))
	return nil
}
