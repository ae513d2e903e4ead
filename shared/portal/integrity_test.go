package portal_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"groundswell/shared/portal"
)

// noon is when what the tests make up happens.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func cast(idea, who string, at time.Time, crowd string, joined time.Time) portal.Vote {
	v := portal.Vote{IdeaID: idea, MemberID: who, At: at, Crowd: crowd}
	if at.Sub(joined) < portal.FreshFor {
		v.Joined = joined
	}
	return v
}

// network is whose a voter is: a carrier's in one case of twelve, else one of 500.
func network(r *rand.Rand) string {
	if r.IntN(12) == 0 {
		return "carrier"
	}
	return fmt.Sprint("net", r.IntN(500))
}

// town is a day's votes on 20 ideas, of which the first are the favourites; one voter in
// so many is new.
func simulatedTown(r *rand.Rand, voters, oneInNew int) (votes []portal.Vote) {
	for n := range voters {
		joined, net := noon.AddDate(-1, 0, 0), network(r)
		at := noon.Add(time.Duration(r.IntN(36000)) * time.Second)
		if n%oneInNew == 0 {
			joined = at.Add(-10 * time.Minute)
		}
		for range 1 + r.IntN(3) {
			idea := fmt.Sprint("idea", min(r.IntN(20), r.IntN(20)))
			at = at.Add(time.Duration(5+r.IntN(60)) * time.Second)
			votes = append(votes, cast(idea, fmt.Sprint("townsman", n), at, net, joined))
		}
	}
	return votes
}

// group is one vote after the other, so far apart, by accounts as old as said.
func group(name string, n int, ideas []string, apart time.Duration, crowd func(int) string, age time.Duration) (votes []portal.Vote) {
	for i := range n {
		for k, idea := range ideas {
			at := noon.Add(time.Duration(i)*apart + time.Duration((k*7+i*3)%11)*time.Second) // in no order
			votes = append(votes, cast(idea, fmt.Sprint(name, i), at, crowd(i), noon.Add(-age)))
		}
	}
	return votes
}

func influx(votes []portal.Vote) (t portal.Influx) {
	for _, v := range votes {
		if t.Votes++; v.Fresh() {
			t.Fresh++
		}
	}
	return t
}

func together(name string) func(int) string { return func(int) string { return name } }
func apart(i int) string                    { return fmt.Sprint("proxy", i) }

// What is odd about made up days, votes in any order and with repetitions, and about
// whom. The package's text quotes this list, its mistakes among it.
func TestSuspect(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	year, hour := 365*24*time.Hour, time.Hour
	town := simulatedTown(r, 2000, 10)
	for name, c := range map[string]struct {
		votes [][]portal.Vote
		want  []string
	}{
		"an honest town":            {[][]portal.Vote{town}, nil},
		"a portal's first day":      {[][]portal.Vote{simulatedTown(r, 2000, 1)}, nil},
		"an office, wrongly":        {[][]portal.Vote{town, group("colleague", 40, []string{"idea19"}, 10*time.Second, together("office"), year)}, []string{"network idea19 40"}},
		"a workshop of ten":         {[][]portal.Vote{town, group("pupil", 10, []string{"idea19"}, 30*time.Second, together("school"), year)}, []string{"network idea19 10"}},
		"a workshop of nine":        {[][]portal.Vote{town, group("pupil", 9, []string{"idea19"}, 30*time.Second, together("school"), year)}, nil},
		"a shop's evening":          {[][]portal.Vote{town, group("guest", 100, []string{"idea19"}, 90*time.Second, together("shop"), year)}, nil},
		"an office in a crowd":      {[][]portal.Vote{group("fan", 500, []string{"idea0"}, 2*time.Second, apart, year), group("colleague", 20, []string{"idea0"}, 10*time.Second, together("office"), year)}, nil},
		"a newsletter, wrongly":     {[][]portal.Vote{town, group("reader", 100, []string{"idea18"}, 30*time.Second, apart, hour)}, []string{"newcomer idea18 100"}},
		"ten friends, wrongly":      {[][]portal.Vote{town, group("friend", 10, []string{"idea17", "idea18"}, 3*time.Minute, apart, hour)}, []string{"newcomer idea17 10", "step idea17 10", "newcomer idea18 10", "step idea18 10"}},
		"an attack":                 {[][]portal.Vote{town, group("sock", 50, []string{"idea17", "idea18", "idea19"}, 30*time.Second, apart, hour)}, []string{"newcomer idea17 50", "step idea17 50", "newcomer idea18 50", "step idea18 50", "newcomer idea19 50", "step idea19 50"}},
		"an attack, twelve an hour": {[][]portal.Vote{town, group("sock", 50, []string{"idea17", "idea18"}, 5*time.Minute, apart, 18*hour)}, []string{"newcomer idea17 50", "step idea17 50", "newcomer idea18 51", "step idea18 50"}}, // and a new townsman between them
		"an attack, one an hour":    {[][]portal.Vote{town, group("sock", 20, []string{"idea17", "idea18", "idea19"}, hour, apart, hour)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			all := slices.Concat(c.votes...)
			r := rand.New(rand.NewPCG(3, 4))
			r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			found := portal.Suspect(append(all, all[:len(all)/3]...), influx(all))
			var got []string
			for _, s := range found {
				got = append(got, fmt.Sprintf("%s %s %d", s.Code, s.IdeaID, len(s.Votes)))
			}
			if again := portal.Suspect(all, influx(all)); cmp.Diff(found, again) != "" {
				t.Errorf("looking again, another answer: %v, then %v", found, again)
			}
			if d := cmp.Diff(c.want, got, cmpopts.SortSlices(strings.Compare)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// Votes say which of them came from one network, on one idea and in one week alone.
func TestCrowd(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	author := d.signIn("author@example.com")
	one, two := d.submit(author, "One"), d.submit(author, "Two")
	crowd := func(email, address string, i portal.Idea) string {
		a := d.signIn(email)
		a.From = portal.FromAddress(address)
		_, err := d.CastVote(t.Context(), a, i.ID)
		d.must(err)
		v, _, err := d.Store.Vote(t.Context(), i.ID, a.ID)
		d.must(err)
		return v.Crowd
	}
	first := crowd("a@example.com", "203.0.113.7", one)
	if first == "" || first != crowd("b@example.com", "203.0.113.200", one) {
		t.Error("neighbours are not told to be")
	}
	if first == crowd("c@example.com", "203.0.114.7", one) || first == crowd("d@example.com", "203.0.113.7", two) {
		t.Error("other networks, or other ideas, look the same")
	}
	if crowd("e@example.com", "127.0.0.1", one) != "" {
		t.Error("this machine is a crowd")
	}
	d.clock.Advance(portal.NetworkKeyLife)
	if first == crowd("f@example.com", "203.0.113.7", one) {
		t.Error("a week later the same network still looks the same")
	}
}
