package portal_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"groundswell/shared/portal"
)

// follows are the ideas that the actor follows, and those muted.
func (d *desk) follows(a portal.Actor) (following, muted []string) {
	d.Helper()
	ids := func(fs []portal.Follow, _ string, err error) (out []string) {
		d.must(err)
		for _, f := range fs {
			out = append(out, f.IdeaID)
		}
		return out
	}
	return ids(d.Store.FollowsBy(d.Context(), a.ID, "", 10)), ids(d.Store.MutesBy(d.Context(), a.ID, "", 10))
}

func TestFollow(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ann, bob, boss := d.signIn("ann@example.com"), d.signIn("bob@example.com"), d.signIn("boss@example.com")
	one := d.submit(ann, "Follow me")
	d.clock.Advance(time.Second)
	two := d.submit(ann, "Or me")
	d.drain()
	expect := func(a portal.Actor, want ...string) {
		t.Helper()
		got, muted := d.follows(a)
		if diff := cmp.Diff(want, got); diff != "" || len(muted) != 0 {
			t.Errorf("follows (-want +got):\n%s; muted %q", diff, muted)
		}
	}
	for range 2 {
		d.must(d.FollowIdea(t.Context(), bob, one.ID))
	}
	d.must(d.FollowIdea(t.Context(), bob, two.ID))
	expect(bob, two.ID, one.ID) // newest ideas first
	expect(ann)
	page, err := d.Idea(t.Context(), bob, portal.IdeaQuery{ID: one.ID})
	if err != nil || !page.Follow.Stands() {
		t.Errorf("the page says %+v, %v", page.Follow, err)
	}
	for range 2 {
		d.must(d.UnfollowIdea(t.Context(), bob, two.ID))
	}
	expect(bob, one.ID)

	refused(t, d.FollowIdea(t.Context(), portal.Actor{}, one.ID), portal.Unauthenticated, "sign_in_needed", "")
	refused(t, d.UnfollowIdea(t.Context(), portal.Actor{}, one.ID), portal.Unauthenticated, "sign_in_needed", "")
	refused(t, d.FollowIdea(t.Context(), bob, "../x"), portal.NotFound, "no_idea", "")
	refused(t, d.UnfollowIdea(t.Context(), bob, "../x"), portal.NotFound, "no_idea", "")
	refused(t, d.FollowIdea(t.Context(), bob, "0123456789abcdefg"), portal.NotFound, "no_idea", "")

	// Who follows a duplicate can't begin to, but can end it.
	_, err = d.Merge(t.Context(), boss, one.ID, portal.MergeChange{Into: two.ID})
	d.must(err)
	d.drain()
	refused(t, d.FollowIdea(t.Context(), ann, one.ID), portal.Conflict, "merged", "")
	d.must(d.UnfollowIdea(t.Context(), bob, one.ID))
	expect(bob)
}

// TestDeletedMembersFollowNothing: what a member followed and muted goes with the
// account, and is in the member's own file before.
func TestDeletedMembersFollowNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ann, bob := d.signIn("ann@example.com"), d.signIn("bob@example.com")
	var want []portal.Follow
	for n, title := range []string{"The first", "The second", "The third"} {
		d.clock.Advance(time.Second)
		i := d.submit(ann, title)
		f := portal.Follow{IdeaID: i.ID, MemberID: bob.ID, At: d.clock.Now(), Following: n > 0, Muted: n < 2, Version: 1}
		d.must(d.Store.PutFollow(t.Context(), f, 0))
		want = append(want, f)
	}
	e, err := d.Export(t.Context(), bob)
	d.must(err)
	if diff := cmp.Diff(want, e.Follows, cmpopts.SortSlices(func(a, b portal.Follow) bool { return a.IdeaID < b.IdeaID })); diff != "" {
		t.Errorf("exported (-want +got):\n%s", diff)
	}
	d.must(d.DeleteAccount(t.Context(), bob, "bob@example.com"))
	d.drain()
	if following, muted := d.follows(bob); len(following)+len(muted) != 0 {
		t.Errorf("left: %q, %q", following, muted)
	}
}
