package portal

import (
	"context"
	"fmt"
	"time"
)

// Comment is one contribution to the discussion of an idea. Replies go one level
// deep: Parent is the id of a comment that has no parent itself.
type Comment struct {
	ID, IdeaID string
	Parent     string
	Body       string // Markdown; "" with Imported: its text was not kept
	Author     Author
	CreatedAt  time.Time
	EditedAt   time.Time // zero if never
	Deleted    bool      // a deleted comment with replies keeps its place, without text
	Imported   bool
	Mod        Moderation
	Version    int64
}

// CommentDraft is what a member adds to a discussion.
type CommentDraft struct {
	Body   string
	Parent string // "" for the first level
	Form   FormFacts
}

// AddComment adds to the discussion of an idea. Members only; where it is locked, the
// team only.
func (p *Portal) AddComment(ctx context.Context, a Actor, ideaID string, d CommentDraft) (Comment, error) {
	if err := a.needWriter(); err != nil {
		return Comment{}, err
	}
	if !ValidTimedID(ideaID) {
		return Comment{}, errNoIdea
	}
	body, err := commentText(d.Body)
	if err != nil {
		return Comment{}, err
	}
	idea, err := p.Store.Idea(ctx, ideaID, true) // not the card: locking counts at once
	switch {
	case err != nil:
		return Comment{}, err
	case !idea.Mod.mayRead(a, idea.AuthorID):
		return Comment{}, errNoIdea
	case idea.Hidden():
		return Comment{}, errNotPublic
	case idea.MergedInto != "":
		return Comment{}, p.elsewhere(ctx, idea.MergedInto)
	case idea.Locked && !a.Team():
		return Comment{}, errLocked
	}
	if d.Parent != "" {
		if err := p.checkParent(ctx, ideaID, &d.Parent); err != nil {
			return Comment{}, err
		}
	}
	if err := p.allow(ctx, a, rateComments); err != nil {
		return Comment{}, err
	}
	now := p.now()
	id, err := p.IDs.At(now)
	if err != nil {
		return Comment{}, fmt.Errorf("make comment id: %w", err)
	}
	c := Comment{ID: id, IdeaID: ideaID, Parent: d.Parent, Body: body, Author: a.author(), CreatedAt: now, Version: 1}
	deed := Deed{Comment: &c}
	if err := p.holdComment(ctx, a, &deed, d.Form); err != nil {
		return Comment{}, err
	}
	return c, p.Store.Moderate(ctx, deed)
}

var (
	errLocked    = &Error{Kind: Conflict, Code: "locked", Msg: "The team has closed this discussion. It can be read, but not added to."}
	errNotPublic = &Error{Kind: Conflict, Code: "not_public_yet", Msg: "This idea is not public. That has to come first."}
)

// checkParent makes a reply to a reply a reply to the first comment.
func (p *Portal) checkParent(ctx context.Context, ideaID string, parent *string) error {
	gone := InvalidField("parent", "no_comment", 0, "There is no such comment to reply to.")
	if !ValidTimedID(*parent) {
		return gone
	}
	c, err := p.Store.Comment(ctx, ideaID, *parent)
	switch {
	case KindOf(err) == NotFound:
		return gone
	case err != nil:
		return err
	case !c.Mod.Shown():
		return gone
	case c.Parent != "":
		*parent = c.Parent
	}
	return nil
}

func commentText(s string) (string, error) {
	var f fields
	s = text(s)
	f.text("body", s, 1, MaxComment)
	return s, f.err()
}

// CommentEdit changes a comment.
type CommentEdit struct {
	Body string
	Form FormFacts
}

// EditComment changes the text: its author, or the team. A change that a rule minds
// holds the comment: see edited.go.
func (p *Portal) EditComment(ctx context.Context, a Actor, ideaID, id string, e CommentEdit) (Comment, error) {
	if err := a.needWriter(); err != nil {
		return Comment{}, err
	}
	c, err := p.ownComment(ctx, a, ideaID, id)
	if err != nil {
		return Comment{}, err
	}
	was := c.Body
	if c.Body, err = commentText(e.Body); err != nil {
		return Comment{}, err
	}
	if err := p.allow(ctx, a, rateEdits); err != nil {
		return Comment{}, err
	}
	c.EditedAt = p.now()
	var d Deed
	if c.Body != was {
		x := subject{thing: Thing{ideaID, id}, comment: c}
		if err := p.edited(ctx, a, &d, &x, Earlier{Text: was}, Writing{Text: c.Body, Form: e.Form}); err != nil {
			return Comment{}, err
		}
		c.Mod = x.comment.Mod
	}
	return c, p.putChanged(ctx, a, d, &c, LogEdit)
}

// putChanged stores the next version of a comment with the rest of the deed; what the
// team does to somebody else's goes into the log with it.
func (p *Portal) putChanged(ctx context.Context, a Actor, d Deed, c *Comment, what string) error {
	c.Version++
	d.Comment = c
	if a.ID != c.Author.ID {
		l, err := p.logged(c.EditedAt, LogEntry{What: what, By: a.ID, Whose: c.Author.ID, Thing: Thing{c.IdeaID, c.ID}})
		if err != nil {
			return err
		}
		d.Log = append(d.Log, l)
	}
	return p.Store.Moderate(ctx, d)
}

// DeleteComment takes the comment away: its author, or the team. Its place stays,
// without text and name, so that replies and links to it still make sense.
func (p *Portal) DeleteComment(ctx context.Context, a Actor, ideaID, id string) error {
	c, err := p.ownComment(ctx, a, ideaID, id)
	if err != nil {
		return err
	}
	if err := p.allow(ctx, a, rateEdits); err != nil {
		return err
	}
	var d Deed
	k, err := p.Store.Case(ctx, Thing{ideaID, id})
	if err != nil {
		return err
	}
	if k.Earlier { // the text that it had before goes with it
		d.forget(&k)
		k.Version++
		d.Case = &k
	}
	c.Deleted, c.Body, c.Author.Name, c.EditedAt = true, "", "", p.now()
	return p.putChanged(ctx, a, d, &c, LogDelete)
}

func (p *Portal) ownComment(ctx context.Context, a Actor, ideaID, id string) (Comment, error) {
	if err := a.needMember(); err != nil {
		return Comment{}, err
	}
	if !ValidTimedID(ideaID) || !ValidTimedID(id) {
		return Comment{}, errNoText
	}
	c, err := p.Store.Comment(ctx, ideaID, id)
	switch {
	case err != nil:
		return Comment{}, err
	case c.Deleted:
		return Comment{}, errNoText
	case c.Author.ID != a.ID && !a.Team():
		return Comment{}, &Error{Kind: Forbidden, Code: "not_author", Msg: "Only its author and the team may change this."}
	}
	return c, nil
}
