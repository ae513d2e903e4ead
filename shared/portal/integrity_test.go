package portal_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
)

// A crowd, an office and an attack, in one stream of votes in any order and with
// repetitions: what is odd about them, and of whom.
func TestSuspect(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	r := rand.New(rand.NewPCG(1, 2))
	cast := func(idea, who string, at time.Time, crowd string, joined time.Time) portal.SeenVote {
		return portal.SeenVote{Vote: portal.Vote{IdeaID: idea, MemberID: who, At: at, Crowd: crowd}, Joined: joined}
	}
	old := noon.AddDate(-1, 0, 0)
	var town, office, attack []portal.SeenVote
	for n := range 2000 { // from everywhere, all day; one in ten is new
		joined := old
		at := noon.Add(time.Duration(r.IntN(86400)) * time.Second)
		if n%10 == 0 {
			joined = at.Add(-time.Hour)
		}
		town = append(town, cast(fmt.Sprint("idea", r.IntN(20)), fmt.Sprint("townsman", n), at, fmt.Sprint("net", r.IntN(500)), joined))
	}
	for n := range 40 { // colleagues, members for long, after lunch
		office = append(office, cast("idea3", fmt.Sprint("colleague", n), noon.Add(time.Duration(n)*10*time.Second), "office", old))
	}
	for n := range 50 { // fifty new accounts from fifty networks, the same three ideas
		for i, idea := range []string{"idea7", "idea8", "idea9"} {
			at := noon.Add(time.Duration(n*30+i*5) * time.Second)
			attack = append(attack, cast(idea, fmt.Sprint("sock", n), at, fmt.Sprint("proxy", n), noon.Add(-time.Hour)))
		}
	}
	codes := func(vs ...[]portal.SeenVote) (got []string) {
		all := slices.Concat(vs...)
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		found := portal.Suspect(append(all, all[:len(all)/3]...))
		for _, s := range found {
			got = append(got, fmt.Sprintf("%s %s %d", s.Code, s.IdeaID, len(s.Members)))
		}
		if again := portal.Suspect(all); cmp.Diff(found, again) != "" {
			t.Errorf("looking again, another answer: %v, then %v", found, again)
		}
		return got
	}
	for name, c := range map[string]struct {
		votes [][]portal.SeenVote
		want  []string
	}{
		"an honest town": {[][]portal.SeenVote{town}, nil},
		"an office":      {[][]portal.SeenVote{town, office}, []string{"network idea3 40"}},
		"an attack":      {[][]portal.SeenVote{attack}, []string{"newcomer idea7 50", "newcomer idea8 50", "newcomer idea9 50", "step  50"}},
	} {
		if d := cmp.Diff(c.want, codes(c.votes...)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
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
