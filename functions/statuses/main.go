// Command statuses is the Lambda function that changes the statuses of ideas, merges them, and serves Ideas in Action
// and the roadmap.
// It only wires; event.json beside it is what it gets.
package main

import (
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"groundswell/shared/app"
	"groundswell/shared/app/mailer"
	"groundswell/shared/app/site"
	"groundswell/shared/lambdahttp"
	"groundswell/shared/metric"
	"groundswell/shared/table/dynamo"
	"groundswell/shared/web"
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
	server, err := site.New(site.Parts{Config: cfg, Table: db, Letters: mailer.NewLetters(cfg), Log: log,
		Meter: metric.FromEnv(os.Getenv, os.Stdout), Adapter: true})
	if err != nil {
		return err
	}
	lambda.Start(lambdahttp.Handler(server.Handler(web.Statuses), lambdahttp.Options{Log: log, Edge: true}))
	return nil
}
