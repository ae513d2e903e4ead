package portal_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
)

func TestImportedIdea(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	created, moved := now.Add(-100*time.Hour), now.Add(-50*time.Hour)
	author, team := portal.Author{ID: "a", Name: "Ann"}, portal.Author{ID: "t", Name: "Team", Team: true}
	good := portal.ImportedIdea{Source: "s", Key: "1", Title: "  A  title ", Body: "text\r\n", Category: "food", Status: portal.New, Votes: -7,
		Author: author, MovedBy: team, MovedAt: moved, CreatedAt: created, Note: "note"}
	for _, tc := range []struct {
		name   string
		change func(*portal.ImportedIdea)
		fields string // that are wrong
	}{
		{"good", func(*portal.ImportedIdea) {}, ""},
		{"a title of three", func(d *portal.ImportedIdea) { d.Title = "abc" }, ""},
		{"a title of two", func(d *portal.ImportedIdea) { d.Title = "ab" }, "title"},
		{"a title of 256", func(d *portal.ImportedIdea) { d.Title = strings.Repeat("é", 256) }, "title"},
		{"no body", func(d *portal.ImportedIdea) { d.Body = "" }, ""},
		{"long body and note", func(d *portal.ImportedIdea) { d.Body = strings.Repeat("x", 32_001); d.Note = d.Body }, "body note"},
		{"declined without a note", func(d *portal.ImportedIdea) { d.Status, d.Note = portal.Declined, "" }, ""},
		{"no such category", func(d *portal.ImportedIdea) { d.Category = "x" }, "category"},
		{"no such status", func(d *portal.ImportedIdea) { d.Status = "x" }, "status"},
		{"many votes", func(d *portal.ImportedIdea) { d.Votes = portal.MaxImportedVotes }, ""},
		{"too many votes", func(d *portal.ImportedIdea) { d.Votes = portal.MaxImportedVotes + 1 }, "votes"},
		{"too few votes", func(d *portal.ImportedIdea) { d.Votes = -portal.MaxImportedVotes - 1 }, "votes"},
		{"no time", func(d *portal.ImportedIdea) { d.CreatedAt = time.Time{} }, "created"},
		{"before 1970", func(d *portal.ImportedIdea) { d.CreatedAt = time.Unix(-1, 0) }, "created"},
		{"in another zone", func(d *portal.ImportedIdea) { d.CreatedAt = now.Add(14 * time.Hour) }, ""},
		{"in the future", func(d *portal.ImportedIdea) { d.CreatedAt = now.Add(25 * time.Hour) }, "created"},
		{"far in the future", func(d *portal.ImportedIdea) { d.CreatedAt = now.AddDate(5000, 0, 0) }, "created"},
		{"moved in the future", func(d *portal.ImportedIdea) { d.Status, d.MovedAt = portal.Planned, now.Add(25*time.Hour) }, "moved"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := good
			tc.change(&d)
			got, err := d.Take(portal.DefaultCategories(), now)
			if tc.fields != "" {
				for name := range strings.FieldsSeq(tc.fields) {
					if !strings.Contains(fieldsOf(err)+" ", name+" ") {
						t.Errorf("error %v does not name %s", err, name)
					}
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			again, _ := d.Take(portal.DefaultCategories(), now.AddDate(1, 0, 0))
			if diff := cmp.Diff(got, again); diff != "" {
				t.Errorf("not the same a year later:\n%s", diff)
			}
			for _, h := range got.History {
				if !h.Imported {
					t.Errorf("people would be told of %+v", h)
				}
			}
			if last := got.History[len(got.History)-1]; last.Ver != got.Idea.Version || last.To != got.Idea.Status {
				t.Errorf("history ends with %+v, the idea is %+v", last, got.Idea)
			}
		})
	}

	d := good
	d.Status = portal.Launched
	got, err := d.Take(portal.DefaultCategories(), now)
	if err != nil {
		t.Fatal(err)
	}
	id := portal.ImportedAt(created, "s", "1")
	if diff := cmp.Diff(portal.TakenIdea{
		Idea: portal.Idea{ID: id, Title: "A title", Excerpt: "text", Category: "food", Status: portal.Launched, AuthorID: "a",
			CreatedAt: created, UpdatedAt: moved, LaunchedAt: moved, Version: 2, BaseVotes: -7, Source: "s"},
		Key: "1", Body: "text",
		History: []portal.HistoryEntry{{IdeaID: id, Ver: 1, At: created, To: portal.New, By: author, Imported: true},
			{IdeaID: id, Ver: 2, At: moved, From: portal.New, To: portal.Launched, By: team, Note: "note", Imported: true}},
	}, got); diff != "" {
		t.Errorf("taken (-want +got):\n%s", diff)
	}
}

func fieldsOf(err error) (names string) {
	e, _ := err.(*portal.Error)
	if e != nil {
		for _, f := range e.Fields {
			names += f.Name + " "
		}
	}
	return names
}

func TestImportedAuthor(t *testing.T) {
	t.Parallel()
	at := time.Date(2012, 1, 1, 0, 0, 0, 0, time.UTC)
	author := func(name, email string) portal.Member {
		t.Helper()
		m, err := portal.ImportedAuthor("s", name, email, at)
		if err != nil || !portal.ValidMemberID(m.ID) {
			t.Fatalf("%q %q: %v, id %q", name, email, err, m.ID)
		}
		return m
	}
	if a, b := author("Ann", ""), author(" Ann ", ""); a != b || a.Name != "Ann" || a.Email != "" || a.Role != portal.RoleMember || a.Source != "s" {
		t.Errorf("%+v and %+v", a, b)
	}
	if a, b := author("Ann", "Ann@example.com"), author("Other", "ann@Example.com"); a.ID != b.ID || a.ID == author("Ann", "").ID || a.Email != "ann@example.com" {
		t.Errorf("%+v and %+v", a, b)
	}
	for _, m := range []portal.Member{author("ann@example.com", ""), author("", "ann@example.com"), author("a@example.com", "b@example.com")} {
		if m.Name != "member-"+m.ID[:6] {
			t.Errorf("the name is %q", m.Name)
		}
	}
	if m := author("", ""); m.Name != "Anonymous" {
		t.Errorf("nobody is %q", m.Name)
	}
	if _, err := portal.ImportedAuthor("s", strings.Repeat("x", 101), "y", at); fieldsOf(err) != "author email " {
		t.Errorf("error %v", err)
	}
	team, err := portal.ImportedTeam("s", "")
	if err != nil || team.Name != "s" || !team.Author().Team || team.Email != "" || team.ID == author("s", "").ID {
		t.Errorf("team %+v, %v", team, err)
	}
}

func TestImportedComment(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	d := portal.ImportedComment{Source: "s", Key: "1", IdeaID: "i", NoText: true, Body: "dropped", Author: portal.Author{ID: "a"}, CreatedAt: now}
	got, err := d.Take(now)
	if diff := cmp.Diff(portal.Comment{ID: got.ID, IdeaID: "i", Author: d.Author, CreatedAt: now, Imported: true, Version: 1}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	d.NoText, d.Body = false, " "
	if _, err := d.Take(now); fieldsOf(err) != "body " {
		t.Errorf("error %v", err)
	}
	d.Body, d.CreatedAt = "text", time.Time{}
	if _, err := d.Take(now); fieldsOf(err) != "created " {
		t.Errorf("error %v", err)
	}
}
