package transfer_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/transfer"
)

func TestGeneric(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p, err := transfer.PresetNamed("generic")
	d.must(err)
	p.Ideas, err = transfer.ParseIdeaColumns("title=Subject, body=Text,category=Area,votes=Score,author=User,email=Mail,created=Date,status=State,id=Key,note=Answer,team=By,moved=On")
	d.must(err)
	p.Comments, err = transfer.ParseCommentColumns("id=No,idea=Key,parent=Re,body=Text,author=User,email=Mail,created=Date")
	d.must(err)
	p.Loose, p.Dates = false, transfer.DayFirst
	p.Categories = map[string]string{"Bits & bobs": "merchandise", "*": "product-other"}
	zone := time.FixedZone("CET", 3600)
	src := func() transfer.Files {
		return transfer.Files{Preset: p, Source: "acme", Zone: zone,
			Ideas: file("a.csv", `Key;Subject;Text;Area;Score;User;Mail;Date;State;Answer;By;On
7;Free refills;**Please**;Bits and BOBS;12;Ann;Ann@Example.com;1/2/2012 08:30;Shipped;Here it is.;Joe;3/2/2013
8;Other things;;Anything;-3;Bob;;1.2.2012;open;;;
9;Third;;coffee & ESPRESSO;;;;2012-02-01T10:00:00Z;not-planned;;;
`), Comments: file("b.csv", "No,Key,Re,Text,User,Mail,Date\n1,7,,First,Bob,,1/2/2012 09:00\n2,7,1,Reply,Ann,ann@example.com,1/2/2012 09:01\n3,7,2,Reply to the reply,,,1/2/2012 09:02\n")}
	}
	r, err := d.Files(t.Context(), src())
	d.must(err)
	want := transfer.Report{Ideas: transfer.Tally{Read: 3, New: 3}, Comments: transfer.Tally{Read: 3, New: 3},
		Members: transfer.Tally{Read: 5, New: 5}} // Ann, Bob, nobody, Joe, the team
	if diff := cmp.Diff(want, r); diff != "" || len(d.rejected) > 0 {
		t.Errorf("report (-want +got):\n%s%q", diff, d.rejected)
	}

	page := d.page("Free refills")
	created, moved := time.Date(2012, 2, 1, 7, 30, 0, 0, time.UTC), time.Date(2013, 2, 2, 23, 0, 0, 0, time.UTC)
	ann, err := d.Store.MemberByEmail(t.Context(), "ann@example.com")
	d.must(err)
	if diff := cmp.Diff(portal.Idea{ID: portal.ImportedAt(created, "acme", "7"), Title: "Free refills", Excerpt: "Please", Category: "merchandise",
		Status: portal.Launched, AuthorID: ann.ID, CreatedAt: created, UpdatedAt: moved, LaunchedAt: moved, Version: 2, BaseVotes: 12,
		Source: "acme"}, page.Idea); diff != "" {
		t.Errorf("idea (-want +got):\n%s", diff)
	}
	joe := page.History[len(page.History)-1].By
	if diff := cmp.Diff([]portal.HistoryEntry{
		{IdeaID: page.Idea.ID, Ver: 1, At: created, To: portal.New, By: ann.Author(), Imported: true},
		{IdeaID: page.Idea.ID, Ver: 2, At: moved, From: portal.New, To: portal.Launched, By: joe, Note: "Here it is.", Imported: true},
	}, page.History); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	if joe.Name != "Joe" || !joe.Team || page.Body != "**Please**" || ann.Name != "Ann" || ann.Role != portal.RoleMember {
		t.Errorf("moved by %+v, text %q, author %+v", joe, page.Body, ann)
	}
	if n := len(page.Comments); n != 3 {
		t.Fatalf("%d comments", n)
	}
	for i, c := range page.Comments {
		if parent := []string{"", page.Comments[0].ID, page.Comments[0].ID}[i]; c.Parent != parent {
			t.Errorf("comment %d answers %q, want %q", i, c.Parent, parent)
		}
	}
	if c := page.Comments[2]; c.Author.Name != "Anonymous" || c.Body != "Reply to the reply" || !c.Imported {
		t.Errorf("comment %+v", c)
	}
	third := d.page("Third")
	if third.Idea.Category != "coffee" || third.Idea.Status != portal.Declined || third.History[1].By.Name != "acme" {
		t.Errorf("third: %+v", third)
	}
	if other := d.ideas()["Other things"]; other.BaseVotes != -3 || other.Category != "product-other" || other.Status != portal.New {
		t.Errorf("other: %+v", other)
	}

	if n := d.writes(func() { r, err = d.Files(t.Context(), src()) }); err != nil || n != 0 || r.Ideas.Known != 3 || r.Comments.Known != 3 || r.Members.Known != 5 {
		t.Errorf("again: %d changes, %+v, %v", n, r, err)
	}
}

// TestAuthors: who signed in here before the import is the author of what they
// wrote there, and an address never becomes a name.
func TestAuthors(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	here := d.member(1)
	d.generic("title,category,created,author,email\nFirst,food,2012-01-01,Them,M1@example.com\nSecond,food,2012-01-01,who@example.com,\nThird,food,2012-01-01,,new@example.com\n", "")
	if i := d.ideas()["First"]; i.AuthorID != here.ID {
		t.Errorf("author %s, want %s", i.AuthorID, here.ID)
	}
	m, err := d.Store.Member(t.Context(), here.ID)
	d.must(err)
	if m.Name != here.Name {
		t.Errorf("the import renamed %q to %q", here.Name, m.Name)
	}
	for _, title := range []string{"Second", "Third"} {
		m, err := d.Store.Member(t.Context(), d.ideas()[title].AuthorID)
		d.must(err)
		if m.Name != "member-"+m.ID[:6] {
			t.Errorf("%s is by %q", title, m.Name)
		}
	}
}

// TestKeysOfLines: without a column of ids they follow from the line.
func TestKeysOfLines(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const ideas = "title,category,created,author\nSame,food,2012-01-01,ann\nSame,food,2012-01-01,bob\nSame,food,2012-01-01,ann\n"
	if r := d.generic(ideas, ""); r.Ideas.New != 2 || r.Ideas.Rejected != 1 {
		t.Errorf("report %+v %q", r, d.rejected)
	}
	if r := d.generic(ideas, ""); r.Ideas.New != 0 || r.Ideas.Known != 2 {
		t.Errorf("report %+v", r)
	}
}

// Columns of a table that somebody kept by hand are found by what they are usually
// called; a column that is called as the field goes first.
func TestUsualNames(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	r := d.generic("Idea,Subject,Details,Topic,Score,Submitted By,E-Mail Address,Created On,State\n"+
		"no,Oat milk,Please.,food,12,Ada,ada@example.com,2012-01-01,planned\n", "")
	if r.Ideas.New != 1 {
		t.Fatalf("report %+v %q", r, d.rejected)
	}
	page := d.page("Oat milk")
	if page.Body != "Please." || page.Idea.Category != "food" || page.Card.Votes != 12 || page.Idea.Status != portal.Planned || page.History[0].By.Name != "Ada" {
		t.Errorf("%+v", page)
	}
}

func TestPresets(t *testing.T) {
	t.Parallel()
	for _, p := range transfer.Presets() {
		if got, err := transfer.PresetNamed(p.Name); err != nil || got.Note == "" {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
	if _, err := transfer.PresetNamed("x"); err == nil || err.Error() != `there is no preset "x"; there are my-starbucks-idea, canny, uservoice, fider, fider-backup, github, generic` {
		t.Errorf("error %v", err)
	}
}

func TestFider(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p, err := transfer.PresetNamed("fider")
	d.must(err)
	p.Categories = map[string]string{"*": "product-other"}
	r, err := d.Files(t.Context(), transfer.Files{Preset: p, Source: "fider", Ideas: file("posts.csv",
		"number,title,description,created_at,created_by,votes_count,comments_count,status,responded_by,responded_at,response,original_number,original_title,tags\n"+
			"10,Go is fast,Very small description,2018-03-23T19:33:22Z,Faceless,4,2,declined,John Snow,2018-04-04T19:48:10Z,Nothing we need to do,,,\"easy, ignored\"\n"+
			"15,Go is great,,2018-02-21T15:51:35Z,Someone else,4,2,open,,,,,,\n"+
			"20,Go is easy,,2018-01-12T01:46:59Z,Faceless,4,2,duplicate,Arya Stark,2018-03-17T10:15:42Z,Suggested before,99,Go is very easy,\"a,b\"\n")})
	d.must(err)
	if diff := cmp.Diff(transfer.Tally{Read: 3, New: 2, Rejected: 1}, r.Ideas); diff != "" {
		t.Errorf("ideas (-want +got):\n%s%q", diff, d.rejected)
	}
	if h := d.page("Go is fast").History; len(h) != 2 || h[1].To != portal.Declined || h[1].By.Name != "John Snow" || h[1].Note != "Nothing we need to do" {
		t.Errorf("history %+v", h)
	}
}

func TestParseColumns(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"title":             `"title" is not FIELD=COLUMN`,
		"title=":            `"title=" is not FIELD=COLUMN`,
		"titel=x":           `there is no field "titel"; the fields are [id title body category votes author email created status moved team note url]`,
		"title=a,title=b":   `field "title" is given twice`,
		"title=a,created=b": "",
	} {
		if _, err := transfer.ParseIdeaColumns(in); (err == nil) != (want == "") || err != nil && err.Error() != want {
			t.Errorf("%s: error %v, want %s", in, err, want)
		}
	}
}

func TestParseTime(t *testing.T) {
	t.Parallel()
	pacific := time.FixedZone("PST", -8*3600)
	at := func(y int, m time.Month, d, h, min, s int) time.Time {
		return time.Date(y, m, d, h, min, s, 0, time.UTC)
	}
	for _, tc := range []struct {
		in    string
		dates transfer.Dates
		zone  *time.Location
		want  time.Time // zero: refused
	}{
		{"10/1/2012 7:33 PM", transfer.MonthFirst, nil, at(2012, 10, 1, 19, 33, 0)},
		{"10/1/2012 7:33 pm", transfer.MonthFirst, nil, at(2012, 10, 1, 19, 33, 0)},
		{"10/1/2012, 7:33:05\u202fPM", transfer.MonthFirst, nil, at(2012, 10, 1, 19, 33, 5)},
		{"10/1/2012 12:05 AM", transfer.MonthFirst, nil, at(2012, 10, 1, 0, 5, 0)},
		{"10/1/2012 19:33", transfer.DayFirst, nil, at(2012, 1, 10, 19, 33, 0)},
		{"13/1/2012", transfer.MonthFirst, nil, time.Time{}},
		{"13/1/2012", transfer.DayFirst, nil, at(2012, 1, 13, 0, 0, 0)},
		{"1/13/12 15:04", transfer.MonthFirst, nil, at(2012, 1, 13, 15, 4, 0)},
		{"1/2/2012", "", nil, time.Time{}},
		{"2012/10/01", "", nil, at(2012, 10, 1, 0, 0, 0)},
		{"1.10.2012 19:33", "", nil, at(2012, 10, 1, 19, 33, 0)},
		{"01.10.2012", "", nil, at(2012, 10, 1, 0, 0, 0)},
		{"2012-10-01T19:33:00Z", "", pacific, at(2012, 10, 1, 19, 33, 0)},
		{"2012-10-01T19:33:00.25+02:00", "", nil, at(2012, 10, 1, 17, 33, 0).Add(250 * time.Millisecond)},
		{"2012-10-01 19:33:00", "", pacific, at(2012, 10, 2, 3, 33, 0)},
		{"2012-10-01 19:33:00 UTC", "", pacific, at(2012, 10, 1, 19, 33, 0)},
		{"2012-10-01 19:33:00 +0200", "", nil, at(2012, 10, 1, 17, 33, 0)},
		{"2012-10-01", "", pacific, at(2012, 10, 1, 8, 0, 0)},
		{"Oct 1, 2012", "", nil, at(2012, 10, 1, 0, 0, 0)},
		{"1 October 2012 7:33 PM", "", nil, at(2012, 10, 1, 19, 33, 0)},
		{"1349119980", "", nil, at(2012, 10, 1, 19, 33, 0)},
		{"1349119980250", "", nil, at(2012, 10, 1, 19, 33, 0).Add(250 * time.Millisecond)},
		{"41183", "", nil, time.Time{}},
		{"-134911998", "", nil, time.Time{}},
		{"2012-10-01 19:33:00 PST", "", nil, time.Time{}},
		{"2012-13-01", "", nil, time.Time{}},
		{"", "", nil, time.Time{}},
	} {
		got, err := transfer.ParseTime(tc.in, tc.dates, tc.zone)
		if (err == nil) == tc.want.IsZero() || err == nil && !got.Equal(tc.want) {
			t.Errorf("%q %s: %v, %v; want %v", tc.in, tc.dates, got, err, tc.want)
		}
	}
}
