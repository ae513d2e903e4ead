package portal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"
)

// Deed is what Store.Moderate writes at once, whichever parts are set, each under the
// condition that what it replaces is still what was read.
type Deed struct {
	Idea    *IdeaUpdate
	Comment *Comment // replaces version Version-1; 1 = it is new
	Case    *Case    // the same
	Earlier *Earlier // with Case, whose version stands for it
	Report  *Report
	Votes   *VoteCase // the same
	Members []Member  // the same
	Exclude []Exclusion
	Log     []LogEntry
}

// Act is what the team decides about a thing.
type Act string

// The acts, and how each is undone.
const (
	Approve Act = "approve" // make or leave it public: undone by Decline
	Decline Act = "decline" // make or leave it hidden: undone by Approve
	Restore Act = "restore" // make public the text from before it was edited: can't be undone, its author may write it again
	Remove  Act = "remove"  // take its text away for good: can't be undone
	Lock    Act = "lock"    // no more comments on the idea: undone by Unlock
	Unlock  Act = "unlock"  // undone by Lock
)

// Acts are all of them.
var Acts = []Act{Approve, Decline, Restore, Remove, Lock, Unlock}

// Decision is what the team decides about a thing and, with Then, about its author.
type Decision struct {
	Act     Act
	Reason  string // one of Reasons; for Decline and Remove
	Note    string // that the author reads
	Then    string // "", "trust" with Approve, "block" with Decline and Remove
	Version int64  // of the case that the actor saw; 0 = any
}

func (d *Decision) normalise(t Thing) error {
	var f fields
	d.Note = text(d.Note)
	if !slices.Contains(Acts, d.Act) || t.CommentID != "" && (d.Act == Lock || d.Act == Unlock) {
		f.add("act", "unknown", 0, "Must be approve, decline, restore or remove; for an idea also lock or unlock.")
	}
	if d.Act == Decline || d.Act == Remove {
		f.reason(d.Reason, &d.Note)
	} else {
		f.text("note", d.Note, 0, MaxReasonNote)
		d.Reason = ""
	}
	if d.Then != "" && !(d.Then == "trust" && d.Act == Approve) && !(d.Then == "block" && (d.Act == Decline || d.Act == Remove)) {
		f.add("then", "unknown", 0, "Must be trust, with approve, or block, with decline or remove.")
	}
	return f.err()
}

// Decide does what the team decided about a thing: one atomic write of the thing, its
// case, its author where Then says so, and the log. Team only. Errors: Invalid;
// NotFound; Stale if the case is not the one that the actor saw; Conflict where there
// is nothing to decide.
func (p *Portal) Decide(ctx context.Context, a Actor, t Thing, d Decision) error {
	if err := a.needTeam(); err != nil {
		return err
	}
	if !t.Valid() {
		return t.missing()
	}
	if err := d.normalise(t); err != nil {
		return err
	}
	if err := p.allow(ctx, a, rateTeam); err != nil {
		return err
	}
	if d.Version != 0 {
		return p.decide(ctx, a, t, d)
	}
	return tries(func() error { return p.decide(ctx, a, t, d) })
}

func (p *Portal) decide(ctx context.Context, a Actor, t Thing, d Decision) error {
	x, err := p.subject(ctx, t)
	if err != nil {
		return err
	}
	if d.Version != 0 && d.Version != x.caseOf.Version {
		return errDecided
	}
	now := p.now()
	e := LogEntry{By: a.ID, Whose: x.authorID(), Thing: t, Note: d.Note}
	if d.Reason != "" {
		e.Reasons = []string{d.Reason}
	}
	var deed Deed
	c := x.caseOf
	if d.Act == Lock || d.Act == Unlock {
		if x.idea.Locked == (d.Act == Lock) {
			return errNothing
		}
		x.idea.Locked, x.changed, e.What = d.Act == Lock, true, string(d.Act)
	} else {
		m, what, err := d.next(x.mod(), c, now)
		if err != nil {
			return err
		}
		// Whoever wrote it hears of what others can see, or can't see any more; of
		// nothing that a rule or a report alone had set going.
		e.What, e.Told = what, what != LogKeep
		if d.Act == Remove {
			if e.Digest, err = p.erase(ctx, &x, &deed); err != nil {
				return err
			}
		}
		if d.Act == Restore {
			if err := p.putBack(ctx, &x, &deed, now); err != nil {
				return err
			}
			e.Reasons = c.Held
		}
		if what != LogKeep {
			x.moderate(m, now)
		}
		if d.Act != Decline { // of which the team may think better
			deed.forget(&c)
		}
		c.settle()
	}
	if e, err = p.logged(now, e); err != nil {
		return err
	}
	deed.Log = append(deed.Log, e)
	if d.Then != "" {
		if err := p.then(ctx, a, &deed, x.authorID(), d, now); err != nil {
			return err
		}
	}
	deed.settle(x, c, now)
	return p.Store.Moderate(ctx, deed)
}

var (
	errDecided   = &Error{Kind: Stale, Code: "decided", Msg: "Something happened to this meanwhile: somebody else may have decided. Look at it again."}
	errWithdrawn = &Error{Kind: Conflict, Code: "withdrawn", Msg: "Its author took it back. Only they can put it back."}
	errNothing   = &Error{Kind: Conflict, Code: "nothing_to_decide", Msg: "This is so already."}
	errGone      = &Error{Kind: Conflict, Code: "removed", Msg: "This was removed for good."}
)

// next is the state that the decision leads to, and what the log calls it.
func (d Decision) next(m Moderation, c Case, now time.Time) (Moderation, string, error) {
	not := Moderation{Reasons: []string{d.Reason}, Note: d.Note, At: now}
	switch {
	case m.State == Removed:
		return m, "", errGone
	case d.Act == Remove:
		not.State = Removed
		return not, LogRemove, nil
	case (d.Act == Approve || d.Act == Restore) && m.State == Withdrawn:
		return m, "", errWithdrawn
	case d.Act == Restore && !c.Earlier:
		return m, "", errNothing
	case d.Act == Restore:
		return Moderation{}, LogRestore, nil
	case d.Act == Approve && m.State == Visible:
		if c.Queue == NoQueue {
			return m, "", errNothing
		}
		return m, LogKeep, nil
	case d.Act == Approve && m.State == Hidden:
		return Moderation{}, LogShow, nil
	case d.Act == Approve:
		return Moderation{}, LogApprove, nil
	case m.Appeal == Open:
		if not.State, not.Appeal = m.State, Answered; m.State == Held {
			not.State = Rejected
		}
		return not, LogUphold, nil
	case m.State == Visible:
		not.State = Hidden
		return not, LogHide, nil
	case m.State == Held:
		not.State = Rejected
		return not, LogDecline, nil
	}
	return m, "", errNothing
}

// erase takes the text of a thing away, and returns its digest for the log: so it can
// be shown later that some text was what was removed, and not what it was.
func (p *Portal) erase(ctx context.Context, x *subject, deed *Deed) (string, error) {
	if x.thing.CommentID != "" {
		digest := textDigest(x.comment.Body)
		x.comment.Deleted, x.comment.Body, x.comment.Author.Name = true, "", ""
		return digest, nil
	}
	bodies, err := p.Store.Bodies(ctx, []string{x.idea.ID})
	if err != nil {
		return "", err
	}
	digest := textDigest(x.idea.Title + "\n" + bodies[x.idea.ID])
	x.idea.Title, x.idea.Excerpt = "", ""
	deed.Idea = &IdeaUpdate{Body: new(string)}
	return digest, nil
}

func textDigest(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

// subject is a thing with all that moderation needs to know of it, read strongly.
type subject struct {
	thing   Thing
	idea    Idea // of a comment, not read
	comment Comment
	caseOf  Case
	changed bool // the thing itself, beside its case
}

func (p *Portal) subject(ctx context.Context, t Thing) (x subject, err error) {
	x.thing = t
	if t.CommentID != "" {
		x.comment, err = p.Store.Comment(ctx, t.IdeaID, t.CommentID)
	} else {
		x.idea, err = p.Store.Idea(ctx, t.IdeaID, true)
	}
	if err != nil {
		return x, err
	}
	x.caseOf, err = p.Store.Case(ctx, t)
	x.caseOf.Thing, x.caseOf.AuthorID = t, x.authorID()
	return x, err
}

func (x *subject) mod() Moderation {
	if x.thing.CommentID != "" {
		return x.comment.Mod
	}
	return x.idea.Mod
}

func (x *subject) authorID() string {
	if x.thing.CommentID != "" {
		return x.comment.Author.ID
	}
	return x.idea.AuthorID
}

func (x *subject) moderate(m Moderation, now time.Time) {
	x.changed = true
	was := x.mod()
	m.Since = was.next(m, now)
	if x.thing.CommentID != "" {
		x.comment.Mod = m
		return
	}
	if !was.Shown() && m.Shown() {
		x.idea.publish(now)
	}
	x.idea.Mod = m
}

// settle adds the thing, under its next version if it changed, and the case where it
// belongs now. Every deed writes the case, so of two at once one starts again.
func (d *Deed) settle(x subject, c Case, now time.Time) {
	switch {
	case !x.changed:
	case x.thing.CommentID != "":
		x.comment.Version++
		d.Comment = &x.comment
	default:
		if d.Idea == nil {
			d.Idea = &IdeaUpdate{}
		}
		d.Idea.Prev = x.idea.Version
		x.idea.Version++
		d.Idea.Idea = x.idea
	}
	c.waits(x.mod(), now)
	c.Version++
	d.Case = &c
}

// hold takes a thing out of the public's sight until the team has looked at it, for
// the reasons that a rule gives, and writes that down.
func (p *Portal) hold(d *Deed, x *subject, c *Case, now time.Time, reasons []string) error {
	e, err := p.logged(now, LogEntry{What: LogHold, Whose: x.authorID(), Thing: x.thing, Reasons: reasons})
	if err != nil {
		return err
	}
	x.moderate(Moderation{State: Held, Reasons: reasons, At: now}, now)
	c.Held = reasons
	d.Log = append(d.Log, e)
	return nil
}
