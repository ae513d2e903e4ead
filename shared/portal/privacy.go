package portal

import (
	"context"
	"slices"
	"strings"
	"time"
)

// FormerMember is the name of whoever has deleted the account, on everything that
// they wrote. Nobody can choose it.
const FormerMember = "former member"

// Former reports whether the author has deleted the account: there is no page
// about them to link to.
func (a Author) Former() bool { return a.Name == FormerMember }

// Deleted reports whether the member has deleted the account.
func (m Member) Deleted() bool { return !m.DeletedAt.IsZero() }

// Export is everything that the portal keeps about a member. What is missing from
// it says nothing about anybody once it is there: counters of how often something
// was done in the last hours, by a hash of the address, and the keys of submissions
// that must not be repeated. Both are forgotten within a day. Nor is what the team
// keeps about ideas in it, notes, owners and tags: those are the team's, of whichever
// member of it they came.
type Export struct {
	At       time.Time
	Member   Member
	Sessions []Session
	Ideas    []IdeaText     // all lists have the newest first
	Steps    []HistoryEntry // that the member made ideas take; the team's
	Votes    []Vote
	Follows  []Follow  // and what was muted
	Comments []Comment // without those deleted, of which no text is left
	Mails    []MailLine
	Cases    []Case      // about what the member wrote; who reported it is somebody else's
	Earlier  []Earlier   // texts from before an edit that the team has to look at
	Reports  []Report    // that the member made
	Log      []LogEntry  // what the member did as one of the team, and what was done to what they wrote
	Lists    []Filter    // that a member of the team saved for themselves
	Address  Suppression // what is known of the address from mails that came back
}

// IdeaText is an idea with its text and its way.
type IdeaText struct {
	Idea    Idea
	Body    string
	History []HistoryEntry
}

// MailLine says that a mail was sent to a member, or why not.
type MailLine struct {
	IdeaID, Event string
	To            string // the member
	State, Why    string // as the mail ledger has them
	At            time.Time
	Outcome       string // what was heard of a mail that was sent: "delivered", "bounced", "complained" ...; "" = nothing
	OutcomeAt     time.Time
	Detail        string // of Outcome, for whoever looks after mail: "permanent/general 5.1.1"
}

// exportPage is how many rows an export reads at once.
const exportPage = 500

// Export collects everything about the actor. Each list is read by one Query a
// page, all of its pages.
func (p *Portal) Export(ctx context.Context, a Actor) (Export, error) {
	if err := a.needMember(); err != nil {
		return Export{}, err
	}
	if err := p.allow(ctx, a, rateExports); err != nil {
		return Export{}, err
	}
	e := Export{At: p.now()}
	var ids []string
	for _, read := range []func() error{
		func() (err error) { e.Member, err = p.Store.Member(ctx, a.ID); return err },
		func() (err error) { e.Address, err = p.Store.Suppression(ctx, a.Email); return err },
		func() (err error) { e.Sessions, err = p.Store.Sessions(ctx, a.ID); return err },
		func() error { return collect(ctx, a.ID, p.Store.IdeasBy, &ids) },
		func() (err error) { e.Ideas, err = p.Store.TextsOf(ctx, ids); return err },
		func() error { return collect(ctx, a.ID, p.Store.StepsBy, &e.Steps) },
		func() error { return collect(ctx, a.ID, p.Store.VotesBy, &e.Votes) },
		func() error { return collect(ctx, a.ID, p.Store.FollowsBy, &e.Follows) },
		func() error { return collect(ctx, a.ID, p.Store.MutesBy, &e.Follows) },
		func() error { return collect(ctx, a.ID, p.Store.CommentsBy, &e.Comments) },
		func() error { return collect(ctx, a.ID, p.Store.MailsTo, &e.Mails) },
		func() error { return collect(ctx, a.ID, p.Store.CasesOf, &e.Cases) },
		func() (err error) { e.Earlier, err = p.earlierTexts(ctx, e.Cases); return err },
		func() error { return collect(ctx, a.ID, p.Store.ReportsBy, &e.Reports) },
		func() (err error) { e.Log, err = p.logAbout(ctx, a.ID); return err },
		func() error { fs, err := p.Store.Filters(ctx, a.ID); e.Lists = fs.Own.All; return err },
	} {
		if err := read(); err != nil {
			return Export{}, err
		}
	}
	return e, nil
}

// logAbout are the lines of the log that speak of a member, newest first.
func (p *Portal) logAbout(ctx context.Context, memberID string) (es []LogEntry, err error) {
	for _, q := range []LogQuery{{By: memberID}, {Whose: memberID}} {
		err := collect(ctx, memberID, func(ctx context.Context, _, cursor string, limit int) ([]LogEntry, string, error) {
			q.Cursor, q.Limit = cursor, limit
			return p.Store.Log(ctx, q)
		}, &es)
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(es, func(a, b LogEntry) int { return strings.Compare(b.ID, a.ID) })
	return slices.CompactFunc(es, func(a, b LogEntry) bool { return a.ID == b.ID }), nil
}

// collect reads all pages of a member's list.
func collect[T any](ctx context.Context, memberID string, page func(ctx context.Context, memberID, cursor string, limit int) ([]T, string, error), into *[]T) error {
	for cursor := ""; ; {
		some, next, err := page(ctx, memberID, cursor, exportPage)
		if err != nil {
			return err
		}
		*into = append(*into, some...)
		if cursor = next; cursor == "" {
			return nil
		}
	}
}

// deleteTries bounds how often deleting an account starts again because a write
// met another one, or its outcome is not known.
const deleteTries = 4

// DeleteAccount deletes the actor's account; confirm is the account's own address,
// typed by whoever asks. There is no way back.
//
// What goes, in one write: the address, the name, the language, the mail
// preferences, pending sign-in codes and the sessions; from then on nobody can sign
// in as this member, and no mail is sent. What the member followed and muted goes
// seconds later. The same address can sign up anew, as
// somebody whom nothing connects with what was.
//
// What stays: ideas and comments, as text by a FormerMember; steps that a member of
// the team made ideas take, as the team's, by a FormerMember; votes, since others
// have read the counts and decided by them. All of it hangs on the member's random
// id, of which nothing says any more whose it was. shared/projection takes the name
// out of ideas, comments and histories, seconds later.
//
// An admin may go as anybody may: the configuration names those who come back as
// one.
func (p *Portal) DeleteAccount(ctx context.Context, a Actor, confirm string) error {
	return p.leave(ctx, a, confirm, false)
}

// DeleteEverything is DeleteAccount for those who take their words with them: the
// texts of their ideas and comments go, too, seconds later. An idea without its text
// is removed as one that the team removed: no list, search or feed has it, and its
// page says that it is gone. What others wrote there stays with them, in their own
// lists and exports; a comment with replies keeps its place, empty. Votes stay
// counted, and steps that a member of the team made ideas take stay the team's, as
// above.
func (p *Portal) DeleteEverything(ctx context.Context, a Actor, confirm string) error {
	return p.leave(ctx, a, confirm, true)
}

// Erased is the idea without its words, under its next version; the text goes with
// it in the same write.
func (i Idea) Erased(at time.Time) Idea {
	i.Title, i.Excerpt, i.Version = "", "", i.Version+1
	i.Mod = Moderation{State: Removed, At: at}
	return i
}

// Erased is the comment without its words, under its next version.
func (c Comment) Erased(at time.Time) Comment {
	c.Deleted, c.Body, c.Author.Name, c.EditedAt, c.Version = true, "", "", at, c.Version+1
	return c
}

func (p *Portal) leave(ctx context.Context, a Actor, confirm string, erase bool) error {
	if err := a.needMember(); err != nil {
		return err
	}
	if line(confirm) == "" {
		return InvalidField("confirm", "required", 0, "Must not be empty.")
	}
	email, invalid := Email(confirm)
	var last error
	for range deleteTries {
		m, err := p.Store.Member(ctx, a.ID)
		switch {
		case err != nil:
			return err
		case m.Deleted():
			return nil // by another request, or by a try whose answer got lost
		case invalid != nil || email != m.Email:
			if err := p.allow(ctx, a, rateGoodbye); err != nil {
				return err
			}
			return InvalidField("confirm", "not_your_email", 0, "This is not the e-mail address of this account.")
		}
		left := Member{ID: m.ID, Name: FormerMember, Role: m.Role, DeletedAt: p.now(), Erase: erase, Version: m.Version + 1}
		if last = p.Store.DeleteMember(ctx, m, left); last == nil {
			return nil
		}
	}
	return last
}
