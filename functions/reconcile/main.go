// Command reconcile is the Lambda function that counts votes and comments by week, for
// the team's charts, and counts again what yesterday's changes led to, repairs what
// is wrong and raises an alarm about it.
// It only wires; event.json beside it is what it gets, and does not look at.
package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"groundswell/shared/metric"
	"groundswell/shared/projection"
	"groundswell/shared/reconcile"
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
	s := &store.Store{Table: db, Clock: time.Now}
	counts := &projection.Consumer{Store: s, Clock: time.Now, Log: log}
	r := reconcile.Reconciler{Store: s, Projections: counts,
		Meter: metric.FromEnv(os.Getenv, os.Stdout), Log: log, Clock: time.Now}
	lambda.Start(func(ctx context.Context) error {
		_, err := counts.Settle(ctx) // the team's charts
		return errors.Join(err, r.Run(ctx))
	})
	return nil
}
