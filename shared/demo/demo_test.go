package demo

import (
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/app/onefile"
	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/transfer"
)

const team = "team@example.com"

var now = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// folder is a data folder and what is done with it.
type folder struct {
	*testing.T
	*onefile.App
}

func newFolder(t *testing.T) folder {
	t.Helper()
	one, err := onefile.Open(t.TempDir(), onefile.Options{Team: []string{team}, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { one.Close() })
	return folder{t, one}
}

func (f folder) options() Options {
	return Options{Store: f.Store, Scan: f.Table, Categories: portal.DefaultCategories(), Now: now, TeamEmail: team}
}

func (f folder) fill() Filled {
	f.Helper()
	filled, err := Fill(f.Context(), f.options())
	if err != nil {
		f.Fatal(err)
	}
	if err := f.CatchUp(f.Context()); err != nil {
		f.Fatal(err)
	}
	return filled
}

// records are all records of the given kinds, or of any.
func (f folder) records(kinds ...string) map[table.Key]table.Record {
	f.Helper()
	all := map[table.Key]table.Record{}
	for after := ""; ; {
		page, err := f.Table.Scan(f.Context(), after, table.MaxLimit)
		if err != nil {
			f.Fatal(err)
		}
		for _, r := range page.Recs {
			if len(kinds) == 0 || slices.Contains(kinds, r.Kind) {
				all[r.Key] = r
			}
		}
		if after = page.Next; after == "" {
			return all
		}
	}
}

// cards are the listed ideas' cards, newest first.
func (f folder) cards() (cs []portal.Card) {
	f.Helper()
	for q := (portal.ListQuery{Sort: portal.Newest, Limit: portal.MaxLimit}); ; {
		page, err := f.Portal.Ideas(f.Context(), portal.Actor{}, q)
		if err != nil {
			f.Fatal(err)
		}
		cs = append(cs, page.Cards...)
		if q.Cursor = page.Next; q.Cursor == "" {
			return cs
		}
	}
}

func TestScripts(t *testing.T) {
	t.Parallel()
	scripts, err := load()
	if err != nil {
		t.Fatal(err)
	}
	categories, statuses := map[string]int{}, map[portal.Status]int{}
	all, merged := 0, 0
	for _, s := range scripts {
		if len(s.ideas) < 20 {
			t.Errorf("%s has %d ideas only", s.lang, len(s.ideas))
		}
		for _, i := range s.ideas {
			if i.offered {
				continue
			}
			all++
			categories[i.category]++
			status := portal.New
			for _, st := range i.steps {
				if status = st.to; st.into != "" {
					merged++
				}
			}
			statuses[status]++
			if han := strings.ContainsFunc(i.title, func(r rune) bool { return unicode.Is(unicode.Han, r) }); han != (s.lang == "zh") {
				t.Errorf("%q is in %s.txt", i.title, s.lang)
			}
		}
	}
	for _, c := range portal.DefaultCategories() {
		if categories[c.ID] == 0 {
			t.Errorf("no idea is in %s", c.ID)
		}
	}
	for _, s := range portal.Statuses {
		if statuses[s] == 0 {
			t.Errorf("no idea is %s", s)
		}
	}
	if all < 60 || statuses[portal.Launched] < 8 || merged != 1 {
		t.Errorf("%d ideas, %d launched, %d merged", all, statuses[portal.Launched], merged)
	}
}

// What is counted is what the scripts say, and what a recount finds.
func TestCounts(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	filled := f.fill()
	rc := transfer.Recounter{Store: f.Store, Projections: f.Projections, DryRun: true,
		Found: func(id, difference string) { t.Errorf("idea %s: %s", id, difference) }}
	ids, err := rc.Ideas(t.Context(), f.Table)
	if err != nil || len(ids) != filled.Ideas {
		t.Fatalf("%d ideas of %d, %v", len(ids), filled.Ideas, err)
	}
	if _, err := rc.Run(t.Context(), ids); err != nil {
		t.Fatal(err)
	}
	if _, err := rc.Sums(t.Context(), ids); err != nil {
		t.Fatal(err)
	}
	byTitle := map[string]portal.Card{}
	for _, id := range ids {
		c, err := f.Store.CardOf(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		byTitle[c.Title] = c
	}
	scripts, err := load()
	if err != nil {
		t.Fatal(err)
	}
	votes := 0
	for _, s := range scripts {
		for _, i := range s.ideas {
			if i.offered {
				continue
			}
			c := byTitle[i.title]
			votes += i.votes
			if c.Comments != len(i.talk) {
				t.Errorf("%q has %d comments, want %d", i.title, c.Comments, len(i.talk))
			}
			if i.key == "" && c.Votes != i.votes {
				t.Errorf("%q has %d votes, want %d", i.title, c.Votes, i.votes)
			}
			if i.key != "" && c.Votes <= i.votes { // some voted for both ideas
				t.Errorf("%q has %d votes, want more than its own %d", i.title, c.Votes, i.votes)
			}
		}
	}
	got := Filled{Ideas: len(f.records(store.KindIdea)), Votes: len(f.records(store.KindVote)),
		Comments: len(f.records(store.KindComment)), Members: len(f.records(store.KindMember))}
	if got != filled || got.Votes != votes {
		t.Errorf("stored %+v, reported %+v, told of %d votes", got, filled, votes)
	}
}

func TestSecondFillChangesNothing(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.fill()
	before := f.records()
	if _, err := Fill(t.Context(), f.options()); !errors.Is(err, ErrNotEmpty) {
		t.Fatalf("the second time: %v", err)
	}
	if diff := cmp.Diff(before, f.records()); diff != "" {
		t.Error(diff)
	}
}

func TestLeavesPeoplesIdeasAlone(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	p := f.Portal
	p.IDs = portal.IDs{Rand: rand.Reader}
	member := portal.Actor{Member: portal.Member{ID: portal.ImportedMember("test", "1"), Name: "Ada"}}
	if _, _, err := p.SubmitIdea(t.Context(), member, portal.IdeaDraft{Title: "Earl Grey", Category: "tea"}); err != nil {
		t.Fatal(err)
	}
	if _, err := Fill(t.Context(), f.options()); !errors.Is(err, ErrNotEmpty) { // before anything is counted
		t.Fatal(err)
	}
	if n := len(f.records(store.KindIdea)); n != 1 {
		t.Errorf("there are %d ideas", n)
	}
}

func TestSameAgain(t *testing.T) {
	t.Parallel()
	a, b := newFolder(t), newFolder(t)
	a.fill()
	b.fill()
	kinds := []string{store.KindIdea, store.KindBody, store.KindHistory, store.KindComment, store.KindVote, store.KindMember}
	if diff := cmp.Diff(a.records(kinds...), b.records(kinds...)); diff != "" {
		t.Error(diff)
	}
}

func TestNobodyIsMailed(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.fill()
	for k := range f.records(store.KindJob, store.KindMail, store.KindOutbox) {
		t.Errorf("there is %s", k)
	}
}

// Whoever signs in as the customer or the team finds a lived-in account, and nobody
// else can be signed in as.
func TestAccounts(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.fill()
	if n := len(f.records(store.KindAddress)); n != 2 {
		t.Errorf("%d members have an address", n)
	}
	admin, err := f.Store.MemberByEmail(t.Context(), team)
	if err != nil || admin.Role != portal.RoleAdmin || admin.Name != "Nora Whitfield" {
		t.Errorf("the team: %+v, %v", admin, err)
	}
	m, err := f.Store.MemberByEmail(t.Context(), Customer)
	if err != nil || m.Role != portal.RoleMember {
		t.Fatalf("the customer: %+v, %v", m, err)
	}
	ids, _, err := f.Store.IdeasBy(t.Context(), m.ID, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	cards, err := f.Store.CardsOf(t.Context(), ids)
	if err != nil || !slices.ContainsFunc(cards, func(c portal.Card) bool { return c.Status == portal.Launched }) || len(cards) < 3 {
		t.Errorf("the customer has ideas %v, %v", cards, err)
	}
	votes, _, err := f.Store.VotesBy(t.Context(), m.ID, "", 100)
	if err != nil || len(votes) < 5 {
		t.Errorf("the customer has %d votes, %v", len(votes), err)
	}
	comments, _, err := f.Store.CommentsBy(t.Context(), m.ID, "", 100)
	if err != nil || len(comments) < 5 {
		t.Errorf("the customer has %d comments, %v", len(comments), err)
	}
}

// Who signed in before the community moved in plays the part, as they are.
func TestAccountsThatWereThere(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	early := portal.Member{ID: portal.ImportedMember("test", "early"), Name: "Early Bird", Email: Customer, Role: portal.RoleMember, Mail: portal.DefaultMail(), CreatedAt: now, Version: 1}
	if _, err := f.Store.CreateMember(t.Context(), early); err != nil {
		t.Fatal(err)
	}
	f.fill()
	ids, _, err := f.Store.IdeasBy(t.Context(), early.ID, "", 100)
	if err != nil || len(ids) < 3 {
		t.Errorf("they have %d ideas, %v", len(ids), err)
	}
	m, err := f.Store.MemberByEmail(t.Context(), Customer)
	if diff := cmp.Diff(early, m); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

// One person can't be both: the team's part goes first.
func TestTeamUsesTheCustomersAddress(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	o := f.options()
	o.TeamEmail = "Customer@example.com"
	if _, err := Fill(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	m, err := f.Store.MemberByEmail(t.Context(), Customer)
	if err != nil || m.Role != portal.RoleAdmin {
		t.Errorf("they are %+v, %v", m, err)
	}
}
