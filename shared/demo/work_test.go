package demo

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/projection"
	"groundswell/shared/store"
	"groundswell/shared/transfer"
)

// The team finds each of its queues with something in it, its own lists and notes, and
// who did all that in the log; nobody is mailed, and the counts are exact.
func TestWork(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.fill()
	ctx, p := t.Context(), f.Portal
	f.must(Work(ctx, f.options()))
	f.must(f.CatchUp(ctx))
	c := projection.Consumer{Store: f.Store, Clock: func() time.Time { return now }}
	_, err := c.Settle(ctx)
	f.must(err)
	boss, err := f.Store.MemberByEmail(ctx, team)
	f.must(err)
	a := portal.Actor{Member: boss}

	waiting, err := p.Waiting(ctx, a)
	f.must(err)
	if diff := cmp.Diff(map[portal.Queue]int{portal.HeldQ: 2, portal.Reports: 2, portal.Appeals: 1, portal.VotesQ: 1}, waiting.Cases); diff != "" {
		t.Errorf("what waits (-want +got):\n%s", diff)
	}
	held, err := p.Queue(ctx, a, portal.QueueQuery{Queue: portal.HeldQ})
	f.must(err)
	for _, item := range held.Items {
		if !slices.Equal(item.Case.Held, []string{portal.HeldLinks}) {
			t.Errorf("%s is held for %v", item.Idea.Title, item.Case.Held)
		}
	}
	tags, err := p.Tags(ctx, a)
	f.must(err)
	lists, err := p.Filters(ctx, a)
	f.must(err)
	if len(tags.Live()) < 5 || len(lists.Shared.All) != 2 {
		t.Errorf("tags %v, lists %v", tags.Live(), lists.Shared)
	}
	mine, err := p.TeamList(ctx, a, portal.TeamQuery{Owner: portal.OwnerMe})
	if err != nil || len(mine.Cards) == 0 {
		t.Errorf("%d ideas are the admin's, %v", len(mine.Cards), err)
	}
	for _, what := range []string{portal.LogHold, portal.LogHide, portal.LogOwner, portal.LogTags, portal.LogNote, portal.LogPin, portal.LogList, portal.LogSuspect} {
		page, err := p.Log(ctx, a, portal.LogQuery{What: what})
		if err != nil || len(page.Entries) == 0 {
			t.Errorf("%d lines of %s, %v", len(page.Entries), what, err)
		}
		for _, e := range page.Entries {
			if e.At().After(now) {
				t.Errorf("%s at %v is still to come", what, e.At())
			}
		}
	}
	customer, err := f.Store.MemberByEmail(ctx, Customer)
	f.must(err)
	for k, r := range f.records(store.KindJob) { // nobody else has an address
		if bytes.Contains(r.Body, []byte(boss.ID)) || bytes.Contains(r.Body, []byte(customer.ID)) {
			t.Errorf("there is %s %s", k, r.Body)
		}
	}
	rc := transfer.Recounter{Store: f.Store, Projections: f.Projections, DryRun: true,
		Found: func(id, difference string) { t.Errorf("idea %s: %s", id, difference) }}
	ids, err := rc.Ideas(ctx, f.Table)
	f.must(err)
	_, err = rc.Run(ctx, ids)
	f.must(err)
}

func (f folder) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}
