package transfer

import (
	"context"
	"fmt"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"groundswell/shared/projection"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// Reindexer writes all postings anew and takes wrong ones away, beside the running
// consumer. Each record is looked at by itself, so it does not matter which come
// first, and after an interruption it goes on from the last page that was done.
type Reindexer struct {
	Store       *store.Store
	Projections *projection.Consumer
	From        table.Scanner
	Restart     bool // don't go on from an interrupted run
	Thorough    bool // look at each posting, not only at those of an older generation of terms
	Progress    func(Progress)
}

// Reindexed says what a run did, since it was resumed if it was.
type Reindexed struct {
	Ideas, Wrong int
	Resumed      bool
}

// reindexPage is how many records are done before it is written down.
const reindexPage = 500

// Run looks at every record.
func (ri *Reindexer) Run(ctx context.Context) (r Reindexed, err error) {
	after := ""
	if !ri.Restart {
		if after, err = ri.Store.ReindexedTo(ctx); err != nil {
			return r, err
		}
		r.Resumed = after != ""
	}
	var ideas, wrong, done atomic.Int64
	defer func() { r.Ideas, r.Wrong = int(ideas.Load()), int(wrong.Load()) }()
	for {
		page, err := ri.From.Scan(ctx, after, reindexPage)
		if err != nil {
			return r, fmt.Errorf("look for ideas: %w", err)
		}
		g, gctx := errgroup.WithContext(ctx)
		g.SetLimit(recounters)
		for _, rec := range page.Recs {
			g.Go(func() error {
				if id, ok := store.IsIdea(rec); ok {
					ideas.Add(1)
					return ri.Projections.Index(gctx, id)
				}
				k, id, ok := store.IsPosting(rec)
				if !ok || store.PostedNow(rec) && !ri.Thorough {
					return nil
				}
				is, err := ri.Projections.Unindex(gctx, k, id)
				if is {
					wrong.Add(1)
				}
				return err
			})
		}
		if err := g.Wait(); err != nil {
			return r, fmt.Errorf("reindex: %w", err)
		}
		if ri.Progress != nil {
			ri.Progress(Progress{"reindex", done.Add(int64(len(page.Recs))), -1})
		}
		after = page.Next
		if err := ri.Store.PutReindexedTo(ctx, after); err != nil {
			return r, err
		}
		if after == "" {
			return r, nil
		}
	}
}
