package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/tabletest"
)

// TestNoFalseAlarm: for days, changes come up to six hours late, twice and out of
// order, and people act between any two reads of the reconciler. It finds suspects,
// and never a difference.
func TestNoFalseAlarm(t *testing.T) {
	t.Parallel()
	for seed := range tabletest.Seeds(1, 4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, seed)
			w.busy.act = func() {
				if w.rnd.IntN(4) == 0 {
					w.act(w.ideas)
				}
			}
			for range 4 * 24 {
				w.hour(30, w.ideas, retried)
			}
			if w.meter["CountDifferences"] != 0 || strings.Contains(w.log.String(), "count_difference") {
				t.Errorf("%v differences", w.meter["CountDifferences"])
			}
			// Without these the test would show nothing.
			if w.meter["Recounted"] < 12 || strings.Count(w.log.String(), `"suspects":`) == strings.Count(w.log.String(), `"suspects":0`) {
				t.Errorf("%v recounted: %s", w.meter["Recounted"], &w.log)
			}
		})
	}
}

// TestFinds: what got lost, or was spoilt, on an idea that stays quiet or on one
// that many people use, is found within two days, repaired, and told once.
func TestFinds(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(w *world, id string){
		"a vote's change got lost": func(w *world, id string) {
			w.consume(0)
			w.vote(id)
			w.changes()
		},
		"a withdrawal's change got lost": func(w *world, id string) {
			v := w.vote(id)
			w.consume(0)
			_, err := w.store.DeleteVote(w.Context(), v)
			w.must(err)
			w.changes()
		},
		"a comment's change got lost": func(w *world, id string) {
			w.consume(0)
			w.must(w.store.PutComment(w.Context(), portal.Comment{ID: portal.ImportedAt(w.clock.Now(), "test", "lost"), IdeaID: id, Body: "x",
				Author: portal.Author{ID: w.members[0]}, Version: 1}, 0))
			w.changes()
		},
		"a tally was spoilt": func(w *world, id string) {
			w.consume(0)
			counts, err := w.store.Counts(w.Context(), id)
			w.must(err)
			lane := counts.Lanes[3]
			lane.Cells[31].N += 7
			w.must(w.store.PutTally(w.Context(), lane))
		},
		"the cards were spoilt": func(w *world, id string) {
			w.consume(0)
			card, err := w.store.CardOf(w.Context(), id)
			w.must(err)
			version, _, err := w.store.CardVersion(w.Context(), id)
			w.must(err)
			card.Votes += 3
			w.must(w.store.PutCards(w.Context(), card, true, version))
		},
		"a card is gone": func(w *world, id string) {
			w.consume(0)
			w.must(w.store.Table.Write(w.Context(), table.Op{Mut: table.Delete, Rec: table.Record{Key: table.Key{PK: "I#" + id, SK: "3K#2"}}}))
		},
	} {
		for _, quiet := range []bool{true, false} {
			if !quiet && strings.Contains(name, "card") {
				continue // the next vote puts them right
			}
			t.Run(fmt.Sprintf("%s, quiet %v", name, quiet), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, 7)
				for range 5 {
					w.hour(30, w.ideas, time.Minute)
				}
				w.clock.Advance(2 * time.Minute)
				w.consume(0) // nothing is under way now
				spoil(w, w.ideas[0])
				busy := w.ideas[1:]
				if !quiet {
					busy = w.ideas
				}
				// Where people go on, their votes may put a cell right by themselves.
				w.must(w.store.MarkActive(t.Context(), store.Day(w.clock.Now()), w.ideas[:1]))
				spoilt := w.wrong() > 0
				for range 48 {
					acts := 9
					if !quiet {
						acts = 3
					}
					w.hour(acts, busy, time.Minute)
				}
				w.clock.Advance(time.Hour)
				w.consume(0)
				if n := w.wrong(); n != 0 || !spoilt {
					t.Errorf("%d differences left; spoilt: %v", n, spoilt)
				}
				if n := w.meter["CountDifferences"]; quiet && n != 1 || n > 1 {
					t.Errorf("%v differences told", n)
				}
				if quiet && strings.Count(w.log.String(), `"msg":"count_difference","idea":"`+w.ideas[0]+`"`) != 1 {
					t.Errorf("log: %s", &w.log)
				}
				if strings.Contains(w.log.String(), "secret title") {
					t.Error("the log has a title")
				}
			})
		}
	}
}

// vote casts one that there was not, and returns it.
func (w *world) vote(id string) portal.Vote {
	w.Helper()
	for _, m := range w.members {
		v := portal.Vote{IdeaID: id, MemberID: m, At: w.clock.Now()}
		if created, err := w.store.PutVote(w.Context(), v); err != nil || created {
			w.must(err)
			return v
		}
	}
	w.Fatal("everybody has voted")
	return portal.Vote{}
}

// TestTakesUp: a run stops when its time is nearly up, the next one goes on where it
// stopped, and no idea is left out or counted twice.
func TestTakesUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.consume(0)
	w.clock.Advance(24 * time.Hour)
	var ids []string
	for i := range 30 {
		ids = append(ids, portal.ImportedAt(w.clock.Now(), "test", fmt.Sprint("many", i)))
	}
	w.must(w.store.MarkActive(t.Context(), store.Day(w.clock.Now()), ids))
	w.clock.Advance(24 * time.Hour)
	w.must(w.reconcile.Run(t.Context())) // a day of which there is nothing to do for
	w.meter = tape{}
	w.reconcile.Meter = w.meter
	w.must(w.store.MarkActive(t.Context(), store.Day(w.clock.Now()), ids))
	w.clock.Advance(24 * time.Hour)
	runs := 0
	for ; w.meter["Recounted"] < 30 && runs < 30; runs++ {
		// Every look at the clock takes a minute of the five.
		now := w.clock.Now()
		w.reconcile.Clock = func() time.Time { now = now.Add(time.Minute); return now }
		w.must(w.reconcile.Run(timeless{t.Context(), w.clock.Now().Add(5 * time.Minute)}))
	}
	if runs < 3 || w.meter["Recounted"] != 30 {
		t.Errorf("%v ideas in %d runs", w.meter["Recounted"], runs)
	}
	w.reconcile.Clock = w.clock.Now
	w.must(w.reconcile.Run(t.Context()))
	if w.meter["Recounted"] != 30 {
		t.Errorf("the day was done, and now it is %v", w.meter["Recounted"])
	}
}

// timeless is a context with a deadline on the test's clock: it never ends by itself.
type timeless struct {
	context.Context
	deadline time.Time
}

func (c timeless) Deadline() (time.Time, bool) { return c.deadline, true }

// TestOtherRun: of two runs at once one goes on.
func TestOtherRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.must(w.store.MarkActive(t.Context(), store.Day(w.clock.Now()), w.ideas))
	w.clock.Advance(24 * time.Hour)
	other, once := *w.reconcile, false
	other.Store, other.Projections = w.store, w.consumer // not through the busy table
	w.busy.act = func() {
		if !once {
			once = true
			w.must(other.Run(t.Context()))
		}
	}
	w.must(w.reconcile.Run(t.Context()))
	round, _, err := w.store.Reconciliation(t.Context())
	if err != nil || !round.Done || round.Day != store.Day(w.clock.Now().AddDate(0, 0, -1)) {
		t.Errorf("%+v, %v", round, err)
	}
}

// TestPassesOver: an idea that can't be counted holds nobody up, and what was not
// reconciled for long is not looked for in days that nobody knows of any more.
func TestPassesOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.consume(0)
	w.must(w.store.MarkActive(t.Context(), store.Day(w.clock.Now()), w.ideas))
	w.clock.Advance(24 * time.Hour)
	w.reconcile.Store = &store.Store{Table: broken{w.store.Table, "I#" + w.ideas[0]}, Clock: w.clock.Now}
	w.reconcile.Projections.Store = w.reconcile.Store
	w.must(w.reconcile.Run(t.Context()))
	if w.meter["Recounted"] != 5 || strings.Count(w.log.String(), "recount_skipped") != 1 {
		t.Errorf("%v recounted: %s", w.meter["Recounted"], &w.log)
	}
	w.clock.Advance(60 * 24 * time.Hour)
	w.must(w.reconcile.Run(t.Context()))
	first, last := store.Day(w.clock.Now().AddDate(0, 0, 1-store.ActiveDays)), store.Day(w.clock.Now().AddDate(0, 0, -1))
	round, _, err := w.store.Reconciliation(t.Context())
	if err != nil || round.Day != last || round.Version > 1+2+store.ActiveDays {
		t.Errorf("%+v, %v; want %s, from %s", round, err, last, first)
	}
}

// broken is a table in which one partition can't be read.
type broken struct {
	table.Table
	pk string
}

func (b broken) Get(ctx context.Context, k table.Key, consistent bool) (table.Record, error) {
	if k.PK == b.pk {
		return table.Record{}, errors.New("down")
	}
	return b.Table.Get(ctx, k, consistent)
}

// TestOlderRules: a table whose records are from before the current rules says so, as an
// alarm hears, until somebody has looked at them all; one that began with them never does.
func TestOlderRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	run := func() (said int, differences float64) {
		t.Helper()
		w.clock.Advance(24 * time.Hour)
		before, lines := w.meter["CountDifferences"], strings.Count(w.log.String(), `"recount_needed"`)
		w.must(w.reconcile.Run(t.Context()))
		return strings.Count(w.log.String(), `"recount_needed"`) - lines, w.meter["CountDifferences"] - before
	}
	for range 3 { // days on which the round is written again
		if said, n := run(); said != 0 || n != 0 {
			t.Fatalf("a new table: said %d times, %v differences", said, n)
		}
	}
	round, _, err := w.store.Reconciliation(t.Context())
	w.must(err)
	round.Rules = store.Rules - 1
	w.must(second(w.store.PutRound(t.Context(), round)))
	for range 2 {
		if said, n := run(); said != 1 || n != 1 {
			t.Errorf("an older table: said %d times, %v differences", said, n)
		}
	}
	w.must(w.store.PutRules(t.Context()))
	for range 2 {
		if said, n := run(); said != 0 || n != 0 {
			t.Errorf("after a recount: said %d times, %v differences", said, n)
		}
	}
}

func second[T any](_ T, err error) error { return err }
