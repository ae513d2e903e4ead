package web

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

var (
	deskTags = portal.Tags{All: []portal.Tag{{ID: "t1", Name: "quick <win>", Colour: 2}, {ID: "t2", Name: "bug", Colour: 6}}}
	deskAda  = portal.Author{ID: "0123456789abcdefghjk", Name: "Ada & Co", Team: true}
)

func deskSample(p *i18n.Printer, from string) *deskView {
	at := time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)
	d := portal.Desk{Dossier: portal.Dossier{Owner: deskAda.ID, Tags: []string{"t1"}, Version: 3}, Tags: deskTags, Team: []portal.Author{deskAda, {ID: "b", Name: "Bo"}},
		Names: map[string]portal.Author{deskAda.ID: deskAda}}
	for i, by := range []string{deskAda.ID, "b"} {
		d.Memos = append(d.Memos, portal.Memo{ID: []string{"m1", "m2"}[i], Body: "Ask *them*", By: by, CreatedAt: at, EditedAt: at, Version: 1})
	}
	page := portal.IdeaPage{Idea: portal.Idea{ID: "1", Title: "Tea"}, Answer: portal.Answer{Comment: "c", At: at, Version: 2}, PinnedComment: portal.Comment{ID: "c", Body: "Yes."}}
	v := deskOf(p, portal.Actor{Member: portal.Member{ID: deskAda.ID, Role: portal.RoleAdmin}}, d, page, from)
	v.More = true
	v.problems(problems{{Field: "owner", Label: "x", Text: "wrong"}, {Field: "tags", Label: "x", Text: "wrong"}, {Field: "memo", Label: "x", Text: "wrong"}, {Field: "answer", Label: "x", Text: "wrong"}})
	return v
}

func emptyDesk(p *i18n.Printer, from string) *deskView {
	return deskOf(p, portal.Actor{}, portal.Desk{Dossier: portal.Dossier{Version: 1}}, portal.IdeaPage{Idea: portal.Idea{ID: "1"}}, from)
}

func teamListSamples(b base, card cardView) []framed {
	full := teamListView{base: b, Tab: "list", Rows: []teamRow{{Pick: "1.3", Open: "/team/ideas/1", Card: card, Status: portal.Planned, Votes: "1 vote", Owner: deskAda, Chips: chipsOf(deskTags, []string{"t1", "t2"})}},
		Pager: pager{First: "/team/ideas", Next: "/team/ideas?cursor=x"}, Owners: []option{{"", "Anybody", true}}, Tags: []option{{"t1", "bug", false}}, Statuses: []option{{"new", "New", true}},
		Groups: []optionGroup{{"Tea", []option{{"tea", "Tea", true}}}}, Sorts: []option{{"new", "New", true}}, Own: []savedView{{"f", "Mine <3", "/team/ideas?owner=me", true}}, Shared: []savedView{{"g", "All", "/team/ideas", false}},
		Query: "owner=me", Name: "x", ForTeam: true, Problems: problems{{Field: "name", Label: "Name", Text: "wrong"}}, NameProblem: fieldProblem{"name", "Name", "wrong"}, Filtered: true, Most: 50}
	return []framed{full, teamListView{base: b, Tab: "list"}}
}

func bulkSamples(b base) []framed {
	rows := []bulkRow{{Pick: "1.3", Title: "Tea & <milk>", Open: "/team/ideas/1", Status: portal.New, Votes: "1 vote", Author: deskAda}}
	wrong := problems{{Field: "note", Label: "Note", Text: "wrong"}, {Field: "link", Label: "Link", Text: "wrong"}, {Field: "new-status", Label: "Status", Text: "wrong"}}
	forms := &teamForms{Statuses: []option{{"planned", "Coming soon", true}}, Note: "n", Link: "l", Silent: true}
	forms.problems(wrong)
	return []framed{
		bulkView{base: b, Tab: "list", Rows: rows, Forms: forms, Problems: wrong},
		bulkView{base: b, Tab: "list", Forms: &teamForms{}},
		bulkView{base: b, Tab: "list", Done: true, To: portal.Planned, Moved: 1, Stood: 2, Failed: 1, Sum: "1 idea", Again: "/team/bulk?pick=1.3", Typed: []typedText{{"note", "Note", "n"}}, Rows: []bulkRow{
			{Title: "Tea", Open: "/team/ideas/1", Status: portal.Planned, State: "done", What: "Moved"}, {Title: "x", State: "failed", What: "Gone"}}},
		bulkView{base: b, Tab: "list", Done: true, To: portal.Planned},
	}
}

func tagsSamples(b base) []framed {
	wrong := problems{{Field: "name", Label: "Name", Text: "wrong"}}
	return []framed{
		tagsView{base: b, Tab: "tags", Tags: []tagView{{deskTags.All[0], "/team/ideas?tag=t1", []option{{"t2", "bug", false}}, "y", true, fieldProblem{"name-t1", "Name", "wrong"}}, {Tag: deskTags.All[1], URL: "/team/ideas?tag=t2"}}, Colours: []int{1, 2, 3, 4, 5, 6},
			Name: "x", Problems: wrong, NameProblem: wrong[0], Most: 100},
		tagsView{base: b, Tab: "tags", Most: 100},
	}
}

func TestTagNames(t *testing.T) {
	t.Parallel()
	got := tagNames([]string{"bug"}, " quick win, ,2027，大客户、")
	if d := cmp.Diff([]string{"bug", "quick win", "2027", "大客户"}, got); d != "" {
		t.Error(d)
	}
}

func TestPicks(t *testing.T) {
	t.Parallel()
	got := picksOf([]string{"01k3xv0q8m4t7z2ab.3", "x", "y.-4", "z.zz"})
	want := []portal.Pick{{IdeaID: "01k3xv0q8m4t7z2ab", Version: 3}, {IdeaID: "x"}, {IdeaID: "y"}, {IdeaID: "z"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
