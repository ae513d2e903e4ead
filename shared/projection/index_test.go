package projection

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/search"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/local"
	"groundswell/shared/table/tabletest"
)

// vocabulary is small, so that edits take words away and bring them back, and move
// them between title and text.
var vocabulary = strings.Fields("oat milk wi-fi refills coffee mugs 抹茶拿铁 the")

func someWords(r *rand.Rand, n int) string {
	ws := make([]string, n)
	for i := range ws {
		ws[i] = pick(r, vocabulary)
	}
	return strings.Join(ws, " ")
}

// reword does one random thing to what an idea is found by.
func (w *world) reword(r *rand.Rand) {
	id := pick(r, w.ideas)
	i, err := w.store.Idea(w.Context(), id, true)
	w.must(err)
	u := portal.IdeaUpdate{Prev: i.Version}
	switch n := r.IntN(100); {
	case n < 30:
		i.Title = someWords(r, 1+r.IntN(4))
	case n < 55:
		body := someWords(r, r.IntN(30))
		u.Body = &body
	case n < 70:
		i.Title = someWords(r, 2)
		body := someWords(r, r.IntN(9))
		u.Body = &body
	case n < 85:
		i.Mod.State = map[bool]portal.Visibility{false: portal.Hidden}[i.Hidden()]
	case n < 90:
		i.Status = pick(r, portal.Statuses)
	default:
		if err := w.merge(id, pick(r, w.ideas)); err != nil && portal.KindOf(err) != portal.Stale {
			w.Error("merge:", err)
		}
		return
	}
	i.Version++
	u.Idea = i
	if err := w.store.UpdateIdea(w.Context(), u); err != nil && portal.KindOf(err) != portal.Stale {
		w.Error("reword:", err)
	}
}

// show puts the idea into the lists, wherever it was.
func (w *world) show(id string) {
	i, err := w.store.Idea(w.Context(), id, true)
	w.must(err)
	if i.MergedInto != "" {
		w.must(w.merge(id, i.MergedInto))
		i, err = w.store.Idea(w.Context(), id, true)
		w.must(err)
	}
	i.Mod.State, i.Title, i.Version = portal.Visible, "oat milk", i.Version+1
	w.must(w.store.UpdateIdea(w.Context(), portal.IdeaUpdate{Idea: i, Prev: i.Version - 1}))
}

// stored are the live postings in the table, in words.
func stored(t *testing.T, tab *local.Table) []string {
	t.Helper()
	var out []string
	st := &store.Store{Table: tab}
	terms := map[string]bool{}
	scan(t, tab, func(r table.Record) {
		if k, _, ok := store.IsPosting(r); ok {
			terms[k.Term] = true
		}
	})
	for term := range terms {
		lists, err := st.Postings(t.Context(), []string{term}, table.MaxLimit)
		if err != nil || !lists[0].Whole {
			t.Fatal(lists, err)
		}
		for _, p := range lists[0].Postings {
			out = append(out, inWords(p))
		}
	}
	slices.Sort(out)
	return out
}

func inWords(p search.Posting) string {
	return fmt.Sprintf("%s %c %s %s", p.Term, p.Level, p.IdeaID, search.Encode(p.Weight, p.Signature))
}

func scan(t *testing.T, tab *local.Table, f func(table.Record)) {
	t.Helper()
	for after := ""; ; {
		page, err := tab.Scan(t.Context(), after, table.MaxLimit)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Recs {
			f(r)
		}
		if after = page.Next; after == "" {
			return
		}
	}
}

// due are the postings that there should be, in words.
func (w *world) due() []string {
	var out []string
	for _, id := range w.ideas {
		i, body, err := w.store.SearchText(w.Context(), id)
		w.must(err)
		if i.Hidden() || i.MergedInto != "" {
			continue
		}
		for _, p := range (search.Doc{Title: i.Title, Body: body, Tags: tagsOf(i)}).Postings() {
			p.IdeaID = id
			out = append(out, inWords(p))
		}
	}
	slices.Sort(out)
	return out
}

// TestExactPostings: whatever happens to the batches, whoever writes meanwhile and
// in however many writes the consumer dies, an idea ends up in the lists of its
// words, and in no others.
func TestExactPostings(t *testing.T) {
	t.Parallel()
	for seed := range tabletest.Seeds(2, 4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			tab, clock := tabletest.OpenLocal(t)
			w := newWorld(t, tab, clock.Now, seed, 4, 4)
			changes := tabletest.Collect(t, tab, nil)
			faulty := tabletest.NewFaulty(tab, seed)
			faulty.SetRates(tabletest.Rates{Before: .02, After: .02, Conflict: .01, Throttle: .01})
			batch := changes()
			for round := range 5 {
				var wg sync.WaitGroup
				for hand := range 2 {
					r := rand.New(rand.NewPCG(seed, uint64(10*round+hand)))
					wg.Go(func() {
						for range 12 {
							w.reword(r)
						}
					})
				}
				wg.Go(func() {
					if err := deliver(t.Context(), batch, seed+uint64(round), faulty, clock.Now); err != nil {
						t.Error(err)
					}
				})
				wg.Wait()
				clock.Advance(time.Hour)
				if round == 4 {
					w.show(w.ideas[0]) // there is something left to find
				}
				batch = changes()
			}
			if err := deliver(t.Context(), batch, seed, faulty, clock.Now); err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(w.due(), stored(t, tab)); diff != "" {
				t.Errorf("postings (-due +stored):\n%s", diff)
			}
			if len(w.due()) == 0 {
				t.Error("there is nothing to find")
			}
		})
	}
}

// TestPostingsCrashAtEveryWrite stops the consumer at each of its writes in turn,
// and delivers the batch once more.
func TestPostingsCrashAtEveryWrite(t *testing.T) {
	t.Parallel()
	for fault := range tabletest.Sweep() {
		tab, clock := tabletest.OpenLocal(t)
		w := newWorld(t, tab, clock.Now, 3, 2, 2)
		changes := tabletest.Collect(t, tab, nil)
		c := &Consumer{Store: w.store, Clock: clock.Now}
		w.must(c.Handle(t.Context(), changes()))
		for range 6 {
			w.reword(w.rnd)
		}
		batch := changes()
		broken := &Consumer{Store: &store.Store{Table: fault.Wrap(tab), Clock: clock.Now}, Clock: clock.Now}
		if err := broken.Handle(t.Context(), batch); err != nil {
			w.must(c.Handle(t.Context(), batch))
		}
		if diff := cmp.Diff(w.due(), stored(t, tab)); diff != "" {
			t.Fatalf("%v (-due +stored):\n%s", fault, diff)
		}
	}
}

// TestGoneIsForgotten: the marks of postings that are gone go by themselves.
func TestGoneIsForgotten(t *testing.T) {
	t.Parallel()
	tab, clock := tabletest.OpenLocal(t)
	w := newWorld(t, tab, clock.Now, 1, 1, 1)
	changes := tabletest.Collect(t, tab, nil)
	c := &Consumer{Store: w.store, Clock: clock.Now}
	w.must(c.Handle(t.Context(), changes()))
	i, err := w.store.Idea(t.Context(), w.ideas[0], true)
	w.must(err)
	i.Mod.State, i.Version = portal.Hidden, i.Version+1
	w.must(w.store.UpdateIdea(t.Context(), portal.IdeaUpdate{Idea: i, Prev: i.Version - 1}))
	w.must(c.Handle(t.Context(), changes()))
	rows := func() (n int) {
		scan(t, tab, func(r table.Record) {
			if r.Kind == store.KindPosting {
				n++
			}
		})
		return n
	}
	if got := stored(t, tab); len(got) != 0 {
		t.Errorf("a hidden idea is found: %v", got)
	}
	if rows() == 0 {
		t.Error("nothing keeps an older run from putting the postings back")
	}
	clock.Advance(8 * 24 * time.Hour)
	if n := rows(); n != 0 {
		t.Errorf("%d marks are left", n)
	}
}

// TestUnindex: the operator's look takes away what terms of another generation left.
func TestUnindex(t *testing.T) {
	t.Parallel()
	tab, clock := tabletest.OpenLocal(t)
	w := newWorld(t, tab, clock.Now, 1, 2, 2)
	c := &Consumer{Store: w.store, Clock: clock.Now}
	left := search.Posting{Key: search.Key{Term: "outworn", Level: search.InTitle}, Weight: .5, Signature: search.Signature{1}}
	w.must(w.store.PutPostings(t.Context(), w.ideas[0], 0, []search.Posting{left}, nil))
	for _, id := range w.ideas {
		w.must(c.Index(t.Context(), id))
	}
	wrong := 0
	scan(t, tab, func(r table.Record) {
		if k, id, ok := store.IsPosting(r); ok {
			is, err := c.Unindex(t.Context(), k, id)
			w.must(err)
			if is {
				wrong++
			}
		}
	})
	if diff := cmp.Diff(w.due(), stored(t, tab)); diff != "" || wrong != 1 {
		t.Errorf("%d wrong; postings (-due +stored):\n%s", wrong, diff)
	}
}
