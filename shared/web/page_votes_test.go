package web_test

import (
	"fmt"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/projection"
	"groundswell/shared/store"
)

// TestVoteCase: odd votes wait in the queue with what is odd about them, the idea's
// panel says so, and what the team decides can be undone there. Nobody else sees any of it.
func TestVoteCase(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada, team := s.reader().signIn("ada@example.com"), s.reader().signIn("team@example.com")
	id := ada.newIdea("Oat milk")
	rows := &store.Store{Table: s.table, Clock: s.clock.Now}
	for n := range 12 {
		at := s.clock.Now().UTC().Truncate(time.Millisecond)
		m := portal.Member{ID: portal.ImportedMember("test", fmt.Sprint(n)), Name: fmt.Sprint("sock ", n), Email: fmt.Sprint(n, "@bin.example"), Role: portal.RoleMember,
			CreatedAt: at.Add(-time.Hour), Throwaway: n < 5, Version: 1}
		if _, err := rows.CreateMember(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		if _, err := rows.PutVote(t.Context(), portal.Vote{IdeaID: id, MemberID: m.ID, At: at, Crowd: "cafe0123", Joined: m.CreatedAt}); err != nil {
			t.Fatal(err)
		}
		s.clock.pass(5 * time.Second)
	}
	s.settle()
	if _, err := (&projection.Consumer{Store: rows, Clock: s.clock.Now}).Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	at := "/team/queue?queue=votes"
	ada.open(at).want(403)
	ada.open("/ideas/" + id).want(200).seesNot("examination")
	team.open("/team?idea=" + id).want(200).sees("12 votes on this idea are under examination. See the case")
	team.open(at).want(200).sees("Votes 1", "Oat milk", "Many votes from one network within minutes", "12 votes within 55 seconds", "1 network; 12 of the votes",
		"12 accounts less than a day old", "5 throw-away addresses", "sock 0", "account 60 minutes old", "network 1", "Throw-away address", "Leave out the votes of 12 members").
		seesNot("cafe0123", "bin.example")
	team.fill("/team/queue", "do", "votes_exclude", "note", "Bots.").want(200).sees("Their votes are left out", "Nothing waits here")
	s.settle()
	team.open("/ideas/" + id).want(200).sees("Moderate 0 Vote")
	team.open(at+"&case="+id).want(200).sees("The votes were left out", "Undo this")
	team.open("/team/log").want(200).sees("Odd votes left out 12 members Case about votes")
	team.open(at+"&case="+id).fill("/team/queue", "do", "votes_reopen").want(200).sees("That is undone", "The votes are fine")
	s.settle()
	team.open("/ideas/" + id).want(200).sees("Moderate 12 Vote")
	team.open(at).fill("/team/queue", "do", "votes_burn", "note", "Mine.").want(422).sees("Mine.")
}
