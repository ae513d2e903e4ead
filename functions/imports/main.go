// Command imports is the Lambda function by which admins import other systems' exports. What reads those is linked here
// alone, and no page but those about it.
// It only wires; event.json beside it is what it gets.
package main

import (
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"groundswell/shared/app"
	"groundswell/shared/app/site"
	"groundswell/shared/intake"
	"groundswell/shared/lambdahttp"
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
	cfg, err := app.FromEnv(os.Getenv, app.BaseURL, app.PortalName, app.Brand)
	if err != nil {
		return err
	}
	db, err := dynamo.FromEnv(os.Getenv)
	if err != nil {
		return err
	}
	server, err := site.New(site.Parts{Config: cfg, Table: db, Log: log, Meter: metric.FromEnv(os.Getenv, os.Stdout), Adapter: true})
	if err != nil {
		return err
	}
	server.Portal.Intakes = &intake.Reader{Store: &store.Store{Table: db, Clock: time.Now}, Categories: server.Portal.Categories, Clock: time.Now}
	lambda.Start(lambdahttp.Handler(server.ImportHandler(), lambdahttp.Options{Log: log, Edge: true}))
	return nil
}
