package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"groundswell/shared/app/onefile"
	"groundswell/shared/transfer"
)

const exportUsage = `admin export [-data DIR | -table NAME] > FILE.jsonl

Writes every record as JSON Lines, which admin import reads back. It holds
addresses and sessions: keep it as safe as the portal itself. A table can be in
use meanwhile; LC_ALL=C sort puts the lines of its export into an order.
`

func exportCommand(ctx context.Context, args []string, s streams) (err error) {
	var at placeFlags
	f := flag.NewFlagSet("export", flag.ContinueOnError)
	at.add(f)
	rest, err := parse(f, args, s, exportUsage)
	if err != nil {
		return err
	}
	if len(rest) != 0 {
		return usagef("it takes no arguments and writes to standard output")
	}
	p, err := at.open(s, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	bar := newBar(s)
	n, err := transfer.Export(ctx, p.table, s.out, p.caughtUp(ctx), bar.update)
	bar.end()
	if err != nil {
		return err
	}
	fmt.Fprintf(s.err, "%d records exported\n", n)
	return nil
}

// caughtUp reports whether the folder's consumers have seen everything. Of a table
// nobody here can tell.
func (p *place) caughtUp(ctx context.Context) bool {
	if p.folder == nil {
		return false
	}
	now, cancel := context.WithCancel(ctx)
	cancel() // look, don't wait
	return p.folder.Table.Drained(now, onefile.Projections, onefile.Notifications) == nil
}
