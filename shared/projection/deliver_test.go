package projection

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"groundswell/shared/store"
	"groundswell/shared/table"
)

// deliver gives the changes to two consumers at once, in batches cut at random,
// shuffled, some twice, over a table that fails; a batch that fails comes again,
// bisected, until it has been taken.
func deliver(ctx context.Context, changes []table.Change, seed uint64, faulty table.Table, now func() time.Time) error {
	r := rand.New(rand.NewPCG(seed, 2))
	var work []table.Change
	for _, c := range changes {
		for range 1 + r.IntN(4)/3 {
			work = append(work, c)
		}
	}
	r.Shuffle(len(work), func(i, j int) { work[i], work[j] = work[j], work[i] })
	batches := make(chan []table.Change, len(work)+1)
	for len(work) > 0 {
		n := 1 + r.IntN(min(40, len(work)))
		batches <- work[:n]
		work = work[n:]
	}
	close(batches)
	var wg sync.WaitGroup
	errs := make([]error, 2)
	for i := range errs {
		wg.Go(func() {
			c := &Consumer{Store: &store.Store{Table: faulty, Clock: now}, Clock: now}
			for b := range batches {
				errs[i] = errors.Join(errs[i], insist(ctx, c, b, 0))
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

func insist(ctx context.Context, c *Consumer, b []table.Change, depth int) error {
	err := c.Handle(ctx, b)
	if err == nil {
		return nil
	}
	if depth > 500 {
		return fmt.Errorf("batch of %d is refused for ever: %w", len(b), err)
	}
	if len(b) > 1 {
		return errors.Join(insist(ctx, c, b[len(b)/2:], depth+1), insist(ctx, c, b[:len(b)/2], depth+1))
	}
	return insist(ctx, c, b, depth+1)
}
