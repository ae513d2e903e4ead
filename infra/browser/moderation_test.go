package browser

import (
	"fmt"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/projection"
)

// moderation walks a report from who makes it to the team, the team's decision to its
// author, and the author's answer back: with the keyboard and dialogs where there is
// script, with forms alone where there is none.
func moderation(t *testing.T, c *chrome, l look) {
	team := teamOf(l)
	s := open(t, team)
	s.settle(t, team)
	s.member(t, team, portal.RoleAdmin, l.lang)
	author := s.member(t, "author@example.com", portal.RoleMember, l.lang)
	s.member(t, "reader@example.com", portal.RoleMember, l.lang)
	bad := author.submit(map[string]string{"en": "Cheap watches", "zh": "便宜手表"}[l.lang])
	s.counted(t)

	reader := c.visit(t, s, l)
	reader.open("/sign-in?next=/ideas/" + bad.ID)
	reader.signIn("reader@example.com", false)
	reader.report()

	boss := c.visit(t, s, l)
	boss.open("/sign-in?next=/team/queue")
	boss.signIn(team, false)
	boss.wait(`location.pathname === "/team/queue"`)
	boss.check("queue")
	boss.open("/team/queue?queue=reports&case=" + bad.ID)
	boss.check("queue-case")
	boss.write("#note", "No shop windows.")
	if l.script && l.width >= 960 {
		eval[any](boss, `document.activeElement.blur()`)
		boss.key("d", false)
		boss.wait(`document.activeElement.value === "decline"`)
		boss.key("Enter", false)
		boss.shows("#said", "")
		boss.wait(`document.querySelector(".inbox .empty") !== null`)
	} else {
		boss.press(`button[value="decline"]`)
		boss.wait(`document.querySelector(".inbox .empty") !== null`)
	}
	boss.check("queue-empty")

	writer := c.visit(t, s, l)
	writer.open("/sign-in?next=/ideas/" + bad.ID)
	writer.signIn("author@example.com", false)
	writer.shows(".moderation", "No shop windows.")
	writer.press(".moderation summary")
	writer.check("hidden-own")
	writer.write("#words", "They are good watches.")
	writer.follow(`form[action$="/appeal"] button`)
	writer.check("hidden-answered")

	boss.open("/team/queue?queue=appeals&case=" + bad.ID)
	boss.shows(".evidence", "They are good watches.")
	boss.press(`button[value="approve"]`)
	boss.wait(`document.querySelector(".inbox .empty") !== null`)
	edited(boss, writer, l, bad.ID)
	boss.open("/team/log")
	boss.shows(".log", "No shop windows.")
	boss.check("log")
	boss.open("/team/members/" + author.ID)
	boss.check("team-member")

	s.oddVotes(t, bad.ID)
	boss.oddVotes(bad)
}

// oddVotes are a dozen votes by accounts that are an hour old, within a minute and from
// one network, of which the portal has made a case.
func (s *site) oddVotes(t *testing.T, idea string) {
	t.Helper()
	now := time.Now().UTC().Truncate(time.Millisecond)
	for n := range 12 {
		m := portal.Member{ID: portal.ImportedMember("odd", fmt.Sprint(n)), Name: fmt.Sprint("sock ", n), Email: fmt.Sprint("sock", n, "@bin.example"),
			Role: portal.RoleMember, CreatedAt: now.Add(-time.Hour), Throwaway: n < 5, Version: 1}
		if _, err := s.one.Store.CreateMember(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		at := now.Add(time.Duration(n-12) * 5 * time.Second)
		if _, err := s.one.Store.PutVote(t.Context(), portal.Vote{IdeaID: idea, MemberID: m.ID, At: at, Crowd: "cafe0123", Joined: m.CreatedAt}); err != nil {
			t.Fatal(err)
		}
	}
	s.counted(t)
	if _, err := (&projection.Consumer{Store: s.one.Store, Clock: time.Now}).Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// oddVotes leaves the votes of the case about the idea out, and counts them again.
func (b *tab) oddVotes(idea portal.Idea) {
	b.Helper()
	b.open("/team/ideas/" + idea.ID)
	b.check("votes-panel")
	b.open("/team/queue?queue=votes")
	b.check("votes-queue")
	b.open("/team/queue?queue=votes&case=" + idea.ID)
	b.shows(".evidence", "")
	b.check("votes-case")
	b.press(`button[value="votes_exclude"]`)
	b.wait(`document.querySelector(".inbox .empty") !== null`)
	b.open("/team/queue?queue=votes&case=" + idea.ID)
	b.check("votes-decided")
	b.follow(`button[value="votes_reopen"]`)
	b.shows(`button[value="votes_dismiss"]`, "")
}

// edited changes the idea to what a rule minds; the team sees both texts, and puts the
// one from before back.
func edited(boss, writer *tab, l look, id string) {
	writer.Helper()
	writer.open("/edit/" + id)
	writer.write("#body", "Win at the casino.")
	writer.follow(send(`$="/edit/` + id + `"`))
	writer.shows(".moderation", "")
	writer.check("edited-held")
	boss.open("/team/queue?queue=held&case=" + id)
	boss.shows("#earlier-h", "")
	boss.check("queue-edited")
	if l.script && l.width >= 960 {
		eval[any](boss, `document.activeElement.blur()`)
		boss.key("r", false)
		boss.wait(`document.activeElement.value === "restore"`)
		boss.key("Enter", false)
	} else {
		boss.press(`button[value="restore"]`)
	}
	boss.wait(`document.querySelector(".inbox .empty") !== null`)
	boss.open("/ideas/" + id)
	boss.shows(".prose", "drip")
}

// report reports the idea that the tab is on.
func (b *tab) report() {
	b.Helper()
	b.shows("a.report", "")
	b.press("a.report")
	if b.script {
		b.wait(`document.querySelector("dialog.reporting")?.open`)
		b.check("report-dialog")
		b.press("#reason-spam")
		b.press("dialog.reporting form button")
		b.wait(`!document.querySelector("dialog.reporting") && document.getElementById("toast").textContent !== ""`)
		return
	}
	b.wait(`location.pathname.endsWith("/report") && document.readyState === "complete"`)
	b.check("report")
	b.press("#reason-spam")
	b.follow(`form[action$="/report"] button`)
	b.shows("main > .notice", "")
}
