package projection

import (
	"testing"

	"groundswell/shared/portal"
	"groundswell/shared/table/tabletest"
)

// Each step alone, with nothing else going on, leaves a note to whatever launch it
// changes.
func TestLaunchesStepByStep(t *testing.T) {
	t.Parallel()
	tab, clock := tabletest.OpenLocal(t)
	w := newWorld(t, tab, clock.Now, 1, 3, 4)
	changes := tabletest.Collect(t, tab, nil)
	a, b := w.ideas[0], w.ideas[1]
	vote := func(idea string, member int) func() error {
		return func() error {
			_, err := w.store.PutVote(t.Context(), portal.Vote{IdeaID: idea, MemberID: w.members[member], At: w.now()})
			return err
		}
	}
	withdraw := func(idea string, member int) func() error {
		return func() error {
			_, err := w.store.DeleteVote(t.Context(), portal.Vote{IdeaID: idea, MemberID: w.members[member]})
			return err
		}
	}
	edit := func(id string, f func(*portal.Idea)) func() error {
		return func() error {
			i, err := w.store.Idea(t.Context(), id, true)
			if err != nil {
				return err
			}
			f(&i)
			i.Version++
			return w.store.UpdateIdea(t.Context(), portal.IdeaUpdate{Idea: i, Prev: i.Version - 1})
		}
	}
	merge := func() error { return w.merge(b, a) }
	for _, step := range []struct {
		name         string
		do           func() error
		ideas, votes int
	}{
		{"a vote", vote(a, 0), 0, 0},
		{"a launch", edit(a, func(i *portal.Idea) { i.Status, i.LaunchedAt = portal.Launched, w.now() }), 1, 1},
		{"a vote after it", vote(a, 1), 1, 2},
		{"a vote for both", vote(b, 1), 1, 2},
		{"a vote for the other", vote(b, 2), 1, 2},
		// The other one was imported with 35,094 votes.
		{"a merge", merge, 1, 35097},
		{"a vote on its way to the duplicate", vote(b, 3), 1, 35098},
		{"one that is taken back", withdraw(b, 2), 1, 35097},
		{"no merge after all", merge, 1, 2},
		{"hidden", edit(a, func(i *portal.Idea) { i.Mod.State = portal.Hidden }), 0, 0},
		{"shown again", edit(a, func(i *portal.Idea) { i.Mod.State = portal.Visible }), 1, 2},
		{"another category", edit(a, func(i *portal.Idea) { i.Category = "tea" }), 1, 2},
		{"launched too early", edit(a, func(i *portal.Idea) { i.Status = portal.Planned }), 0, 0},
	} {
		if err := step.do(); err != nil {
			t.Fatal(step.name, err)
		}
		if err := (&Consumer{Store: w.store, Clock: w.now}).Handle(t.Context(), changes()); err != nil {
			t.Fatal(step.name, err)
		}
		w.checkActivity()
		got, err := w.store.Activity(t.Context())
		if sum := got.Real.Count("", 0); err != nil || sum.Ideas != step.ideas || sum.Votes != step.votes {
			t.Errorf("%s: %d launched with %d votes (%v), want %d and %d", step.name, sum.Ideas, sum.Votes, err, step.ideas, step.votes)
		}
	}
}
