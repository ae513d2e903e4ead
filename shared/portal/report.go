package portal

import (
	"context"
	"slices"
	"time"
)

// Report is what one member minds about a thing. The author never learns who it was.
type Report struct {
	Thing    Thing
	Round    int64 // of the case; one report a member and round
	MemberID string
	Reason   string // one of Reasons
	Words    string
	Doubts   []string // what the rules say of its form; such a report holds nothing
	At       time.Time
	Version  int64
}

// ReportDraft is what a member says of a thing.
type ReportDraft struct {
	Reason, Words string
	Form          FormFacts
}

// moderationTries bounds how often something starts again because it met another
// write about the same thing.
const moderationTries = 8

// Report tells the team that something should not be there. Members only, once a
// member until the team has dealt with it, and not about one's own. One atomic write:
// the report, and the case with the number of reports counted again.
// Errors: Invalid; NotFound for what the actor can't see; Conflict.
func (p *Portal) Report(ctx context.Context, a Actor, t Thing, d ReportDraft) error {
	if err := a.needWriter(); err != nil {
		return err
	}
	if !t.Valid() {
		return t.missing()
	}
	var f fields
	f.reason(d.Reason, &d.Words)
	if err := f.err(); err != nil {
		return err
	}
	if err := p.allow(ctx, a, rateReports); err != nil {
		return err
	}
	return tries(func() error { return p.report(ctx, a, t, d) })
}

func (p *Portal) report(ctx context.Context, a Actor, t Thing, d ReportDraft) error {
	x, err := p.subject(ctx, t)
	switch {
	case err != nil:
		return err
	case !x.mod().Shown() || x.comment.Deleted:
		return t.missing()
	case x.authorID() == a.ID:
		return &Error{Kind: Conflict, Code: "own_thing", Msg: "This is your own. Change it, or take it away."}
	}
	others, err := p.Store.Reports(ctx, t, x.caseOf.Round)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(others, func(r Report) bool { return r.MemberID == a.ID }) {
		return &Error{Kind: Conflict, Code: "reported_before", Msg: "You have reported this; the team will look at it."}
	}
	now := p.now()
	r := Report{Thing: t, Round: x.caseOf.Round, MemberID: a.ID, Reason: d.Reason, Words: d.Words, At: now, Version: 1}
	if !a.Team() && !a.Trusted {
		r.Doubts = p.Screen.LookAt(d.Form).Codes
	}
	c := x.caseOf
	believed := c.count(append(others, r))
	deed := Deed{Report: &r}
	if hold := p.Screen.reports(believed); hold != "" {
		if err := p.hold(&deed, &x, &c, now, []string{hold}); err != nil {
			return err
		}
	}
	deed.settle(x, c, now)
	return p.Store.Moderate(ctx, deed)
}

// count says what the reports of the case's round come to, and how many of them are
// by people as far as one can tell. The team sees the others too; but whoever reports by
// script must not take off what others wrote.
func (c *Case) count(rs []Report) (believed int) {
	slices.SortFunc(rs, func(a, b Report) int { return b.At.Compare(a.At) })
	c.Reports, c.Reasons, c.Reporters = len(rs), map[string]int{}, nil
	for _, r := range rs {
		c.Reasons[r.Reason]++
		if len(r.Doubts) == 0 {
			believed++
		}
		if len(c.Reporters) < MaxReporters {
			c.Reporters = append(c.Reporters, r.MemberID)
		}
	}
	return believed
}

// tries runs f again, a few times, where it met another write.
func tries(f func() error) (err error) {
	for range moderationTries {
		if err = f(); KindOf(err) != Stale {
			return err
		}
	}
	return err
}
