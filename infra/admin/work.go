package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"groundswell/shared/app/onefile"
	"groundswell/shared/projection"
	"groundswell/shared/table"
	"groundswell/shared/table/local"
	"groundswell/shared/transfer"
)

// work is an import under way.
type work struct {
	p       *place
	s       streams
	bar     *bar
	dryRun  bool
	recount bool
}

func (w work) files(ctx context.Context, im *transfer.Importer, src transfer.Files) error {
	start := time.Now()
	r, err := im.Files(ctx, src)
	if err == nil {
		err = w.derive(ctx, r.Ideas.New+r.Comments.New+r.Members.New+r.Votes.New)
	}
	w.bar.end()
	if err != nil && r.Ideas.Read == 0 {
		return err // it had not begun
	}
	if im.Look != nil {
		preview(w.s.out, im.Look)
	}
	fmt.Fprintf(w.s.out, "ideas: %v\n", r.Ideas)
	for _, t := range []struct {
		what string
		transfer.Tally
	}{{"comments", r.Comments}, {"votes", r.Votes}, {"members", r.Members}, {"addresses", r.Paths}} {
		if t.Read > 0 || t.what == "members" {
			fmt.Fprintf(w.s.out, "%s: %v\n", t.what, t.Tally)
		}
	}
	if r.Cut > 0 {
		fmt.Fprintf(w.s.out, "texts cut because they were too long: %d\n", r.Cut)
	}
	w.took(start)
	return err
}

func (w work) lines(ctx context.Context, im *transfer.Importer, file string) error {
	start := time.Now()
	st, err := os.Stat(file)
	if err != nil {
		return err
	}
	empty, err := w.empty(ctx)
	if err != nil {
		return err
	}
	r, err := im.Lines(ctx, filepath.Base(file), st.Size(), func() (io.ReadCloser, error) { return os.Open(file) })
	switch {
	case err != nil:
	case w.p.folder != nil && empty && r.CaughtUp && r.Records.Rejected == 0 && !w.recount && !w.dryRun:
		// The export holds what follows from the rest, to the last byte.
		err = w.skip(ctx)
	default:
		err = w.derive(ctx, r.Records.New)
	}
	w.bar.end()
	if err != nil && r.Records.Read == 0 {
		return err
	}
	fmt.Fprintf(w.s.out, "records: %v\n", r.Records)
	w.took(start)
	return err
}

func (w work) took(start time.Time) {
	if w.dryRun {
		fmt.Fprintln(w.s.out, "dry run: nothing was written")
	}
	fmt.Fprintf(w.s.err, "done in %.1f s\n", time.Since(start).Seconds())
}

func (w work) empty(ctx context.Context) (bool, error) {
	page, err := w.p.table.Scan(ctx, "", 1)
	return len(page.Recs) == 0 && page.Next == "", err
}

// derive counts what was imported, n records. A table's stream does that by itself.
func (w work) derive(ctx context.Context, n int) error {
	if w.dryRun {
		return nil
	}
	if err := w.count(ctx, n); err != nil {
		return fmt.Errorf("count: %w", err)
	}
	if err := w.p.catchUp(ctx); err != nil || !w.recount {
		return err
	}
	rc := transfer.Recounter{Store: w.p.store, Projections: w.p.projections, Progress: w.bar.update}
	ids, err := rc.Ideas(ctx, w.p.table)
	if err == nil {
		_, err = rc.Run(ctx, ids)
	}
	if err == nil {
		_, err = rc.Sums(ctx, ids)
	}
	return err
}

// The program that serves a folder takes few changes at once, to be quick about
// the first. Here what counts is that an idea is counted but once, and that many
// ideas share a commit.
const (
	manyChanges = 50_000
	counters    = 8 // each counts several ideas at a time
)

// count lets the projections of a folder see every change, with progress.
func (w work) count(ctx context.Context, n int) error {
	if w.p.folder == nil {
		return nil
	}
	done := 0
	show := func() { w.bar.update(transfer.Progress{Stage: "counting", Done: int64(min(done, n)), Total: int64(n)}) }
	show()
	return w.follow(ctx, local.FollowOptions{Max: manyChanges, Keep: projection.Reacts}, func(ctx context.Context, batch []table.Change) error {
		var parts [counters][]table.Change
		for _, c := range batch { // an idea's partition goes to one counter
			h := fnv.New32a()
			io.WriteString(h, c.Key().PK)
			i := h.Sum32() % counters
			parts[i] = append(parts[i], c)
		}
		var g errgroup.Group
		for _, part := range parts {
			g.Go(func() error { return w.p.projections.Handle(ctx, part) })
		}
		err := g.Wait()
		if err == nil {
			done += len(batch)
			show()
		}
		return err
	}, onefile.Projections)
}

// skip lets the consumers pass over every change without a look at it.
func (w work) skip(ctx context.Context) error {
	none := func(context.Context, []table.Change) error { return nil }
	return w.follow(ctx, local.FollowOptions{Max: manyChanges}, none, onefile.Projections, onefile.Notifications)
}

// follow hands a folder's changes to f under each of the names, up to the last.
func (w work) follow(ctx context.Context, o local.FollowOptions, f table.Consumer, names ...string) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, len(names))
	for _, name := range names {
		go func() {
			err := w.p.folder.Table.Follow(ctx, name, o, f)
			if err != nil {
				stop() // or nobody would ever be done
			}
			ended <- err
		}()
	}
	err := w.p.folder.Table.Drained(ctx, names...)
	stop()
	for range names {
		if e := <-ended; e != nil {
			err = e
		}
	}
	return err
}

// catchUp lets a folder's consumers see every change, so that the program that
// serves it next has nothing left to do.
func (p *place) catchUp(ctx context.Context) error {
	if p.folder == nil {
		return nil
	}
	if err := p.folder.CatchUp(ctx); err != nil {
		return fmt.Errorf("count: %w", err)
	}
	return nil
}
