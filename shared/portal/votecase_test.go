package portal_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/projection"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// settle is what happens every ten minutes.
func (d *desk) settle() {
	d.Helper()
	d.drain()
	c := projection.Consumer{Store: &store.Store{Table: d.table, Clock: d.clock.Now}, Clock: d.clock.Now}
	_, err := c.Settle(d.Context())
	d.must(err)
}

// burst makes members vote from one network, one after the other.
func (d *desk) burst(idea portal.Idea, name string, n int) (as []portal.Actor) {
	d.Helper()
	for i := range n {
		a := d.member(fmt.Sprint(name, i, "@example.com"))
		a.From = portal.FromAddress(fmt.Sprint("203.0.113.", i+1))
		d.clock.Advance(time.Second)
		_, err := d.CastVote(d.Context(), a, idea.ID)
		d.must(err)
		as = append(as, a)
	}
	return as
}

func (d *desk) member(email string) portal.Actor {
	d.Helper()
	m, err := d.Grant(d.Context(), email, portal.RoleMember)
	d.must(err)
	return portal.Actor{Member: m}
}

func (d *desk) votes(i portal.Idea) int {
	d.Helper()
	d.drain()
	c, err := d.Store.CardOf(d.Context(), i.ID)
	d.must(err)
	return c.Votes
}

// waiting are the cases about votes, each with how many votes it is about.
func (d *desk) waiting(boss portal.Actor) (cases []portal.VoteCase, s string) {
	d.Helper()
	page, err := d.VoteCases(d.Context(), boss, portal.QueueQuery{})
	d.must(err)
	for _, item := range page.Items {
		cases = append(cases, item.Case)
		s += fmt.Sprintf("%s %d %s; ", item.Idea.Title, len(item.Case.Suspects), strings.Join(item.Case.Why(), " "))
	}
	return cases, strings.TrimSuffix(s, "; ")
}

// A burst becomes one case, looked at as often as one likes; leaving the votes out
// and taking that back give exact counts, also of somebody who has left.
func TestVoteCase(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	boss, author := d.signIn("boss@example.com"), d.signIn("author@example.com")
	idea, other := d.submit(author, "Tea for two"), d.submit(author, "Tea for three")
	voters := d.burst(idea, "sock", 35) // more than one write can be about
	_, err := d.CastVote(t.Context(), voters[0], other.ID)
	d.must(err)
	_, err = d.CastVote(t.Context(), boss, idea.ID)
	d.must(err)
	d.must(d.DeleteAccount(t.Context(), voters[1], "sock1@example.com"))
	d.settle()
	d.settle()
	cases, got := d.waiting(boss)
	if got != "Tea for two 35 network newcomer" && got != "Tea for two 36 network newcomer" {
		t.Fatalf("cases %q", got)
	}
	e := cases[0].Evidence()
	if e.Networks != 1 || e.Biggest != 35 || e.Fresh < 35 || e.To.Sub(e.From) < 34*time.Second {
		t.Errorf("evidence %+v", e)
	}
	if n, m := d.votes(idea), d.votes(other); n != 36 || m != 1 {
		t.Errorf("%d and %d votes: nothing is left out by itself", n, m)
	}
	decide := func(act portal.VoteAct, version int64) error {
		return d.DecideVotes(t.Context(), boss, idea.ID, portal.VoteDecision{Act: act, Note: "Bots.", Version: version})
	}
	refused(t, decide("burn", 0), portal.Invalid, "unknown", "act")
	refused(t, decide(portal.ReopenVotes, 0), portal.Conflict, "votes_undecided", "")
	refused(t, decide(portal.ExcludeVotes, 99), portal.Stale, "decided", "")
	refused(t, d.DecideVotes(t.Context(), author, idea.ID, portal.VoteDecision{Act: portal.ExcludeVotes}), portal.Forbidden, "team_only", "")
	refused(t, d.DecideVotes(t.Context(), boss, other.ID, portal.VoteDecision{Act: portal.ExcludeVotes}), portal.NotFound, "no_vote_case", "")

	d.must(decide(portal.ExcludeVotes, cases[0].Version))
	if n, m := d.votes(idea), d.votes(other); n != 1 || m != 0 {
		t.Errorf("%d and %d votes without them, want 1 and 0", n, m)
	}
	d.settle()
	if _, got := d.waiting(boss); got != "" {
		t.Errorf("decided, and there again: %s", got)
	}
	refused(t, decide(portal.ExcludeVotes, 0), portal.Conflict, "nothing_to_decide", "")

	d.must(decide(portal.ReopenVotes, 0))
	if n, m := d.votes(idea), d.votes(other); n != 36 || m != 1 {
		t.Errorf("%d and %d votes after all, want 36 and 1", n, m)
	}
	d.must(decide(portal.BlockVoters, 0))
	if a := d.again(voters[2]); !a.Blocked() || !a.Uncounted || a.BlockedFor != "Bots." {
		t.Errorf("not blocked: %+v", a.Member)
	}
	if a := d.again(boss); a.Blocked() || a.Uncounted {
		t.Error("one of the team is blocked")
	}
	d.must(decide(portal.ReopenVotes, 0))
	if a := d.again(voters[2]); a.Blocked() || a.Uncounted {
		t.Errorf("still blocked: %+v", a.Member)
	}
	for what, want := range map[string]int{portal.LogSuspect: 1, portal.LogVotesOut: 2, portal.LogVotesAgain: 2, portal.LogExclude: 70, portal.LogInclude: 70, portal.LogBlock: 34} {
		log, err := d.Log(t.Context(), boss, portal.LogQuery{What: what, Limit: 100})
		d.must(err)
		for _, l := range log.Entries {
			if l.Thing.IdeaID != idea.ID {
				t.Errorf("a line of %s about %s", what, l.Thing)
			}
		}
		if len(log.Entries) != want {
			t.Errorf("%d lines of %s, want %d", len(log.Entries), what, want)
		}
	}
}

// recounting is a table on which the recount of somebody's votes moves their exclusion
// before every write about more than one.
type recounting struct{ table.Table }

func (r recounting) Write(ctx context.Context, ops ...table.Op) error {
	var about []table.Key
	for _, op := range ops {
		if op.Rec.Kind == store.KindExclusion {
			about = append(about, op.Rec.Key)
		}
	}
	if len(about) > 1 {
		rec, err := r.Get(ctx, about[0], true)
		if err == nil {
			rec.Ver++
			err = r.Table.Write(ctx, table.Op{Rec: rec, Cond: table.VerEq, N: rec.Ver - 1})
		}
		if err != nil && !errors.Is(err, table.ErrNotFound) {
			return err
		}
	}
	return r.Table.Write(ctx, ops...)
}

// Who takes a decision back at once meets the recount that it brought about.
func TestVoteCaseBesideItsRecount(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	boss, author := d.signIn("boss@example.com"), d.signIn("author@example.com")
	idea := d.submit(author, "Tea for two")
	d.burst(idea, "sock", 12)
	d.settle()
	busy := portal.Portal{Store: &store.Store{Table: recounting{d.table}, Clock: d.clock.Now}, Clock: d.Clock, IDs: d.IDs}
	for _, c := range []struct {
		act  portal.VoteAct
		want int
	}{{portal.ExcludeVotes, 0}, {portal.ReopenVotes, 12}, {portal.BlockVoters, 0}, {portal.ReopenVotes, 12}} {
		d.must(busy.DecideVotes(t.Context(), boss, idea.ID, portal.VoteDecision{Act: c.act}))
		if n := d.votes(idea); n != c.want {
			t.Errorf("%d votes after %s, want %d", n, c.act, c.want)
		}
	}
}

// What was found to be fine comes again for more alone: as many others as were
// dismissed, and as a rule asks for.
func TestVoteCaseDismissed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	boss, author := d.signIn("boss@example.com"), d.signIn("author@example.com")
	idea := d.submit(author, "Tea for two")
	d.burst(idea, "colleague", 20)
	d.settle()
	d.must(d.DecideVotes(t.Context(), boss, idea.ID, portal.VoteDecision{Act: portal.DismissVotes}))
	for i, more := range []int{0, 1, 15, 4} { // twenty are the same again
		d.burst(idea, fmt.Sprint("more", i), more)
		d.settle()
		_, got := d.waiting(boss)
		if want := more == 4; want != (got != "") {
			t.Errorf("after %d more: %q", more, got)
		}
	}
	cases, got := d.waiting(boss)
	if got != "Tea for two 20 network newcomer" || cases[0].Round != 2 {
		t.Errorf("second round: %q, %+v", got, cases)
	}
	d.must(d.DecideVotes(t.Context(), boss, idea.ID, portal.VoteDecision{Act: portal.ExcludeVotes}))
	if n := d.votes(idea); n != 20 {
		t.Errorf("%d votes, want those that were fine", n)
	}
}

// A case in pages: what does not fit comes when the rest is decided.
func TestVoteCaseIsFull(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s := portal.Suspicion{Code: portal.ByNetwork, IdeaID: "i"}
	for n := range portal.MaxSuspects + 50 {
		s.Votes = append(s.Votes, portal.Vote{IdeaID: "i", MemberID: fmt.Sprintf("m%03d", n), At: now.Add(time.Duration(n) * time.Second), Crowd: "c"})
	}
	first, news := portal.VoteCase{IdeaID: "i"}.Examine([]portal.Suspicion{s}, now)
	if !news || !first.More || len(first.Suspects) != portal.MaxSuspects {
		t.Fatalf("first: %v, %v, %d", news, first.More, len(first.Suspects))
	}
	if _, news := first.Examine([]portal.Suspicion{s}, now); news {
		t.Error("looking again is news")
	}
	first.Open, first.Outcome = false, portal.ExcludeVotes
	second, news := first.Examine([]portal.Suspicion{s}, now)
	if !news || second.More || len(second.Suspects) != 50 || second.Suspects[0].MemberID != fmt.Sprintf("m%03d", portal.MaxSuspects) {
		t.Errorf("second: %v, %v, %d", news, second.More, len(second.Suspects))
	}
}

// However the findings are cut and ordered, the open case they lead to is the same.
func TestVoteCaseGrows(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	vote := func(n int) portal.Vote {
		return portal.Vote{IdeaID: "i", MemberID: fmt.Sprintf("m%02d", n), At: now.Add(time.Duration(n) * time.Second)}
	}
	var found []portal.Suspicion
	for n := 0; n < 30; n += 5 { // each shares half with the next
		s := portal.Suspicion{Code: portal.Suspicions[n%3], IdeaID: "i", With: []string{fmt.Sprint("j", n%2)}}
		for k := range 10 {
			s.Votes = append(s.Votes, vote(n+k))
		}
		found = append(found, s)
	}
	whole, _ := portal.VoteCase{IdeaID: "i"}.Examine(found, now)
	for _, order := range [][]int{{0, 1, 2, 3, 4, 5}, {5, 4, 3, 2, 1, 0}, {2, 2, 5, 0, 1, 4, 3, 0}} {
		c := portal.VoteCase{IdeaID: "i"}
		for _, n := range order {
			c, _ = c.Examine(found[n:n+1], now)
		}
		if !slices.Equal(c.Why(), whole.Why()) || !slices.Equal(c.With, whole.With) || len(c.Suspects) != 35 || fmt.Sprint(c.Suspects) != fmt.Sprint(whole.Suspects) {
			t.Errorf("order %v: %+v, want %+v", order, c, whole)
		}
	}
}
