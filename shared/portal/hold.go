package portal

import "context"

// Writing is what a member is about to make public.
type Writing struct {
	Thing Thing
	Title string // of an idea
	Text  string
}

// Finding is what the rules say of a Writing: codes of why it has to wait for the
// team, and what they saw. Without Codes it is public at once.
type Finding struct{ Codes, Evidence []string }

// examine asks the rules about what a member wrote. What the team and those it trusts
// write is public at once.
func (p *Portal) examine(_ context.Context, a Actor, _ Writing) (Finding, error) {
	if a.Team() || a.Trusted {
		return Finding{}, nil
	}
	return Finding{}, nil
}

// holdNew holds a new idea if the rules say so: it is written with its case, and with
// a line of the log, in the same write.
func (p *Portal) holdNew(ctx context.Context, a Actor, n *NewIdea) error {
	found, err := p.examine(ctx, a, Writing{Thing: Thing{IdeaID: n.Idea.ID}, Title: n.Idea.Title, Text: n.Body})
	if err != nil || len(found.Codes) == 0 {
		return err
	}
	d := Deed{Idea: &IdeaUpdate{Idea: n.Idea}}
	x := subject{thing: Thing{IdeaID: n.Idea.ID}, idea: n.Idea}
	if err := p.holdFound(&d, &x, found); err != nil {
		return err
	}
	n.Idea.Mod, n.Case, n.Log = x.idea.Mod, d.Case, d.Log
	return nil
}

// holdComment is holdNew for a new comment.
func (p *Portal) holdComment(ctx context.Context, a Actor, d *Deed) error {
	t := Thing{d.Comment.IdeaID, d.Comment.ID}
	found, err := p.examine(ctx, a, Writing{Thing: t, Text: d.Comment.Body})
	if err != nil || len(found.Codes) == 0 {
		return err
	}
	x := subject{thing: t, comment: *d.Comment}
	if err := p.holdFound(d, &x, found); err != nil {
		return err
	}
	d.Comment.Mod = x.comment.Mod
	return nil
}

// holdFound holds what has just been written, in its case's first version.
func (p *Portal) holdFound(d *Deed, x *subject, found Finding) error {
	now := p.now()
	c := Case{Thing: x.thing, AuthorID: x.authorID(), Evidence: found.Evidence, Version: 1}
	if err := p.hold(d, x, &c, now, found.Codes); err != nil {
		return err
	}
	c.waits(x.mod(), now)
	d.Case = &c
	return nil
}
