package projection

import (
	"context"
	"fmt"
	"math/rand/v2"
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

// office is a team that keeps dossiers about the world's ideas.
type office struct {
	*world
	*portal.Portal
	team []portal.Actor
	mu   sync.Mutex
	left map[string]bool
}

func newOffice(w *world, seed uint64) *office {
	o := &office{world: w, left: map[string]bool{}, Portal: &portal.Portal{Store: w.store, Clock: w.now,
		IDs: portal.IDs{Rand: &locked{zeroes: zeroes{rand.New(rand.NewPCG(seed, 3))}}}, Categories: portal.DefaultCategories(), Locales: []string{"en"}}}
	for i := range 4 {
		m := portal.Member{ID: portal.ImportedMember("team", fmt.Sprint(seed, i)), Name: fmt.Sprint("t", i), Email: fmt.Sprintf("t%d@example.com", i),
			Role: portal.RoleTeam, Version: 1}
		w.must(w.create(m))
		o.team = append(o.team, portal.Actor{Member: m})
	}
	return o
}

var officeTags = []string{"bug", "quick win", "2027", "q3", "大客户"}

// works does one random thing. Lost races, and what somebody else has done away with,
// are a part of life.
func (o *office) works(r *rand.Rand) {
	ctx, a, idea := o.world.Context(), pick(r, o.team), pick(r, o.ideas)
	var err error
	switch n := r.IntN(100); {
	case n < 45:
		names := []string{}
		for _, t := range officeTags {
			if r.IntN(3) == 0 {
				names = append(names, t)
			}
		}
		_, err = o.EditDossier(ctx, a, idea, portal.DossierEdit{Tags: &names})
	case n < 65:
		owner := pick(r, append([]portal.Actor{{}}, o.team...)).ID
		_, err = o.EditDossier(ctx, a, idea, portal.DossierEdit{Owner: &owner})
	case n < 75:
		var ts portal.Tags
		if ts, err = o.Tags(ctx, a); err == nil && len(ts.Live()) > 1 {
			from, into := pick(r, ts.Live()), pick(r, append(ts.Live(), portal.Tag{}))
			err = o.MergeTag(ctx, a, from.ID, into.ID)
		}
	case n < 78:
		gone := o.team[3]
		o.mu.Lock()
		again := o.left[gone.ID]
		o.left[gone.ID] = true
		o.mu.Unlock()
		if !again {
			err = o.DeleteAccount(ctx, gone, gone.Email)
		}
	default:
		o.act(rand.New(rand.NewPCG(r.Uint64(), 5)))
	}
	if k := portal.KindOf(err); err != nil && k != portal.Stale && k != portal.Invalid {
		o.Error("works:", err)
	}
}

// checkLabels compares every list by owner and tag, with and without each status, with
// the ideas and their dossiers.
func (o *office) checkLabels() {
	o.Helper()
	ctx := o.world.Context()
	tags, err := o.store.Tags(ctx)
	o.must(err)
	want := map[string][]string{}
	for _, id := range o.ideas {
		d, err := o.store.Dossier(ctx, id)
		o.must(err)
		i, err := o.store.Idea(ctx, id, true)
		o.must(err)
		for _, t := range d.Tags {
			if live, ok := tags.Find(t); !ok || live.ID != t {
				o.Errorf("idea %s has the tag %s, which is gone", id, t)
			}
		}
		if o.left[d.Owner] {
			o.Errorf("idea %s is looked after by somebody who has left", id)
		}
		if i.Hidden() || i.MergedInto != "" {
			continue
		}
		for _, l := range d.Labels() {
			for _, st := range []portal.Status{"", i.Status} {
				key := fmt.Sprint(l, st)
				want[key] = append(want[key], id)
			}
		}
	}
	owners, all := []string{""}, []string{""}
	for _, a := range o.team {
		owners = append(owners, a.ID)
	}
	for _, t := range tags.All {
		all = append(all, t.ID)
	}
	got := map[string][]string{}
	for _, owner := range owners {
		for _, tag := range all {
			for _, st := range append([]portal.Status{""}, portal.Statuses...) {
				l := portal.Label{Owner: owner, Tag: tag}
				if owner == "" && tag == "" {
					continue
				}
				ids, next, err := o.store.Labelled(ctx, l, st, "", 100)
				o.must(err)
				if next != "" {
					o.Error("there is a second page")
				}
				if len(ids) > 0 {
					got[fmt.Sprint(l, st)] = ids
				}
			}
		}
	}
	for _, ids := range want {
		slices.Sort(ids)
		slices.Reverse(ids) // newest first
	}
	if d := cmp.Diff(want, got); d != "" {
		o.Errorf("the team's lists are not what the dossiers say (-dossiers +lists):\n%s", d)
	}
}

// TestLabels is the property of the team's lists: whatever happens to the batches, and
// whoever edits, merges tags or leaves meanwhile, every list ends as the dossiers are.
func TestLabels(t *testing.T) {
	for seed := range tabletest.Seeds(2, 6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			tab, clock := tabletest.OpenLocal(t)
			w := newWorld(t, tab, clock.Now, seed, 6, 20)
			o := newOffice(w, seed)
			changes := tabletest.Collect(t, tab, nil)
			faulty := tabletest.NewFaulty(tab, seed)
			faulty.SetRates(tabletest.Rates{Before: .04, After: .04, Conflict: .04, Throttle: .01})
			batch := changes()
			for round := range 4 {
				var wg sync.WaitGroup
				for hand := range 2 {
					r := rand.New(rand.NewPCG(seed, uint64(100*round+hand)))
					wg.Go(func() {
						for range 50 {
							o.works(r)
						}
					})
				}
				wg.Go(func() {
					if err := deliver(t.Context(), batch, seed, faulty, clock.Now); err != nil {
						t.Error(err)
					}
				})
				wg.Wait()
				clock.Advance(time.Hour)
				batch = changes()
			}
			for range 60 { // sweeps and mended dossiers are changes too
				if len(batch) == 0 {
					break
				}
				w.must(deliver(t.Context(), batch, seed, faulty, clock.Now))
				batch = changes()
			}
			if len(batch) > 0 {
				t.Errorf("%d changes have no end", len(batch))
			}
			o.checkLabels()
		})
	}
}

// TestLabelsCrash stops the consumer at each of its writes in turn, before and after
// the commit, and delivers everything once more to a healthy one.
func TestLabelsCrash(t *testing.T) {
	t.Parallel()
	for fault := range tabletest.Sweep() {
		tab, clock := tabletest.OpenLocal(t)
		w := newWorld(t, tab, clock.Now, 7, 2, 4)
		o := newOffice(w, 7)
		changes := tabletest.Collect(t, tab, nil)
		for range 12 {
			o.works(w.rnd)
		}
		broken := &Consumer{Store: &store.Store{Table: fault.Wrap(tab), Clock: clock.Now}, Clock: clock.Now}
		whole := &Consumer{Store: w.store, Clock: clock.Now}
		for batch := changes(); len(batch) > 0; batch = changes() {
			if err := broken.Handle(t.Context(), batch); err != nil {
				w.must(whole.Handle(t.Context(), batch))
			}
		}
		o.checkLabels()
		if t.Failed() {
			t.Fatal(fault)
		}
	}
}

// late lets others go first before it writes a label sheet, once.
type late struct {
	table.Table
	first func()
}

func (l *late) Write(ctx context.Context, ops ...table.Op) error {
	if f := l.first; f != nil && ops[0].Rec.Kind == store.KindSheet {
		l.first = nil
		f()
	}
	return l.Table.Write(ctx, ops...)
}

// TestLateLabels: a run that read an older dossier, and writes after a newer run has
// written, changes nothing.
func TestLateLabels(t *testing.T) {
	t.Parallel()
	tab, clock := tabletest.OpenLocal(t)
	w := newWorld(t, tab, clock.Now, 7, 1, 2)
	o := newOffice(w, 7)
	edit := func(names ...string) {
		_, err := o.EditDossier(t.Context(), o.team[0], w.ideas[0], portal.DossierEdit{Tags: &names})
		w.must(err)
	}
	run := func(tab table.Table) {
		_, _, err := (&Consumer{Store: &store.Store{Table: tab, Clock: clock.Now}, Clock: clock.Now}).CheckRest(t.Context(), w.ideas[0], true)
		w.must(err)
	}
	edit("bug", "q3")
	run(&late{tab, func() { edit("q3", "2027"); run(tab) }})
	o.checkLabels()
	run(&late{tab, func() { edit(); run(tab) }})
	o.checkLabels()
}
