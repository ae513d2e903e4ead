package web_test

import (
	"fmt"
	"strings"
	"testing"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// tourOfTheConsole asks for what the console's pages show, as other programs of the team
// would. bob is blocked and back, and twin, his idea, was reported and decided about.
func tourOfTheConsole(t *testing.T, s *site, bob, team *browser, twin string) {
	t.Helper()
	id := bob.get("/me").str("member.id")
	for _, path := range []string{"/team/waiting", "/team/numbers", "/team/members/" + id, "/team/ideas/" + twin + "/told", "/team/export/ideas.csv", "/ideas/" + twin + "/moderation"} {
		bob.get(path).problem(403, "team_only")
		s.visitor().get(path).problem(401, "sign_in_needed")
	}
	before := team.get("/team/waiting").want(200).is("queues.#", 4).is("queues.1.queue", "reports").is("queues.1.more", false).at("queues.1.cases").(float64)
	s.member("cy@example.com").post("/ideas/"+twin+"/report", `{"reason": "off_topic"}`).want(204)
	team.get("/team/waiting").want(200).is("queues.1.cases", before+1)

	got := team.get("/ideas/"+twin+"/moderation").want(200).is("case.idea", twin).is("case.queue", "reports").is("case.reports", 1)
	header(t, got, "ETag", fmt.Sprintf(`"%v"`, got.at("case.version")))
	team.post("/ideas/"+twin+"/moderation", `{"act": "approve"}`, "If-Match", got.header.Get("ETag")).want(204)
	team.get("/ideas/"+twin+"/moderation").want(200).is("case.queue", nil).is("case.reports", 0)
	said := team.post("/ideas/"+twin+"/comments", `{"body": "Still here."}`).want(201).str("comment.id")
	got = team.get("/ideas/"+twin+"/moderation?comment="+said).want(200).is("case.comment", said).is("case.body", "Still here.").is("case.version", 0)
	header(t, got, "ETag", "")
	team.get("/ideas/"+twin+"/moderation?comment=nonsense").problem(404, "no_comment")

	team.post("/members/"+id+"/sanctions", `{"act": "trust"}`).want(200)
	got = team.get("/team/members/"+id).want(200).is("member.id", id).is("member.role", "member").is("member.trusted", true).is("member.blocked_at", nil).is("member.gone", false)
	if strings.Contains(string(got.body), "bob@example.com") {
		t.Errorf("the team is told an address: %s", got.body)
	}
	team.get("/team/members/nonsense").problem(404, "no_member")

	rows := &store.Store{Table: s.table, Clock: s.clock.Now}
	if _, err := rows.PutDelivery(t.Context(), store.Delivery{Subject: twin, Event: "launched", To: id, State: store.Skipped, Why: portal.UnsentNotWanted, At: s.clock.Now()}, 0); err != nil {
		t.Fatal(err)
	}
	team.get("/team/ideas/"+twin+"/told").want(200).is("told.#", 1).is("told.0.to.id", id).is("told.0.why", portal.UnsentNotWanted).is("told.0.outcome", nil).is("next", nil)
	team.get("/team/ideas/nonsense/told").problem(404, "no_idea")

	team.get("/team/numbers").want(200).is("weeks.#", portal.ChartWeeks).is("weeks.52.monday", "2026-02-23").is("way.0.status", "new").is("way.0.days", nil).is("way.4.ideas", 1).is("way.4.days", 0)

	file := team.get("/team/export/ideas.jsonl").want(200)
	if ct := file.header.Get("Content-Type"); !strings.HasPrefix(ct, "application/jsonl") || !strings.Contains(string(file.body), `"`+twin+`"`) {
		t.Errorf("export: %s\n%s", ct, file.body)
	}
	if got := team.get("/team/export/members.csv").want(200); strings.Contains(string(got.body), "@example.com") {
		t.Errorf("members with addresses: %s", got.body)
	}
	if got := team.post("/team/export/members.csv", "").want(200); !strings.Contains(string(got.body), "bob@example.com") {
		t.Errorf("members without addresses: %s", got.body)
	}
	team.get("/team/log?what=export").want(200).is("entries.#", 1)
	team.get("/team/export/sessions.csv").problem(404, "no_page")

	other := s.member("bob@example.com")
	sessions := bob.get("/me/sessions").want(200).is("sessions.#", 2)
	for i := range 2 {
		if at := fmt.Sprint("sessions.", i, "."); sessions.at(at+"current") == false {
			bob.delete("/me/sessions/" + sessions.str(at+"id")).want(204)
		}
	}
	other.get("/me").problem(401, "sign_in_needed")
	bob.get("/me/sessions").want(200).is("sessions.#", 1).is("sessions.0.current", true)

	s.settle()
	s.visitor().get("/members/"+id).want(200).is("member.team", false).is("ideas.0.id", twin).is("next", nil)
	s.visitor().get("/members/nonsense").problem(404, "no_member")
}
