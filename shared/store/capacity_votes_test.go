package store_test

import (
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/projection"
	"groundswell/shared/store"
	"groundswell/shared/table/dynamo"
	"groundswell/shared/table/dynamo/dynamotest"
)

// TestVotesCapacity holds the look at odd votes to its price, and what the team does about
// them: sixty accounts just made, which is as many as are asked what else they voted for,
// that vote for the same two ideas.
func TestVotesCapacity(t *testing.T) {
	m := &meter{}
	tab, _ := dynamotest.Open(t, dynamo.Options{Observe: m.observe})
	s := &store.Store{Table: &apart{tab, m}, Clock: time.Now}
	ctx, now := t.Context(), time.Now().UTC().Truncate(time.Millisecond)
	p := &portal.Portal{Store: s, Clock: time.Now, IDs: portal.IDs{Rand: rand.Reader}, Categories: portal.DefaultCategories(), Locales: []string{"en"}}
	m1, err := p.Grant(ctx, "boss@example.com", portal.RoleTeam)
	must(t, err)
	boss := portal.Actor{Member: m1}
	var ids []string
	for _, name := range []string{"quiet", "odd", "companion"} {
		id := portal.ImportedAt(now.Add(-time.Hour), "t", name)
		ids = append(ids, id)
		must(t, s.CreateIdea(ctx, portal.NewIdea{Idea: portal.Idea{ID: id, Title: "Free refills all day", Category: "tea", Status: portal.New, AuthorID: m1.ID, CreatedAt: now, UpdatedAt: now, Version: 1},
			Body: "b", History: portal.HistoryEntry{IdeaID: id, Ver: 1, At: now, To: portal.New}}))
	}
	quiet, odd, companion := ids[0], ids[1], ids[2]
	vote := func(idea, member string, at, joined time.Time) {
		must(t, second(s.PutVote(ctx, portal.Vote{IdeaID: idea, MemberID: member, At: at, Crowd: "cafe0123", Joined: joined})))
	}
	const members = 60
	for n := range members {
		at := now.Add(time.Duration(n-members) * time.Second)
		id := portal.ImportedMember("t", fmt.Sprint(n))
		must(t, second(s.CreateMember(ctx, portal.Member{ID: id, Name: "Somebody with a name", Email: fmt.Sprint(n, "@example.com"), Locale: "en", Role: portal.RoleMember, Mail: portal.DefaultMail(), CreatedAt: at.Add(-time.Hour), Version: 1})))
		vote(odd, id, at, at.Add(-time.Hour))
		must(t, second(s.PutVote(ctx, portal.Vote{IdeaID: quiet, MemberID: portal.ImportedMember("t", fmt.Sprint("old ", n)), At: at})))
		vote(companion, id, at, at.Add(-time.Hour))
	}
	counts := &projection.Consumer{Store: s, Clock: time.Now}
	look := func(id string) (reads, writes float64) {
		must(t, s.PutWaits(ctx, []store.Wait{{IdeaID: id, Mark: 1}}))
		m.cost(func() {
			if n, err := counts.Settle(ctx); n != 1 || err != nil {
				t.Errorf("%d ideas settled, %v", n, err)
			}
		})
		return m.ops["Query"] + m.ops["GetItem"], m.ops["PutItem"] + m.ops["DeleteItem"]
	}
	look(quiet)
	plain, _ := look(quiet)
	first, put := look(odd)
	again, _ := look(odd)
	t.Logf("settling %d votes costs %.1f read units, of accounts just made %.1f more, once they are known %.1f; a case %.1f write units", members, plain, first-plain, again-plain, put)
	if more := again - plain; more < members/2 || more > members/2+24 {
		t.Errorf("a look at odd votes costs %.1f read units more than none", more)
	}

	for _, c := range []struct {
		name  string
		calls int
		units float64
		do    func() error
	}{
		{"list of cases", 2, 2.5, func() error {
			page, err := p.VoteCases(ctx, boss, portal.QueueQuery{Oldest: true})
			if len(page.Items) != 1 || page.Items[0].Idea.Title == "" {
				t.Errorf("cases %+v", page.Items)
			}
			return err
		}},
		{"an opened case", 4, 2 + members/2 + 1, func() error {
			f, err := p.VoteCase(ctx, boss, odd)
			if len(f.Members) != members || len(f.With) != 1 {
				t.Errorf("%d members, %d ideas", len(f.Members), len(f.With))
			}
			return err
		}},
		{"votes stand", 4, 33, func() error {
			return p.DecideVotes(ctx, boss, odd, portal.VoteDecision{Act: portal.DismissVotes})
		}},
		{"votes wait again", 4, 33, func() error {
			return p.DecideVotes(ctx, boss, odd, portal.VoteDecision{Act: portal.ReopenVotes})
		}},
		{"votes left out", 6 + 2*members, 33 + 16*members, func() error {
			return p.DecideVotes(ctx, boss, odd, portal.VoteDecision{Act: portal.ExcludeVotes})
		}},
	} {
		calls, units := m.cost(func() { must(t, c.do()) })
		t.Logf("%-22s %5d  %5.1f", c.name, calls, units)
		if calls != c.calls || units > c.units || units == 0 {
			t.Errorf("%s: %d calls and %.1f units; want %d and at most %.1f", c.name, calls, units, c.calls, c.units)
		}
	}
}
