package web_test

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"groundswell/shared/portal"
)

// The team takes all kinds away as files, part by part, in which no cell is a formula;
// addresses are for admins, by a form. Nobody else takes any.
func TestTakeout(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada := s.reader().signIn("ada@example.com")
	id := ada.newIdea(`=HYPERLINK("https://evil.example")`)
	s.settle()
	ada.open("/ideas/"+id).fill("/ideas/"+id+"/comments", "body", "+1 from me").want(200)
	s.settle()
	team := s.reader().signIn("team@example.com")
	team.open("/team/export").want(200).sees("Export", "Votes", "Log of moderation")
	team.open("/team/export?kind=ideas").want(200).sees("This is all of it. Rows: 1.", "CSV for Excel")

	team.open("/team/export/ideas.csv?excel=1").want(200)
	if h := team.last.Header; !strings.HasPrefix(h.Get("Content-Type"), "text/csv") || h.Get("Content-Disposition") != `attachment; filename="ideas.csv"` ||
		h.Get("Cache-Control") != "no-store" || h.Get("Link") != "" {
		t.Errorf("headers %v", h)
	}
	body, marked := strings.CutPrefix(team.body, "\xEF\xBB\xBF")
	lines, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || !marked || len(lines) != 2 || lines[1][0] != id || lines[1][1] != `'=HYPERLINK("https://evil.example")` {
		t.Errorf("%v\n%s", err, team.body)
	}
	for file, want := range map[string]string{"comments.csv": ",'+1 from me,", "history.jsonl": `{"idea":"` + id + `","version":1,`,
		"members.jsonl": `"ideas":1,"comments":1,"votes":0}`, "log.csv": "id,at,what,by", "dossiers.csv": "idea,owner", "notes.csv": "id,idea,body"} {
		if team.open("/team/export/" + file).want(200); !strings.Contains(team.body, want) || strings.Contains(team.body, "@example.com") {
			t.Errorf("%s:\n%s", file, team.body)
		}
	}
	for _, none := range []string{"sessions.csv", "ideas", "ideas.exe", "../ideas.csv"} {
		team.open("/team/export/" + none).want(404)
	}
	team.open("/team/export?kind=sessions").want(404)
	team.open("/team/export?kind=votes&cursor=x").want(400)
	ada.open("/team/export").want(403)
	ada.open("/team/export/ideas.csv").want(403)

	// With addresses: not by a link, not by whoever is in the team, and never unseen.
	boss, crew := team, s.reader().signIn("crew@example.com")
	if _, err := s.server.Portal.Grant(t.Context(), "crew@example.com", portal.RoleTeam); err != nil {
		t.Fatal(err)
	}
	crew.open("/team/export?kind=members").want(200).seesNot("With e-mail addresses")
	crew.request("POST", "/team/export/members.csv", nil).want(403)
	logged := func(want int) {
		t.Helper()
		es, _, err := s.server.Portal.Store.Log(t.Context(), portal.LogQuery{What: portal.LogExport, Limit: 10})
		if err != nil || len(es) != want {
			t.Errorf("%+v, %v: want %d lines", es, err, want)
		}
	}
	logged(0)
	boss.open("/team/export?kind=members").want(200).fill("/team/export/members.csv").want(200)
	if !strings.Contains(boss.body, ",ada@example.com\r\n") {
		t.Errorf("no addresses:\n%s", boss.body)
	}
	logged(1)
	boss.open("/team/log?what=export").want(200).sees("Addresses exported", "members")
	boss.request("POST", "/team/export/dossiers.csv", nil).want(404)
}

// Of more ideas than one part holds each is in one part; a program is told where the
// next one begins, and so is a page.
func TestTakeoutParts(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	p := s.server.Portal
	const n = portal.TakeoutPart + 30
	for i := range n {
		_, _, err := p.SubmitIdea(t.Context(), portal.Actor{Member: portal.Member{ID: portal.ImportedMember("s", fmt.Sprint(i)), Role: portal.RoleTeam, Version: 1}},
			portal.IdeaDraft{Title: fmt.Sprintf("Idea %d", i), Category: "tea"})
		if err != nil {
			t.Fatal(err)
		}
		s.clock.pass(1_000_000)
	}
	s.settle()
	team := s.reader().signIn("team@example.com")
	seen, parts := map[string]bool{}, 0
	for at := "/team/export/ideas.jsonl"; at != ""; parts++ {
		team.open(at).want(200)
		for line := range strings.Lines(team.body) {
			seen[line] = true
		}
		at, _, _ = strings.Cut(strings.TrimPrefix(team.last.Header.Get("Link"), "<"), ">")
	}
	if parts != 2 || len(seen) != n {
		t.Errorf("%d ideas in %d parts", len(seen), parts)
	}
	team.open("/team/export?kind=ideas").want(200).sees("This is a part. Rows in it: 200.")
	team.open(team.link("Next part")).want(200).sees("Rows in it: 30.")
}

// Of an idea with more votes than one part holds each is in one part.
func TestTakeoutOfManyVotes(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	id := s.reader().signIn("ada@example.com").newIdea("Everybody's idea")
	const n = 4321
	for i := range n {
		if _, err := s.server.Portal.Store.PutVote(t.Context(), portal.Vote{IdeaID: id, MemberID: portal.ImportedMember("s", fmt.Sprint(i)), At: s.clock.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	s.settle()
	a := portal.Actor{Member: portal.Member{ID: portal.ImportedMember("s", "team"), Role: portal.RoleTeam}}
	seen, parts := map[string]bool{}, 0
	for cursor := ""; ; {
		part, err := s.server.Portal.Take(t.Context(), a, portal.TakeVotes, cursor, false)
		if err != nil {
			t.Fatal(err)
		}
		if len(part.Votes) > 3000 {
			t.Errorf("%d votes in one part", len(part.Votes))
		}
		for _, v := range part.Votes {
			if seen[v.MemberID] {
				t.Errorf("a vote of %s is in two parts", v.MemberID)
			}
			seen[v.MemberID] = true
		}
		parts++
		if cursor = part.Next; cursor == "" {
			break
		}
	}
	if parts < 3 || len(seen) != n {
		t.Errorf("%d votes in %d parts", len(seen), parts)
	}
}
