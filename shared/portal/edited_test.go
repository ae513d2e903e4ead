package portal_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
)

const spam = "Win at the casino."

// TestEditsAreExamined: what a rule minds in a change holds the idea or the comment, for
// its author as for nobody else; the team sees both texts, and decides which one stays.
func TestEditsAreExamined(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		act       portal.Act
		want      portal.Visibility
		wantText  string
		log       string // what the log's last line says
		keepsBoth bool
	}{
		"approved":         {act: portal.Approve, wantText: spam, log: portal.LogApprove},
		"declined":         {act: portal.Decline, want: portal.Rejected, wantText: spam, log: portal.LogDecline, keepsBoth: true},
		"put back":         {act: portal.Restore, wantText: "because", log: portal.LogRestore},
		"removed for good": {act: portal.Remove, want: portal.Removed, log: portal.LogRemove},
	} {
		for _, kind := range []string{"idea", "comment"} {
			t.Run(name+", "+kind, func(t *testing.T) {
				t.Parallel()
				d := newDesk(t)
				ann, boss := d.signIn("ann@example.com"), d.signIn("boss@example.com")
				base := d.submit(boss, "Of the team")
				about := portal.Thing{IdeaID: base.ID}
				if kind == "idea" {
					about.IdeaID = d.submit(ann, "Oat milk").ID
				} else {
					k, err := d.AddComment(t.Context(), ann, base.ID, portal.CommentDraft{Body: "because"})
					d.must(err)
					about.CommentID = k.ID
				}
				d.clock.Advance(time.Minute)
				d.change(ann, about, spam)
				if got := d.public(about); got != "" {
					t.Fatalf("everybody reads %q", got)
				}
				page, err := d.Queue(t.Context(), boss, portal.QueueQuery{Queue: portal.HeldQ})
				d.must(err)
				if len(page.Items) != 1 || page.Items[0].Earlier == nil || page.Items[0].Earlier.Text != "because" || !cmp.Equal(page.Items[0].Case.Evidence, []string{"words: casino"}) {
					t.Fatalf("the team sees %+v", page.Items)
				}
				seen := page.Items[0].Case.Version
				d.change(ann, about, spam+" Now!")
				refused(t, d.Decide(t.Context(), boss, about, portal.Decision{Act: portal.Approve, Version: seen}), portal.Stale, "decided", "")
				d.change(ann, about, spam)
				export, err := d.Export(t.Context(), ann)
				d.must(err)
				if len(export.Earlier) != 1 || export.Earlier[0].Text != "because" {
					t.Errorf("ann takes away %+v", export.Earlier)
				}

				d.must(d.Decide(t.Context(), boss, about, portal.Decision{Act: c.act, Reason: "spam"}))
				item, err := d.QueueItem(t.Context(), boss, about)
				d.must(err)
				m, text := item.Idea.Mod, item.Body
				if kind == "comment" {
					m, text = item.Comment.Mod, item.Comment.Body
				}
				if m.State != c.want || text != c.wantText || (item.Earlier != nil) != c.keepsBoth {
					t.Errorf("it is %q and says %q, before %+v", m.State, text, item.Earlier)
				}
				want := c.wantText
				if c.want != portal.Visible {
					want = ""
				}
				if got := d.public(about); got != want {
					t.Errorf("everybody reads %q, want %q", got, want)
				}
				log, err := d.Log(t.Context(), boss, portal.LogQuery{Whose: ann.ID})
				d.must(err)
				if log.Entries[0].What != c.log || log.Entries[len(log.Entries)-1].What != portal.LogHold {
					t.Errorf("the log says %+v", log.Entries)
				}
				err = d.Decide(t.Context(), boss, about, portal.Decision{Act: portal.Restore})
				switch {
				case c.keepsBoth: // the team thinks better of it
					d.must(err)
					if got := d.public(about); got != "because" {
						t.Errorf("put back, everybody reads %q", got)
					}
				case c.want == portal.Removed:
					refused(t, err, portal.Conflict, "removed", "")
				default:
					refused(t, err, portal.Conflict, "nothing_to_decide", "")
				}
			})
		}
	}
}

// change edits the thing's text.
func (d *desk) change(a portal.Actor, t portal.Thing, text string) {
	d.Helper()
	d.clock.Advance(time.Second)
	var err error
	if t.CommentID != "" {
		_, err = d.EditComment(d.Context(), d.again(a), t.IdeaID, t.CommentID, portal.CommentEdit{Body: text})
	} else {
		_, err = d.EditIdea(d.Context(), d.again(a), t.IdeaID, portal.IdeaEdit{Body: &text})
	}
	d.must(err)
}

// public is the thing's text as a visitor reads it, once all has been counted; "" if
// nobody does. What pages, lists, search and counts say of it has to agree.
func (d *desk) public(t portal.Thing) string {
	d.Helper()
	d.drain()
	page, err := d.Idea(d.Context(), portal.Actor{}, portal.IdeaQuery{ID: t.IdeaID, Comments: 5, Fresh: true})
	if t.CommentID != "" {
		d.must(err)
		text := ""
		for _, c := range page.Comments {
			if c.ID == t.CommentID {
				text = c.Body
			}
		}
		if n := min(len(text), 1); page.Card.Comments != n {
			d.Errorf("%d comments are counted, %d can be read", page.Card.Comments, n)
		}
		return text
	}
	seen := err == nil
	if !seen {
		refused(d.T, err, portal.NotFound, "no_idea", "")
	}
	list, err := d.Ideas(d.Context(), portal.Actor{}, portal.ListQuery{Sort: portal.Newest})
	d.must(err)
	in := func(cards []portal.Card) (in bool) {
		for _, c := range cards {
			in = in || c.ID == t.IdeaID
		}
		return in
	}
	found, err := d.Search(d.Context(), portal.Actor{}, portal.SearchQuery{Words: "oat milk"})
	d.must(err)
	census, err := d.Census(d.Context())
	d.must(err)
	if in(list.Cards) != seen || in(found.Cards) != seen || census.Count("", "") != map[bool]int{true: 2, false: 1}[seen] {
		d.Errorf("seen %v; listed %v, found %v, %d counted", seen, in(list.Cards), in(found.Cards), census.Count("", ""))
	}
	byWord, err := d.Search(d.Context(), portal.Actor{}, portal.SearchQuery{Words: "casino"})
	d.must(err)
	if in(byWord.Cards) != (seen && strings.Contains(page.Body, "casino")) {
		d.Errorf("found by the word that was held: %v", in(byWord.Cards))
	}
	return page.Body
}

// TestEditsThatPass: who mends a letter, changes the category, belongs to the team or is
// trusted waits for nobody; a first post that is public stays so when it is edited.
func TestEditsThatPass(t *testing.T) {
	t.Parallel()
	title, category := "Oat milk, please", "tea"
	for name, c := range map[string]struct {
		screen portal.Screen
		by     string
		edit   portal.IdeaEdit
		before string // the text until then, let by the team
		held   bool
	}{
		"another title":             {edit: portal.IdeaEdit{Title: &title}},
		"the category alone":        {edit: portal.IdeaEdit{Category: &category}, before: spam},
		"the same text":             {edit: portal.IdeaEdit{Body: ptr(spam)}, before: spam},
		"another title, text stays": {edit: portal.IdeaEdit{Title: &title}, before: spam, held: true},
		"by the team":               {edit: portal.IdeaEdit{Body: ptr(spam)}, by: "boss@example.com"},
		"of a first idea":           {screen: portal.Screen{Approval: portal.ApproveFirst}, edit: portal.IdeaEdit{Title: &title}},
		"where all is approved":     {screen: portal.Screen{Approval: portal.ApproveAll}, edit: portal.IdeaEdit{Title: &title}, held: true},
		"by a trap":                 {edit: portal.IdeaEdit{Title: &title, Form: portal.FormFacts{Trapped: true}}, held: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.Screen = c.screen
			ann, boss := d.signIn("ann@example.com"), d.signIn("boss@example.com")
			i := d.submit(ann, "Oat milk")
			if c.before != "" {
				d.change(ann, thing(i), c.before)
			}
			if now, err := d.Store.Idea(t.Context(), i.ID, true); err != nil || now.Hidden() {
				d.must(d.Decide(t.Context(), boss, thing(i), portal.Decision{Act: portal.Approve}))
			}
			who := ann
			if c.by != "" {
				who = boss
			}
			got, err := d.EditIdea(t.Context(), who, i.ID, c.edit)
			d.must(err)
			stored, err := d.Store.Idea(t.Context(), i.ID, true)
			d.must(err)
			if got.Hidden() != c.held || stored.Hidden() != c.held || stored.Title != got.Title {
				t.Errorf("held %v, stored %+v", got.Hidden(), stored)
			}
		})
	}
}

func ptr(s string) *string { return &s }

// TestEditWhileItWaits: what is edited while the team has a report about it stays
// public, the team reads what was reported, and nobody decides about the other text.
// A comment that its author deletes takes the earlier text along.
func TestEditWhileItWaits(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ann, bob, boss := d.signIn("ann@example.com"), d.signIn("bob@example.com"), d.signIn("boss@example.com")
	base := d.submit(boss, "Of the team")
	k, err := d.AddComment(t.Context(), ann, base.ID, portal.CommentDraft{Body: "You fools."})
	d.must(err)
	about := portal.Thing{IdeaID: base.ID, CommentID: k.ID}
	d.must(d.Report(t.Context(), bob, about, portal.ReportDraft{Reason: "abuse"}))
	seen, err := d.QueueItem(t.Context(), boss, about)
	d.must(err)
	d.change(ann, about, "You dears.")
	refused(t, d.Decide(t.Context(), boss, about, portal.Decision{Act: portal.Decline, Reason: "abuse", Version: seen.Case.Version}), portal.Stale, "decided", "")
	now, err := d.QueueItem(t.Context(), boss, about)
	d.must(err)
	if now.Case.Queue != portal.Reports || now.Case.Reports != 1 || now.Earlier == nil || now.Earlier.Text != "You fools." || !now.Comment.Mod.Shown() {
		t.Errorf("the team sees %+v", now)
	}
	d.must(d.DeleteComment(t.Context(), ann, base.ID, k.ID))
	if now, err = d.QueueItem(t.Context(), boss, about); err != nil || now.Earlier != nil || now.Case.Earlier {
		t.Errorf("deleted, the team sees %+v, %v", now, err)
	}
}
