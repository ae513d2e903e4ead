package portal_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
)

// colleague makes a second member of the team.
func (d *desk) colleague(email string) portal.Actor {
	d.Helper()
	a := d.signIn(email)
	m, err := d.Grant(d.Context(), email, portal.RoleTeam)
	d.must(err)
	a.Member = m
	return a
}

// TestTeamToolsAreTheTeams: nobody else may use any of them.
func TestTeamToolsAreTheTeams(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ada, ctx := d.signIn("ada@example.com"), t.Context()
	id := d.submit(ada, "Tea for two").ID
	none := []string{}
	for name, do := range map[string]func(portal.Actor) error{
		"dossier": func(a portal.Actor) error {
			_, err := d.EditDossier(ctx, a, id, portal.DossierEdit{Tags: &none})
			return err
		},
		"desk":   func(a portal.Actor) error { _, err := d.Desk(ctx, a, id); return err },
		"memo":   func(a portal.Actor) error { _, err := d.AddMemo(ctx, a, id, "psst"); return err },
		"edit":   func(a portal.Actor) error { _, err := d.EditMemo(ctx, a, id, id, "psst", 0); return err },
		"delete": func(a portal.Actor) error { return d.DeleteMemo(ctx, a, id, id) },
		"tags":   func(a portal.Actor) error { _, err := d.Tags(ctx, a); return err },
		"tag":    func(a portal.Actor) error { _, err := d.AddTag(ctx, a, "bug", 0); return err },
		"retag":  func(a portal.Actor) error { _, err := d.EditTag(ctx, a, id, portal.TagEdit{}); return err },
		"merge":  func(a portal.Actor) error { return d.MergeTag(ctx, a, id, "") },
		"list":   func(a portal.Actor) error { _, err := d.TeamList(ctx, a, portal.TeamQuery{}); return err },
		"save":   func(a portal.Actor) error { _, err := d.SaveFilter(ctx, a, "mine", "owner=me", false); return err },
		"forget": func(a portal.Actor) error { return d.DeleteFilter(ctx, a, id) },
		"many": func(a portal.Actor) error {
			_, err := d.ChangeStatuses(ctx, a, []portal.Pick{{IdeaID: id}}, portal.StatusChange{To: portal.Planned})
			return err
		},
		"picked": func(a portal.Actor) error { _, err := d.Picked(ctx, a, []portal.Pick{{IdeaID: id}}); return err },
		"pin":    func(a portal.Actor) error { _, err := d.PinAnswer(ctx, a, id, "", "Yes.", 0); return err },
		"unpin":  func(a portal.Actor) error { _, err := d.UnpinAnswer(ctx, a, id, 0); return err },
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, do(portal.Actor{}), portal.Unauthenticated, "sign_in_needed", "")
			refused(t, do(ada), portal.Forbidden, "team_only", "")
		})
	}
}

func TestDossier(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	boss, ada := d.signIn("boss@example.com"), d.signIn("ada@example.com")
	bob := d.colleague("bob@example.com")
	one := d.submit(ada, "Tea for two").ID
	d.clock.Advance(time.Minute)
	two := d.submit(ada, "Tea for three").ID
	ctx := t.Context()
	tags := []string{" Quick  WIN ", "bug", "quick win"}
	got, err := d.EditDossier(ctx, boss, one, portal.DossierEdit{Owner: &bob.ID, Tags: &tags, Version: 1})
	d.must(err)
	if got.Owner != bob.ID || len(got.Tags) != 2 || got.By != boss.ID || got.Version != 2 {
		t.Errorf("%+v", got)
	}
	all, err := d.Tags(ctx, bob)
	d.must(err)
	live := all.Live()
	if len(live) != 2 || live[0].Name != "bug" || live[1].Name != "quick win" || live[0].Colour == live[1].Colour {
		t.Fatalf("tags %+v", all)
	}
	bug := live[0]
	_, err = d.EditDossier(ctx, bob, one, portal.DossierEdit{Owner: new(string), Version: 1})
	refused(t, err, portal.Stale, "dossier_stale", "")
	for name, c := range map[string]struct {
		edit        portal.DossierEdit
		code, field string
	}{
		"a customer":     {portal.DossierEdit{Owner: &ada.ID}, "not_team", "owner"},
		"nobody":         {portal.DossierEdit{Owner: &one}, "not_team", "owner"},
		"a long tag":     {portal.DossierEdit{Tags: &[]string{strings.Repeat("x", 31)}}, "too_long", "tags"},
		"a tag, a comma": {portal.DossierEdit{Tags: &[]string{"a,b"}}, "tag_characters", "tags"},
		"nine":           {portal.DossierEdit{Tags: &[]string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}}, "too_many_tags", "tags"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := d.EditDossier(ctx, boss, two, c.edit)
			refused(t, err, portal.Invalid, c.code, c.field)
		})
	}
	if again, err := d.Tags(ctx, boss); err != nil || len(again.Live()) != 2 {
		t.Errorf("what was refused left tags: %+v, %v", again, err)
	}

	_, err = d.EditDossier(ctx, boss, two, portal.DossierEdit{Tags: &[]string{"bug", "2027"}})
	d.must(err)
	list := func(a portal.Actor, q portal.TeamQuery) string {
		t.Helper()
		d.drain()
		p, err := d.TeamList(ctx, a, q)
		d.must(err)
		return ids(p.CardPage)
	}
	if got := list(boss, portal.TeamQuery{Tag: bug.ID}); got != two+" "+one+" " {
		t.Errorf("bug: %s", got)
	}
	if got := list(bob, portal.TeamQuery{Owner: portal.OwnerMe, Tag: bug.ID, Status: portal.New}); got != one+" " {
		t.Errorf("bob's bugs: %s", got)
	}
	_, err = d.ChangeStatus(ctx, boss, one, portal.StatusChange{To: portal.Planned})
	d.must(err)
	if got := list(bob, portal.TeamQuery{Owner: portal.OwnerMe, Status: portal.New}); got != "" {
		t.Errorf("bob's new ones: %s", got)
	}
	if got := list(boss, portal.TeamQuery{Owner: bob.ID, Status: portal.Planned}); got != one+" " {
		t.Errorf("bob's planned ones: %s", got)
	}
	_, err = d.TeamList(ctx, boss, portal.TeamQuery{Tag: bug.ID, Sort: portal.Top})
	refused(t, err, portal.Invalid, "not_together", "sort")

	// The tag gets another name, then another takes its place.
	_, err = d.EditTag(ctx, boss, bug.ID, portal.TagEdit{Name: &live[1].Name})
	refused(t, err, portal.Invalid, "tag_taken", "name")
	name := "defect"
	_, err = d.EditTag(ctx, boss, bug.ID, portal.TagEdit{Name: &name})
	d.must(err)
	d.must(d.MergeTag(ctx, boss, bug.ID, live[1].ID))
	if got := list(boss, portal.TeamQuery{Tag: bug.ID}); got != two+" "+one+" " { // a saved list still works
		t.Errorf("where bugs went: %s", got)
	}
	desk, err := d.Desk(ctx, boss, one)
	d.must(err)
	if len(desk.Dossier.Tags) != 1 || desk.Dossier.Tags[0] != live[1].ID {
		t.Errorf("%+v", desk.Dossier)
	}
	if len(desk.Team) != 2 || !slices.ContainsFunc(desk.Team, func(a portal.Author) bool { return a.ID == bob.ID }) {
		t.Errorf("the team is %+v", desk.Team)
	}

	// Bob leaves: nobody looks after the idea, and his saved lists are gone.
	_, err = d.SaveFilter(ctx, bob, "Mine", "?owner=me&cursor=x", false)
	d.must(err)
	d.must(d.DeleteAccount(ctx, bob, bob.Email))
	d.drain()
	d.drain()
	desk, err = d.Desk(ctx, boss, one)
	d.must(err)
	if desk.Dossier.Owner != "" || len(desk.Team) != 1 {
		t.Errorf("%+v, team %+v", desk.Dossier, desk.Team)
	}
	if fs, err := d.Store.Filters(ctx, bob.ID); err != nil || fs.Own.Version != 0 {
		t.Errorf("%+v, %v", fs, err)
	}
}

func TestMemos(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	boss, ada, ctx := d.signIn("boss@example.com"), d.signIn("ada@example.com"), t.Context()
	bob := d.colleague("bob@example.com")
	eve := d.colleague("eve@example.com")
	id := d.submit(ada, "Tea for two").ID
	_, err := d.AddMemo(ctx, bob, id, " \n ")
	refused(t, err, portal.Invalid, "required", "memo")
	m, err := d.AddMemo(ctx, bob, id, "Ask purchasing.")
	d.must(err)
	_, err = d.EditMemo(ctx, boss, id, m.ID, "No.", 0)
	refused(t, err, portal.Forbidden, "not_memo_author", "")
	refused(t, d.DeleteMemo(ctx, eve, id, m.ID), portal.Forbidden, "not_memo_author", "")
	_, err = d.EditMemo(ctx, bob, id, m.ID, "Ask purchasing, then legal.", 1)
	d.must(err)
	_, err = d.EditMemo(ctx, bob, id, m.ID, "Late.", 1)
	refused(t, err, portal.Stale, "stale", "")
	e, err := d.Export(ctx, ada)
	d.must(err)
	if s := fmt.Sprintf("%+v", e); strings.Contains(s, "purchasing") {
		t.Error("a customer's export has the note")
	}
	d.must(d.DeleteAccount(ctx, bob, bob.Email))
	d.drain()
	desk, err := d.Desk(ctx, boss, id)
	d.must(err)
	if len(desk.Memos) != 1 || desk.Memos[0].Body != "Ask purchasing, then legal." || desk.Name(desk.Memos[0].By).Name != portal.FormerMember {
		t.Errorf("%+v by %+v", desk.Memos, desk.Names)
	}
	d.must(d.DeleteMemo(ctx, boss, id, m.ID)) // an admin may
	refused(t, d.DeleteMemo(ctx, boss, id, m.ID), portal.NotFound, "no_memo", "")
}

func TestFilters(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	boss, ctx := d.signIn("boss@example.com"), t.Context()
	bob := d.colleague("bob@example.com")
	_, err := d.SaveFilter(ctx, boss, "Mine", "?sort=new&owner=me&cursor=abc&evil=1", false)
	d.must(err)
	_, err = d.SaveFilter(ctx, boss, "All bugs", "tag=x", true)
	d.must(err)
	again, err := d.SaveFilter(ctx, bob, "all BUGS", "tag=y", true)
	d.must(err)
	fs, err := d.Filters(ctx, bob)
	d.must(err)
	if len(fs.Own.All) != 0 || len(fs.Shared.All) != 1 || fs.Shared.All[0].Query != "tag=y" || fs.Shared.All[0].By != bob.ID {
		t.Errorf("%+v", fs)
	}
	fs, err = d.Filters(ctx, boss)
	d.must(err)
	if len(fs.Own.All) != 1 || fs.Own.All[0].Query != "owner=me&sort=new" {
		t.Errorf("%+v", fs)
	}
	d.must(d.DeleteFilter(ctx, boss, again.ID))
	d.must(d.DeleteFilter(ctx, boss, again.ID))
	for i := range portal.MostFilters {
		_, err = d.SaveFilter(ctx, bob, fmt.Sprint("List ", i), "", false)
		d.must(err)
	}
	_, err = d.SaveFilter(ctx, bob, "One more", "", false)
	refused(t, err, portal.Invalid, "too_many_filters", "name")
}

func TestPinnedAnswer(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	boss, ada, ctx := d.signIn("boss@example.com"), d.signIn("ada@example.com"), t.Context()
	id := d.submit(ada, "Tea for two").ID
	says := func(want string) {
		t.Helper()
		p, err := d.Idea(ctx, portal.Actor{}, portal.IdeaQuery{ID: id, Comments: 1, Fresh: true})
		d.must(err)
		if got := p.Official(); got != want {
			t.Errorf("the answer is %q, want %q", got, want)
		}
	}
	hers, err := d.AddComment(ctx, ada, id, portal.CommentDraft{Body: "Please!"})
	d.must(err)
	_, err = d.PinAnswer(ctx, boss, id, hers.ID, "", 0)
	refused(t, err, portal.Conflict, "not_team_comment", "")
	ours, err := d.AddComment(ctx, boss, id, portal.CommentDraft{Body: "In May."})
	d.must(err)
	first, err := d.PinAnswer(ctx, boss, id, ours.ID, "", 0)
	d.must(err)
	says("In May.")
	_, err = d.EditComment(ctx, boss, id, ours.ID, portal.CommentEdit{Body: "In June."})
	d.must(err)
	says("In June.")
	_, err = d.PinAnswer(ctx, boss, id, "", "In July.", first.Version)
	d.must(err)
	says("In July.")
	_, err = d.PinAnswer(ctx, boss, id, ours.ID, "", first.Version)
	refused(t, err, portal.Stale, "answer_stale", "")
	_, err = d.PinAnswer(ctx, boss, id, ours.ID, "", 0)
	d.must(err)
	d.must(d.DeleteComment(ctx, boss, id, ours.ID))
	says("")
	_, err = d.UnpinAnswer(ctx, boss, id, 0)
	d.must(err)
	_, err = d.PinAnswer(ctx, boss, id, ours.ID, "", 0)
	refused(t, err, portal.NotFound, "no_comment", "")
	_, err = d.PinAnswer(ctx, boss, id, "", "", 0)
	refused(t, err, portal.Invalid, "required", "answer")
}

// TestChangeStatuses: each idea for itself, and again without doing anything twice.
func TestChangeStatuses(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	boss, ada, ctx := d.signIn("boss@example.com"), d.signIn("ada@example.com"), t.Context()
	var picks []portal.Pick
	for i := range 12 {
		idea := d.submit(ada, fmt.Sprint("Tea for ", i))
		picks = append(picks, portal.Pick{IdeaID: idea.ID, Version: idea.Version})
	}
	_, err := d.ChangeStatus(ctx, boss, picks[3].IdeaID, portal.StatusChange{To: portal.UnderReview})
	d.must(err)
	picks = append(picks, picks[0], portal.Pick{IdeaID: "nonsense"})
	change := portal.StatusChange{To: portal.Declined}
	_, err = d.ChangeStatuses(ctx, boss, picks, change)
	refused(t, err, portal.Invalid, "note_needed", "note")
	change.Note = "Not this year."
	for round := range 2 {
		out, err := d.ChangeStatuses(ctx, boss, picks, change)
		d.must(err)
		if len(out) != 13 {
			t.Fatalf("%d outcomes", len(out))
		}
		for i, o := range out {
			switch {
			case i == 3:
				refused(t, o.Err, portal.Stale, "stale", "")
			case i == 12:
				refused(t, o.Err, portal.NotFound, "no_idea", "")
			case o.Err != nil || o.Done != (round == 0) || o.Already != (round == 1) || o.Idea.Status != portal.Declined || o.Idea.Version != 2:
				t.Errorf("round %d, idea %d: %+v", round, i, o)
			}
		}
	}
	page, err := d.Idea(ctx, portal.Actor{}, portal.IdeaQuery{ID: picks[5].IdeaID})
	d.must(err)
	if len(page.History) != 2 || page.History[1].Note != "Not this year." {
		t.Errorf("%+v", page.History)
	}
	_, err = d.ChangeStatuses(ctx, boss, nil, change)
	refused(t, err, portal.Invalid, "none_chosen", "ideas")
	_, err = d.ChangeStatuses(ctx, boss, slices.Repeat(picks[:1], 60), change)
	d.must(err) // it is one idea
	many := make([]portal.Pick, portal.MostAtOnce+1)
	for i := range many {
		many[i].IdeaID = fmt.Sprint(i)
	}
	_, err = d.ChangeStatuses(ctx, boss, many, change)
	refused(t, err, portal.Invalid, "too_many_chosen", "ideas")
}

// TestOwnerBearsTheNameOfNow: who looks after an idea is called what they are called now,
// whatever it was when they began to.
func TestOwnerBearsTheNameOfNow(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ctx, boss, id := t.Context(), d.colleague("boss@example.com"), d.submit(d.signIn("ada@example.com"), "Tea for two").ID
	_, err := d.EditDossier(ctx, boss, id, portal.DossierEdit{Owner: &boss.ID})
	d.must(err)
	name := "Another Name"
	_, err = d.EditProfile(ctx, boss, portal.ProfileEdit{Name: &name})
	d.must(err)
	desk, err := d.Desk(ctx, boss, id)
	if err != nil || desk.Name(boss.ID).Name != name || !slices.ContainsFunc(desk.Team, func(a portal.Author) bool { return a.Name == name }) {
		t.Errorf("%+v, %v", desk.Name(boss.ID), err)
	}
}
