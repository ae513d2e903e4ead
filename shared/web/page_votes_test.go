package web_test

import "testing"

// TestVoteCase: odd votes wait in the queue with what is odd about them, the idea's
// panel says so, and what the team decides can be undone there. Nobody else sees any of it.
func TestVoteCase(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada, team := s.reader().signIn("ada@example.com"), s.reader().signIn("team@example.com")
	id := ada.newIdea("Oat milk")
	s.oddVotes(id)
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
	team.open(at+"&case="+id).want(200).sees("The votes were left out", "Undo this", "member-"+team.browser.get("/me").str("member.id")[:6])
	team.open("/team/log").want(200).sees("Odd votes left out 12 members Case about votes on Oat milk")
	team.open(at+"&case="+id).fill("/team/queue", "do", "votes_reopen").want(200).sees("That is undone", "The votes are fine")
	s.settle()
	team.open("/ideas/" + id).want(200).sees("Moderate 12 Vote")
	team.open(at).fill("/team/queue", "do", "votes_burn", "note", "Mine.").want(422).sees("Mine.")
}
