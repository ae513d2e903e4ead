package portal

import (
	"context"
	"slices"
)

// AppealDraft is what an author answers.
type AppealDraft struct {
	Words string
	Form  FormFacts
}

// Appeal lets the author of something held, rejected or hidden answer in words; the
// thing comes back to the team. Once a decision, also for somebody who is blocked. One
// atomic write of the thing and its case.
func (p *Portal) Appeal(ctx context.Context, a Actor, t Thing, d AppealDraft) error {
	if err := a.needMember(); err != nil {
		return err
	}
	if !t.Valid() {
		return t.missing()
	}
	var f fields
	d.Words = text(d.Words)
	f.text("words", d.Words, 1, MaxReasonNote)
	if err := f.err(); err != nil {
		return err
	}
	if err := p.allow(ctx, a, rateAppeals); err != nil {
		return err
	}
	return tries(func() error {
		x, err := p.subject(ctx, t)
		switch {
		case err != nil:
			return err
		case x.authorID() != a.ID:
			return t.missing()
		case x.mod().Appeal == Open:
			return &Error{Kind: Conflict, Code: "appealed_before", Msg: "You have answered already; the team will look at it."}
		case !x.mod().MayAppeal() || x.comment.Deleted:
			return &Error{Kind: Conflict, Code: "no_appeal", Msg: "There is nothing left to answer here."}
		}
		now, m, c := p.now(), x.mod(), x.caseOf
		m.Appeal = Open
		x.moderate(m, now)
		c.Answer, c.AnswerAt = d.Words, now
		if !a.Team() && !a.Trusted {
			c.Evidence = append(slices.Clip(c.Evidence), p.Screen.LookAt(d.Form).Evidence...)
		}
		var deed Deed
		deed.settle(x, c, now)
		return p.Store.Moderate(ctx, deed)
	})
}
