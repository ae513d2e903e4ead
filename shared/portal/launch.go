package portal

import (
	"context"
	"errors"
	"slices"
)

// IdeaReader reads ideas; every Store is one.
type IdeaReader interface {
	Idea(ctx context.Context, id string, strong bool) (Idea, error)
}

// Submitters are the members who hear of the idea's launch: whoever submitted it or
// a duplicate that was merged into it before, less who launched it. What is merged into
// it later, its author is told that the idea is real already; of one that is not public
// nobody hears. With an error it returns
// those it found: what is known need not wait.
func Submitters(ctx context.Context, ideas IdeaReader, idea Idea, launch HistoryEntry) ([]Owner, error) {
	to := []Owner{{idea.ID, idea.AuthorID}}
	var errs []error
	for _, id := range idea.MergedFrom {
		dup, err := ideas.Idea(ctx, id, true)
		switch {
		case err == nil && dup.Hidden():
		case err == nil && (launch.At.IsZero() || !dup.MergedAt.After(launch.At)):
			to = append(to, Owner{dup.ID, dup.AuthorID})
		case err != nil && KindOf(err) != NotFound:
			errs = append(errs, err)
		}
	}
	return tellable(to, launch.By.ID), errors.Join(errs...)
}

// An Owner is the author of an idea.
type Owner struct{ IdeaID, MemberID string }

// tellable are the owners without by, who knows already, and without those who have no
// account.
func tellable(owners []Owner, by string) []Owner {
	return slices.DeleteFunc(owners, func(o Owner) bool { return o.MemberID == by || !ValidMemberID(o.MemberID) })
}

// OwnersOnce are the members among the owners, each once, in the order of their ids.
func OwnersOnce(owners []Owner) []string {
	ids := make([]string, len(owners))
	for i, o := range owners {
		ids[i] = o.MemberID
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Unreachable says in one word why no mail can reach the member: "deleted", the
// account; "no_address", an imported author. "" for everybody else.
func (m Member) Unreachable() string {
	switch {
	case m.Deleted():
		return UnsentDeleted
	case m.Email == "":
		return UnsentNoAddress
	}
	return ""
}

// Reader is somebody who would hear of a launch, or of a merge.
type Reader struct {
	ID, Name string
	Locale   string // that the mail would be in
	Own      bool   // the idea is theirs; else theirs was, or would be, merged into it
	Why      string // there would be no mail, in one word; "" = there would
}

// readers are those who would hear of it if a launched the idea now; whoever
// submitted it stands first.
func (p *Portal) readers(ctx context.Context, a Actor, idea Idea) ([]Reader, error) {
	owners, err := Submitters(ctx, p.Store, idea, HistoryEntry{By: a.author()})
	if err != nil {
		return nil, err
	}
	ids := OwnersOnce(owners)
	out := make([]Reader, len(ids))
	err = together(len(ids), func(i int) (err error) {
		out[i], err = p.reader(ctx, ids[i])
		out[i].Own = ids[i] == idea.AuthorID
		return err
	})
	slices.SortStableFunc(out, func(a, b Reader) int {
		switch {
		case a.Own:
			return -1
		case b.Own:
			return 1
		}
		return 0
	})
	return out, err
}

// reader says whether mail about the member's own ideas would reach them.
func (p *Portal) reader(ctx context.Context, memberID string) (Reader, error) {
	m, err := p.Store.Member(ctx, memberID)
	if KindOf(err) == NotFound {
		return Reader{ID: memberID, Why: UnsentNoMember}, nil
	}
	if err != nil {
		return Reader{}, err
	}
	r := Reader{ID: m.ID, Name: m.Name, Locale: m.Locale, Why: m.Unreachable()}
	if r.Why == "" && !m.Mail.Own {
		r.Why = UnsentNotWanted
	}
	if r.Why != "" {
		return r, nil
	}
	s, err := p.Store.Suppression(ctx, m.Email)
	if s.StopsMail() {
		r.Why = UnsentSuppressed
	}
	return r, err
}

// LaunchPreview is what a mail about a launch would be made from: the idea as it
// would be, with the launch as its history's entry Ver, and the mail's reader.
type LaunchPreview struct {
	Page IdeaPage
	Ver  int64
	To   Member
}

// PreviewLaunch shows what would be told to the member if a launched the idea now
// with the note and the link of c. Nothing is written. Team only. Errors: Invalid;
// NotFound for whoever would not hear of it; Conflict for a merged idea.
func (p *Portal) PreviewLaunch(ctx context.Context, a Actor, ideaID, to string, c StatusChange) (LaunchPreview, error) {
	c.To = Launched
	if err := a.needTeam(); err != nil {
		return LaunchPreview{}, err
	}
	if err := c.normalise(); err != nil {
		return LaunchPreview{}, err
	}
	page, err := p.Idea(ctx, a, IdeaQuery{ID: ideaID, Comments: 1, Fresh: true})
	if err != nil {
		return LaunchPreview{}, err
	}
	if page.Idea.MergedInto != "" {
		return LaunchPreview{}, mergedInto(page.Idea)
	}
	owners, err := Submitters(ctx, p.Store, page.Idea, HistoryEntry{By: a.author()})
	if err != nil {
		return LaunchPreview{}, err
	}
	if !slices.Contains(OwnersOnce(owners), to) {
		return LaunchPreview{}, errNoReader
	}
	m, err := p.Store.Member(ctx, to)
	if err != nil {
		return LaunchPreview{}, err
	}
	if m.Unreachable() != "" {
		return LaunchPreview{}, errNoReader
	}
	h := HistoryEntry{IdeaID: ideaID, Ver: page.Idea.Version + 1, At: p.now(), From: page.Idea.Status, To: Launched, By: a.author(), Note: c.Note, Link: c.Link}
	page.Idea.Status, page.Idea.LaunchedAt = Launched, h.At
	page.History = append(slices.Clone(page.History), h)
	return LaunchPreview{Page: page, Ver: h.Ver, To: m}, nil
}

var errNoReader = &Error{Kind: NotFound, Code: "no_reader", Msg: "That member would get no mail about this idea."}

// Letter is a mail that nobody has been sent, as its reader would see it.
type Letter struct{ Subject, Text, HTML string }
