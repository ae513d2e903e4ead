package transfer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/transfer"
)

// derived are the kinds of records that follow from others, all of them but for marks of
// work that is under way.
var derived = []string{store.KindCard, store.KindTally, store.KindTalk, store.KindPosting, store.KindStanding, store.KindCensus, store.KindActivity,
	store.KindSheet, store.KindLabel}

// records are all records of some kinds, by key, in an order that stays.
func (d *desk) records(kinds ...string) (recs []table.Record) {
	d.Helper()
	for after := ""; ; {
		page, err := d.table.Scan(d.Context(), after, table.MaxLimit)
		d.must(err)
		for _, r := range page.Recs {
			if _, _, posting := store.IsPosting(r); slices.Contains(kinds, r.Kind) && (posting || r.Kind != store.KindPosting) {
				recs = append(recs, r)
			}
		}
		if after = page.Next; after == "" {
			return recs
		}
	}
}

// state is what the derived records say, and where lists have them. A count of nothing is
// as good as none.
func (d *desk) state() map[string]string {
	all := map[string]string{}
	for _, r := range d.records(append(derived, store.KindMember)...) {
		if slices.ContainsFunc([]string{`{"n":0,"d":`, `{"s":[{"f":"","n":0}]}`, `{"i":null,"w":null,"b":0,`, `{}`}, func(none string) bool { return strings.HasPrefix(string(r.Body), none) }) {
			continue
		}
		all[r.PK+" "+r.SK] = fmt.Sprintf("%s %s %v", r.Kind, r.Body, r.Idx)
	}
	return all
}

// recount lets the operator's recount look at everything, and returns how much it found.
func (d *desk) recount() (found int) {
	d.Helper()
	rc := transfer.Recounter{Store: d.Store, Projections: d.counts}
	ids, err := rc.Ideas(d.Context(), d.table)
	d.must(err)
	for _, step := range []func() (int, error){
		func() (int, error) { return rc.Run(d.Context(), ids) },
		func() (int, error) { return rc.Sums(d.Context(), ids) },
		func() (int, error) { return rc.Strays(d.Context(), d.table) },
	} {
		n, err := step()
		d.must(err)
		found += n
	}
	return found
}

// busy is a portal with owners, tags, merges, hidden ideas, launches and discussions, of
// which everything has been counted.
func busy(t *testing.T) *desk {
	d := newDesk(t)
	d.live(3)
	ctx := t.Context()
	m, err := d.portal.Grant(ctx, "team@example.com", portal.RoleTeam)
	d.must(err)
	team := portal.Actor{Member: m}
	n := 0
	for title, i := range d.ideas() {
		if i.Source != "" {
			continue
		}
		_, err := d.portal.EditDossier(ctx, team, i.ID, portal.DossierEdit{Owner: &team.ID, Tags: &[]string{"soon", "tag " + title[5:6]}})
		d.must(err)
		if n++; n%3 == 0 {
			_, _ = d.portal.ChangeStatus(ctx, team, i.ID, portal.StatusChange{To: portal.Launched})
		}
		if n == 4 {
			d.must(d.portal.Decide(ctx, team, portal.Thing{IdeaID: i.ID}, portal.Decision{Act: portal.Decline, Reason: "spam"}))
		}
	}
	d.count()
	d.recount() // settles the weeks, whose notes wait for minutes
	if again := d.recount(); again != 0 {
		t.Fatalf("%d differences in what was counted", again)
	}
	return d
}

// TestRecountOfEverything breaks every derived record there is, each in turn or many at
// once: it is gone, it says what another one says, or it is where another one is in the
// lists. A recount finds that, and leaves all of them as they were.
func TestRecountOfEverything(t *testing.T) {
	t.Parallel()
	for _, damage := range []struct {
		name  string
		spoil func(d *desk, r, other table.Record) table.Op
	}{
		{"gone", func(_ *desk, r, _ table.Record) table.Op { return table.Op{Mut: table.Delete, Rec: r} }},
		{"says what another one says", func(_ *desk, r, other table.Record) table.Op {
			r.Body = other.Body
			return table.Op{Rec: r}
		}},
		{"out of its lists", func(_ *desk, r, _ table.Record) table.Op {
			r.Idx = [3]table.IndexKey{}
			return table.Op{Rec: r}
		}},
	} {
		t.Run(damage.name, func(t *testing.T) {
			t.Parallel()
			d := busy(t)
			want := d.state()
			for _, kind := range append(derived, store.KindMember) {
				recs := d.records(kind)
				if len(recs) == 0 {
					t.Errorf("no record of the kind %s: this test shows nothing of it", kind)
				}
				if kind == store.KindMember && damage.name != "out of its lists" {
					continue // that is no derived part of it
				}
				broken := 0
				for i, r := range recs {
					op := damage.spoil(d, r, recs[(i+len(recs)/2)%len(recs)])
					if cmp.Equal(op.Rec, r) && op.Mut != table.Delete {
						continue
					}
					broken++
					d.must(d.table.Write(t.Context(), op))
				}
				if broken == 0 {
					continue
				}
				if n := d.recount(); n == 0 {
					t.Errorf("%s: %d are %s, and nothing is found", kind, broken, damage.name)
				}
				if diff := cmp.Diff(want, d.state()); diff != "" {
					t.Fatalf("%s: %d are %s (-was +recounted):\n%.4000s", kind, broken, damage.name, diff)
				}
			}
		})
	}
}

// TestRecountOfStrays: a posting of a word that the idea does not have, a place in a list
// that no sheet knows of, and duplicates of what was removed are found and put right.
func TestRecountOfStrays(t *testing.T) {
	t.Parallel()
	d := busy(t)
	want := d.state()
	add := func(kind string, change func(*table.Record)) {
		t.Helper()
		r := d.records(kind)[0]
		change(&r)
		d.must(d.table.Write(t.Context(), table.Op{Rec: r, Cond: table.NotExists}))
	}
	add(store.KindPosting, func(r *table.Record) { r.PK = "T#zzyzx" })
	add(store.KindLabel, func(r *table.Record) { r.SK, r.Idx[2].P = "L#t=zzyzx", "G#t=zzyzx" })
	if n := d.recount(); n != 2 {
		t.Errorf("%d strays found", n)
	}
	if diff := cmp.Diff(want, d.state()); diff != "" {
		t.Errorf("strays (-was +recounted):\n%s", diff)
	}
	if n := d.recount(); n != 0 {
		t.Errorf("%d found again", n)
	}
}
