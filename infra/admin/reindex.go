package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"groundswell/shared/transfer"
)

const reindexUsage = `admin reindex [-data DIR | -table NAME] [-restart] [-thorough]

Writes what ideas are found by anew, and takes away what should not be there: after
an import of an export without it, and after an update whose search finds words in
another way. A table may be in use meanwhile. What was done is remembered: after an
interruption it goes on from there; with -restart it begins again. With -thorough it
reads the idea of each posting there is, which costs as much as fifty indexings: after
a restored backup.
`

func reindexCommand(ctx context.Context, args []string, s streams) (err error) {
	var at placeFlags
	f := flag.NewFlagSet("reindex", flag.ContinueOnError)
	at.add(f)
	restart := f.Bool("restart", false, "begin again")
	thorough := f.Bool("thorough", false, "look at each posting")
	rest, err := parse(f, args, s, reindexUsage)
	if err != nil {
		return err
	}
	if len(rest) != 0 {
		return usagef("it takes no arguments")
	}
	p, err := at.open(s, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if err := p.catchUp(ctx); err != nil {
		return err
	}
	bar := newBar(s)
	ri := transfer.Reindexer{Store: p.store, Projections: p.projections, From: p.table, Restart: *restart, Thorough: *thorough, Progress: bar.update}
	r, err := ri.Run(ctx)
	bar.end()
	if err != nil {
		return err
	}
	if r.Resumed {
		fmt.Fprintln(s.err, "went on where it was interrupted")
	}
	fmt.Fprintf(s.out, "ideas: %d indexed, %d wrong postings taken away\n", r.Ideas, r.Wrong)
	return nil
}
