package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"groundswell/shared/transfer"
)

const recountUsage = `admin recount [-data DIR | -table NAME] [-idea ID] [-dry-run]

Counts votes, comments and ideas from the records themselves, says where tallies,
cards, sums, what ideas are found by, and the lists of the team and of members
differ, and repairs those. With -dry-run it only says, and exits with 1 if there is a
difference. On a folder, what its program had no time to count is
counted first. On a table in use numbers may be seconds behind: what a second run
still finds is wrong.
`

func recountCommand(ctx context.Context, args []string, s streams) (err error) {
	var at placeFlags
	var idea string
	f := flag.NewFlagSet("recount", flag.ContinueOnError)
	at.add(f)
	f.StringVar(&idea, "idea", "", "`id` of one idea; all without it")
	dry := f.Bool("dry-run", false, "only compare")
	rest, err := parse(f, args, s, recountUsage)
	if err != nil {
		return err
	}
	if len(rest) != 0 {
		return usagef("it takes no arguments; one idea is -idea ID")
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
	rc := transfer.Recounter{Store: p.store, Projections: p.projections, DryRun: *dry, Progress: bar.update,
		Found: func(id, d string) {
			if id != "" {
				d = "idea " + id + ": " + d
			}
			bar.line(s.out, "%s", d)
		}}
	ids := []string{idea}
	if idea == "" {
		if ids, err = rc.Ideas(ctx, p.table); err != nil {
			return err
		}
	}
	n, err := rc.Run(ctx, ids)
	sums, strays := 0, 0
	if err == nil {
		sums, err = rc.Sums(ctx, ids)
	}
	if err == nil && idea == "" {
		strays, err = rc.Strays(ctx, p.table)
	}
	bar.end()
	if err != nil {
		return err
	}
	if *dry {
		fmt.Fprintf(s.out, "ideas: %d counted, %d to repair\n", len(ids), n)
		if n+sums+strays > 0 {
			return errDiffers
		}
		return nil
	}
	if idea == "" {
		if err := p.store.PutRules(ctx); err != nil {
			return err
		}
	}
	fmt.Fprintf(s.out, "ideas: %d counted, %d repaired\n", len(ids), n)
	return nil
}
