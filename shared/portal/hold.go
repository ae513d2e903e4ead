package portal

import "context"

// Writing is what a member is about to make public.
type Writing struct {
	Thing Thing
	Title string // of an idea
	Text  string
	Form  FormFacts
	Edit  bool // it is public already, and has changed
}

// Finding is what the rules say of a Writing: codes of why it has to wait for the
// team, and what they saw. Without Codes it is public at once.
type Finding struct{ Codes, Evidence []string }

// examine asks the rules about what a member wrote. What the team and those it trusts
// write is public at once. A member's last texts are read only where a rule needs them.
func (p *Portal) examine(ctx context.Context, a Actor, w Writing) (Finding, error) {
	if a.Team() || a.Trusted {
		return Finding{}, nil
	}
	var last latest
	fresh := p.now().Sub(a.CreatedAt) < FreshFor
	first := p.Screen.Approval == ApproveFirst && !w.Edit
	if first || fresh && !p.Screen.Off {
		var err error
		if last, err = p.latest(ctx, a.ID, w.Thing); err != nil {
			return Finding{}, err
		}
	}
	f := p.Screen.Look(w, last.texts)
	switch {
	case p.Screen.Approval == ApproveAll:
		f.Codes, f.Evidence = append(f.Codes, HeldApproval), append(f.Evidence, HeldApproval)
	case first && !last.public:
		f.Codes, f.Evidence = append(f.Codes, HeldFirst), append(f.Evidence, HeldFirst)
	}
	return f, nil
}

// latest is what a member wrote lately.
type latest struct {
	texts  []string
	public bool // some of it can be read by everybody
}

// latestTexts is how many of each kind are looked at.
const latestTexts = 5

// latest reads the newest comments of a member, through an index, and the newest ideas
// where they matter, all but the thing that is looked at. What was written within the
// last second may be missing.
func (p *Portal) latest(ctx context.Context, memberID string, but Thing) (l latest, err error) {
	cs, _, err := p.Store.CommentsBy(ctx, memberID, "", latestTexts)
	if err != nil {
		return l, err
	}
	for _, c := range cs {
		if c.ID != but.CommentID {
			l.texts = append(l.texts, c.Body)
			l.public = l.public || c.Mod.Shown() && !c.Deleted
		}
	}
	if but.CommentID != "" && (l.public || p.Screen.Approval != ApproveFirst) {
		return l, nil
	}
	ids, _, err := p.Store.IdeasBy(ctx, memberID, "", latestTexts)
	if err != nil || len(ids) == 0 {
		return l, err
	}
	texts, err := p.Store.TextsOf(ctx, ids)
	for _, i := range texts {
		if but.CommentID != "" || i.Idea.ID != but.IdeaID {
			l.texts = append(l.texts, i.Body)
			l.public = l.public || !i.Idea.Hidden()
		}
	}
	return l, err
}

// holdNew holds a new idea if the rules say so: it is written with its case, and with
// a line of the log, in the same write.
func (p *Portal) holdNew(ctx context.Context, a Actor, n *NewIdea, form FormFacts) error {
	found, err := p.examine(ctx, a, Writing{Thing: Thing{IdeaID: n.Idea.ID}, Title: n.Idea.Title, Text: n.Body, Form: form})
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
func (p *Portal) holdComment(ctx context.Context, a Actor, d *Deed, form FormFacts) error {
	t := Thing{d.Comment.IdeaID, d.Comment.ID}
	found, err := p.examine(ctx, a, Writing{Thing: t, Text: d.Comment.Body, Form: form})
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
