package portal

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// What is odd about votes. The rules are pure: they get the votes to look at, and say
// whom the team should look at, and why. They never leave a vote out: an office that
// votes for its colleague's idea after lunch looks like an attack from one network, and
// only people can tell. What they find becomes a case (see votecase.go); excluding is
// the team's, and can be undone.
//
// A vote carries no address. Its Crowd is a hash of the network and of the idea, keyed
// with the week's key (see network.go): it says that two votes on one idea, cast in one
// week, came from one IPv4 /24 or IPv6 /64, and nothing else. It can't be compared with
// that of another idea or week, and once the key is gone nobody can say which network
// it was. Where that can't be known at the moment, a vote has no Crowd: no vote is
// ever refused for it.
//
// # What is found, and what is found wrongly
//
// The rules are tried on made up days and on a real portal's numbers (integrity_test.go
// has them all):
//
//   - A town of 2,000 on 20 ideas in ten hours, a tenth of them new, from 500 networks
//     and a carrier that every twelfth comes from: nothing. The same on a portal's first
//     day, on which everybody is new: nothing, since the other ideas' voters are as new.
//   - 466,000 votes that 1,500 real ideas got in seven years, half of an idea's within
//     days of its birth, a quarter of them by new accounts: one case, and the wrong one.
//     With half the votes of an hour instead of two thirds as the limit, eighteen.
//   - Forty colleagues of one office, votes for one idea within minutes: a case, and the
//     wrong one; ten pupils in a workshop as well, nine not. A shop's hundred guests over
//     an evening, from its network: nothing. Twenty colleagues among the 300 votes that a
//     favourite gets meanwhile: nothing.
//   - A newsletter that brings 100 new members to one idea within the hour, while the
//     rest of the portal has old ones: a case, and again as many have to come before
//     there is another. Nothing in the votes tells this from an attack; that they came
//     from a hundred networks, with addresses that will last, is in the evidence.
//   - Ten friends who join to vote for their friend's two ideas: a case about each.
//   - Fifty accounts from fifty networks on three ideas, in any order and among votes of
//     others, one in half a minute or one in five minutes: a case about each. One an
//     hour: nothing. Whoever can wait is not found by rules about haste.

// Suspicion is one reason to look at some votes on an idea.
type Suspicion struct {
	Code   string // one of the codes below
	IdeaID string
	Votes  []Vote   // sorted by time
	With   []string // ByStep: the other ideas
}

// The codes of suspicions.
const (
	ByNetwork  = "network"  // many votes from one network, in a short time
	ByNewcomer = "newcomer" // nearly all votes of a time are of accounts just made
	ByStep     = "step"     // the same accounts, just made, voted for other ideas at the same time
)

// Suspicions are all of them.
var Suspicions = []string{ByNetwork, ByNewcomer, ByStep}

// What makes votes odd.
const (
	burstVotes  = 10
	burstTime   = 10 * time.Minute
	burstPart   = 5 // a fifth of the votes of that time: a carrier that brings one in twelve is none
	newcomers   = 10
	newcomeTime = time.Hour
	stepMembers = 6
	stepTime    = time.Hour
	stepPart    = 4 // all but a fourth of the new voters of either idea
)

// SuspectFor is for how long a vote is looked at after it was cast. It is twenty-four
// times as long as the longest of the rules' times, and a hundred and forty-four as
// long as the time between two looks, so that a look that is late misses nothing.
const SuspectFor = 24 * time.Hour

// Suspect looks at votes, of any number of ideas and in any order; the same votes give
// the same suspicions, so looking again adds nothing. Members whose votes don't count
// must not be among them; all is how many votes the whole portal had lately, these among them.
func Suspect(votes []Vote, all Influx) (out []Suspicion) {
	ideas := byIdea(votes)
	fresh := map[string][]Vote{}
	for id, vs := range ideas {
		fresh[id] = only(vs, Vote.Fresh)
	}
	for id, vs := range ideas {
		out = append(out, byNetwork(id, vs)...)
		out = append(out, byNewcomer(id, vs, fresh[id], Influx{all.Votes - len(vs), all.Fresh - len(fresh[id])})...)
		out = append(out, byStep(id, fresh)...)
	}
	slices.SortFunc(out, func(a, b Suspicion) int {
		return cmp.Or(cmp.Compare(a.IdeaID, b.IdeaID), cmp.Compare(a.Code, b.Code), compareVotes(a.Votes[0], b.Votes[0]))
	})
	return out
}

// byIdea are the votes of each idea, once each and sorted by time.
func byIdea(votes []Vote) map[string][]Vote {
	votes = slices.SortedFunc(slices.Values(votes), compareVotes)
	votes = slices.CompactFunc(votes, func(a, b Vote) bool { return a.IdeaID == b.IdeaID && a.MemberID == b.MemberID })
	ideas := map[string][]Vote{}
	for _, v := range votes {
		ideas[v.IdeaID] = append(ideas[v.IdeaID], v)
	}
	return ideas
}

func compareVotes(a, b Vote) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.IdeaID, b.IdeaID), cmp.Compare(a.MemberID, b.MemberID))
}

// Fresh reports whether the account was made less than FreshFor before.
func (v Vote) Fresh() bool { return !v.Joined.IsZero() && v.At.Sub(v.Joined) < FreshFor }

func only(vs []Vote, match func(Vote) bool) []Vote {
	return slices.DeleteFunc(slices.Clone(vs), func(v Vote) bool { return !match(v) })
}

// span are those of the votes, sorted by time, that were cast from the first to the
// last of some.
func span(vs, some []Vote) []Vote { return between(vs, some[0].At, some[len(some)-1].At) }

func between(vs []Vote, from, to time.Time) []Vote {
	byTime := func(v Vote, t time.Time) int { return v.At.Compare(t) }
	i, _ := slices.BinarySearchFunc(vs, from, byTime)
	k, _ := slices.BinarySearchFunc(vs, to.Add(1), byTime)
	return vs[i:k]
}

// runs are the stretches of votes, sorted by time, in which at least so many are
// always within a time of each other.
func runs(vs []Vote, within time.Duration, least int) (out [][]Vote) {
	for from := 0; from+least <= len(vs); {
		to := from + least - 1
		if vs[to].At.Sub(vs[from].At) > within {
			from++
			continue
		}
		for to+1 < len(vs) && vs[to+1].At.Sub(vs[to+2-least].At) <= within {
			to++
		}
		out = append(out, vs[from:to+1])
		from = to + 1
	}
	return out
}

// byNetwork finds many votes from one network within minutes, where they are not just
// that network's part of a crowd.
func byNetwork(id string, vs []Vote) (out []Suspicion) {
	crowds := map[string][]Vote{}
	for _, v := range vs {
		if v.Crowd != "" {
			crowds[v.Crowd] = append(crowds[v.Crowd], v)
		}
	}
	for _, some := range crowds {
		for _, run := range runs(some, burstTime, burstVotes) {
			if len(run)*burstPart >= len(span(vs, run)) {
				out = append(out, Suspicion{Code: ByNetwork, IdeaID: id, Votes: run})
			}
		}
	}
	return out
}

// byNewcomer finds accounts just made that cast two of three votes of an hour, unless the
// votes on all other ideas say that most members are new here: as on a portal's first
// day.
func byNewcomer(id string, vs, fresh []Vote, others Influx) (out []Suspicion) {
	if others.Votes >= newcomers && others.Fresh*2 > others.Votes {
		return nil
	}
	for _, run := range runs(fresh, newcomeTime, newcomers) {
		if len(run)*3 > len(span(vs, run))*2 {
			out = append(out, Suspicion{Code: ByNewcomer, IdeaID: id, Votes: run})
		}
	}
	return out
}

// byStep finds accounts just made that vote for the same ideas within an hour: so that
// nearly all new voters of this idea are new voters of the other, and the other way
// round. Those who come by themselves share the favourites at most, which have many more.
func byStep(id string, fresh map[string][]Vote) []Suspicion {
	mine, with, found := fresh[id], []string(nil), map[string]Vote{}
	for other, theirs := range fresh {
		if other == id || len(theirs) < stepMembers || len(mine) < stepMembers {
			continue
		}
		for _, same := range runs(of(mine, theirs), stepTime, stepMembers) {
			there := between(of(theirs, same), same[0].At.Add(-stepTime), same[len(same)-1].At.Add(stepTime))
			n := len(there) * stepPart
			if len(there) < stepMembers || n < len(span(mine, same))*(stepPart-1) || n < len(span(theirs, there))*(stepPart-1) {
				continue
			}
			if !slices.Contains(with, other) {
				with = append(with, other)
			}
			for _, v := range of(same, there) {
				found[v.MemberID] = v
			}
		}
	}
	if len(with) == 0 {
		return nil
	}
	slices.Sort(with)
	votes := slices.SortedFunc(maps.Values(found), compareVotes)
	return []Suspicion{{Code: ByStep, IdeaID: id, Votes: votes, With: with}}
}

// of are those votes whose members also cast one of the others.
func of(vs, others []Vote) []Vote {
	members := make(map[string]bool, len(others))
	for _, v := range others {
		members[v.MemberID] = true
	}
	return only(vs, func(v Vote) bool { return members[v.MemberID] })
}

// Companions are up to limit other ideas that enough of the idea's new voters voted
// for, within the same time: those whose votes have to be known to tell whether they
// did so in step. own are the votes of each of those members, on whatever ideas.
func Companions(votes []Vote, own map[string][]Vote, limit int) []string {
	n := map[string]int{}
	for _, v := range votes {
		for _, o := range own[v.MemberID] {
			if o.IdeaID != v.IdeaID && v.Fresh() && o.Fresh() && o.At.Sub(v.At).Abs() <= stepTime {
				n[o.IdeaID]++
			}
		}
	}
	var ids []string
	for id, k := range n {
		if k >= stepMembers {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(n[b]-n[a], cmp.Compare(a, b)) })
	return ids[:min(limit, len(ids))]
}

// NewVoters are the newest of the idea's new voters, limit at most, if there are enough
// within the time of Companions that it is worth asking what else they voted for.
func NewVoters(votes []Vote, limit int) (members []string) {
	vs := slices.SortedFunc(slices.Values(only(votes, Vote.Fresh)), compareVotes)
	if len(runs(vs, stepTime, stepMembers)) == 0 {
		return nil
	}
	for _, v := range vs[max(0, len(vs)-limit):] {
		members = append(members, v.MemberID)
	}
	return members
}
