package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/projection"
	"groundswell/shared/store"
)

// oddVotes lets twelve accounts, an hour old, vote for the idea within a minute from one
// network, the first five with addresses of a throw-away mailbox; and somebody look.
func (s *site) oddVotes(id string) {
	s.t.Helper()
	rows := &store.Store{Table: s.table, Clock: s.clock.Now}
	for n := range 12 {
		at := s.clock.Now().UTC().Truncate(time.Millisecond)
		m := portal.Member{ID: portal.ImportedMember("test", fmt.Sprint(id, n)), Name: fmt.Sprint("sock ", n), Email: fmt.Sprint(id, n, "@bin.example"), Role: portal.RoleMember,
			CreatedAt: at.Add(-time.Hour), Throwaway: n < 5, Version: 1}
		if _, err := rows.CreateMember(s.t.Context(), m); err != nil {
			s.t.Fatal(err)
		}
		if _, err := rows.PutVote(s.t.Context(), portal.Vote{IdeaID: id, MemberID: m.ID, At: at, Crowd: "cafe0123", Joined: m.CreatedAt}); err != nil {
			s.t.Fatal(err)
		}
		s.clock.pass(5 * time.Second)
	}
	s.settle()
	if _, err := (&projection.Consumer{Store: rows, Clock: s.clock.Now}).Settle(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// tourOfOddVotes takes a case through all that can be decided about it: each decision is
// the team's, is about the version that was seen, and its opposite gives back exactly
// what was there.
func tourOfOddVotes(t *testing.T, s *site, ada, team *browser) {
	t.Helper()
	ids := make([]string, 2)
	for i := range ids {
		ids[i] = ada.post("/ideas", fmt.Sprintf(`{"title": "Longer hours %d", "category": "places"}`, i)).want(201).str("idea.id")
		s.oddVotes(ids[i])
		s.clock.pass(time.Hour)
	}
	id := ids[0]
	at := "/team/votes/" + id
	for _, path := range []string{"/team/votes", at} {
		ada.get(path).problem(403, "team_only")
		s.visitor().get(path).problem(401, "sign_in_needed")
	}
	ada.post(at+"/decision", `{"act": "dismiss"}`).problem(403, "team_only")
	team.get("/team/votes/nonsense").problem(404, "no_idea")
	none := ada.post("/ideas", `{"title": "Shorter hours", "category": "places"}`).want(201).str("idea.id")
	team.get("/team/votes/"+none).problem(404, "no_vote_case")
	team.post("/team/votes/"+none+"/decision", `{"act": "dismiss"}`).problem(404, "no_vote_case")

	next := team.get("/team/votes?limit=1").want(200).is("cases.#", 1).is("cases.0.idea", id).str("next")
	team.get("/team/votes?limit=1&cursor="+next).want(200).is("cases.0.idea", ids[1]).is("next", nil)
	team.get("/team/votes?limit=1&order=new").want(200).is("cases.0.idea", ids[1])
	team.get("/team/votes?order=new&cursor="+next).problem(400, "bad_cursor", "cursor")
	team.get("/team/votes?limit=0").problem(422, "invalid", "limit")

	got := team.get(at).want(200)
	header(t, got, "ETag", `"1"`)
	got.is("case.title", "Longer hours 0").is("case.url", base+"/ideas/"+id).is("case.open", true).is("case.why", []string{"network", "newcomer"}).is("case.votes", 12).
		is("case.networks", 1).is("case.biggest_network", 12).is("case.unknown_networks", 0).is("case.fresh", 12).is("case.throwaway", 5).is("case.with", []string{}).is("case.decided", nil).
		is("case.members.#", 12).is("case.members.0.name", "sock 0").is("case.members.0.network", 1).is("case.members.0.throwaway", true).is("case.members.5.throwaway", false).
		is("case.members.0.excluded", false).is("case.members.11.why", []string{"network", "newcomer"})
	if strings.Contains(string(got.body), "cafe0123") || strings.Contains(string(got.body), "bin.example") {
		t.Errorf("the case tells networks or addresses: %s", got.body)
	}

	votes := func(want int) {
		t.Helper()
		s.settle()
		s.visitor().get("/ideas/"+id).want(200).is("idea.votes", want)
	}
	decide := func(version, body string) *answer { return team.post(at+"/decision", body, "If-Match", version) }
	decide(`"1"`, `{"act": "burn", "note": "`+strings.Repeat("x", 1001)+`"}`).problem(422, "invalid", "note", "act")
	decide(`"1"`, `{"act": "reopen"}`).problem(409, "votes_undecided")
	decide(`"7"`, `{"act": "exclude"}`).problem(412, "decided", "If-Match")
	votes(12)
	out := decide(`"1"`, `{"act": "exclude", "note": "Bots."}`).want(http.StatusOK)
	header(t, out, "ETag", `"2"`)
	out.is("case.open", false).is("case.since", nil).is("case.decided.act", "exclude").is("case.decided.at", s.clock.stamp()).is("case.decided.by.team", true).
		is("case.decided.by.id", team.get("/me").str("member.id")).is("case.members.0.excluded", true).is("case.members.0.blocked", false)
	votes(0)
	team.get("/team/votes").want(200).is("cases.#", 1)
	team.post(at+"/decision", `{"act": "dismiss"}`).problem(409, "nothing_to_decide")
	decide(`"2"`, `{"act": "reopen"}`).want(200).is("case.open", true).is("case.decided", nil).is("case.members.0.excluded", false)
	votes(12)
	decide(`"3"`, `{"act": "block"}`).want(200).is("case.decided.act", "block").is("case.members.0.blocked", true).is("case.members.0.excluded", true)
	decide(`*`, `{"act": "reopen"}`).want(200).is("case.members.0.blocked", false)
	decide(`"5"`, `{"act": "dismiss"}`).want(200).is("case.decided.act", "dismiss").is("case.members.0.excluded", false)
	votes(12)
	team.get("/team/log?what=votes_out").want(200).is("entries.#", 2).is("entries.1.note", "Bots.").is("entries.1.idea", id)
}
