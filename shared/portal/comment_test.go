package portal_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
)

func TestComments(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ann, bob, boss := d.signIn("ann@example.com"), d.signIn("bob@example.com"), d.signIn("boss@example.com")
	i := d.submit(ann, "Discuss me")
	for name, c := range map[string]struct {
		a           portal.Actor
		draft       portal.CommentDraft
		kind        portal.Kind
		code, field string
	}{
		"visitor":        {portal.Actor{}, portal.CommentDraft{Body: "hi"}, portal.Unauthenticated, "sign_in_needed", ""},
		"empty":          {bob, portal.CommentDraft{Body: "\n "}, portal.Invalid, "required", "body"},
		"too long":       {bob, portal.CommentDraft{Body: strings.Repeat("x", portal.MaxComment+1)}, portal.Invalid, "too_long", "body"},
		"unknown parent": {bob, portal.CommentDraft{Body: "hi", Parent: "0123456789abcdefg"}, portal.Invalid, "no_comment", "parent"},
		"forged parent":  {bob, portal.CommentDraft{Body: "hi", Parent: "#"}, portal.Invalid, "no_comment", "parent"},
	} {
		_, err := d.AddComment(t.Context(), c.a, i.ID, c.draft)
		t.Run(name, func(t *testing.T) { refused(t, err, c.kind, c.code, c.field) })
	}
	first, err := d.AddComment(t.Context(), bob, i.ID, portal.CommentDraft{Body: "first"})
	d.must(err)
	d.clock.Advance(time.Second)
	reply, err := d.AddComment(t.Context(), boss, i.ID, portal.CommentDraft{Body: "reply", Parent: first.ID})
	d.must(err)
	d.clock.Advance(time.Second)
	deep, err := d.AddComment(t.Context(), ann, i.ID, portal.CommentDraft{Body: "reply to the reply", Parent: reply.ID})
	d.must(err)
	if deep.Parent != first.ID {
		t.Errorf("a reply to a reply has parent %s; want the first comment %s", deep.Parent, first.ID)
	}
	_, err = d.EditComment(t.Context(), ann, i.ID, first.ID, portal.CommentEdit{Body: "not mine"})
	refused(t, err, portal.Forbidden, "not_author", "")
	refused(t, d.DeleteComment(t.Context(), ann, i.ID, first.ID), portal.Forbidden, "not_author", "")
	_, err = d.EditComment(t.Context(), bob, i.ID, first.ID, portal.CommentEdit{Body: "edited"})
	d.must(err)
	d.must(d.DeleteComment(t.Context(), boss, i.ID, deep.ID))
	refused(t, d.DeleteComment(t.Context(), ann, i.ID, deep.ID), portal.NotFound, "no_comment", "")
	d.drain()
	p, err := d.Idea(t.Context(), ann, portal.IdeaQuery{ID: i.ID})
	d.must(err)
	if len(p.Comments) != 3 || p.Comments[0].Body != "edited" || p.Comments[0].EditedAt.IsZero() || !p.Comments[1].Author.Team ||
		!p.Comments[2].Deleted || p.Comments[2].Body != "" {
		t.Errorf("%+v", p.Comments)
	}
	if p.Card.Comments != 2 {
		t.Errorf("%d comments counted; want 2", p.Card.Comments)
	}
}

// TestDiscussionPages reads a discussion of 130 in pages of every kind: the first
// with the idea, the others alone, also behind a history longer than a page.
func TestDiscussionPages(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ann, boss := d.signIn("ann@example.com"), d.signIn("boss@example.com")
	i := d.submit(ann, "Much to say")
	for n := range 130 {
		d.clock.Advance(time.Minute)
		_, err := d.AddComment(t.Context(), ann, i.ID, portal.CommentDraft{Body: fmt.Sprint(n)})
		d.must(err)
	}
	for n := range 30 {
		_, err := d.ChangeStatus(t.Context(), boss, i.ID, portal.StatusChange{To: portal.Statuses[1+n%3]})
		d.must(err)
	}
	d.drain()
	p, err := d.Idea(t.Context(), ann, portal.IdeaQuery{ID: i.ID})
	d.must(err)
	if len(p.History) != 31 || p.Card.Comments != 130 {
		t.Errorf("%d steps, %d comments counted", len(p.History), p.Card.Comments)
	}
	got, next := p.Comments, p.Next
	for next != "" {
		var cs []portal.Comment
		cs, next, err = d.Comments(t.Context(), portal.Actor{}, i.ID, next, 17)
		d.must(err)
		got = append(got, cs...)
	}
	for n, c := range got {
		if c.Body != fmt.Sprint(n) {
			t.Fatalf("comment %d is %q", n, c.Body)
		}
	}
	if len(got) != 130 {
		t.Errorf("%d comments", len(got))
	}
	_, _, err = d.Comments(t.Context(), portal.Actor{}, i.ID, "AAAAAAAAAAAAAAAAAA", 10)
	refused(t, err, portal.BadRequest, "bad_cursor", "cursor")
}
