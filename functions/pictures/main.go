// Command pictures is the Lambda function that draws the pictures of ideas which stand beside shared links: see
// shared/picture. It links neither pages nor sessions; its fonts would be too much for a function that people wait for.
// It only wires; event.json beside it is what it gets.
package main

import (
	"cmp"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"groundswell/shared/app"
	"groundswell/shared/brand"
	"groundswell/shared/lambdahttp"
	"groundswell/shared/picture"
	"groundswell/shared/portal"
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
	cfg, err := app.FromEnv(os.Getenv, app.PortalName, app.Brand)
	if err != nil {
		return err
	}
	db, err := dynamo.FromEnv(os.Getenv)
	if err != nil {
		return err
	}
	b, err := brand.Parse(cfg.Brand, picture.Languages())
	if err != nil {
		return fmt.Errorf("brand: %w", err)
	}
	p := &portal.Portal{Store: &store.Store{Table: db, Clock: time.Now}, Clock: time.Now, Categories: b.Categories}
	maker := picture.New(p, cmp.Or(b.Name, cfg.PortalName), b)
	lambda.Start(lambdahttp.Handler(maker.Handler(log), lambdahttp.Options{Log: log}))
	return nil
}
