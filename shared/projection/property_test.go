package projection

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/tabletest"
)

// TestExactCounts is the property that the house rests on: whatever happens to
// the batches, and whoever writes meanwhile, the counts end exact.
func TestExactCounts(t *testing.T) {
	for seed := range tabletest.Seeds(2, 4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			tab, clock := tabletest.OpenLocal(t)
			w := newWorld(t, tab, clock.Now, seed, 5, 40)
			changes := tabletest.Collect(t, tab, nil)
			scramble(w, changes, seed, 4, 40, func() { clock.Advance(50 * time.Hour) })
			w.check()
		})
	}
}

// scramble lets two members' hands and two failing consumers loose on the world,
// in rounds: what a round's hands do, the next round's consumers hear of.
func scramble(w *world, changes func() []table.Change, seed uint64, rounds, acts int, tick func()) {
	faulty := tabletest.NewFaulty(w.store.Table, seed)
	faulty.SetRates(tabletest.Rates{Before: .04, After: .04, Conflict: .04, Throttle: .01})
	batch := changes()
	for round := range rounds {
		var wg sync.WaitGroup
		for hand := range 2 {
			r := rand.New(rand.NewPCG(seed, uint64(100*round+hand)))
			wg.Go(func() {
				for range acts {
					w.act(r)
				}
			})
		}
		wg.Go(func() {
			if err := deliver(w.Context(), batch, seed, faulty, w.now); err != nil {
				w.Error(err)
			}
		})
		for range 2 {
			wg.Go(func() { // fails now and then, as all that is faulty; the notes stay
				_, _ = (&Consumer{Store: &store.Store{Table: faulty, Clock: w.now}, Clock: w.now}).Settle(w.Context())
			})
		}
		wg.Wait()
		tick()
		batch = changes()
	}
	if err := deliver(w.Context(), batch, seed+1, faulty, w.now); err != nil {
		w.Error(err)
	}
}

// TestCrashAtEveryWrite stops the consumer at each of its writes in turn, before
// and after the commit, and delivers the batch once more to a healthy one.
func TestCrashAtEveryWrite(t *testing.T) {
	t.Parallel()
	for fault := range tabletest.Sweep() {
		tab, clock := tabletest.OpenLocal(t)
		w := newWorld(t, tab, clock.Now, 7, 2, 12)
		changes := tabletest.Collect(t, tab, nil)
		for range 16 {
			w.act(w.rnd)
		}
		batch := changes()
		broken := &Consumer{Store: &store.Store{Table: fault.Wrap(tab), Clock: clock.Now}, Clock: clock.Now}
		if err := broken.Handle(t.Context(), batch); err != nil {
			w.must((&Consumer{Store: w.store, Clock: clock.Now}).Handle(t.Context(), batch))
		}
		w.check()
		if t.Failed() {
			t.Fatal(fault)
		}
	}
}
