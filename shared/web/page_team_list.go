package web

import (
	"net/http"
	"net/url"
	"strconv"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// teamListView is the console's list: ideas by owner, tag, status and category, and
// the lists that somebody saved.
type teamListView struct {
	base
	Tab          string
	Rows         []teamRow
	Pager        pager
	Owners, Tags []option
	Statuses     []option
	Groups       []optionGroup
	Sorts        []option
	Own, Shared  []savedView
	Query        string // of the list as it is: what would be saved
	Named        bool   // it is one of the saved ones
	Name         string // typed
	ForTeam      bool
	Problems     problems
	NameProblem  fieldProblem
	Filtered     bool
	Most         int // ideas that can be moved at once
}

type savedView struct {
	ID, Name, URL string
	Now           bool
}

type teamRow struct {
	Pick   string // of the form that moves several
	Open   string
	Card   cardView
	Status portal.Status
	Votes  string
	Owner  portal.Author
	Chips  []chipView
}

// teamQuery reads the list's address.
func teamQuery(v url.Values) portal.TeamQuery {
	return portal.TeamQuery{Owner: v.Get("owner"), Tag: v.Get("tag"), Status: portal.Status(v.Get("status")), Category: v.Get("category"),
		Sort: portal.Sort(v.Get("sort")), Cursor: v.Get("cursor")}
}

// listQueryPath is the address of a list of the console.
func listQueryPath(q portal.TeamQuery) string {
	v := url.Values{}
	for name, s := range map[string]string{"owner": q.Owner, "tag": q.Tag, "status": string(q.Status), "category": q.Category, "sort": string(q.Sort), "cursor": q.Cursor} {
		if s != "" {
			v.Set(name, s)
		}
	}
	if len(v) == 0 {
		return "/team/ideas"
	}
	return "/team/ideas?" + v.Encode()
}

func (s *Server) teamListPage(w http.ResponseWriter, r *http.Request) error {
	v, err := query(r)
	if err != nil {
		return err
	}
	return s.showTeamList(w, r, http.StatusOK, teamQuery(v), nil)
}

// showTeamList shows the list that q asks for; where there is no such list it says so,
// with what was chosen still in the form.
func (s *Server) showTeamList(w http.ResponseWriter, r *http.Request, status int, q portal.TeamQuery, change func(*teamListView)) error {
	p := s.printer(r)
	page, err := s.Portal.TeamList(r.Context(), actor(r), q)
	ps, rest := formErrors(p, err, nil)
	if rest != nil {
		return rest
	}
	if err != nil {
		status = statusOf(err)
	}
	v := teamListView{base: s.base(r, "team", listQueryPath(q)), Tab: "list", Problems: ps, Most: portal.MostAtOnce, Query: portal.FilterQuery(listQueryOf(q))}
	v.Title, v.Filtered = p.T("list.heading"), v.Query != ""
	v.fill(s, p, q, page)
	if change != nil {
		change(&v)
	}
	v.NameProblem = v.Problems.of("name")
	return s.render(w, status, "team_list", v)
}

func listQueryOf(q portal.TeamQuery) string {
	u, _ := url.Parse(listQueryPath(q)) // we wrote it
	return u.RawQuery
}

func (v *teamListView) fill(s *Server, p *i18n.Printer, q portal.TeamQuery, page portal.TeamPage) {
	for _, c := range page.Cards {
		d := page.Dossiers[c.ID]
		row := teamRow{Pick: pickOf(c), Open: teamIdeaPath(c.ID, fromList), Card: s.cardView(p, v.Here, c, false), Status: c.Status, Votes: p.N("vote.count", c.Votes),
			Chips: chipsOf(page.Tags, d.Tags)}
		if d.Owner != "" {
			row.Owner = named(p, page.Names[d.Owner])
		}
		v.Rows = append(v.Rows, row)
	}
	v.Owners = append([]option{{"", p.T("list.any_owner"), q.Owner == ""}, {portal.OwnerMe, p.T("list.me"), q.Owner == portal.OwnerMe}}, ownerOptions(p, page.Team, q.Owner, "")[1:]...)
	if q.Owner == portal.OwnerMe {
		v.Owners = v.Owners[:2+len(page.Team)]
	}
	v.Tags = []option{{"", p.T("list.any_tag"), q.Tag == ""}}
	chosen, _ := page.Tags.Find(q.Tag)
	for _, t := range page.Tags.Live() {
		v.Tags = append(v.Tags, option{t.ID, t.Name, t.ID == chosen.ID})
	}
	v.Statuses, v.Groups = statusOptions(p, portal.Statuses, q.Status), s.categoryGroups(p, q.Category)
	for _, st := range []portal.Sort{portal.Newest, portal.Top, portal.Trending} {
		v.Sorts = append(v.Sorts, option{string(st), p.T("sort." + string(st)), st == q.Sort})
	}
	saved := func(fs portal.FilterSet) (out []savedView) {
		for _, f := range fs.All {
			url := "/team/ideas"
			if f.Query != "" {
				url += "?" + f.Query
			}
			out = append(out, savedView{f.ID, f.Name, url, f.Query == v.Query})
			v.Named = v.Named || f.Query == v.Query
		}
		return out
	}
	v.Own, v.Shared = saved(page.Filters.Own), saved(page.Filters.Shared)
	if q.Cursor != "" {
		first := q
		first.Cursor = ""
		v.Pager.First = listQueryPath(first)
	}
	if page.Next != "" {
		q.Cursor = page.Next
		v.Pager.Next = listQueryPath(q)
	}
}

// pickOf is an idea as a form that moves several names it: the id and the version that
// the reader saw.
func pickOf(c portal.Card) string { return c.ID + "." + strconv.FormatInt(c.Version, 10) }

// listsForm saves the list that one looks at, or forgets a saved one.
func (s *Server) listsForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	listed, _ := url.ParseQuery(v.Get("query")) // what can't be read is left out
	q := teamQuery(listed)
	what := "list_saved"
	if id := v.Get("delete"); id != "" {
		what = "list_deleted"
		err = s.Portal.DeleteFilter(r.Context(), actor(r), id)
	} else {
		_, err = s.Portal.SaveFilter(r.Context(), actor(r), v.Get("name"), v.Get("query"), v.Get("shared") != "")
	}
	if err == nil {
		http.Redirect(w, r, done(listQueryPath(q), what), http.StatusSeeOther)
		return nil
	}
	ps, rest := formErrors(s.printer(r), err, nil)
	if rest != nil {
		return rest
	}
	return s.showTeamList(w, r, statusOf(err), q, func(page *teamListView) {
		page.Problems, page.Name, page.ForTeam = ps, v.Get("name"), v.Get("shared") != ""
	})
}
