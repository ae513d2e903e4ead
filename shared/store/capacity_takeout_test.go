package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table/dynamo"
	"groundswell/shared/table/dynamo/dynamotest"
)

// TestTakeoutCapacity holds what the team takes away to its price: of ideas with a vote
// each and one with many, and of their members.
func TestTakeoutCapacity(t *testing.T) {
	m := &meter{}
	tab, _ := dynamotest.Open(t, dynamo.Options{Observe: m.observe})
	s := &store.Store{Table: tab, Clock: time.Now}
	ctx, start := t.Context(), time.Now().Add(-time.Hour)
	var ids, members []string
	for i := range 20 {
		at := start.Add(time.Duration(i) * time.Second)
		id, member := portal.ImportedAt(at, "t", fmt.Sprint(i)), portal.ImportedMember("t", fmt.Sprint(i))
		ids, members = append(ids, id), append(members, member)
		must(t, second(s.CreateMember(ctx, portal.Member{ID: member, Name: "Somebody with a name", Email: fmt.Sprint(i, "@example.com"), Role: portal.RoleMember, Version: 1})))
		idea := portal.Idea{ID: id, Title: "Free refills all day", Category: "coffee", Status: portal.New, AuthorID: member, CreatedAt: at, UpdatedAt: at, Version: 1}
		must(t, s.CreateIdea(ctx, portal.NewIdea{Idea: idea, Body: strings.Repeat("Something better. ", 110),
			History: portal.HistoryEntry{IdeaID: id, Ver: 1, At: at, To: portal.New, By: portal.Author{ID: member}}}))
		must(t, s.PutStanding(ctx, portal.StandingOf(idea, nil), 0))
	}
	for i := range 40 {
		must(t, second(s.PutVote(ctx, portal.Vote{IdeaID: ids[0], MemberID: portal.ImportedMember("t", fmt.Sprint(i)), At: start})))
	}
	for _, c := range []struct {
		name  string
		calls int
		units float64
		do    func() error
	}{
		{"ids of all ideas", store.Buckets, store.Buckets / 2, func() error {
			found, _, err := s.AllIdeas(ctx, "", portal.TakeoutPart)
			if len(found) != len(ids) {
				t.Errorf("%d ideas", len(found))
			}
			return err
		}},
		{"forty votes", store.Lanes, 8, func() error {
			vs, _, err := s.VotesFor(ctx, ids[0], "", 100)
			if len(vs) != 40 {
				t.Errorf("%d votes", len(vs))
			}
			return err
		}},
		{"twenty members", store.Lanes, 9, func() error {
			ms, _, err := s.AllMembers(ctx, "", portal.TakeoutPart)
			if len(ms) != len(members) {
				t.Errorf("%d members", len(ms))
			}
			return err
		}},
		{"what one has written", 3, 1.5, func() error {
			w, err := s.Contributions(ctx, members[0])
			if w != (portal.Contributions{Ideas: 1, Votes: 1}) {
				t.Errorf("%+v", w)
			}
			return err
		}},
	} {
		calls, units := m.cost(func() { must(t, c.do()) })
		t.Logf("%-22s %5d  %5.1f", c.name, calls, units)
		if calls != c.calls || units > c.units {
			t.Errorf("%s: %d calls and %.1f units; want %d and at most %.1f", c.name, calls, units, c.calls, c.units)
		}
	}
}
