package portal

import (
	"context"
	"slices"
	"time"
)

// Vote is one member's vote for one idea: it is there or it is not.
type Vote struct {
	IdeaID, MemberID string
	At               time.Time
	Crowd            string    // which votes on this idea came from one network this week; see integrity.go. "" = not known
	Joined           time.Time // when the account was made, if that was less than FreshFor before; zero = earlier, or not known
}

// Ballot is the answer to casting or withdrawing a vote: the idea's votes, the
// actor's own already in them, and whether the actor's stands.
type Ballot struct {
	Votes int
	Voted bool
}

// overlay is how long after a vote the reader's own is added to a count whose newest
// vote is older. Counting takes seconds; past this the count is right by itself.
const overlay = 15 * time.Second

// CastVote makes the actor's vote stand; doing it again changes nothing. Members
// only. One conditional write, no shared record: any number of members can vote
// on one idea at once. A merged idea takes no votes: Conflict, with the Target. For an
// idea that has duplicates the actor's votes on those are read too.
func (p *Portal) CastVote(ctx context.Context, a Actor, ideaID string) (Ballot, error) {
	if err := a.needWriter(); err != nil {
		return Ballot{}, err
	}
	card, err := p.cardToVoteOn(ctx, a, ideaID)
	if err != nil {
		return Ballot{}, err
	}
	if err := p.allow(ctx, a, rateVotes); err != nil {
		return Ballot{}, err
	}
	votes, err := p.votesOf(ctx, a, card)
	if err != nil {
		return Ballot{}, err
	}
	v := Vote{IdeaID: ideaID, MemberID: a.ID, At: p.now(), Crowd: p.crowd(ctx, a, ideaID)}
	if v.Joined = a.CreatedAt; !v.Fresh() {
		v.Joined = time.Time{}
	}
	created, err := p.Store.PutVote(ctx, v)
	if err != nil {
		return Ballot{}, err
	}
	if created && len(votes) == 0 {
		if !a.Uncounted {
			card.Votes++ // the card was read before this vote was cast
		}
		return Ballot{Votes: card.Votes, Voted: true}, nil
	}
	if !created {
		if v, _, err = p.Store.Vote(ctx, ideaID, a.ID); err != nil {
			return Ballot{}, err
		}
		votes = append(votes, v)
	}
	p.seen(a, &card, first(votes))
	return Ballot{Votes: card.Votes, Voted: true}, nil
}

// WithdrawVote takes the actor's vote back, and those on duplicates of the idea: they
// are one vote. Doing it again changes nothing.
func (p *Portal) WithdrawVote(ctx context.Context, a Actor, ideaID string) (Ballot, error) {
	card, err := p.cardToVoteOn(ctx, a, ideaID)
	if err != nil {
		return Ballot{}, err
	}
	votes, err := p.votesOf(ctx, a, card)
	if err != nil {
		return Ballot{}, err
	}
	v, stands, err := p.Store.Vote(ctx, ideaID, a.ID)
	if err != nil {
		return Ballot{}, err
	}
	if stands {
		votes = append(votes, v)
	}
	if len(votes) > 0 {
		if err := p.allow(ctx, a, rateVotes); err != nil {
			return Ballot{}, err
		}
	}
	deleted := false
	for _, v := range votes {
		is, err := p.Store.DeleteVote(ctx, v)
		if err != nil {
			return Ballot{}, err
		}
		deleted = deleted || is
	}
	if deleted && !a.Uncounted && !first(votes).At.After(card.AsOf) {
		card.Votes--
	}
	return Ballot{Votes: card.Votes}, nil
}

// votesOf are the actor's votes on the duplicates whose votes are in the card, read
// strongly; nothing is read for an idea that has none.
func (p *Portal) votesOf(ctx context.Context, a Actor, c Card) (votes []Vote, err error) {
	if len(c.MergedFrom) == 0 {
		return nil, nil
	}
	ties, err := p.Store.TiesTo(ctx, a.ID, c.MergedFrom)
	for _, id := range c.MergedFrom {
		if t := ties[id]; t.Voted() {
			votes = append(votes, t.Vote)
		}
	}
	return votes, err
}

// first is the vote that was cast first: with it, its member was counted.
func first(votes []Vote) Vote {
	return slices.MinFunc(votes, func(a, b Vote) int { return a.At.Compare(b.At) })
}

func (p *Portal) cardToVoteOn(ctx context.Context, a Actor, ideaID string) (Card, error) {
	if err := a.needMember(); err != nil {
		return Card{}, err
	}
	if !ValidTimedID(ideaID) {
		return Card{}, errNoIdea
	}
	card, err := p.Store.CardOf(ctx, ideaID)
	if err != nil {
		return Card{}, err
	}
	if card.Hidden {
		if !(Moderation{State: Hidden}).mayRead(a, card.Author.ID) {
			return Card{}, errNoIdea
		}
		return Card{}, errNotPublic
	}
	if card.MergedInto != "" {
		return Card{}, p.elsewhere(ctx, card.MergedInto)
	}
	return card, nil
}

// seen adds the reader's own vote to a count that was made before it.
func (p *Portal) seen(a Actor, c *Card, v Vote) {
	if !a.Uncounted && v.At.After(c.AsOf) && p.now().Sub(v.At) < overlay {
		c.Votes++
	}
}

// crowd is the Crowd of a vote by the actor; "" where it can't be known: a vote is
// worth more than that.
func (p *Portal) crowd(ctx context.Context, a Actor, ideaID string) string {
	net := crowdOf(a.From)
	if net == "" {
		return ""
	}
	hash, err := p.blind(ctx, "vote "+ideaID, net)
	if err != nil {
		return ""
	}
	return hash[:8]
}
