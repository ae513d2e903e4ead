package web_test

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"groundswell/shared/portal"
)

// The team takes ideas, comments and steps away as files, part by part, in which no
// cell is a formula; nobody else does.
func TestTakeout(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada := s.reader().signIn("ada@example.com")
	id := ada.newIdea(`=HYPERLINK("https://evil.example")`)
	s.settle()
	ada.open("/ideas/"+id).fill("/ideas/"+id+"/comments", "body", "+1 from me").want(200)
	s.settle()
	team := s.reader().signIn("team@example.com")
	team.open("/team/export").want(200).sees("Export ideas", "1 in this one", "CSV for Excel")

	team.open("/team/export/ideas.csv?excel=1").want(200)
	if h := team.last.Header; !strings.HasPrefix(h.Get("Content-Type"), "text/csv") || h.Get("Content-Disposition") != `attachment; filename="ideas.csv"` || h.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", h)
	}
	body, marked := strings.CutPrefix(team.body, "\xEF\xBB\xBF")
	lines, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || !marked || len(lines) != 2 || lines[1][0] != id || lines[1][1] != `'=HYPERLINK("https://evil.example")` {
		t.Errorf("%v\n%s", err, team.body)
	}
	if team.open("/team/export/comments.csv").want(200); !strings.Contains(team.body, ",'+1 from me,") {
		t.Errorf("comments:\n%s", team.body)
	}
	if team.open("/team/export/history.jsonl").want(200); !strings.Contains(team.body, `{"idea":"`+id+`","version":1,`) {
		t.Errorf("history:\n%s", team.body)
	}
	for _, none := range []string{"members.csv", "mails.csv", "ideas", "ideas.exe", "../ideas.csv"} {
		team.open("/team/export/" + none).want(404)
	}
	ada.open("/team/export").want(403)
	ada.open("/team/export/ideas.csv").want(403)
}

// Of more ideas than one part holds each is in one part.
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
	a := portal.Actor{Member: portal.Member{ID: portal.ImportedMember("s", "team"), Role: portal.RoleTeam}}
	seen, parts := map[string]bool{}, 0
	for cursor := ""; ; {
		part, err := p.TakeoutAt(t.Context(), a, cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range part.Cards {
			seen[c.ID] = true
		}
		parts++
		if cursor = part.Next; cursor == "" {
			break
		}
	}
	if parts != 2 || len(seen) != n {
		t.Errorf("%d ideas in %d parts", len(seen), parts)
	}
}
