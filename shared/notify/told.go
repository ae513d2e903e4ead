package notify

import (
	"context"
	"slices"
	"time"

	"groundswell/shared/mail"
	"groundswell/shared/portal"
)

// reader is the member a mail is for, or why none can be: there is no such member, or
// no way to reach them.
func (w *Worker) reader(ctx context.Context, id string) (to portal.Member, skip string, err error) {
	to, err = w.Reads.Member(ctx, id)
	switch {
	case portal.KindOf(err) == portal.NotFound:
		return to, portal.UnsentNoMember, nil
	case err != nil:
		return to, "", err
	}
	return to, to.Unreachable(), nil
}

// role is for what somebody hears of a step.
type role string

const (
	author   role = "author"    // they submitted the idea
	coAuthor role = "co_author" // theirs was merged into it
	follower role = "follower"  // they follow it, or a duplicate of it
	voter    role = "voter"     // they voted for it, or a duplicate of it
)

// changeMemory is how long the ledger remembers who heard of a change that is no
// launch: far longer than any copy of a job can live.
const changeMemory = 90 * 24 * time.Hour

// tell tells one member of one step, once, whatever led to it: the consumer names
// submitters, pages of a fan-out followers and voters, and many are several of these
// at once. So who hears of it, and for what, is decided here, by what is so now: the
// preferences, the follow and the vote are read again just before the mail is sent.
func (w *Worker) tell(ctx context.Context, j job) error {
	n := notice{subject: j.Idea, event: j.event(), to: j.To, again: j.Again != ""}
	if j.Kind == kindChanged {
		n.forget = w.Clock().Add(changeMemory)
	}
	return w.once(ctx, n, func(ctx context.Context) (mail.Message, string, error) {
		s, skip, err := w.story(ctx, j.Idea, j.Ver)
		if err != nil || skip != "" {
			return mail.Message{}, skip, err
		}
		to, skip, err := w.reader(ctx, j.To)
		if err != nil || skip != "" {
			return mail.Message{}, skip, err
		}
		r, skip, err := w.role(ctx, s, to)
		if err != nil || skip != "" {
			return mail.Message{}, skip, err
		}
		m, err := w.write(ctx, s, to, r)
		m.To = to.Email
		return m, "", err
	})
}

// role is for what the member hears of the step, or why not.
func (w *Worker) role(ctx context.Context, s *story, m portal.Member) (r role, skip string, err error) {
	ideas := s.ideas()
	ties, err := w.Reads.TiesTo(ctx, m.ID, ideas)
	if err != nil {
		return "", "", err
	}
	// Who muted a duplicate hears nothing for what ties them to that one.
	tied := func(how func(portal.Ties) bool) bool {
		return slices.ContainsFunc(ideas, func(id string) bool { return !ties[id].Follow.Muted && how(ties[id]) })
	}
	owns := func(o portal.Owner) bool { return o.MemberID == m.ID && !ties[o.IdeaID].Follow.Muted }
	switch launch := s.launch(); {
	case m.ID == s.step.By.ID:
		return "", portal.UnsentActor, nil
	case ties[ideas[0]].Follow.Muted:
		return "", portal.UnsentMuted, nil
	case launch && m.Mail.Own && m.ID == s.page.Idea.AuthorID:
		return author, "", nil
	case launch && m.Mail.Own && slices.ContainsFunc(s.owners, owns):
		return coAuthor, "", nil
	case s.step.Silent:
		return "", portal.UnsentSilent, nil
	case s.overtaken():
		return "", portal.UnsentOvertaken, nil
	case m.Mail.Wants(launch) && tied(func(t portal.Ties) bool { return t.Follow.Stands() }):
		return follower, "", nil
	case launch && m.Mail.Voted && tied(portal.Ties.Voted):
		return voter, "", nil
	}
	return "", portal.UnsentNotWanted, nil
}

// write writes the mail in the member's language.
func (w *Worker) write(ctx context.Context, s *story, to portal.Member, r role) (mail.Message, error) {
	scope := portal.Scope(s.page.Idea.ID)
	switch r {
	case author, coAuthor:
		scope = portal.ScopeOwn
	case voter:
		scope = portal.ScopeVoted
	}
	links, err := w.links(ctx, to.ID, scope)
	if err != nil {
		return mail.Message{}, err
	}
	f := FollowedFrom(s.page, s.step)
	f.Name, f.URL, f.Own, f.Links, f.Voter = calledBy(to), ideaURL(w.Texts.BaseURL, s.page.Idea), r == author, links, r == voter
	if r == author || r == coAuthor {
		return w.Texts.Launched(to.Locale, f.Launched)
	}
	return w.Texts.Followed(to.Locale, f)
}
