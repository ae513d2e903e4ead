package sheet_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/sheet"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"": "", "a": "a", "=1": "'=1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "\tx": "'\tx", "\rx": "'\rx",
		"\nx": "'\nx", "'a": "'a", "'=1": "''=1", "''=1": "'''=1", "＝1": "'＝1", "1=1": "1=1", " =1": " =1"} {
		if got := sheet.Guard(in); got != want || sheet.Unguard(got) != in {
			t.Errorf("%q: %q, want %q, and back %q", in, got, want, sheet.Unguard(got))
		}
	}
}

// FuzzGuard: no cell begins a formula, and each comes back as it was.
func FuzzGuard(f *testing.F) {
	f.Add("=cmd|' /C calc'!A0")
	f.Add("''-1")
	f.Fuzz(func(t *testing.T, s string) {
		g := sheet.Guard(s)
		if sheet.Unguard(g) != s || g != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(g)[0]) {
			t.Errorf("%q is written %q and read %q", s, g, sheet.Unguard(g))
		}
	})
}

var at = time.Date(2026, 5, 4, 12, 0, 0, 123e6, time.UTC)

// rows has one of each kind, of texts that are out for trouble.
func rows() map[string]sheet.Row {
	const evil = "=HYPERLINK(\"https://evil.example\")\n\"x\","
	by := portal.Author{ID: "m", Name: "+ann"}
	i := portal.Idea{ID: "i", Title: evil, Category: "@tea", Status: portal.Planned, AuthorID: "m", CreatedAt: at, UpdatedAt: at, MergedInto: "-", Source: "-x"}
	return map[string]sheet.Row{
		"ideas": sheet.Idea(portal.IdeaText{Idea: i, Body: evil, History: []portal.HistoryEntry{{To: portal.New, By: by}, {From: portal.New, To: portal.Planned, Note: evil, By: by, At: at}}},
			portal.Card{Votes: -3, Comments: 2, Author: by}, "@url"),
		"comments": sheet.Comment(portal.Comment{ID: "c", IdeaID: "i", Body: "\t=1", Author: by, CreatedAt: at}),
		"votes":    sheet.Vote(portal.Vote{IdeaID: "i", MemberID: "-m", At: at}),
		"history":  sheet.Step(portal.HistoryEntry{IdeaID: "i", Ver: 2, From: portal.New, To: portal.Planned, Note: "+1", By: by, At: at}),
		"members":  sheet.Member(portal.Member{ID: "m", Name: "@x", Email: "+a@example.com", Role: portal.RoleTeam}),
		"mails":    sheet.Mail(portal.MailLine{IdeaID: "i", Event: "launched", To: "m", Why: "=x", Detail: "@d", At: at}),
	}
}

// TestKinds: each row has a value for each column, in both formats; no text begins a
// formula, and a number stays one.
func TestKinds(t *testing.T) {
	t.Parallel()
	for _, k := range sheet.Kinds {
		row, ok := rows()[k.Name]
		if !ok {
			t.Errorf("no row of %s", k.Name)
			continue
		}
		var b bytes.Buffer
		w, err := sheet.NewWriter(&b, k, sheet.Options{Mark: true})
		if err == nil {
			err = w.Put(row)
		}
		if err == nil {
			err = w.Flush()
		}
		if err != nil {
			t.Fatalf("%s: %v", k.Name, err)
		}
		text, marked := strings.CutPrefix(b.String(), "\xEF\xBB\xBF")
		lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || len(lines) != 2 || !marked || !slices.Equal(lines[0], k.Columns) {
			t.Fatalf("%s: %v\n%s", k.Name, err, b.String())
		}
		for i, c := range lines[1] {
			if _, number := row[i].(int); !number && c != "" && strings.ContainsAny(c[:1], "=+-@\t\r") {
				t.Errorf("%s: %s is %q", k.Name, k.Columns[i], c)
			}
		}
		b.Reset()
		if w, err = sheet.NewWriter(&b, k, sheet.Options{Format: sheet.JSONL}); err == nil {
			err = w.Put(row)
		}
		var m map[string]any
		if err != nil || json.Unmarshal(b.Bytes(), &m) != nil || len(m) != len(k.Columns) || strings.Count(b.String(), "\n") != 1 {
			t.Errorf("%s: %v\n%s", k.Name, err, b.String())
		}
		if k.Name == "ideas" && (m["votes"] != -3.0 || m["note"] != rows()["ideas"][2] || m["moved"] != "2026-05-04T12:00:00.123Z" || m["shown"] != true) {
			t.Errorf("%v", m)
		}
	}
	if diff := cmp.Diff([]string{"ideas", "comments", "votes", "history", "members", "mails"}, names()); diff != "" {
		t.Error(diff)
	}
}

func names() (ns []string) {
	for _, k := range sheet.Kinds {
		ns = append(ns, k.Name)
	}
	return ns
}
