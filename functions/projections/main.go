// Command projections is the Lambda function that reads the table's stream and
// keeps what follows from other records: counts, and the cards of lists.
// It only wires; event.json beside it is what it gets.
package main

import (
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"groundswell/shared/lambdastream"
	"groundswell/shared/metric"
	"groundswell/shared/projection"
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
	c := projection.Consumer{Store: &store.Store{Table: db, Clock: time.Now}, Clock: time.Now, Log: log}
	lambda.Start(lambdastream.Handler(c.Handle, lambdastream.Options{Name: "projections", Log: log, Meter: metric.FromEnv(os.Getenv, os.Stdout)}))
	return nil
}
