package portal_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/projection"
	"groundswell/shared/table/tabletest"
)

func TestVoteTwiceAndTakeBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a, b := d.signIn("ann@example.com"), d.signIn("bob@example.com")
	i := d.submit(a, "Vote for me")
	d.drain()
	d.clock.Advance(time.Millisecond)
	ballot := func(got portal.Ballot, err error, want portal.Ballot) {
		t.Helper()
		if err != nil || got != want {
			t.Errorf("%+v, %v; want %+v", got, err, want)
		}
	}
	// Counted or not, the voter sees the own vote at once, and once.
	for _, counted := range []bool{false, true} {
		for range 3 {
			got, err := d.CastVote(t.Context(), a, i.ID)
			ballot(got, err, portal.Ballot{Votes: 1, Voted: true})
			if counted {
				d.drain()
			}
		}
	}
	d.clock.Advance(time.Millisecond)
	got, err := d.CastVote(t.Context(), b, i.ID)
	ballot(got, err, portal.Ballot{Votes: 2, Voted: true})
	d.drain()
	for range 2 {
		got, err = d.WithdrawVote(t.Context(), a, i.ID)
		ballot(got, err, portal.Ballot{Votes: 1})
		d.drain()
	}
	_, err = d.CastVote(t.Context(), portal.Actor{}, i.ID)
	refused(t, err, portal.Unauthenticated, "sign_in_needed", "")
	_, err = d.CastVote(t.Context(), a, "0123456789abcdefg")
	refused(t, err, portal.NotFound, "no_idea", "")
	_, err = d.CastVote(t.Context(), a, "../x")
	refused(t, err, portal.NotFound, "no_idea", "")
}

// TestThousandVoters is the crowd of the requirements: 1,000 members vote at once,
// each sending the same vote three times.
func TestThousandVoters(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	i := d.submit(d.signIn("ann@example.com"), "The one that everybody wants")
	var wg sync.WaitGroup
	gate := make(chan struct{}, 64)
	for n := range 1000 {
		a := portal.Actor{Member: portal.Member{ID: portal.ImportedMember("crowd", fmt.Sprint(n)), Role: portal.RoleMember}}
		for range 3 {
			wg.Go(func() {
				gate <- struct{}{}
				defer func() { <-gate }()
				if got, err := d.CastVote(d.Context(), a, i.ID); err != nil || !got.Voted {
					t.Errorf("%+v, %v", got, err)
				}
			})
		}
	}
	wg.Wait()
	d.drain()
	p, err := d.Idea(t.Context(), portal.Actor{}, portal.IdeaQuery{ID: i.ID})
	if err != nil || p.Card.Votes != 1000 {
		t.Errorf("%d votes, %v; want 1000", p.Card.Votes, err)
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ann, bob, boss := d.signIn("ann@example.com"), d.signIn("bob@example.com"), d.signIn("boss@example.com")
	first, second, third := d.submit(ann, "The first"), d.submit(bob, "The same again"), d.submit(bob, "And again")
	for _, v := range []struct {
		a portal.Actor
		i portal.Idea
	}{{ann, first}, {bob, first}, {bob, second}, {boss, second}} {
		_, err := d.CastVote(t.Context(), v.a, v.i.ID)
		d.must(err)
	}
	votes := func(i portal.Idea) int {
		t.Helper()
		d.drain()
		p, err := d.Idea(t.Context(), portal.Actor{}, portal.IdeaQuery{ID: i.ID})
		d.must(err)
		return p.Card.Votes
	}
	_, err := d.Merge(t.Context(), ann, second.ID, portal.MergeChange{Into: first.ID})
	refused(t, err, portal.Forbidden, "team_only", "")
	_, err = d.Merge(t.Context(), boss, second.ID, portal.MergeChange{Into: second.ID})
	refused(t, err, portal.Invalid, "same_idea", "into")
	_, err = d.Merge(t.Context(), boss, second.ID, portal.MergeChange{Into: "0123456789abcdefg"})
	refused(t, err, portal.Invalid, "no_idea", "into")
	merged, err := d.Merge(t.Context(), boss, second.ID, portal.MergeChange{Into: first.ID, Version: second.Version})
	d.must(err)
	if merged.MergedInto != first.ID {
		t.Errorf("merged into %q", merged.MergedInto)
	}
	if n := votes(first); n != 3 {
		t.Errorf("%d votes after the merge; want 3: bob voted on both", n)
	}
	_, err = d.CastVote(t.Context(), ann, second.ID)
	refused(t, err, portal.Conflict, "merged", "")
	_, err = d.AddComment(t.Context(), ann, second.ID, portal.CommentDraft{Body: "here?"})
	refused(t, err, portal.Conflict, "merged", "")
	_, err = d.Merge(t.Context(), boss, third.ID, portal.MergeChange{Into: second.ID})
	refused(t, err, portal.Invalid, "into_merged", "into")
	_, err = d.Merge(t.Context(), boss, first.ID, portal.MergeChange{Into: third.ID})
	refused(t, err, portal.Conflict, "has_duplicates", "")
	list, err := d.Ideas(t.Context(), ann, portal.ListQuery{Sort: portal.Newest})
	d.must(err)
	if len(list.Cards) != 2 {
		t.Errorf("%d ideas listed; want 2 without the duplicate", len(list.Cards))
	}
	_, err = d.Unmerge(t.Context(), boss, second.ID, 0)
	d.must(err)
	if a, b := votes(first), votes(second); a != 2 || b != 2 {
		t.Errorf("%d and %d votes after unmerging; want 2 and 2", a, b)
	}
	_, err = d.Unmerge(t.Context(), boss, second.ID, 0)
	refused(t, err, portal.Conflict, "not_merged", "")
}

// Whoever voted sees the vote in the number at once, also when something else about the
// idea is projected while the vote's own change is still on its way.
func TestVoteBesideAnotherChange(t *testing.T) {
	t.Parallel()
	tab, clock := tabletest.OpenLocal(t)
	w := &town{desk: &desk{T: t, table: tab, clock: clock, mails: &mails{}}, changes: tabletest.Collect(t, tab, projection.Reacts)}
	w.Portal = w.portalOn(tab, 1)
	author, ada := w.signIn("author@example.com"), w.signIn("ada@example.com")
	idea := w.submit(author, "Tea for two")
	w.deliver(tab)
	w.clock.Advance(time.Minute)
	_, err := w.AddComment(t.Context(), author, idea.ID, portal.CommentDraft{Body: "Please."})
	w.must(err)
	comment := w.changes()
	w.clock.Advance(time.Millisecond)
	first, err := w.CastVote(t.Context(), ada, idea.ID)
	w.must(err)
	w.clock.Advance(time.Millisecond)
	c := &projection.Consumer{Store: w.store(tab), Clock: w.clock.Now}
	w.must(c.Handle(t.Context(), comment))
	again, err := w.CastVote(t.Context(), ada, idea.ID)
	w.must(err)
	w.deliver(tab)
	counted, err := w.CastVote(t.Context(), ada, idea.ID)
	w.must(err)
	if first.Votes != 1 || again.Votes != 1 || counted.Votes != 1 {
		t.Errorf("%d votes, then %d, then %d: want 1 each time", first.Votes, again.Votes, counted.Votes)
	}
}
