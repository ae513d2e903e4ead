package projection

import (
	"math"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

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
