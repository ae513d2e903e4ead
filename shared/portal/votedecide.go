package portal

import (
	"context"
	"slices"
	"strconv"
	"time"
)

// VoteAct is what the team decides about odd votes.
type VoteAct string

// The acts. All members of the case are meant, but for those of the team and, where
// they are to be blocked, those who have left.
const (
	ExcludeVotes VoteAct = "exclude" // none of their votes counts, wherever cast; undone by ReopenVotes
	BlockVoters  VoteAct = "block"   // the same, and they can't write; undone by ReopenVotes
	DismissVotes VoteAct = "dismiss" // the votes stay; undone by ReopenVotes
	ReopenVotes  VoteAct = "reopen"  // what was decided last is undone, and the case waits again
)

// VoteActs are all of them.
var VoteActs = []VoteAct{ExcludeVotes, BlockVoters, DismissVotes, ReopenVotes}

// VoteDecision is what the team decides about a case.
type VoteDecision struct {
	Act     VoteAct
	Note    string // for the log and, with BlockVoters, for the members
	Version int64  // of the case that the actor saw; 0 = any
}

var (
	errNoVoteCase = &Error{Kind: NotFound, Code: "no_vote_case", Msg: "Nothing is known to be odd about the votes on this idea."}
	errVotesOpen  = &Error{Kind: Conflict, Code: "votes_undecided", Msg: "This is not decided yet."}
)

// DecideVotes carries a decision about odd votes out: the members first, maxSanctioned
// a write, each with its line in the log, and the case behind the last of them. Who
// dies in between leaves the case open, and those who are done with are passed over
// the next time. Team only. Errors: Invalid; NotFound; Conflict where there is nothing to
// decide; Stale if the case is not the one that the actor saw.
func (p *Portal) DecideVotes(ctx context.Context, a Actor, ideaID string, d VoteDecision) error {
	if err := a.needTeam(); err != nil {
		return err
	}
	if !ValidTimedID(ideaID) {
		return errNoIdea
	}
	var f fields
	d.Note = text(d.Note)
	f.text("note", d.Note, 0, MaxReasonNote)
	if !slices.Contains(VoteActs, d.Act) {
		f.add("act", "unknown", 0, "Must be exclude, block, dismiss or reopen.")
	}
	if err := f.err(); err != nil {
		return err
	}
	if err := p.allow(ctx, a, rateTeam); err != nil {
		return err
	}
	c, err := p.Store.VoteCase(ctx, ideaID, true)
	switch {
	case err != nil:
		return err
	case c.Version == 0:
		return errNoVoteCase
	case d.Version != 0 && d.Version != c.Version:
		return errDecided
	case c.Open && d.Act == ReopenVotes:
		return errVotesOpen
	case !c.Open && d.Act != ReopenVotes:
		return errNothing
	}
	e := LogEntry{By: a.ID, Thing: Thing{IdeaID: ideaID}, Reasons: c.Why(), Note: d.Note}
	for _, s := range c.sanctions(d.Act) {
		if err := p.sanctionAll(ctx, s, c.Suspects, e); err != nil {
			return err
		}
	}
	now := p.now()
	switch d.Act {
	case ReopenVotes:
		c.Open, c.Since, c.Outcome, c.By, c.At = true, now, "", "", time.Time{}
	default:
		c.Open, c.Since, c.Outcome, c.By, c.At = false, time.Time{}, d.Act, a.ID, now
	}
	c.Version++
	e.What, e.To = voteLog[d.Act], strconv.Itoa(len(c.Suspects))
	if e, err = p.logged(now, e); err != nil {
		return err
	}
	return p.Store.Moderate(ctx, Deed{Votes: &c, Log: []LogEntry{e}})
}

var voteLog = map[VoteAct]string{ExcludeVotes: LogVotesOut, BlockVoters: LogVotesOut, DismissVotes: LogVotesFine, ReopenVotes: LogVotesAgain}

// sanctions are what the act does to each member.
func (c VoteCase) sanctions(act VoteAct) []Sanction {
	switch {
	case act == ExcludeVotes:
		return []Sanction{Exclude}
	case act == BlockVoters:
		return []Sanction{Exclude, Block}
	case act == ReopenVotes && c.Outcome == ExcludeVotes:
		return []Sanction{Include}
	case act == ReopenVotes && c.Outcome == BlockVoters:
		return []Sanction{Include, Unblock}
	}
	return nil
}

// sanctionAll does one thing to the members of a case, as far as it can be done to them.
func (p *Portal) sanctionAll(ctx context.Context, s Sanction, suspects []Suspected, e LogEntry) error {
	for some := range slices.Chunk(suspects, maxSanctioned) {
		if err := p.sanctionSome(ctx, s, some, e); err != nil {
			return err
		}
	}
	return nil
}

// sanctionSome is one write, or where one of the members changes meanwhile, one for
// each half: the recount after the last decision touches the exclusion of each of
// them, and would otherwise keep meeting a write about them all.
func (p *Portal) sanctionSome(ctx context.Context, s Sanction, some []Suspected, e LogEntry) error {
	once := func() error {
		var d Deed
		now := p.now()
		for _, one := range some {
			err := p.sanction(ctx, &d, one.MemberID, s, e, now)
			if kind := KindOf(err); err != nil && kind != Conflict && kind != NotFound {
				return err
			}
		}
		if len(d.Log) == 0 {
			return nil
		}
		return p.Store.Moderate(ctx, d)
	}
	if len(some) == 1 {
		return tries(once)
	}
	err := once()
	if KindOf(err) != Stale {
		return err
	}
	half := len(some) / 2
	if err := p.sanctionSome(ctx, s, some[:half], e); err != nil {
		return err
	}
	return p.sanctionSome(ctx, s, some[half:], e)
}
