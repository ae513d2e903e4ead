package transfer

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"

	"groundswell/shared/store"
	"groundswell/shared/table"
)

// put stores the units that are not stored yet, counts them, and returns what it
// found of the others.
func (im *Importer) put(ctx context.Context, units []store.Unit, t *Tally) (map[table.Key]table.Record, error) {
	if len(units) == 0 {
		return nil, nil
	}
	keys := make([]table.Key, len(units))
	for i, u := range units {
		keys[i] = u.Key()
	}
	// Looking is cheaper than a put that fails: on DynamoDB an eighth of the price.
	found, err := im.Store.Table.BatchGet(ctx, keys, false)
	if err != nil {
		return nil, fmt.Errorf("look for what is known: %w", err)
	}
	absent := make([]store.Unit, 0, len(units)-len(found))
	for _, u := range units {
		if _, known := found[u.Key()]; !known {
			absent = append(absent, u)
		}
	}
	n := len(absent)
	if !im.DryRun {
		if n, err = putNew(ctx, im.Store.Table, absent); err != nil {
			return nil, err
		}
	}
	t.New += n
	t.Known += len(units) - n
	return found, nil
}

// Writers at a time of units with several records. On one file they share a
// commit; on DynamoDB each is a transaction.
const writers = 64

// putNew returns how many of the units it stored; the others were there.
func putNew(ctx context.Context, tab table.Table, units []store.Unit) (int, error) {
	var single []table.Op
	var g errgroup.Group
	g.SetLimit(writers)
	stored := make([]bool, len(units))
	for i, u := range units {
		ops := u.Ops()
		if len(ops) == 1 {
			single = append(single, ops[0])
			continue
		}
		g.Go(func() (err error) {
			stored[i], err = putAll(ctx, tab, ops)
			return err
		})
	}
	err := g.Wait()
	n := 0
	for _, ok := range stored {
		if ok {
			n++
		}
	}
	if err != nil {
		return n, err
	}
	more, err := putEach(ctx, tab, single)
	return n + more, err
}

// tries bounds how often a conflict with another writer is tried again.
const tries = 10

func putAll(ctx context.Context, tab table.Table, ops []table.Op) (bool, error) {
	for try := 1; ; try++ {
		err := tab.Write(ctx, ops...)
		_, known := table.FailedCond(err)
		switch {
		case err == nil || known:
			return err == nil, nil
		case !errors.Is(err, table.ErrConflict) || try == tries:
			return false, fmt.Errorf("store %s: %w", ops[0].Rec.Kind, err)
		}
		pause(ctx, try)
	}
}

func putEach(ctx context.Context, tab table.Table, ops []table.Op) (n int, err error) {
	for try := 1; len(ops) > 0; try++ {
		var again []table.Op
		for i, err := range tab.WriteEach(ctx, ops...) {
			_, known := table.FailedCond(err)
			switch {
			case err == nil:
				n++
			case known:
			case errors.Is(err, table.ErrConflict) && try < tries:
				again = append(again, ops[i])
			default:
				return n, fmt.Errorf("store %s: %w", ops[i].Rec.Kind, err)
			}
		}
		if ops = again; len(ops) > 0 {
			pause(ctx, try)
		}
	}
	return n, nil
}

func pause(ctx context.Context, try int) {
	select {
	case <-ctx.Done():
	case <-time.After(rand.N(5 * time.Millisecond << try)):
	}
}
