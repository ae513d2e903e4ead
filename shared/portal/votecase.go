package portal

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// VoteCase is what the team knows about odd votes on an idea. There is one an idea; it
// stays when it is decided, and opens again when others are odd.
//
// It holds the votes that a rule found and nothing that is reckoned from them: what the
// team reads, how many, when, from how many networks, follows from those votes and from
// their members as they are now. An open case only ever gains votes. So looking
// again adds nothing, two that look at once end in the same case in any order, and a
// look that dies is made again without a trace.
type VoteCase struct {
	IdeaID   string
	Open     bool
	Since    time.Time   // since when it waits; zero when it is decided
	Suspects []Suspected // sorted by time; of a decided case those that it was about
	With     []string    // ideas that some of them voted for in step
	More     bool        // there are others; they come when these are decided

	Outcome VoteAct // what was decided; "" of an open case
	By      string  // the member of the team who did
	At      time.Time

	Known   []KnownVote // of earlier rounds, as long as they are looked at
	Round   int64
	Version int64 // 0 = there is no case
}

// Suspected is a vote that a rule found.
type Suspected struct {
	MemberID string
	At       time.Time
	Crowd    string // as Vote has it
	Joined   time.Time
	Why      []string // codes of suspicions, in the order of Suspicions
}

// Fresh reports whether the account was made less than FreshFor before the vote.
func (s Suspected) Fresh() bool { return Vote{At: s.At, Joined: s.Joined}.Fresh() }

// KnownVote is a vote that the team has decided about.
type KnownVote struct {
	MemberID string
	At       time.Time
	Fine     bool // it was dismissed
}

// MaxSuspects is how many votes one round of a case is about.
const MaxSuspects = 200

// fewest is how many votes a suspicion is about at least.
var fewest = map[string]int{ByNetwork: burstVotes, ByNewcomer: newcomers, ByStep: stepMembers}

// Examine is the case with what a look at the idea's votes found, under the next
// version, and whether that says more than it said before. About votes that the team
// has decided about there is no other case: it takes as many others as a rule asks for,
// and as many again as were dismissed lately.
func (c VoteCase) Examine(found []Suspicion, now time.Time) (VoteCase, bool) {
	known, dismissed := map[string]bool{}, 0
	settled := c.Known
	if !c.Open {
		settled = append(slices.Clone(settled), c.decided()...)
	}
	settled = slices.DeleteFunc(slices.Clone(settled), func(k KnownVote) bool { return now.Sub(k.At) > 2*SuspectFor })
	for _, k := range settled {
		if known[k.MemberID] = true; k.Fine {
			dismissed++
		}
	}
	next := c
	next.Suspects, next.With, next.More = nil, nil, false
	all := map[string]Suspected{}
	if c.Open {
		next.With, next.More = slices.Clone(c.With), c.More
		for _, s := range c.Suspects {
			all[s.MemberID] = s
		}
	}
	least, added := 0, 0
	for _, f := range found {
		for _, v := range f.Votes {
			if known[v.MemberID] {
				continue
			}
			s, there := all[v.MemberID]
			if !there {
				s = Suspected{MemberID: v.MemberID, At: v.At, Crowd: v.Crowd, Joined: v.Joined}
				added++
			}
			if !slices.Contains(s.Why, f.Code) {
				s.Why = inOrder(append(slices.Clone(s.Why), f.Code))
			}
			all[v.MemberID] = s
			if least == 0 || fewest[f.Code] < least {
				least = fewest[f.Code]
			}
		}
		next.With = append(next.With, f.With...)
	}
	if !c.Open && (added == 0 || added < max(least, dismissed)) {
		return c, false
	}
	slices.Sort(next.With)
	next.With = slices.Compact(next.With)
	for _, s := range all {
		next.Suspects = append(next.Suspects, s)
	}
	slices.SortFunc(next.Suspects, func(a, b Suspected) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.MemberID, b.MemberID)) })
	if len(next.Suspects) > MaxSuspects {
		next.Suspects, next.More = next.Suspects[:MaxSuspects], true
	}
	if !c.Open {
		next.Open, next.Since, next.Outcome, next.By, next.At = true, now, "", "", time.Time{}
		next.Known, next.Round = settled, c.Round+1
	} else if next.More == c.More && slices.Equal(next.With, c.With) && slices.EqualFunc(next.Suspects, c.Suspects, Suspected.equal) {
		return c, false
	}
	next.Version++
	return next, true
}

func (s Suspected) equal(o Suspected) bool {
	return s.MemberID == o.MemberID && s.At.Equal(o.At) && slices.Equal(s.Why, o.Why)
}

func inOrder(codes []string) (out []string) {
	for _, code := range Suspicions {
		if slices.Contains(codes, code) {
			out = append(out, code)
		}
	}
	return out
}

// decided are the votes that the decision was about.
func (c VoteCase) decided() []KnownVote {
	out := make([]KnownVote, len(c.Suspects))
	for i, s := range c.Suspects {
		out[i] = KnownVote{s.MemberID, s.At, c.Outcome == DismissVotes}
	}
	return out
}

// Why are the codes of the case's suspicions.
func (c VoteCase) Why() []string {
	var all []string
	for _, s := range c.Suspects {
		all = append(all, s.Why...)
	}
	return inOrder(all)
}

// VoteEvidence is what the votes of a case come to.
type VoteEvidence struct {
	Votes    int
	From, To time.Time
	Networks int // that are known
	Biggest  int // votes from the network that most came from
	Unknown  int // votes whose network is not known
	Fresh    int // by accounts that were made less than FreshFor before
}

// Evidence reckons what the case's votes come to.
func (c VoteCase) Evidence() (e VoteEvidence) {
	crowds := map[string]int{}
	for _, s := range c.Suspects {
		if s.Fresh() {
			e.Fresh++
		}
		if s.Crowd == "" {
			e.Unknown++
			continue
		}
		crowds[s.Crowd]++
		e.Biggest = max(e.Biggest, crowds[s.Crowd])
	}
	if e.Votes, e.Networks = len(c.Suspects), len(crowds); e.Votes > 0 {
		e.From, e.To = c.Suspects[0].At, c.Suspects[e.Votes-1].At
	}
	return e
}

// Networks are the numbers that the networks of the case's votes have within it, one
// for each of Suspects: the first to appear is 1, and 0 is not known.
func (c VoteCase) Networks() []int {
	out, numbers := make([]int, len(c.Suspects)), map[string]int{}
	for i, s := range c.Suspects {
		if s.Crowd == "" {
			continue
		}
		if numbers[s.Crowd] == 0 {
			numbers[s.Crowd] = len(numbers) + 1
		}
		out[i] = numbers[s.Crowd]
	}
	return out
}

// VoteCaseItem is a case as the team sees it in a list.
type VoteCaseItem struct {
	Case VoteCase
	Idea Idea // without an ID if there is none any more
}

// VoteCasePage is a page of the queue of votes.
type VoteCasePage struct {
	Items []VoteCaseItem
	Next  string
}

// VoteCases is a page of cases about votes that wait for the team: one Query, and one
// BatchGet of the ideas. Team only.
func (p *Portal) VoteCases(ctx context.Context, a Actor, q QueueQuery) (VoteCasePage, error) {
	if err := a.needTeam(); err != nil {
		return VoteCasePage{}, err
	}
	var f fields
	q.Queue, q.Limit = VotesQ, f.limit(q.Limit)
	if err := f.err(); err != nil {
		return VoteCasePage{}, err
	}
	return p.Store.VoteCases(ctx, q)
}

// VoteCaseFile is a case with everything that the team needs to decide it.
type VoteCaseFile struct {
	VoteCaseItem
	With    []Idea            // the ideas of Case.With
	Members map[string]Member // of the suspects, as they are now
	By      Author            // who decided it; zero of an open case
}

// Throwaway is how many of the members signed in last with the address of a mailbox that
// is thrown away.
func (f VoteCaseFile) Throwaway() (n int) {
	for _, s := range f.Case.Suspects {
		if f.Members[s.MemberID].Throwaway {
			n++
		}
	}
	return n
}

// VoteCase is the case about an idea's votes, open or decided: a Get, and a BatchGet of
// its members and ideas. NotFound if nothing ever was odd. Team only.
func (p *Portal) VoteCase(ctx context.Context, a Actor, ideaID string) (f VoteCaseFile, err error) {
	if err := a.needTeam(); err != nil {
		return f, err
	}
	if !ValidTimedID(ideaID) {
		return f, errNoIdea
	}
	if f.Case, err = p.Store.VoteCase(ctx, ideaID, true); err != nil {
		return f, err
	}
	if f.Case.Version == 0 {
		return f, errNoVoteCase
	}
	var ids []string
	for _, s := range f.Case.Suspects {
		ids = append(ids, s.MemberID)
	}
	if f.By.ID = f.Case.By; f.By.ID != "" {
		ids = append(ids, f.By.ID)
	}
	if f.Members, err = p.Store.Members(ctx, ids); err != nil {
		return f, err
	}
	if m, ok := f.Members[f.By.ID]; ok {
		f.By = m.Author()
	}
	texts, err := p.Store.TextsOf(ctx, append([]string{ideaID}, f.Case.With...))
	for _, t := range texts {
		if t.Idea.ID == ideaID {
			f.Idea = t.Idea
		} else {
			f.With = append(f.With, t.Idea)
		}
	}
	return f, err
}
