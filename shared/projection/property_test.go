package projection

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/local"
	"groundswell/shared/table/tabletest"
)

// world is a few ideas, the members who act on them, and what came out on the
// change feed.
type world struct {
	*testing.T
	store   *store.Store
	rnd     *rand.Rand
	ideas   []string
	members []string
	now     func() time.Time
}

func newWorld(t *testing.T, tab table.Table, now func() time.Time, seed uint64, ideas, members int) *world {
	w := &world{T: t, store: &store.Store{Table: tab, Clock: now}, rnd: rand.New(rand.NewPCG(seed, 1)), now: now}
	for i := range members {
		m := portal.Member{ID: portal.ImportedMember("test", fmt.Sprint(seed, i)), Name: fmt.Sprint("m", i), Role: portal.RoleMember, Version: 1}
		w.members = append(w.members, m.ID)
		w.must(w.create(m))
	}
	for i := range ideas {
		id := portal.ImportedAt(now(), "test", fmt.Sprint(seed, i))
		w.ideas = append(w.ideas, id)
		idea := portal.Idea{ID: id, Title: fmt.Sprint("idea ", i), Category: "food", Status: portal.New, AuthorID: w.members[i],
			CreatedAt: now(), UpdatedAt: now(), Version: 1, BaseVotes: []int{0, 35094, -71}[i%3]}
		w.must(w.store.CreateIdea(w.Context(), portal.NewIdea{Idea: idea, History: portal.HistoryEntry{IdeaID: id, Ver: 1, At: now(),
			To: portal.New, By: portal.Author{ID: idea.AuthorID}}}))
	}
	return w
}

func (w *world) create(m portal.Member) error {
	_, err := w.store.CreateMember(w.Context(), m)
	return err
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func pick[T any](r *rand.Rand, s []T) T { return s[r.IntN(len(s))] }

// act does one random thing. A lost race is a part of life.
func (w *world) act(r *rand.Rand) {
	ctx, idea, member := w.Context(), pick(r, w.ideas), pick(r, w.members)
	var err error
	switch n := r.IntN(100); {
	case n < 53:
		_, err = w.store.PutVote(ctx, portal.Vote{IdeaID: idea, MemberID: member, At: w.now()})
	case n < 73:
		_, err = w.store.DeleteVote(ctx, portal.Vote{IdeaID: idea, MemberID: member})
	case n < 88:
		id, _ := portal.IDs{Rand: zeroes{r}}.At(w.now().Add(time.Duration(r.IntN(1e6)) * time.Millisecond))
		err = w.store.PutComment(ctx, portal.Comment{ID: id, IdeaID: idea, Body: "x", Author: portal.Author{ID: member}, Version: 1}, 0)
	case n < 92:
		cs, _, _ := w.store.Comments(ctx, idea, "", 20)
		if len(cs) > 0 {
			c := pick(r, cs)
			c.Deleted, c.Version = c.Deleted || r.IntN(2) == 0, c.Version+1
			c.Mod.State = pick(r, []portal.Visibility{portal.Visible, portal.Held, portal.Hidden})
			err = w.store.PutComment(ctx, c, c.Version-1)
		}
	case n < 93: // whether the member's votes count
		var x portal.Exclusion
		if x, err = w.store.Exclusion(ctx, member); err == nil {
			x.On, x.Sweeps, x.Version = !x.On, 0, x.Version+1
			err = w.store.Moderate(ctx, portal.Deed{Exclude: []portal.Exclusion{x}})
		}
	case n < 95:
		err = w.merge(idea, pick(r, w.ideas))
	default:
		var i portal.Idea
		if i, err = w.store.Idea(ctx, idea, true); err == nil {
			h := portal.HistoryEntry{IdeaID: idea, Ver: i.Version + 1, At: w.now(), From: i.Status, To: pick(r, portal.Statuses),
				By: portal.Author{ID: member, Name: "m"}}
			i.Status, i.Version = h.To, h.Ver
			if i.Status == portal.Launched {
				i.LaunchedAt = h.At
			}
			i.Category, i.Mod.State = pick(r, []string{"food", "tea"}), pick(r, []portal.Visibility{portal.Visible, portal.Visible, portal.Held})
			err = w.store.UpdateIdea(ctx, portal.IdeaUpdate{Idea: i, Prev: i.Version - 1, History: &h})
		}
	}
	if err != nil && portal.KindOf(err) != portal.Stale {
		w.Error("act:", err)
	}
}

// zeroes makes ids from a seeded generator.
type zeroes struct{ *rand.Rand }

func (z zeroes) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(z.Uint32())
	}
	return len(b), nil
}

// locked is such a source for a portal, whose use cases may draw at once.
type locked struct {
	mu sync.Mutex
	zeroes
}

func (l *locked) Read(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.zeroes.Read(b)
}

// merge links a to b, or takes the link away if there is one.
func (w *world) merge(a, b string) error {
	ia, err := w.store.Idea(w.Context(), a, true)
	if err != nil {
		return err
	}
	if ia.MergedInto != "" {
		b = ia.MergedInto
	}
	ib, err := w.store.Idea(w.Context(), b, true)
	if err != nil || a == b {
		return err
	}
	va, vb := ia.Version, ib.Version
	switch {
	case ia.MergedInto == b:
		ia.MergedInto = ""
		ib.MergedFrom = slices.DeleteFunc(ib.MergedFrom, func(s string) bool { return s == a })
	case ia.MergedInto == "" && len(ia.MergedFrom) == 0 && ib.MergedInto == "":
		ia.MergedInto, ib.MergedFrom = b, append(ib.MergedFrom, a)
	default:
		return nil
	}
	ia.Version++
	ib.Version++
	return w.store.UpdateIdea(w.Context(), portal.IdeaUpdate{Idea: ia, Prev: va, Other: &portal.IdeaUpdate{Idea: ib, Prev: vb}})
}

// check compares census and activity with the records they are of, and the four cards of every idea with
// the votes and comments.
func (w *world) check() {
	w.Helper()
	w.checkCensus()
	w.checkActivity()
	ctx := w.Context()
	for _, id := range w.ideas {
		idea, err := w.store.Idea(ctx, id, true)
		w.must(err)
		voters, base := map[string]bool{}, idea.BaseVotes
		for _, source := range append([]string{id}, idea.MergedFrom...) {
			for _, m := range w.members {
				_, stands, err := w.store.Vote(ctx, source, m)
				w.must(err)
				x, err := w.store.Exclusion(ctx, m)
				w.must(err)
				if stands && !x.On {
					voters[m] = true
				}
			}
			if source != id {
				child, err := w.store.Idea(ctx, source, true)
				w.must(err)
				base += child.BaseVotes
			}
		}
		comments := 0
		for cursor := ""; ; {
			cs, next, err := w.store.Comments(ctx, id, cursor, 100)
			w.must(err)
			for _, c := range cs {
				if !c.Deleted && c.Mod.Shown() {
					comments++
				}
			}
			if cursor = next; cursor == "" {
				break
			}
		}
		page, err := w.store.Table.Query(ctx, table.Query{PK: "I#" + id, Prefix: "3K#", Consistent: true})
		w.must(err)
		if len(page.Recs) != store.Slots {
			w.Errorf("idea %s has %d cards", id, len(page.Recs))
		}
		card, err := w.store.CardOf(ctx, id)
		w.must(err)
		for _, r := range page.Recs {
			if string(r.Body) != string(page.Recs[0].Body) {
				w.Errorf("cards of %s differ: %s and %s", id, page.Recs[0].Body, r.Body)
			}
			if listed := r.Idx[0].P != ""; listed != (idea.MergedInto == "" && !idea.Hidden()) {
				w.Errorf("idea %s merged into %q, hidden %v: listed %v", id, idea.MergedInto, idea.Hidden(), listed)
			}
		}
		if card.Votes != len(voters)+base || card.Comments != comments || card.Status != idea.Status {
			w.Errorf("card of %s: %d votes, %d comments, %s; want %d, %d, %s", id, card.Votes, card.Comments, card.Status,
				len(voters)+base, comments, idea.Status)
		}
		w.must((&Consumer{Store: w.store, Clock: w.now}).Recount(ctx, id))
		again, err := w.store.CardOf(ctx, id)
		w.must(err)
		if again.Votes != card.Votes || again.Comments != card.Comments || math.Abs(again.Trend-card.Trend) > 1e-9 {
			w.Errorf("recount of %s: %d votes, %d comments, trend %v; the card had %d, %d, %v", id,
				again.Votes, again.Comments, again.Trend, card.Votes, card.Comments, card.Trend)
		}
	}
}

// checkCensus compares what all ideas come to with the ideas themselves.
func (w *world) checkCensus() {
	w.Helper()
	want := map[string]int{}
	var born portal.Weeks
	for _, id := range w.ideas {
		idea, err := w.store.Idea(w.Context(), id, true)
		w.must(err)
		if !idea.Hidden() {
			born.Add(idea.CreatedAt, 1, w.now())
		}
		if !idea.Hidden() && idea.MergedInto == "" {
			want[idea.Category+" "+string(idea.Status)]++
		}
	}
	c, err := w.store.Census(w.Context())
	w.must(err)
	got := map[string]int{}
	for category, counts := range c.Ideas {
		for i, n := range counts {
			if n != 0 {
				got[category+" "+string(portal.Statuses[i])] = n
			}
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		w.Errorf("the census is not what the ideas are (-ideas +census):\n%s", d)
	}
	if d := cmp.Diff(born, c.Born); d != "" {
		w.Errorf("ideas by week (-ideas +census):\n%s", d)
	}
	// The rest of it, and the rows between, against a count from nothing.
	counter := &Consumer{Store: w.store, Clock: w.now}
	for _, id := range w.ideas {
		counted, err := counter.Count(w.Context(), id)
		w.must(err)
		for _, d := range counted.Wrong {
			w.Errorf("idea %s: %s", id, d)
		}
	}
	w.must(counter.CountCensus(w.Context(), false, func(d string) { w.Error(d) }))
}

// checkActivity compares what happened by week with the votes and comments.
func (w *world) checkActivity() {
	w.Helper()
	counter := &Consumer{Store: w.store, Clock: w.now}
	_, err := counter.Settle(w.Context())
	w.must(err)
	var want portal.Activity
	for _, id := range w.ideas {
		idea, err := w.store.Idea(w.Context(), id, true)
		w.must(err)
		if idea.Hidden() {
			continue
		}
		votes := idea.BaseVotes
		for _, m := range w.members {
			v, stands, err := w.store.Vote(w.Context(), id, m)
			w.must(err)
			x, err := w.store.Exclusion(w.Context(), m)
			w.must(err)
			if stands && !x.On {
				want.AllVotes++
				want.Votes.Add(v.At, 1, w.now())
			}
			wanted := stands
			for _, dup := range idea.MergedFrom {
				_, stands, err := w.store.Vote(w.Context(), dup, m)
				w.must(err)
				wanted = wanted || stands
			}
			if wanted && !x.On {
				votes++
			}
		}
		for _, dup := range idea.MergedFrom {
			d, err := w.store.Idea(w.Context(), dup, true)
			w.must(err)
			votes += d.BaseVotes
		}
		if idea.MergedInto == "" {
			want.Real.Add(idea, votes)
		}
		for cursor := ""; ; {
			cs, next, err := w.store.Comments(w.Context(), id, cursor, 100)
			w.must(err)
			for _, c := range cs {
				if !c.Deleted && c.Mod.Shown() {
					want.AllComments++
					want.Comments.Add(portal.IDTime(c.ID), 1, w.now())
				}
			}
			if cursor = next; cursor == "" {
				break
			}
		}
	}
	got, err := w.store.Charts(w.Context())
	w.must(err)
	if d := cmp.Diff(want, got.Activity); d != "" {
		w.Errorf("what happened by week (-votes and comments +activity):\n%s", d)
	}
	for list := range store.WaitLists {
		if waits, err := w.store.Waits(w.Context(), list); err != nil || len(waits) > 0 {
			w.Errorf("%d ideas wait for ever, %v", len(waits), err)
		}
	}
	w.must(counter.CountActivity(w.Context(), w.ideas, false, func(id, d string) { w.Error(id, d) }))
}

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

// follow follows a local table's log into a slice.
func follow(t *testing.T, tab *local.Table) func() []table.Change {
	var mu sync.Mutex
	var all []table.Change
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = tab.Follow(ctx, "test", local.FollowOptions{}, func(_ context.Context, b []table.Change) error {
			mu.Lock()
			defer mu.Unlock()
			all = append(all, b...)
			return nil
		})
	}()
	t.Cleanup(func() { cancel(); <-done })
	return func() []table.Change {
		if err := tab.Drained(t.Context(), "test"); err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		got := all
		all = nil
		return got
	}
}

// TestExactCounts is the property that the house rests on: whatever happens to
// the batches, and whoever writes meanwhile, the counts end exact.
func TestExactCounts(t *testing.T) {
	for seed := range tabletest.Seeds(2, 4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			tab, clock := tabletest.OpenLocal(t)
			w := newWorld(t, tab, clock.Now, seed, 5, 40)
			changes := follow(t, tab)
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
		changes := follow(t, tab)
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
