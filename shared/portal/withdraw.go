package portal

import "context"

// Withdrawal is an idea that the team wrote down for a member, as the member sees it who
// may take it back: signed in, or by the link of the mail that told them of it.
type Withdrawal struct {
	Idea    Idea
	Member  Member
	Channel Channel
	Body    string
}

// NotMe is the reason of whoever says that they never told the team of the idea.
const NotMe = "not_me"

// Withdrawal reads what can be taken back: by a link, whatever else is said, or by its
// id. NotFound: bad_link for a link that is not ours, no_member for an account that is
// gone, no_idea for what the team has not written down for this member.
func (p *Portal) Withdrawal(ctx context.Context, a Actor, link, ideaID string) (Withdrawal, error) {
	memberID := a.ID
	if link != "" {
		t, err := p.MailLinks.Verify(ctx, ToWithdraw, link)
		if err != nil {
			return Withdrawal{}, err
		}
		memberID, ideaID = t.MemberID, string(t.Scope)
	} else if err := a.needMember(); err != nil {
		return Withdrawal{}, err
	}
	if !ValidTimedID(ideaID) {
		return Withdrawal{}, errNoIdea
	}
	m, err := p.Store.Member(ctx, memberID)
	if err != nil {
		return Withdrawal{}, err
	}
	if m.Deleted() {
		return Withdrawal{}, errAccountGone
	}
	page, err := p.Store.IdeaPage(ctx, IdeaQuery{ID: ideaID, Comments: 1, Fresh: true})
	if err != nil {
		return Withdrawal{}, err
	}
	if !page.Idea.Entered || page.Idea.AuthorID != m.ID || len(page.History) == 0 {
		return Withdrawal{}, errNoIdea
	}
	return Withdrawal{Idea: page.Idea, Member: m, Channel: page.History[0].Entered.Channel, Body: page.Body}, nil
}

// TakeBack takes the idea out of the public's sight for its author, in one atomic write
// with a line of the log; notMe says that they never told anybody of it. It can be put
// back, by them alone; the team can only remove it. Votes and comments stay with it, as
// with anything that is hidden. Doing it again changes nothing.
func (p *Portal) TakeBack(ctx context.Context, a Actor, link, ideaID string, notMe bool) (Withdrawal, error) {
	return p.withdraw(ctx, a, link, ideaID, func(m *Moderation, e *LogEntry, c *Case) error {
		if m.State == Withdrawn {
			return errNothing
		}
		if m.State != Visible && len(m.Reasons) == 0 {
			m.Reasons = []string{HeldApproval} // from before there were reasons
		}
		*m = Moderation{State: Withdrawn, Reasons: m.Reasons, At: IDTime(e.ID)}
		e.What = LogTake
		if notMe {
			e.Reasons = []string{NotMe}
		}
		return nil
	})
}

// PutBack takes TakeBack back. What was not public when it was taken back waits for the
// team then. Doing it again changes nothing.
func (p *Portal) PutBack(ctx context.Context, a Actor, link, ideaID string) (Withdrawal, error) {
	return p.withdraw(ctx, a, link, ideaID, func(m *Moderation, e *LogEntry, c *Case) error {
		if m.State != Withdrawn {
			return errNothing
		}
		e.What, e.Reasons = LogPutBack, m.Reasons
		if len(m.Reasons) == 0 {
			*m = Moderation{}
			return nil
		}
		*m = Moderation{State: Held, Reasons: m.Reasons, At: IDTime(e.ID)}
		c.Held = m.Reasons
		return nil
	})
}

// withdraw does what change makes of the idea; errNothing says that it is so already.
func (p *Portal) withdraw(ctx context.Context, a Actor, link, ideaID string, change func(*Moderation, *LogEntry, *Case) error) (w Withdrawal, err error) {
	if w, err = p.Withdrawal(ctx, a, link, ideaID); err != nil {
		return w, err
	}
	if err := p.take(ctx, rateLinks, rateLinks.Member, w.Member.ID, "too_many_"+rateLinks.Name); err != nil {
		return w, err
	}
	t := Thing{IdeaID: w.Idea.ID}
	err = tries(func() error {
		x, err := p.subject(ctx, t)
		if err != nil {
			return err
		}
		if x.idea.Mod.State == Removed {
			return errGone
		}
		now := p.now()
		e, err := p.logged(now, LogEntry{By: w.Member.ID, Whose: w.Member.ID, Thing: t})
		if err != nil {
			return err
		}
		m, c := x.idea.Mod, x.caseOf
		if err := change(&m, &e, &c); err != nil {
			return err
		}
		x.moderate(m, now)
		deed := Deed{Log: []LogEntry{e}}
		deed.settle(x, c, now)
		if err := p.Store.Moderate(ctx, deed); err != nil {
			return err
		}
		w.Idea = deed.Idea.Idea
		return nil
	})
	if err == errNothing {
		err = nil
	}
	return w, err
}
