package portal

import (
	"context"
	"slices"
)

// MergePreview is what a merge would come to, or what taking one away would.
type MergePreview struct {
	Idea, Into         Idea
	Card, IntoCard     Card // of the two
	Turnout            Turnout
	Base, IntoBase     int      // what imported ideas brought along, of the one and of the others
	Duplicates         int      // of Into, besides Idea
	Readers            []Reader // their authors; Own where theirs is Into
	Reversible         bool     // it could be the other way round
	VotesMin, VotesMax int      // of the original, then; the same unless there are too many to count
}

// PreviewMerge shows what merging the idea into another one would come to: who voted
// for both, who follows, and who would hear of it. Nothing is written; what it reads
// grows with the votes, to a limit. Team only. Errors as Merge has them.
func (p *Portal) PreviewMerge(ctx context.Context, a Actor, ideaID, into string) (MergePreview, error) {
	if err := a.needTeam(); err != nil {
		return MergePreview{}, err
	}
	idea, err := p.ideaToChange(ctx, ideaID, 0)
	if err != nil {
		return MergePreview{}, err
	}
	m := MergePreview{Idea: idea}
	if m.Into, err = p.original(ctx, idea, into); err != nil {
		return MergePreview{}, err
	}
	m.Reversible = len(m.Into.MergedFrom) == 0 && !idea.Hidden()
	err = p.weigh(ctx, &m)
	if err != nil {
		return MergePreview{}, err
	}
	owners := MergeOwners(m.Idea, m.Into, a.ID)
	m.Readers = make([]Reader, len(owners))
	return m, together(len(owners), func(i int) (err error) {
		m.Readers[i], err = p.owner(ctx, owners[i], m.Into.ID)
		return err
	})
}

// owner says whether news of a merge would reach the author of one end of it.
func (p *Portal) owner(ctx context.Context, o Owner, into string) (Reader, error) {
	r, err := p.reader(ctx, o.MemberID)
	r.Own = o.IdeaID == into
	if err != nil || r.Why != "" {
		return r, err
	}
	f, err := p.Store.Follow(ctx, o.IdeaID, o.MemberID)
	if f.Muted {
		r.Why = UnsentMuted
	}
	return r, err
}

// PreviewUnmerge shows what each of the two would have if the merge of the idea was
// undone: Card and IntoCard, Turnout and the bases say it; VotesMin and VotesMax are
// the original's without the duplicate. Team only. Errors as Unmerge has them.
func (p *Portal) PreviewUnmerge(ctx context.Context, a Actor, ideaID string) (MergePreview, error) {
	if err := a.needTeam(); err != nil {
		return MergePreview{}, err
	}
	idea, err := p.ideaToChange(ctx, ideaID, 0)
	if err != nil {
		return MergePreview{}, err
	}
	if idea.MergedInto == "" {
		return MergePreview{}, errNotMerged
	}
	m := MergePreview{Idea: idea}
	if m.Into, err = p.Store.Idea(ctx, idea.MergedInto, true); err != nil {
		return MergePreview{}, err
	}
	err = p.weigh(ctx, &m)
	if m.VotesMin = m.IntoBase + m.Turnout.Votes.Other; m.Turnout.Votes.More {
		m.VotesMin = max(m.IntoCard.Votes-m.Card.Votes, 0)
	}
	if m.VotesMax = m.VotesMin; m.Turnout.Votes.More {
		m.VotesMax = m.IntoCard.Votes
	}
	return m, err
}

// weigh counts the two sides of a merge, each member once.
func (p *Portal) weigh(ctx context.Context, m *MergePreview) error {
	others := slices.DeleteFunc(slices.Clone(m.Into.MergedFrom), func(id string) bool { return id == m.Idea.ID })
	m.Duplicates, m.Base, m.IntoBase = len(others), m.Idea.BaseVotes, m.Into.BaseVotes
	err := together(3, func(i int) (err error) {
		switch i {
		case 0:
			m.Card, err = p.Store.CardOf(ctx, m.Idea.ID)
		case 1:
			m.IntoCard, err = p.Store.CardOf(ctx, m.Into.ID)
		case 2:
			m.Turnout, err = p.Store.Turnout(ctx, []string{m.Idea.ID}, append([]string{m.Into.ID}, others...))
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range others {
		dup, err := p.Store.Idea(ctx, id, false)
		if err != nil {
			return err
		}
		m.IntoBase += dup.BaseVotes
	}
	base := m.Base + m.IntoBase
	if m.VotesMin = base + m.Turnout.Votes.All(); m.Turnout.Votes.More { // too many: what follows from the cards
		m.VotesMin = max(m.Card.Votes, m.IntoCard.Votes)
	}
	if m.VotesMax = m.VotesMin; m.Turnout.Votes.More {
		m.VotesMax = m.Card.Votes + m.IntoCard.Votes
	}
	return nil
}

// MergeNews is what an author is told of a merge.
type MergeNews struct {
	Idea, Into Idea
	Votes      int // of both together; 0 = not counted yet
	To         Member
}

// PreviewMergeMail is what the member would be told of the merge. Team only; NotFound
// for whoever would hear nothing of it, and errors as Merge has them.
func (p *Portal) PreviewMergeMail(ctx context.Context, a Actor, ideaID, into, to string) (MergeNews, error) {
	m, err := p.PreviewMerge(ctx, a, ideaID, into)
	if err != nil {
		return MergeNews{}, err
	}
	if !slices.ContainsFunc(m.Readers, func(r Reader) bool { return r.ID == to }) {
		return MergeNews{}, errNoReader
	}
	news := MergeNews{Idea: m.Idea, Into: m.Into, Votes: m.VotesMin}
	if news.To, err = p.Store.Member(ctx, to); err != nil {
		return MergeNews{}, err
	}
	if news.To.Unreachable() != "" {
		return MergeNews{}, errNoReader
	}
	return news, nil
}
