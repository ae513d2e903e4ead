//go:build !race

// The whole real community under the race detector would take minutes, and its
// goroutines do nothing that those of smaller imports don't.

package transfer_test

import (
	"encoding/csv"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/transfer"
)

func (d *desk) starbucks() transfer.Report {
	d.Helper()
	p, err := transfer.PresetNamed("my-starbucks-idea")
	d.must(err)
	r, err := d.Files(d.Context(), transfer.Files{Preset: p, Source: p.Name, Ideas: real(d.T, "ideas.csv"), Comments: real(d.T, "comments.csv")})
	d.must(err)
	return r
}

func TestRealPortal(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	want := transfer.Report{Ideas: transfer.Tally{Read: 1500, New: 1500}, Comments: transfer.Tally{Read: 17327, New: 17327},
		Members: transfer.Tally{Read: 10293, New: 10293}}
	if diff := cmp.Diff(want, d.starbucks()); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	d.count()

	// What the files say, read the plain way.
	lines, err := csv.NewReader(opened(t, real(t, "ideas.csv"))).ReadAll()
	d.must(err)
	votes, total := map[string]int{}, 0
	for _, l := range lines[1:] {
		n, err := strconv.Atoi(l[4])
		d.must(err)
		votes[strings.Join(strings.Fields(l[2]), " ")+l[1]] = n / 10
		total += n / 10
	}
	cards := d.cards(portal.ListQuery{Sort: portal.Top})
	if len(cards) != 1500 {
		t.Fatalf("%d cards in the list", len(cards))
	}
	var zero, negative, sum, comments, short, long int
	for _, c := range cards {
		if n, ok := votes[c.Title+c.Author.Name]; !ok || n != c.Votes {
			t.Errorf("%q has %d votes, the file says %d (%t)", c.Title, c.Votes, n, ok)
		}
		switch {
		case c.Votes == 0:
			zero++
		case c.Votes < 0:
			negative++
		}
		sum += c.Votes
		comments += c.Comments
		if n := len([]rune(c.Title)); n == portal.MinTitle {
			short++
		} else if n == 253 {
			long++
		}
	}
	if cards[0].Votes != 35_094 || zero != 500 || negative != 500 || sum != total || comments != 17_327 || short == 0 || long == 0 {
		t.Errorf("most votes %d, at zero %d, negative %d, in all %d of %d, comments %d, titles of 3: %d, of 253: %d",
			cards[0].Votes, zero, negative, sum, total, comments, short, long)
	}
	for _, c := range d.portal.Categories {
		if n := len(d.cards(portal.ListQuery{Sort: portal.Newest, Category: c.ID})); n == 0 {
			t.Errorf("nothing is in the category %s", c.ID)
		}
	}

	p := d.page("Please, please give me a star for each coffee I purchase")
	created := time.Date(2012, 10, 1, 19, 33, 0, 0, time.UTC)
	author := portal.Author{ID: p.Idea.AuthorID, Name: "member-e07af5a9"}
	if diff := cmp.Diff(portal.Idea{ID: portal.ImportedAt(created, "my-starbucks-idea", "49997"), Title: p.Idea.Title, Category: "card",
		Status: portal.New, AuthorID: p.Idea.AuthorID, CreatedAt: created, UpdatedAt: created, Version: 1, BaseVotes: 35_094,
		Source: "my-starbucks-idea"}, p.Idea); diff != "" {
		t.Errorf("idea (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]portal.HistoryEntry{{IdeaID: p.Idea.ID, Ver: 1, At: created, To: portal.New, By: author, Imported: true}}, p.History); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	if p.Card.Author != author {
		t.Errorf("the card credits %+v", p.Card.Author)
	}
	m, err := d.Store.Member(t.Context(), p.Idea.AuthorID)
	d.must(err)
	if m.Email != "" || m.Source != "my-starbucks-idea" || m.Role != portal.RoleMember {
		t.Errorf("profile %+v", m)
	}
	for _, c := range p.Comments {
		if !c.Imported || c.Body != "" || c.Author.Name == "" || c.CreatedAt.IsZero() {
			t.Errorf("comment %+v", c)
		}
	}
}

func TestRepeatedImport(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.starbucks()
	d.count()

	// People vote, edit and move on.
	cards := d.cards(portal.ListQuery{Sort: portal.Top})
	most, least := cards[0], cards[len(cards)-1]
	var boss portal.Actor
	for i := range 7 {
		boss = d.member(i)
		for _, id := range []string{most.ID, least.ID} {
			_, err := d.portal.CastVote(t.Context(), boss, id)
			d.must(err)
		}
	}
	boss.Role = portal.RoleTeam
	title := "A star for each cup"
	_, err := d.portal.EditIdea(t.Context(), boss, most.ID, portal.IdeaEdit{Title: &title})
	d.must(err)
	_, err = d.portal.ChangeStatus(t.Context(), boss, least.ID, portal.StatusChange{To: portal.UnderReview})
	d.must(err)
	c, _, err := d.Store.Comments(t.Context(), most.ID, "", 1)
	d.must(err)
	d.must(d.portal.DeleteComment(t.Context(), boss, most.ID, c[0].ID))
	d.count()

	before := d.export()
	var again transfer.Report
	if n := d.writes(func() { again = d.starbucks() }); n != 0 {
		t.Errorf("%d changes came of an import of what is known", n)
	}
	want := transfer.Report{Ideas: transfer.Tally{Read: 1500, Known: 1500}, Comments: transfer.Tally{Read: 17327, Known: 17327},
		Members: transfer.Tally{Read: 10293, Known: 10293}}
	if diff := cmp.Diff(want, again); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, d.export()); diff != "" {
		t.Errorf("the portal changed (-before +after):\n%.2000s", diff)
	}
	for _, was := range []portal.Card{most, least} {
		is, err := d.Store.CardOf(t.Context(), was.ID)
		d.must(err)
		if is.Votes != was.Votes+7 {
			t.Errorf("%d votes and 7 new ones are %d", was.Votes, is.Votes)
		}
	}
	if least.Votes >= 0 {
		t.Errorf("the last idea has %d votes", least.Votes)
	}
}

func TestDryRun(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.DryRun = true
	var r transfer.Report
	if n := d.writes(func() { r = d.starbucks() }); n != 0 {
		t.Errorf("%d changes", n)
	}
	if r.Ideas.New != 1500 || r.Comments.New != 17327 || r.Members.New != 10293 {
		t.Errorf("report %+v", r)
	}
	d.DryRun = false
	d.starbucks()
	d.DryRun = true
	if r = d.starbucks(); r.Ideas.Known != 1500 || r.Ideas.New != 0 || r.Comments.Known != 17327 {
		t.Errorf("report of what is known: %+v", r)
	}
}
