package reconcile_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"groundswell/shared/metric"
	"groundswell/shared/portal"
	"groundswell/shared/projection"
	"groundswell/shared/reconcile"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/tabletest"
)

// retried is for how long the stream tries a change again, as template.yaml has it.
const retried = 6 * time.Hour

// world is a portal whose consumer is late, by hours at times, and loses changes
// where a test wants it to.
type world struct {
	*testing.T
	rnd       *rand.Rand
	clock     *tabletest.Clock
	store     *store.Store
	ideas     []string
	members   []string
	changes   func() []table.Change
	underWay  []late
	consumer  *projection.Consumer
	busy      *busy
	log       bytes.Buffer
	meter     tape
	reconcile *reconcile.Reconciler
}

// late is a change on its way.
type late struct {
	table.Change
	at time.Time
}

// tape is a meter that adds up.
type tape map[string]float64

func (m tape) Put(of metric.Metric, _ string, n float64) { m[of.Name()] += n }

// busy is a table that people use while it is being read.
type busy struct {
	table.Table
	mu  sync.Mutex
	act func() // nil = nobody does anything
}

func (b *busy) Query(ctx context.Context, q table.Query) (table.Page, error) {
	b.mu.Lock()
	if b.act != nil {
		b.act()
	}
	b.mu.Unlock()
	return b.Table.Query(ctx, q)
}

func newWorld(t *testing.T, seed uint64) *world {
	tab, clock := tabletest.OpenLocal(t)
	w := &world{T: t, rnd: rand.New(rand.NewPCG(seed, 1)), clock: clock, store: &store.Store{Table: tab, Clock: clock.Now}, meter: tape{}}
	w.changes = tabletest.Collect(t, tab, projection.Reacts)
	w.consumer = &projection.Consumer{Store: w.store, Clock: clock.Now}
	w.busy = &busy{Table: tab}
	s := &store.Store{Table: w.busy, Clock: clock.Now}
	w.reconcile = &reconcile.Reconciler{Store: s, Projections: &projection.Consumer{Store: s, Clock: clock.Now}, Meter: w.meter,
		Log: slog.New(slog.NewJSONHandler(&w.log, nil)), Clock: clock.Now}
	for i := range 40 {
		id := portal.ImportedMember("test", fmt.Sprint(seed, i))
		w.members = append(w.members, id)
		_, err := w.store.CreateMember(t.Context(), portal.Member{ID: id, Name: fmt.Sprint("m", i), Role: portal.RoleMember, Version: 1})
		w.must(err)
	}
	for i := range 6 {
		id := portal.ImportedAt(clock.Now(), "test", fmt.Sprint(seed, i))
		w.ideas = append(w.ideas, id)
		w.must(w.store.CreateIdea(t.Context(), portal.NewIdea{
			Idea: portal.Idea{ID: id, Title: fmt.Sprint("secret title ", i), Category: "food", Status: portal.New, AuthorID: w.members[i],
				CreatedAt: clock.Now(), UpdatedAt: clock.Now(), Version: 1},
			History: portal.HistoryEntry{IdeaID: id, Ver: 1, At: clock.Now(), To: portal.New}}))
	}
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func pick[T any](r *rand.Rand, s []T) T { return s[r.IntN(len(s))] }

// act votes, withdraws or talks about one of the ideas.
func (w *world) act(ideas []string) {
	ctx, idea, member := w.Context(), pick(w.rnd, ideas), pick(w.rnd, w.members)
	var err error
	switch n := w.rnd.IntN(10); {
	case n < 6:
		_, err = w.store.PutVote(ctx, portal.Vote{IdeaID: idea, MemberID: member, At: w.clock.Now()})
	case n < 8:
		_, err = w.store.DeleteVote(ctx, portal.Vote{IdeaID: idea, MemberID: member})
	case n < 9:
		id := portal.ImportedAt(w.clock.Now(), "test", fmt.Sprint(w.rnd.Uint64()))
		err = w.store.PutComment(ctx, portal.Comment{ID: id, IdeaID: idea, Body: "x", Author: portal.Author{ID: member}, Version: 1}, 0)
	default:
		cs, _, lerr := w.store.Comments(ctx, idea, "", 20)
		w.must(lerr)
		if len(cs) > 0 {
			c := pick(w.rnd, cs)
			c.Deleted, c.Version = true, c.Version+1
			err = w.store.PutComment(ctx, c, c.Version-1)
		}
	}
	if err != nil && portal.KindOf(err) != portal.Stale {
		w.Error("act:", err)
	}
}

// consume delivers what is due, some of it twice, in any order.
func (w *world) consume(most time.Duration) {
	w.Helper()
	for _, c := range w.changes() {
		delay := time.Duration(w.rnd.Int64N(int64(most) + 1))
		w.underWay = append(w.underWay, late{c, w.clock.Now().Add(delay)})
		if w.rnd.IntN(5) == 0 {
			w.underWay = append(w.underWay, late{c, w.clock.Now().Add(delay / 2)})
		}
	}
	var batch []table.Change
	w.underWay = slices.DeleteFunc(w.underWay, func(l late) bool {
		due := !l.at.After(w.clock.Now())
		if due {
			batch = append(batch, l.Change)
		}
		return due
	})
	w.rnd.Shuffle(len(batch), func(i, j int) { batch[i], batch[j] = batch[j], batch[i] })
	w.must(w.consumer.Handle(w.Context(), batch))
}

// hour is one: people act, the consumer works, the reconciler runs.
func (w *world) hour(acts int, ideas []string, most time.Duration) {
	w.Helper()
	for range 3 {
		w.clock.Advance(20 * time.Minute)
		for range acts / 3 {
			w.act(ideas)
		}
		w.consume(most)
	}
	w.must(w.reconcile.Run(w.Context()))
}

// wrong is how much of the ideas' counts is not what it should be.
func (w *world) wrong() (n int) {
	w.Helper()
	for _, id := range w.ideas {
		counted, err := w.consumer.Count(w.Context(), id)
		w.must(err)
		diffs, err := w.store.CardDiffs(w.Context(), counted.Card, counted.Listed)
		w.must(err)
		n += len(counted.Wrong) + len(diffs)
	}
	return n
}
