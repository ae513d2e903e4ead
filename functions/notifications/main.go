// Command notifications is the Lambda function that reads the table's stream,
// decides who hears of a change, and puts a job for each mail into the queue.
// It only wires; event.json beside it is what it gets.
package main

import (
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"groundswell/shared/app"
	"groundswell/shared/lambdastream"
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
	c := notify.Consumer{Ideas: &store.Store{Table: db, Clock: time.Now}, Queue: queue, Log: log}
	lambda.Start(lambdastream.Handler(c.Consume, lambdastream.Options{Name: "notifications", Log: log, Meter: metric.FromEnv(os.Getenv, os.Stdout)}))
	return nil
}
