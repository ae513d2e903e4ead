package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The whole way of an idea, from a visitor's first look to its launch: every
// operation of the document is granted at least once.
func TestJourney(t *testing.T) {
	t.Parallel()
	eachWay(t, journey)
}

func journey(t *testing.T, s *site) {
	visitor := s.visitor()
	visitor.get("/openapi.json").want(200).is("openapi", "3.1.0")
	visitor.get("/categories").want(200).is("categories.0.id", "coffee").is("categories.#", 15)
	visitor.get("/statuses").want(200).is("statuses.2.id", "planned").is("statuses.2.name.en", "Coming soon")
	visitor.get("/ideas").want(200).is("ideas", []any{}).is("next", nil)

	// An account
	ada := s.visitor()
	ada.get("/me").problem(401, "sign_in_needed")
	ada.post("/sign-in", `{"email": "Ada@Example.com"}`).want(202).is("expires_in", 600).is("resend_after", 60)
	me := ada.post("/sign-in/confirm", `{"email": "ada@example.com", "code": "`+s.mails.code("ada@example.com")+`"}`).want(200)
	me.is("member.created_at", s.clock.stamp()).is("member.email", "ada@example.com").is("member.role", "member").is("member.team", false).is("member.locale", "en")
	ada.get("/me").want(200).is("member.id", me.str("member.id"))
	ada.patch("/me", `{"name": "Ada", "locale": "zh", "mail": {"voted": true}}`).want(200).is("member.name", "Ada").
		is("member.locale", "zh").is("member.mail", map[string]any{"own": true, "followed": "all", "voted": true, "digest": false})

	// An idea
	ada.get("/ideas/similar?title=free+wifi").want(200).is("ideas", []any{})
	made := ada.post("/ideas", `{"title": " Free   wifi ", "body": "Let me *read*.", "category": "places"}`, "Idempotency-Key", "first").want(201)
	id := made.str("idea.id")
	made.is("idea.title", "Free wifi").is("idea.slug", "free-wifi").is("idea.url", base+"/ideas/"+id+"/free-wifi").
		is("idea.body", "Let me *read*.").is("idea.body_html", "<p>Let me <em>read</em>.</p>\n").is("idea.category", "places").
		is("idea.status", "new").is("idea.votes", 0).is("idea.voted", false).is("idea.comments", 0).is("idea.version", 1).
		is("idea.merged_into", nil).is("idea.author", map[string]any{"id": me.str("member.id"), "name": "Ada", "team": false}).
		is("idea.created_at", s.clock.stamp()).is("idea.updated_at", s.clock.stamp())
	header(t, made, "Location", api+"/ideas/"+id)
	header(t, made, "ETag", `"1"`)
	header(t, made, "Idempotent-Replayed", "")

	again := ada.post("/ideas", `{"title": "Free wifi", "body": "Let me *read*.", "category": "places"}`, "Idempotency-Key", "first").want(201)
	again.is("idea.id", id)
	header(t, again, "Idempotent-Replayed", "true")
	ada.post("/ideas", `{"title": "Other", "category": "places"}`, "Idempotency-Key", "first").problem(422, "invalid", "Idempotency-Key")

	ada.patch("/ideas/"+id, `{"title": "Free wifi everywhere"}`, "If-Match", `"1"`).want(200).
		is("idea.version", 2).is("idea.slug", "free-wifi-everywhere").is("idea.body", "Let me *read*.")

	// Votes
	bob := s.member("bob@example.com")
	bob.get("/me").is("member.name", "member-"+bob.get("/me").str("member.id")[:6])
	for range 3 {
		bob.put("/ideas/"+id+"/vote").want(200).is("votes", 1).is("voted", true)
	}
	ada.put("/ideas/"+id+"/vote").want(200).is("voted", true)
	s.settle()
	visitor.get("/ideas/"+id).want(200).is("idea.votes", 2).is("idea.voted", false)
	bob.get("/ideas?sort=top").want(200).is("ideas.0.votes", 2).is("ideas.0.voted", true)
	bob.get("/ideas?q=wifi").want(200).is("ideas.0.id", id).is("ideas.0.voted", true).is("next", nil)
	bob.get("/ideas/similar?title=wifi+everywhere").want(200).is("ideas.0.id", id)
	for range 2 {
		bob.delete("/ideas/"+id+"/vote").want(200).is("votes", 1).is("voted", false)
		s.settle()
	}

	// Following
	for range 2 {
		bob.put("/ideas/"+id+"/follow").want(200).is("following", true)
	}
	bob.get("/ideas/"+id).want(200).is("idea.following", true)
	ada.get("/ideas/"+id).want(200).is("idea.following", false)
	bob.get("/me/export").want(200).is("follows.0.idea_id", id).is("follows.0.following", true).is("follows.0.muted", false)
	for range 2 {
		bob.delete("/ideas/"+id+"/follow").want(200).is("following", false)
	}
	bob.get("/me/export").want(200).is("follows.#", 0)
	bob.post("/me/mail-again", "").want(204)

	// Discussion
	said := bob.post("/ideas/"+id+"/comments", `{"body": "Count me **in**."}`).want(201)
	cid := said.str("comment.id")
	said.is("comment.body_html", "<p>Count me <strong>in</strong>.</p>\n").is("comment.parent", nil).is("comment.edited_at", nil).
		is("comment.url", base+"/ideas/"+id+"#c-"+cid)
	header(t, said, "Location", "/ideas/"+id+"#c-"+cid)
	reply := ada.post("/ideas/"+id+"/comments", `{"body": "Thanks!", "parent": "`+cid+`"}`).want(201).is("comment.parent", cid).str("comment.id")
	s.clock.pass(time.Minute)
	bob.patch("/ideas/"+id+"/comments/"+cid, `{"body": "Count me in!"}`).want(200).is("comment.body", "Count me in!").
		is("comment.edited_at", s.clock.stamp())
	visitor.get("/ideas/"+id+"/comments").want(200).is("comments.#", 2).is("comments.0.id", cid).is("next", nil)
	page := visitor.get("/ideas/"+id+"/comments?limit=1").want(200).is("comments.#", 1).str("next")
	visitor.get("/ideas/"+id+"/comments?cursor="+page).want(200).is("comments.#", 1).is("comments.0.id", reply)
	ada.delete("/ideas/" + id + "/comments/" + reply).want(204)
	visitor.get("/ideas/"+id).want(200).is("comments.1.deleted", true).is("comments.1.body", "").is("comments.#", 2)

	// The team
	team := s.member("team@example.com")
	team.get("/me").want(200).is("member.role", "admin").is("member.team", true)
	ada.post("/ideas/"+id+"/status", `{"status": "planned"}`).problem(403, "team_only")
	team.post("/ideas/"+id+"/status", `{"status": "planned", "note": "Next **spring**."}`, "If-Match", `"2"`).want(200).
		is("idea.status", "planned").is("idea.version", 3)
	team.post("/ideas/"+id+"/status", `{"status": "launched"}`, "If-Match", `"2"`).problem(412, "stale", "If-Match")
	team.post("/ideas/"+id+"/status", `{"status": "launched", "note": "It is on.", "silent": true}`, "If-Match", `"3"`).want(200)
	s.settle()
	got := visitor.get("/ideas/" + id).want(200)
	header(t, got, "ETag", `"4"`)
	got.is("history.#", 3).is("history.0.from", nil).is("history.0.to", "new").is("history.1.note_html", "<p>Next <strong>spring</strong>.</p>\n").
		is("history.2.from", "planned").is("history.2.to", "launched").is("history.2.by.team", true)
	visitor.get("/ideas?status=launched&category=places&sort=new").want(200).is("ideas.#", 1).is("ideas.0.excerpt", "Let me read.")
	visitor.get("/ideas?status=new").want(200).is("ideas.#", 0)

	tourOfTheDesk(t, s, ada, team, id)

	// A duplicate
	twin := bob.post("/ideas", `{"title": "Wifi, please", "category": "places"}`).want(201).str("idea.id")
	team.post("/ideas/"+twin+"/merge", `{"into": "`+id+`"}`).want(200).is("idea.merged_into", id)
	s.settle()
	bob.put("/ideas/"+twin+"/vote").problem(409, "merged").is("target", id)
	visitor.get("/ideas/"+twin).want(200).is("history.1.merged_into", id)
	team.delete("/ideas/"+twin+"/merge").want(200).is("idea.merged_into", nil)

	// Moderation
	ada.post("/ideas/"+twin+"/report", `{"reason": "spam", "words": "Twice."}`).want(204)
	ada.post("/ideas/"+twin+"/report", `{"reason": "spam"}`).problem(409, "reported_before")
	ada.get("/team/queue?queue=reports").problem(403, "team_only")
	team.get("/team/queue?queue=reports").want(200).is("cases.0.idea", twin).is("cases.0.comment", nil).is("cases.0.reports", 1).is("cases.0.said.0.words", "Twice.").
		is("cases.0.reasons", map[string]any{"spam": 1.0}).is("next", nil)
	team.post("/ideas/"+twin+"/moderation", `{"act": "decline", "reason": "spam", "note": "Once is enough."}`, "If-Match", `"7"`).problem(412, "decided", "If-Match")
	team.post("/ideas/"+twin+"/moderation", `{"act": "decline"}`).problem(422, "invalid", "reason")
	team.post("/ideas/"+twin+"/moderation", `{"act": "decline", "reason": "spam", "note": "Once is enough."}`, "If-Match", `"1"`).want(204)
	ada.get("/ideas/"+twin).problem(404, "no_idea")
	bob.get("/ideas/"+twin).want(200).is("idea.moderation.state", "hidden").is("idea.moderation.note", "Once is enough.").is("idea.moderation.appeal", nil)
	bob.post("/ideas/"+twin+"/appeal", `{"words": "It is another wifi."}`).want(204)
	team.get("/team/queue?queue=appeals&order=new&limit=1").want(200).is("cases.0.answer", "It is another wifi.")
	bob.get("/me/export").want(200).is("answers.0.words", "It is another wifi.").is("ideas.0.moderation.appeal", "open")
	team.post("/ideas/"+twin+"/moderation", `{"act": "approve", "then": "trust"}`).want(204)
	ada.get("/ideas/"+twin).want(200).is("idea.moderation", nil).is("idea.locked", false)
	bobs := bob.get("/me").str("member.id")
	team.post("/members/"+bobs+"/sanctions", `{"act": "block", "reason": "other", "note": "Enough."}`).want(200).is("changed", true)
	bob.post("/ideas/"+twin+"/comments", `{"body": "No!"}`).problem(403, "blocked")
	team.post("/members/"+bobs+"/sanctions", `{"act": "unblock"}`).want(200).is("changed", true)
	team.get("/team/log?whose="+bobs+"&limit=2").want(200).is("entries.0.what", "unblock").is("entries.1.what", "block").is("entries.1.note", "Enough.")
	team.get("/team/log?what=hide").want(200).is("entries.0.idea", twin).is("entries.0.reasons.0", "spam").is("entries.#", 1)
	ada.get("/me/export").want(200).is("reports.0.idea_id", twin)

	tourOfTheConsole(t, s, bob, team, twin)
	tourOfOddVotes(t, s, ada, team)

	// Good bye
	token := ada.cookies["__Host-gs_session"]
	ada.post("/sign-out", "").want(204)
	if token == "" || ada.cookies["__Host-gs_session"] != "" {
		t.Errorf("session cookie %q before signing out, %q after it", token, ada.cookies["__Host-gs_session"])
	}
	ada.cookies["__Host-gs_session"] = token // a copy of the cookie is worth nothing now
	ada.get("/me").problem(401, "sign_in_needed")
	bob.get("/me/export").want(200).is("comments.0.comment.id", cid)
	bob.do("DELETE", "/me", `{"confirm": "bob@example.com"}`).want(204)
	bob.get("/me").problem(401, "sign_in_needed")

	if diff := cmp.Diff(operations(), s.granted()); diff != "" {
		t.Errorf("documented (-) and granted (+) operations:\n%s", diff)
	}
}

// granted are the operations that have been granted so far.
func (s *site) granted() []string {
	var ops []string
	s.seen.Range(func(op, _ any) bool { ops = append(ops, op.(string)); return true })
	slices.Sort(ops)
	return ops
}

func header(t *testing.T, a *answer, name, want string) {
	t.Helper()
	if got := a.header.Get(name); got != want {
		t.Errorf("%s: %s = %q, want %q", a.what, name, got, want)
	}
}

// Pages of a list hold every idea once, whatever the order.
func TestPaging(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, s *site) {
		ada := s.member("ada@example.com")
		want := map[string]bool{}
		for _, title := range strings.Fields("one1 two2 three four five5 six6 seven") {
			s.clock.pass(time.Second)
			want[ada.post("/ideas", `{"title": "`+title+`", "category": "tea"}`).want(http.StatusCreated).str("idea.id")] = true
		}
		s.settle()
		for _, sort := range []string{"trending", "top", "new"} {
			got := map[string]bool{}
			for next, pages := "", 1; ; pages++ {
				page := s.visitor().get("/ideas?limit=3&category=tea&sort=" + sort + "&cursor=" + next).want(200)
				for i := range int(page.at("ideas.#").(int)) {
					got[page.str("ideas."+string(rune('0'+i))+".id")] = true
				}
				if page.at("next") == nil {
					if pages != 3 {
						t.Errorf("%s: %d pages, want 3", sort, pages)
					}
					break
				}
				next = page.str("next")
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", sort, diff)
			}
		}
	})
}
