// Command local runs the whole portal as one program: the pages and the API, the
// consumers of the change log, the mail queue and an outbox in place of a mail
// service, all on one file. It needs no configuration.
//
//	go run ./infra/local [-addr 127.0.0.1:8080] [-data DIR] [-team a@example.com,b@example.com] [-demo] [-brand brand.json]
//
// Everything that was acknowledged is on disk: the program can be killed at any
// moment. Mails are read at /_local/mail.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	p := program{Out: os.Stdout}
	if err := p.parse(os.Args[1:]); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return
		}
		fmt.Fprintln(os.Stderr, "local:", err)
		os.Exit(2)
	}
	p.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: p.level}))
	if err := p.Run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "local:", err)
		os.Exit(1)
	}
}
