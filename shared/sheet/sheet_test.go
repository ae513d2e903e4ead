package sheet_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

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

const evil = "=HYPERLINK(\"https://evil.example\")\n\"x\","

// evilPart is a part of an export of each kind, of texts that are out for trouble.
func evilPart() portal.Takeout {
	by := portal.Author{ID: "m", Name: "+ann"}
	step := portal.HistoryEntry{IdeaID: "i", Ver: 2, From: portal.New, To: portal.Planned, Note: evil, By: by, At: at, Merged: "-i", Unmerged: "-i"}
	return portal.Takeout{
		Ideas: []portal.IdeaText{{Body: evil, History: []portal.HistoryEntry{step},
			Idea: portal.Idea{ID: "i", Title: evil, Category: "@tea", Status: portal.Planned, AuthorID: "m", CreatedAt: at, UpdatedAt: at, MergedInto: "-", Source: "-x"}}},
		Comments: []portal.Comment{{ID: "c", IdeaID: "i", Body: "\t=1", Author: by, CreatedAt: at}},
		Votes:    []portal.Vote{{IdeaID: "i", MemberID: "m", At: at}},
		Follows:  []portal.Follow{{IdeaID: "-i", MemberID: "m", Following: true, At: at}},
		Dossiers: []portal.Dossier{{IdeaID: "-i", Owner: "m", Tags: []string{"t"}, By: "m", At: at}},
		Notes:    []portal.Memo{{ID: "n", IdeaID: "i", Body: evil, By: "m", CreatedAt: at}},
		Members:  []portal.Member{{ID: "m", Name: "@x", Email: "+a@example.com", Role: portal.RoleTeam, Source: "=x"}},
		Mails:    []portal.MailLine{{IdeaID: "i", Event: "launched", To: "m", Why: "=x", Detail: "@d", At: at}},
		Log:      []portal.LogEntry{{ID: "-1", What: portal.LogHide, By: "m", Whose: "m", Reasons: []string{"=x"}, Note: evil, From: "+", To: "@"}},

		Cards:  map[string]portal.Card{"i": {ID: "i", Votes: -3, Comments: 2, MergedInto: "-o"}},
		People: map[string]portal.Member{"m": {ID: "m", Name: "+ann", Email: "=ann@example.com", Uncounted: true}},
		Tags:   portal.Tags{All: []portal.Tag{{ID: "t", Name: "@tag"}}},
	}
}

// TestKinds: each row has a value for each column, in both formats; no text begins a
// formula, and a number stays one.
func TestKinds(t *testing.T) {
	t.Parallel()
	kinds := slices.Clone(sheet.Kinds)
	for _, k := range sheet.Kinds {
		if k.Addressed() {
			kinds = append(kinds, k.WithAddresses())
		}
	}
	for _, k := range kinds {
		rows := k.Rows(evilPart(), func(portal.Idea) string { return "@url" })
		if len(rows) != 1 {
			t.Errorf("%d rows of %s", len(rows), k.Name)
			continue
		}
		row := rows[0]
		if has := slices.Contains(k.Columns, "email"); has != slices.Contains(row, any(address(k.Name))) {
			t.Errorf("%s %q: %q", k.Name, k.Columns, row)
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
		if k.Name == "votes" && (m["counts_for"] != "-o" || m["counted"] != false) {
			t.Errorf("%v", m)
		}
		if k.Name == "ideas" && (m["votes"] != -3.0 || m["note"] != evil || m["moved"] != "2026-05-04T12:00:00.123Z" || m["shown"] != true) {
			t.Errorf("%v", m)
		}
	}
	if _, ok := sheet.KindNamed("sessions"); ok {
		t.Error("sessions are a kind")
	}
	for i, name := range portal.TakeKinds {
		if len(sheet.Kinds) != len(portal.TakeKinds) || sheet.Kinds[i].Name != name {
			t.Errorf("%s is not the kind %d", name, i)
		}
	}
}

// address is whose address a kind's row has.
func address(kind portal.TakeKind) string {
	if kind == portal.TakeMembers {
		return "+a@example.com"
	}
	return "=ann@example.com"
}
