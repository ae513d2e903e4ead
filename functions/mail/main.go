// Command mail is the Lambda function that makes a mail of each job in the mail
// queue and sends it through Amazon SES, once.
// It only wires; event.json beside it is what it gets.
package main

import (
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"groundswell/shared/app"
	"groundswell/shared/app/mailer"
	"groundswell/shared/lambdaqueue"
	"groundswell/shared/mail/ses"
	"groundswell/shared/metric"
	"groundswell/shared/queue/sqs"
	"groundswell/shared/table/dynamo"
)

// lease is how long a claim on a mail holds. Sending gets a third of it, which the
// function's timeout has to allow, and it ends before the queue's visibility timeout
// does, so that the next try is not turned away. Both are in template.yaml.
const lease = 45 * time.Second

func main() {
	log := lambdacontext.NewLogger()
	if err := run(log); err != nil {
		log.Error("not started", "error", err)
		os.Exit(1)
	}
}

func run(log *slog.Logger) error {
	cfg, err := app.FromEnv(os.Getenv, app.BaseURL, app.PortalName, app.Brand, app.MailFrom, app.MailQueueURL, app.MailRate, app.ConfigurationSet)
	if err != nil {
		return err
	}
	db, err := dynamo.FromEnv(os.Getenv)
	if err != nil {
		return err
	}
	sender, err := ses.FromEnv(os.Getenv, cfg.ConfigurationSet)
	if err != nil {
		return err
	}
	queue, err := sqs.FromEnv(os.Getenv, cfg.MailQueueURL)
	if err != nil {
		return err
	}
	meter := metric.FromEnv(os.Getenv, os.Stdout)
	worker, err := mailer.New(mailer.Parts{Config: cfg, Table: db, Sender: sender, Queue: queue, Log: log, Meter: meter, Lease: lease})
	if err != nil {
		return err
	}
	lambda.Start(lambdaqueue.Handler(worker.Handle, lambdaqueue.Options{Name: "mail", Log: log, Meter: meter}))
	return nil
}
