package portal_test

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
)

func thing(i portal.Idea) portal.Thing { return portal.Thing{IdeaID: i.ID} }

// listed reports whether the list of new ideas shows the idea to everybody.
func (d *desk) listed(i portal.Idea) bool {
	d.Helper()
	d.drain()
	page, err := d.Ideas(d.Context(), portal.Actor{}, portal.ListQuery{Sort: portal.Newest})
	d.must(err)
	for _, c := range page.Cards {
		if c.ID == i.ID {
			return true
		}
	}
	return false
}

// TestDecide walks an idea through every state that a decision can lead to.
func TestDecide(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ann, bob, boss := d.signIn("ann@example.com"), d.signIn("bob@example.com"), d.signIn("boss@example.com")
	i := d.submit(ann, "Oat milk")
	decide := func(act portal.Act, more ...portal.Decision) error {
		dec := portal.Decision{Reason: "spam", Note: "Please no links."}
		if len(more) > 0 {
			dec = more[0]
		}
		dec.Act = act
		d.clock.Advance(time.Second)
		return d.Decide(t.Context(), boss, thing(i), dec)
	}
	see := func(a portal.Actor) (portal.IdeaPage, error) {
		return d.Idea(t.Context(), a, portal.IdeaQuery{ID: i.ID, Fresh: true})
	}
	refused(t, d.Decide(t.Context(), bob, thing(i), portal.Decision{Act: portal.Decline, Reason: "spam"}), portal.Forbidden, "team_only", "")
	refused(t, decide(portal.Approve), portal.Conflict, "nothing_to_decide", "")
	refused(t, decide(portal.Decline, portal.Decision{}), portal.Invalid, "required", "reason")
	refused(t, decide(portal.Decline, portal.Decision{Reason: "other"}), portal.Invalid, "words_needed", "note")
	refused(t, decide(portal.Approve, portal.Decision{Then: "block"}), portal.Invalid, "unknown", "then")

	d.must(decide(portal.Decline))
	if d.listed(i) {
		t.Error("a hidden idea is listed")
	}
	for _, a := range []portal.Actor{{}, bob} {
		_, err := see(a)
		refused(t, err, portal.NotFound, "no_idea", "")
	}
	_, err := d.CastVote(t.Context(), bob, i.ID)
	refused(t, err, portal.NotFound, "no_idea", "")
	_, err = d.AddComment(t.Context(), bob, i.ID, portal.CommentDraft{Body: "hi"})
	refused(t, err, portal.NotFound, "no_idea", "")
	_, err = d.ChangeStatus(t.Context(), boss, i.ID, portal.StatusChange{To: portal.Planned})
	refused(t, err, portal.Conflict, "not_public", "")
	page, err := see(ann)
	d.must(err)
	if m := page.Idea.Mod; m.State != portal.Hidden || m.Note != "Please no links." || !cmp.Equal(m.Reasons, []string{"spam"}) {
		t.Errorf("the author sees %+v", m)
	}

	refused(t, d.Appeal(t.Context(), bob, thing(i), portal.AppealDraft{Words: "Why?"}), portal.NotFound, "no_idea", "")
	d.must(d.Appeal(t.Context(), ann, thing(i), portal.AppealDraft{Words: "There is no link in it."}))
	refused(t, d.Appeal(t.Context(), ann, thing(i), portal.AppealDraft{Words: "Really."}), portal.Conflict, "appealed_before", "")
	q, err := d.Queue(t.Context(), boss, portal.QueueQuery{Queue: portal.Appeals})
	d.must(err)
	if len(q.Items) != 1 || q.Items[0].Case.Answer != "There is no link in it." || q.Items[0].Idea.Title != "Oat milk" || q.Items[0].Author.Email != "ann@example.com" {
		t.Fatalf("queue %+v", q)
	}
	d.must(decide(portal.Decline))
	refused(t, d.Appeal(t.Context(), ann, thing(i), portal.AppealDraft{Words: "Once more."}), portal.Conflict, "no_appeal", "")
	refused(t, decide(portal.Decline), portal.Conflict, "nothing_to_decide", "")
	d.must(decide(portal.Approve))
	if !d.listed(i) {
		t.Error("what is public again is not listed")
	}

	d.must(decide(portal.Lock))
	_, err = d.AddComment(t.Context(), bob, i.ID, portal.CommentDraft{Body: "hi"})
	refused(t, err, portal.Conflict, "locked", "")
	_, err = d.AddComment(t.Context(), boss, i.ID, portal.CommentDraft{Body: "That is all."})
	d.must(err)
	d.must(decide(portal.Unlock))

	d.must(decide(portal.Remove))
	if page, err = see(ann); err != nil || page.Idea.Title != "" || page.Body != "" || page.Idea.Excerpt != "" {
		t.Errorf("of what was removed there is %+v, %v", page, err)
	}
	refused(t, decide(portal.Approve), portal.Conflict, "removed", "")

	l, err := d.Log(t.Context(), boss, portal.LogQuery{Whose: ann.ID})
	d.must(err)
	var what []string
	for _, e := range l.Entries {
		what = append(what, e.What)
		if e.By != boss.ID || e.Whose != ann.ID {
			t.Errorf("log %+v", e)
		}
	}
	if diff := cmp.Diff([]string{"remove", "unlock", "lock", "show", "uphold", "hide"}, what); diff != "" {
		t.Error(diff)
	}
	if want := fmt.Sprintf("%x", sha256.Sum256([]byte("Oat milk\nbecause"))); l.Entries[0].Digest != want {
		t.Errorf("digest %q; want %q", l.Entries[0].Digest, want)
	}
}

// TestReports: one report a member until the team has dealt with it, then again; the
// number is that of the reports there are.
func TestReports(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ann, bob, cid, boss := d.signIn("ann@example.com"), d.signIn("bob@example.com"), d.signIn("cid@example.com"), d.signIn("boss@example.com")
	i := d.submit(ann, "Buy my watches")
	c, err := d.AddComment(t.Context(), ann, i.ID, portal.CommentDraft{Body: "watches.example"})
	d.must(err)
	about := portal.Thing{IdeaID: i.ID, CommentID: c.ID}
	spam := portal.ReportDraft{Reason: "spam", Words: "Sells watches."}
	refused(t, d.Report(t.Context(), portal.Actor{}, about, spam), portal.Unauthenticated, "sign_in_needed", "")
	refused(t, d.Report(t.Context(), ann, about, spam), portal.Conflict, "own_thing", "")
	refused(t, d.Report(t.Context(), bob, about, portal.ReportDraft{}), portal.Invalid, "required", "reason")
	queue := func() []portal.QueueItem {
		q, err := d.Queue(t.Context(), boss, portal.QueueQuery{Queue: portal.Reports, Oldest: true})
		d.must(err)
		return q.Items
	}
	for round := range 2 {
		d.must(d.Report(t.Context(), bob, about, spam))
		refused(t, d.Report(t.Context(), bob, about, spam), portal.Conflict, "reported_before", "")
		d.clock.Advance(time.Second)
		d.must(d.Report(t.Context(), cid, about, portal.ReportDraft{Reason: "off_topic"}))
		items := queue()
		if len(items) != 1 || items[0].Case.Reports != 2 || items[0].Case.Reasons["spam"] != 1 || len(items[0].Reports) != 2 ||
			items[0].Reports[1].Words != "Sells watches." || items[0].Comment.Body != "watches.example" {
			t.Fatalf("round %d: queue %+v", round, items)
		}
		d.must(d.Decide(t.Context(), boss, about, portal.Decision{Act: portal.Approve, Version: items[0].Case.Version}))
		refused(t, d.Decide(t.Context(), boss, about, portal.Decision{Act: portal.Approve, Version: items[0].Case.Version}), portal.Stale, "decided", "")
		if items = queue(); len(items) != 0 {
			t.Fatalf("round %d: still %+v", round, items)
		}
	}
	d.must(d.Report(t.Context(), bob, about, spam))
	d.must(d.Decide(t.Context(), boss, about, portal.Decision{Act: portal.Decline, Reason: "spam", Then: "block"}))
	page, err := d.Idea(t.Context(), bob, portal.IdeaQuery{ID: i.ID, Fresh: true})
	d.must(err)
	if got := page.Comments[0]; got.Body != "" || got.Author.Name != "" || got.Mod.State != portal.Hidden {
		t.Errorf("others see %+v", got)
	}
	ann = d.again(ann)
	_, _, err = d.SubmitIdea(t.Context(), ann, portal.IdeaDraft{Title: "More watches", Category: "food"})
	refused(t, err, portal.Forbidden, "blocked", "")
	refused(t, d.Report(t.Context(), ann, thing(i), spam), portal.Forbidden, "blocked", "")
	d.must(d.Appeal(t.Context(), ann, about, portal.AppealDraft{Words: "They are good watches."}))
	_, err = d.Sanction(t.Context(), boss, portal.Unblock, []string{ann.ID}, "", "")
	d.must(err)
	d.submit(d.again(ann), "No watches")
}

// again is the actor as the member is now.
func (d *desk) again(a portal.Actor) portal.Actor {
	d.Helper()
	m, err := d.Store.Member(d.Context(), a.ID)
	d.must(err)
	a.Member = m
	return a
}

// TestExclude: votes that don't count come back exactly, those cast meanwhile too.
func TestExclude(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ann, bob, boss := d.signIn("ann@example.com"), d.signIn("bob@example.com"), d.signIn("boss@example.com")
	i, j := d.submit(ann, "Oat milk"), d.submit(ann, "Soy milk")
	vote := func(a portal.Actor, i portal.Idea) {
		_, err := d.CastVote(t.Context(), d.again(a), i.ID)
		d.must(err)
	}
	count := func(wantI, wantJ int) {
		t.Helper()
		d.drain()
		d.clock.Advance(time.Minute)
		cs, err := d.Store.CardsOf(t.Context(), []string{i.ID, j.ID})
		d.must(err)
		if cs[0].Votes != wantI || cs[1].Votes != wantJ {
			t.Errorf("%d and %d votes; want %d and %d", cs[0].Votes, cs[1].Votes, wantI, wantJ)
		}
	}
	vote(ann, i)
	vote(bob, i)
	count(2, 0)
	n, err := d.Sanction(t.Context(), boss, portal.Exclude, []string{bob.ID, bob.ID}, "spam", "")
	if err != nil || n != 1 {
		t.Fatal(n, err)
	}
	count(1, 0)
	vote(bob, j)
	count(1, 0)
	if n, err = d.Sanction(t.Context(), boss, portal.Exclude, []string{bob.ID}, "spam", ""); err != nil || n != 0 {
		t.Errorf("again: %d, %v", n, err)
	}
	_, err = d.Sanction(t.Context(), boss, portal.Exclude, []string{boss.ID}, "spam", "")
	refused(t, err, portal.Conflict, "of_the_team", "")
	_, err = d.Sanction(t.Context(), boss, portal.Include, []string{bob.ID}, "", "")
	d.must(err)
	count(2, 1)
}

// TestLogOfTheDeparted: of whoever has deleted the account the log keeps the id, and
// nothing that says whose it was; no line of it changes.
func TestLogOfTheDeparted(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	before, err := w.Log(t.Context(), w.boss, portal.LogQuery{By: w.ada.ID})
	w.must(err)
	w.must(w.DeleteAccount(t.Context(), w.ada, adaEmail))
	w.deliver(w.table)
	after, err := w.Log(t.Context(), w.boss, portal.LogQuery{By: w.ada.ID})
	w.must(err)
	if len(after.Entries) == 0 || after.Names[w.ada.ID] != portal.FormerMember {
		t.Errorf("%d lines, by %q", len(after.Entries), after.Names[w.ada.ID])
	}
	if diff := cmp.Diff(before.Entries, after.Entries); diff != "" {
		t.Error(diff)
	}
}
