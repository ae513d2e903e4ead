package portal

import (
	"context"
	"slices"
	"time"
)

// An edit is examined as what is new is, but for being a first one: else whoever wants
// to get something past the rules would write something else first. A change that a
// rule minds holds the thing, with the change in it: what the team has to decide about
// is what its author wants to say. So no list, search, feed, count or mail knows two
// texts of one thing. The text that everybody could read until then is kept beside the
// case, for the team to compare, and Restore puts it back.
//
// A thing that is not public stays so through any edit: the next text is no reason to
// forget what the one before was held for. But the case gets its next version, so that
// nobody decides about a text that has just changed, and keeps the text that was held,
// or reported.

// Earlier is the text of a thing before the first edit since its case was opened.
type Earlier struct {
	Thing Thing
	Title string // of an idea
	Text  string
	At    time.Time // when it was replaced
	Gone  bool      // there is none any more
}

// edited examines an edit. was is the text until now, x the thing as it will be; what
// follows goes into the deed, and into x.
func (p *Portal) edited(ctx context.Context, a Actor, d *Deed, x *subject, was Earlier, w Writing) error {
	c, err := p.Store.Case(ctx, x.thing)
	if err != nil {
		return err
	}
	c.Thing, c.AuthorID = x.thing, x.authorID()
	var found Finding
	if m := x.mod(); m.Shown() || m.State == Held {
		w.Thing, w.Edit = x.thing, true
		if found, err = p.examine(ctx, a, w); err != nil {
			return err
		}
	}
	now := p.now()
	switch {
	case x.mod().Shown() && len(found.Codes) > 0:
		if err := p.hold(d, x, &c, now, found.Codes); err != nil {
			return err
		}
	case c.Queue == NoQueue:
		return nil
	}
	for _, e := range found.Evidence {
		if !slices.Contains(c.Evidence, e) {
			c.Evidence = append(slices.Clip(c.Evidence), e)
		}
	}
	if !c.Earlier {
		was.Thing, was.At = x.thing, now
		c.Earlier, d.Earlier = true, &was
	}
	c.waits(x.mod(), now)
	c.Version++
	d.Case = &c
	return nil
}

// forget takes the earlier text out of the case, which the deed writes.
func (d *Deed) forget(c *Case) {
	if c.Earlier {
		c.Earlier, d.Earlier = false, &Earlier{Thing: c.Thing, Gone: true}
	}
}

// earlierTexts are those that the cases keep.
func (p *Portal) earlierTexts(ctx context.Context, cs []Case) (out []Earlier, err error) {
	for _, c := range cs {
		if !c.Earlier {
			continue
		}
		e, err := p.Store.Earlier(ctx, c.Thing)
		switch {
		case err == nil:
			out = append(out, e)
		case KindOf(err) != NotFound: // decided about meanwhile
			return nil, err
		}
	}
	return out, nil
}

// putBack gives the thing the text that it had before it was edited.
func (p *Portal) putBack(ctx context.Context, x *subject, d *Deed, now time.Time) error {
	was, err := p.Store.Earlier(ctx, x.thing)
	switch {
	case KindOf(err) == NotFound:
		return errNothing
	case err != nil:
		return err
	case x.thing.CommentID != "":
		x.comment.Body = was.Text
		return nil
	}
	x.idea.Title, x.idea.Excerpt, x.idea.UpdatedAt = was.Title, Excerpt(was.Text, excerptBytes), now
	d.Idea = &IdeaUpdate{Body: &was.Text}
	return nil
}
