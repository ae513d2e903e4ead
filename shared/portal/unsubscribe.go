package portal

import (
	"context"
)

// Subscription is what a link in a mail leads to: a member, seen without signing in,
// and the mails that the link is about. Nothing of it but the mail preferences may be
// shown to, or changed by, whoever has the link: mails get forwarded.
type Subscription struct {
	Ticket
	Member Member
	Idea   Idea // of a Scope that is one; the zero Idea if there is none any more
	Off    bool // these mails are switched off
}

// Subscription reads what a link leads to. NotFound: bad_link for one that is not
// ours, no_member for an account that is gone.
func (p *Portal) Subscription(ctx context.Context, purpose Purpose, link string) (Subscription, error) {
	t, err := p.MailLinks.Verify(ctx, purpose, link)
	if err != nil {
		return Subscription{}, err
	}
	s := Subscription{Ticket: t}
	if s.Member, err = p.Store.Member(ctx, t.MemberID); err != nil {
		return Subscription{}, err
	}
	if s.Member.Deleted() {
		return Subscription{}, errAccountGone
	}
	m := s.Member.Mail
	switch t.Scope {
	case ScopeAll:
		s.Off = m == NoMail()
	case ScopeOwn:
		s.Off = !m.Own
	case ScopeVoted:
		s.Off = !m.Voted
	case ScopeDigest:
		s.Off = !m.Digest
	default:
		var f Follow
		if f, err = p.Store.Follow(ctx, string(t.Scope), t.MemberID); err != nil {
			return Subscription{}, err
		}
		s.Off = f.Muted
		if s.Idea, err = p.Store.Idea(ctx, string(t.Scope), false); KindOf(err) == NotFound {
			err = nil
		}
	}
	return s, err
}

// Unsubscribe switches off the mails that the link is about, or with everything all
// mails there are; doing it again changes nothing. The link is enough: no sign-in
// (RFC 8058). It returns how things stood before.
func (p *Portal) Unsubscribe(ctx context.Context, link string, everything bool) (was Subscription, err error) {
	return p.subscribe(ctx, link, everything, false)
}

// Resubscribe takes Unsubscribe back. What was switched off with everything comes
// back by SetMail.
func (p *Portal) Resubscribe(ctx context.Context, link string) (was Subscription, err error) {
	return p.subscribe(ctx, link, false, true)
}

func (p *Portal) subscribe(ctx context.Context, link string, everything, on bool) (was Subscription, err error) {
	if was, err = p.Subscription(ctx, ToUnsubscribe, link); err != nil {
		return was, err
	}
	if err := p.take(ctx, rateLinks, rateLinks.Member, was.MemberID, "too_many_"+rateLinks.Name); err != nil {
		return was, err
	}
	scope, e := was.Scope, MailEdit{}
	if everything {
		scope = ScopeAll
	}
	switch scope {
	case ScopeAll:
		if on {
			return was, nil // what was on before is not known here
		}
		none := string(Nothing)
		e = MailEdit{Own: &on, Followed: &none, Voted: &on, Digest: &on}
	case ScopeOwn:
		e.Own = &on
	case ScopeVoted:
		e.Voted = &on
	case ScopeDigest:
		e.Digest = &on
	default:
		_, err = p.changeFollow(ctx, string(scope), was.MemberID, func(f *Follow) { f.Muted = !on })
		return was, err
	}
	_, err = p.editMail(ctx, was.MemberID, e)
	return was, err
}

// SetMail changes the mail preferences of the member whose link to them it is, and
// returns how things stood before.
func (p *Portal) SetMail(ctx context.Context, link string, e MailEdit) (was Subscription, err error) {
	if was, err = p.Subscription(ctx, ToPreferences, link); err != nil {
		return was, err
	}
	if err := p.take(ctx, rateLinks, rateLinks.Member, was.MemberID, "too_many_"+rateLinks.Name); err != nil {
		return was, err
	}
	_, err = p.editMail(ctx, was.MemberID, e)
	return was, err
}

// editMail changes preferences and starts again where it met another change: a mail
// provider that unsubscribes somebody does not try a second time.
func (p *Portal) editMail(ctx context.Context, memberID string, e MailEdit) (m Member, err error) {
	for range followTries {
		if m, err = p.Store.Member(ctx, memberID); err != nil || m.Deleted() {
			return m, err
		}
		was := m.Mail
		var f fields
		e.apply(&m.Mail, &f)
		if err := f.err(); err != nil || m.Mail == was {
			return m, err
		}
		m.Version++
		if err = p.Store.UpdateMember(ctx, m, m.Version-1); KindOf(err) != Stale {
			return m, err
		}
	}
	return m, err
}

var errAccountGone = &Error{Kind: NotFound, Code: "no_member", Msg: "This account is gone, and no mail is sent to it."}
