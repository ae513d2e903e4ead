// Command accounts is the Lambda function that signs members in and out and serves
// their profiles. Sign-in codes go out through the mail queue.
// It only wires; event.json beside it is what it gets.
package main

import (
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"groundswell/shared/app"
	"groundswell/shared/app/site"
	"groundswell/shared/lambdahttp"
	"groundswell/shared/metric"
	"groundswell/shared/notify"
	"groundswell/shared/queue/sqs"
	"groundswell/shared/table/dynamo"
	"groundswell/shared/throwaway"
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
	cfg, err := app.FromEnv(os.Getenv, app.BaseURL, app.PortalName, app.Brand, app.TeamEmails, app.MailQueueURL)
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
	server, err := site.New(site.Parts{Config: cfg, Table: db, Mails: notify.Mails{Queue: queue}, Log: log,
		Meter: metric.FromEnv(os.Getenv, os.Stdout), Adapter: true, Throwaway: throwaway.Is})
	if err != nil {
		return err
	}
	lambda.Start(lambdahttp.Handler(server.Handler(web.Accounts), lambdahttp.Options{Log: log, Edge: true}))
	return nil
}
