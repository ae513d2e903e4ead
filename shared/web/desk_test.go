package web_test

import (
	"fmt"
	"testing"
)

// tourOfTheDesk uses every address of the team's tools once, and checks that what they
// keep is not the customers'.
func tourOfTheDesk(t *testing.T, s *site, ada, team *browser, id string) {
	t.Helper()
	at := "/team/ideas/" + id
	for _, path := range []string{"/team/ideas", at, "/team/tags", "/team/lists"} {
		ada.get(path).problem(403, "team_only")
		s.visitor().get(path).problem(401, "sign_in_needed")
	}
	me := team.get("/me").str("member.id")
	team.get(at).want(200).is("dossier.owner", nil).is("dossier.version", 1).is("notes.#", 0)
	team.patch(at, fmt.Sprintf(`{"owner": %q, "tags": ["Quick win", "bug"]}`, me), "If-Match", `"1"`).want(200).is("dossier.owner.id", me).is("dossier.tags.#", 2)
	team.patch(at, `{"owner": ""}`, "If-Match", `"1"`).problem(412, "dossier_stale", "If-Match")
	team.patch(at, `{"tags": ["a,b"]}`).problem(422, "invalid", "tags")
	team.patch(at, `{"tags": "bug"}`).problem(422, "invalid", "tags")
	team.patch(at, `{"tags": [3]}`).problem(422, "invalid", "tags")
	note := team.post(at+"/notes", `{"body": "Ask *purchasing*."}`).want(201).is("note.body_html", "<p>Ask <em>purchasing</em>.</p>\n").str("note.id")
	team.patch(at+"/notes/"+note, `{"body": "Ask legal."}`, "If-Match", `"1"`).want(200).is("note.version", 2)
	team.get(at).want(200).is("notes.0.body", "Ask legal.").is("notes.0.by.id", me)
	team.delete(at + "/notes/" + note).want(204)
	team.delete(at+"/notes/"+note).problem(404, "no_memo")

	s.settle()
	tag := team.get("/team/tags").want(200).is("tags.0.name", "bug").is("tags.1.name", "quick win").str("tags.0.id")
	team.get("/team/ideas?owner=me&tag="+tag).want(200).is("ideas.0.id", id).is("ideas.0.dossier.tags.#", 2).is("next", nil)
	team.get("/team/ideas?tag="+tag+"&sort=top").problem(422, "invalid", "sort")
	other := team.post("/team/tags", `{"name": "Easy"}`).want(201).is("tag.name", "easy").str("tag.id")
	team.post("/team/tags", `{"name": "easy", "colour": 2}`).problem(422, "invalid", "name")
	team.post("/team/tags", `{"name": "hard", "colour": "red"}`).problem(422, "invalid", "colour")
	team.patch("/team/tags/"+other, `{"colour": 5}`).want(200).is("tag.colour", 5)
	team.delete("/team/tags/" + tag + "?into=" + other).want(204)
	list := team.post("/team/lists", `{"name": "Mine", "query": "owner=me&cursor=x"}`).want(201).is("list.query", "owner=me").str("list.id")
	team.get("/team/lists").want(200).is("lists.#", 1)
	team.delete("/team/lists/" + list).want(204)

	said := team.post("/ideas/"+id+"/comments", `{"body": "In **May**."}`).want(201).str("comment.id")
	team.do("PUT", at+"/answer", fmt.Sprintf(`{"comment": %q}`, said)).want(200).is("idea.answer.comment", said).is("idea.answer.body", "In **May**.")
	s.visitor().get("/ideas/"+id).want(200).is("idea.answer.body_html", "<p>In <strong>May</strong>.</p>\n")
	team.do("PUT", at+"/answer", `{"body": "", "comment": null}`).problem(422, "invalid", "answer")
	team.delete(at+"/answer").want(200).is("idea.answer", nil)
	ada.do("PUT", at+"/answer", `{"body": "Mine!"}`).problem(403, "team_only")

	body := fmt.Sprintf(`{"ideas": [{"id": %q, "version": 1}, {"id": "nonsense"}], "status": "launched"}`, id) // it is launched already
	team.post("/team/statuses", body).want(200).is("results.0.state", "already").is("results.1.state", "failed").is("results.1.code", "no_idea")
	team.post("/team/statuses", `{"ideas": [], "status": "planned"}`).problem(422, "invalid", "ideas")
	team.post("/team/statuses", `{"ideas": [{"id": 3}, {"name": "x"}], "status": "planned"}`).problem(422, "invalid", "ideas.0.id", "ideas.1.name")
	team.post("/team/statuses", `{"ideas": [{"id": "x", "version": 1.5}], "status": "planned"}`).problem(422, "invalid", "ideas.0.version")

	told := `{"title": "Decaf after six", "category": "coffee", "email": "cora@example.com", "name": "Cora", "channel": "shop", "agreed": true, "words": "At the till."}`
	entered := team.post("/team/ideas", told, "Idempotency-Key", "k1").want(201).is("idea.author.name", "Cora").is("idea.author.team", false).str("idea.id")
	team.post("/team/ideas", told, "Idempotency-Key", "k1").want(201).is("idea.id", entered)
	team.post("/team/ideas", told[:len(told)-1]+`, "body": "More."}`, "Idempotency-Key", "k1").problem(422, "invalid", "Idempotency-Key")
	team.post("/team/ideas", `{"title": "x", "category": "coffee", "email": "cora", "channel": "pigeon"}`).problem(422, "invalid", "title", "email", "channel", "agreed")
	ada.post("/team/ideas", told).problem(403, "team_only")
	s.visitor().get("/ideas/"+entered).want(200).is("history.0.entered_by_team", true).is("history.0.by.name", "Cora")
}
