// Command bench loads the local program over HTTP and, in turns, a bare net/http
// server that makes the same reads and writes of the store and nothing else. It
// prints requests a second, latencies, and the ratio of the two: ratios hold on any
// machine, absolute figures on the one they were taken on.
//
//	go run ./infra/bench [-csv FOLDER] [-ideas 20000] [-seconds 2] [-rounds 3]
//
// Without -csv the ideas are made up. Start with run.go; bare.go is the baseline,
// load.go the client. Everything stays on the loopback interface.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

func main() {
	var o options
	flag.StringVar(&o.csv, "csv", "", "`folder` of the my-starbucks-idea files to import")
	flag.IntVar(&o.ideas, "ideas", 20_000, "ideas of the second, larger portal; 0 = none")
	flag.Float64Var(&o.seconds, "seconds", 1.5, "length of one measurement")
	flag.IntVar(&o.rounds, "rounds", 3, "measurements of each; the median counts")
	flag.StringVar(&o.only, "only", "", "measure this case alone")
	bare := flag.String("bare", "", "be the bare server on this data folder")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	run := o.run
	if *bare != "" {
		run = func(ctx context.Context) error { return serveBare(ctx, *bare) }
	}
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type options struct {
	csv     string
	ideas   int
	seconds float64
	rounds  int
	only    string
}

func (o options) length() time.Duration { return time.Duration(o.seconds * float64(time.Second)) }
