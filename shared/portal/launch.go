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
// a duplicate that was merged into it, less by, who launched it. With an error it
// returns those it found: what is known need not wait.
func Submitters(ctx context.Context, ideas IdeaReader, idea Idea, by string) ([]string, error) {
	to := []string{idea.AuthorID}
	var errs []error
	for _, id := range idea.MergedFrom {
		dup, err := ideas.Idea(ctx, id, true)
		switch {
		case err == nil:
			to = append(to, dup.AuthorID)
		case KindOf(err) != NotFound:
			errs = append(errs, err)
		}
	}
	slices.Sort(to)
	to = slices.Compact(to)
	return slices.DeleteFunc(to, func(id string) bool { return id == by || !ValidMemberID(id) }), errors.Join(errs...)
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

// Reader is somebody who would hear of a launch.
type Reader struct {
	ID, Name string
	Locale   string // that the mail would be in
	Own      bool   // the idea is theirs; else theirs was merged into it
	Why      string // there would be no mail, in one word; "" = there would
}

// readers are those who would hear of it if a launched the idea now; whoever
// submitted it stands first.
func (p *Portal) readers(ctx context.Context, a Actor, idea Idea) ([]Reader, error) {
	ids, err := Submitters(ctx, p.Store, idea, a.ID)
	if err != nil {
		return nil, err
	}
	out := make([]Reader, len(ids))
	err = together(len(ids), func(i int) error {
		m, err := p.Store.Member(ctx, ids[i])
		if KindOf(err) == NotFound {
			out[i] = Reader{ID: ids[i], Why: UnsentNoMember}
			return nil
		}
		if err != nil {
			return err
		}
		out[i] = Reader{ID: m.ID, Name: m.Name, Locale: m.Locale, Own: m.ID == idea.AuthorID, Why: m.Unreachable()}
		if out[i].Why == "" && !m.Mail.Own {
			out[i].Why = UnsentNotWanted
		}
		if out[i].Why != "" {
			return nil
		}
		s, err := p.Store.Suppression(ctx, m.Email)
		if s.StopsMail() {
			out[i].Why = UnsentSuppressed
		}
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
	ids, err := Submitters(ctx, p.Store, page.Idea, a.ID)
	if err != nil {
		return LaunchPreview{}, err
	}
	if !slices.Contains(ids, to) {
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
