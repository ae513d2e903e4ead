package projection

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/tabletest"
)

// socks are a dozen new accounts from one network on two ideas, among the votes of old
// members on a third, whose note is read last. Each step is a batch of votes.
func (w *world) socks() (steps [][]portal.Vote, accused []string) {
	list := func(id string) int { return store.BucketOf(id) % store.WaitLists }
	slices.SortFunc(w.ideas, func(a, b string) int { return list(a) - list(b) })
	accused = slices.Sorted(slices.Values(w.members[:12]))
	at := w.now().Add(-time.Hour)
	for n, m := range w.members {
		v := portal.Vote{MemberID: m, At: at.Add(time.Duration(n) * 20 * time.Second).Truncate(time.Millisecond)}
		if n >= 12 {
			v.IdeaID = w.ideas[2]
			steps = append(steps, []portal.Vote{v})
			continue
		}
		v.Joined = v.At.Add(-time.Minute)
		a, b := v, v
		a.IdeaID, b.IdeaID, a.Crowd, b.Crowd = w.ideas[0], w.ideas[1], "aa", "bb"
		steps = append(steps, []portal.Vote{a, b})
	}
	return steps, accused
}

// cast stores votes, and the notes that the stream's consumer leaves about them.
func (w *world) cast(steps ...[]portal.Vote) {
	w.Helper()
	c := &Consumer{Store: w.store, Clock: w.now}
	for _, votes := range steps {
		for _, v := range votes {
			_, err := w.store.PutVote(w.Context(), v)
			w.must(err)
			w.must(c.wait(w.Context(), []string{v.IdeaID}))
		}
	}
}

// accusing checks that there is one case about each of the first two ideas, with its
// one line in the log, and that nothing is left to look at.
func (w *world) accusing(accused []string) {
	w.Helper()
	for n, id := range w.ideas {
		c, err := w.store.VoteCase(w.Context(), id, true)
		w.must(err)
		if n == 2 {
			if c.Version != 0 {
				w.Errorf("a case about honest votes: %+v", c)
			}
			continue
		}
		var got []string
		for _, s := range c.Suspects {
			got = append(got, s.MemberID)
		}
		slices.Sort(got)
		if d := cmp.Diff(accused, got); d != "" || !c.Open || c.Round != 1 || !slices.Equal(c.With, []string{w.ideas[1-n]}) {
			w.Errorf("idea %d: %+v (-want +got):\n%s", n, c, d)
		}
		if d := cmp.Diff(portal.Suspicions, c.Why()); d != "" {
			w.Errorf("idea %d (-want +got):\n%s", n, d)
		}
	}
	lines, _, err := w.store.Log(w.Context(), portal.LogQuery{What: portal.LogSuspect, Limit: 100})
	w.must(err)
	if len(lines) != 2 || lines[0].Thing == lines[1].Thing {
		w.Errorf("%d lines in the log, want one a case: %+v", len(lines), lines)
	}
	page, err := w.store.VoteCases(w.Context(), portal.QueueQuery{Limit: 100})
	w.must(err)
	if len(page.Items) != 2 {
		w.Errorf("%d cases wait, want 2", len(page.Items))
	}
	for list := range store.WaitLists {
		if left, err := w.store.Waits(w.Context(), list); err != nil || len(left) > 0 {
			w.Errorf("notes left: %v, %v", left, err)
		}
	}
}

func settled(ctx context.Context, tab table.Table, now func() time.Time) error {
	_, err := (&Consumer{Store: &store.Store{Table: tab, Clock: now}, Clock: now}).Settle(ctx)
	return err
}

// TestSuspectCrashAtEveryWrite stops the settling at each of its writes in turn, before
// and after the commit: the next one ends in the same cases, one an idea.
func TestSuspectCrashAtEveryWrite(t *testing.T) {
	t.Parallel()
	for fault := range tabletest.Sweep() {
		tab, clock := tabletest.OpenLocal(t)
		w := newWorld(t, tab, clock.Now, 3, 3, 40)
		steps, accused := w.socks()
		w.cast(steps...)
		_ = settled(t.Context(), fault.Wrap(tab), clock.Now) // as it comes: the notes stay
		w.must(settled(t.Context(), tab, clock.Now))
		w.accusing(accused)
		w.cast(steps[0])
		w.must(settled(t.Context(), tab, clock.Now)) // and again, with nothing new
		w.accusing(accused)
		if t.Failed() {
			t.Fatal(fault)
		}
	}
}

// TestSuspectInAnyOrder settles while the votes come, two at once, over a table that
// fails, conflicts and lags: a case an idea all the same, with everybody in it.
func TestSuspectInAnyOrder(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			tab, clock := tabletest.OpenLocal(t)
			w := newWorld(t, tab, clock.Now, seed, 3, 40)
			steps, accused := w.socks()
			w.rnd.Shuffle(len(steps), func(i, j int) { steps[i], steps[j] = steps[j], steps[i] })
			faulty := tabletest.NewFaulty(tab, seed)
			faulty.SetRates(tabletest.Rates{Before: 0.05, After: 0.05, Conflict: 0.1, Throttle: 0.01})
			for some := range slices.Chunk(steps, 10) {
				var wg sync.WaitGroup
				wg.Go(func() { w.cast(some...) })
				for range 2 {
					wg.Go(func() { _ = settled(t.Context(), faulty, clock.Now) })
				}
				wg.Wait()
			}
			w.must(settled(t.Context(), tab, clock.Now))
			w.accusing(accused)
		})
	}
}

// What a look costs does not grow with who votes: without new members nothing beside
// what settling reads, and with them no more than the package says.
func TestSuspectReads(t *testing.T) {
	t.Parallel()
	tab, clock := tabletest.OpenLocal(t)
	w := newWorld(t, tab, clock.Now, 5, 3, 40)
	steps, _ := w.socks()
	count := func(votes ...[]portal.Vote) int {
		w.cast(votes...)
		reads := &counted{Table: tab}
		w.must(settled(t.Context(), reads, clock.Now))
		return reads.n
	}
	bare := count(steps[12:]...) // 28 old members' votes on one idea
	if again := count(steps[12]); again != bare {
		t.Errorf("%d reads for old members' votes, then %d", bare, again)
	}
	// For each of the two: the new members' own votes, the other idea's, the sum and the
	// case, beside the settling.
	if two, most := count(steps[:12]...), 2*bare+2*(12+1+2*store.Lanes+1+1); two > most {
		t.Errorf("%d reads, want no more than %d", two, most)
	}
}

// counted is a table that counts reads.
type counted struct {
	table.Table
	mu sync.Mutex
	n  int
}

func (c *counted) one() { c.mu.Lock(); c.n++; c.mu.Unlock() }

func (c *counted) Get(ctx context.Context, k table.Key, strong bool) (table.Record, error) {
	c.one()
	return c.Table.Get(ctx, k, strong)
}

func (c *counted) Query(ctx context.Context, q table.Query) (table.Page, error) {
	c.one()
	return c.Table.Query(ctx, q)
}
