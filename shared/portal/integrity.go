package portal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// What is odd about votes. The rules are pure: they get the votes to look at, and say
// whom the team should look at, and why. They never leave a vote out: an office that
// votes for its colleague's idea after lunch looks like an attack from one network, and
// only people can tell. Excluding is the team's (see Sanction), and can be undone.
//
// A vote carries no address. Its Crowd is a hash of the network and of the idea, keyed
// with the week's key (see network.go): it says that two votes on one idea, cast in one
// week, came from one IPv4 /24 or IPv6 /64, and nothing else. It can't be compared with
// that of another idea or week, and once the key is gone nobody can say which network
// it was. Where that can't be known at the moment, a vote has no Crowd: no vote is
// ever refused for it.

// SeenVote is a vote with what is known of its voter.
type SeenVote struct {
	Vote
	Joined time.Time // when the account was made
}

// Suspicion is one reason to look at some votes.
type Suspicion struct {
	Code     string // one of the codes below
	IdeaID   string // "" for ByStep, which is about several
	Members  []string
	From, To time.Time // when they voted
	Evidence string    // in the form of Case.Evidence
}

// The codes of suspicions.
const (
	ByNetwork  = "network"  // many votes on one idea from one network, in a short time
	ByNewcomer = "newcomer" // most votes on one idea in a short time are of accounts just made
	ByStep     = "step"     // accounts just made voted for the same ideas in the same order
)

// What makes votes odd.
const (
	burstVotes  = 10
	burstTime   = 10 * time.Minute
	newcomers   = 10
	newcomeTime = time.Hour
	stepMembers = 5
	stepIdeas   = 3
)

// Suspect looks at votes, of any number of ideas and in any order; the same votes give
// the same suspicions, so looking again adds nothing.
func Suspect(votes []SeenVote) (out []Suspicion) {
	votes = slices.Clone(votes)
	slices.SortFunc(votes, func(a, b SeenVote) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.IdeaID, b.IdeaID), cmp.Compare(a.MemberID, b.MemberID))
	})
	votes = slices.CompactFunc(votes, func(a, b SeenVote) bool { return a.IdeaID == b.IdeaID && a.MemberID == b.MemberID })
	ideas, crowds := map[string][]SeenVote{}, map[string][]SeenVote{}
	for _, v := range votes {
		ideas[v.IdeaID] = append(ideas[v.IdeaID], v)
		if v.Crowd != "" {
			crowds[v.IdeaID+" "+v.Crowd] = append(crowds[v.IdeaID+" "+v.Crowd], v)
		}
	}
	for _, vs := range crowds {
		if most := densest(vs, burstTime, func(SeenVote) bool { return true }); len(most) >= burstVotes {
			out = append(out, suspicion(ByNetwork, most[0].IdeaID, most))
		}
	}
	for _, vs := range ideas {
		most := densest(vs, newcomeTime, SeenVote.fresh)
		if len(most) < newcomers {
			continue
		}
		all := 0
		for _, v := range vs {
			if !v.At.Before(most[0].At) && !v.At.After(most[len(most)-1].At) {
				all++
			}
		}
		if len(most)*2 > all {
			out = append(out, suspicion(ByNewcomer, most[0].IdeaID, most))
		}
	}
	out = append(out, inStep(votes)...)
	slices.SortFunc(out, func(a, b Suspicion) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.IdeaID, b.IdeaID), a.From.Compare(b.From), slices.Compare(a.Members, b.Members))
	})
	return out
}

func (v SeenVote) fresh() bool { return !v.Joined.IsZero() && v.At.Sub(v.Joined) < FreshFor }

// densest are the most votes that match within a time, of votes sorted by time.
func densest(vs []SeenVote, within time.Duration, match func(SeenVote) bool) (most []SeenVote) {
	vs = slices.DeleteFunc(slices.Clone(vs), func(v SeenVote) bool { return !match(v) })
	for from, to := 0, 0; to < len(vs); to++ {
		for vs[to].At.Sub(vs[from].At) > within {
			from++
		}
		if to-from+1 > len(most) {
			most = vs[from : to+1]
		}
	}
	return most
}

// inStep finds accounts just made whose votes are for the same ideas in one order.
func inStep(votes []SeenVote) (out []Suspicion) {
	ways := map[string][]SeenVote{} // of one member, sorted by time
	for _, v := range votes {
		if v.fresh() {
			ways[v.MemberID] = append(ways[v.MemberID], v)
		}
	}
	same := map[string][]SeenVote{}
	members := map[string]int{}
	for _, way := range ways {
		if len(way) < stepIdeas {
			continue
		}
		ids := make([]string, len(way))
		for i, v := range way {
			ids[i] = v.IdeaID
		}
		key := strings.Join(ids, " ")
		same[key], members[key] = append(same[key], way...), members[key]+1
	}
	for key, vs := range same {
		if members[key] < stepMembers {
			continue
		}
		slices.SortFunc(vs, func(a, b SeenVote) int { return a.At.Compare(b.At) })
		out = append(out, suspicion(ByStep, "", vs))
	}
	return out
}

func suspicion(code, ideaID string, vs []SeenVote) Suspicion {
	s := Suspicion{Code: code, IdeaID: ideaID, From: vs[0].At, To: vs[len(vs)-1].At}
	for _, v := range vs {
		s.Members = append(s.Members, v.MemberID)
	}
	slices.Sort(s.Members)
	s.Members = slices.Compact(s.Members)
	s.Evidence = fmt.Sprintf("%s: %d, %s", code, len(s.Members), s.To.Sub(s.From).Round(time.Second))
	return s
}
