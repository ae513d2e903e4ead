package portal

import (
	"context"
	"slices"
	"time"
)

// Follow is what a member wants to hear of one idea. Nothing of the two is the same
// as no record. Muted goes before everything: it is how one says "enough of this",
// whatever else would lead to a mail.
type Follow struct {
	IdeaID, MemberID string
	At               time.Time // of the last change
	Following        bool      // mail as the member's preferences have it
	Muted            bool      // no mail about this idea
	Version          int64     // 0 = there is no record
}

// Stands reports whether the member follows the idea and gets to hear of it.
func (f Follow) Stands() bool { return f.Following && !f.Muted }

// Ties are what connects a member with an idea.
type Ties struct {
	Vote   Vote // the zero Vote if there is none
	Follow Follow
}

// Voted reports whether the member's vote stands.
func (t Ties) Voted() bool { return t.Vote.MemberID != "" }

// FollowIdea makes the actor follow an idea, and hear of it again if it was muted;
// doing it again changes nothing. Members only. One read and one write of a record
// of the actor's own: any number of members can follow one idea at once. A merged
// idea takes no followers: Conflict, with the Target; those it has follow the other
// one with it.
func (p *Portal) FollowIdea(ctx context.Context, a Actor, ideaID string) error {
	if err := a.needWriter(); err != nil {
		return err
	}
	if _, err := p.cardToVoteOn(ctx, a, ideaID); err != nil {
		return err
	}
	if err := p.allow(ctx, a, rateFollows); err != nil {
		return err
	}
	_, err := p.changeFollow(ctx, ideaID, a.ID, func(f *Follow) { f.Following, f.Muted = true, false })
	return err
}

// UnfollowIdea takes that back, and what the actor follows of the idea's duplicates:
// they lead to the same mails. Doing it again changes nothing. It goes for merged
// ideas too.
func (p *Portal) UnfollowIdea(ctx context.Context, a Actor, ideaID string) error {
	if err := a.needMember(); err != nil {
		return err
	}
	if !ValidTimedID(ideaID) {
		return errNoIdea
	}
	if err := p.allow(ctx, a, rateFollows); err != nil {
		return err
	}
	card, err := p.Store.CardOf(ctx, ideaID)
	if err != nil {
		return err
	}
	for _, id := range append(slices.Clone(card.MergedFrom), ideaID) {
		if _, err := p.changeFollow(ctx, id, a.ID, func(f *Follow) { f.Following = false }); err != nil {
			return err
		}
	}
	return nil
}

// followTries bounds how often a change of a Follow starts again because it met
// another one of the same member.
const followTries = 4

// changeFollow puts what change makes of the record in its place, and returns what
// was there before.
func (p *Portal) changeFollow(ctx context.Context, ideaID, memberID string, change func(*Follow)) (was Follow, err error) {
	for range followTries {
		if was, err = p.Store.Follow(ctx, ideaID, memberID); err != nil {
			return Follow{}, err
		}
		is := was
		change(&is)
		switch {
		case is == was:
			return was, nil
		case !is.Following && !is.Muted:
			err = p.Store.DeleteFollow(ctx, was)
		default:
			is.At, is.Version = p.now(), was.Version+1
			err = p.Store.PutFollow(ctx, is, was.Version)
		}
		if KindOf(err) != Stale {
			return was, err
		}
	}
	return was, err
}
