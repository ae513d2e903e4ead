package web

import (
	"cmp"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

type homePage struct {
	base
	Query    homeQuery
	Heading  string
	Tagline  string // what this place is, in one line
	Sorts    []sortLink
	Place    string // the category that is shown, or a word for all of them
	Statuses []option
	Filtered bool
	Submit   string // where what was not found can be submitted
	Cards    template.HTML
	// Categories are links, in their groups: beside the list where there is room.
	Categories template.HTML
	Pager      pager
}

type sortLink struct {
	URL, Text string
	Current   bool
	Count     *int // of ideas behind it; nil = not said
}

// homeQuery is what the home page lists; its address says all of it.
type homeQuery struct {
	Sort            portal.Sort
	Category, Words string
	Status          portal.Status
	Cursor          string
}

// path is the address of the list, in one spelling: what is as usual is left out.
func (q homeQuery) path() string {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.Sort != portal.Trending {
		set("sort", string(q.Sort))
	}
	set("category", q.Category)
	set("status", string(q.Status))
	set("q", q.Words)
	set("cursor", q.Cursor)
	if len(v) == 0 {
		return "/"
	}
	return "/?" + v.Encode()
}

func (s *Server) homePage(w http.ResponseWriter, r *http.Request) error {
	v, err := query(r)
	if err != nil {
		return err
	}
	list, err := listQuery(v)
	if err != nil {
		return err
	}
	if list.Sort == "" {
		list.Sort = portal.Trending
	}
	list.Limit = 0 // a page has one size
	q := homeQuery{Sort: list.Sort, Category: list.Category, Status: list.Status, Words: v.Get("q"), Cursor: list.Cursor}
	counted := s.census(r)
	found, err := s.findIdeas(r, list, q.Words)
	if err != nil {
		return err
	}
	counts := newMenu(q, counted)
	b := s.base(r, "ideas", q.path())
	if q.Words == "" {
		b.Canonical = s.origin(r) + b.Here
		b.Feed = feedQuery{Status: q.Status, Category: q.Category}.path()
	}
	seen := newFingerprint()
	seen.cards(found.CardPage)
	counts.seen(seen)
	return s.renderShared(w, r, "home", b, seen, func() (framed, error) { return s.home(i18n.For(b.Lang), b, q, found, counts) })
}

func (s *Server) home(p *i18n.Printer, b base, q homeQuery, found portal.Found, counts menu) (homePage, error) {
	brand := s.Pages.brand()
	b.Description = cmp.Or(brand.Welcome.In(b.Lang), p.T("home.lead"))
	page := homePage{base: b, Query: q, Submit: "/submit", Tagline: cmp.Or(brand.Tagline.In(b.Lang), p.T("home.heading")), Statuses: counts.statuses(p, q),
		Filtered: q.Category != "" || q.Status != "" || q.Words != ""}
	var err error
	views := s.cardViews(p, b.Here, found.CardPage)
	for i := range views {
		views[i].Marked = markWords(found.Query, views[i].Title)
		views[i].MarkedExcerpt = markWords(found.Query, views[i].Excerpt)
	}
	if page.Cards, err = castAll("home", b.Lang, "card", views); err != nil {
		return page, err
	}
	if page.Place, page.Categories, err = s.categoryLinks(p, q, counts); err != nil {
		return page, err
	}
	for _, sort := range portal.Sorts {
		to := homeQuery{Sort: sort, Category: q.Category, Status: q.Status}
		page.Sorts = append(page.Sorts, sortLink{URL: to.path(), Text: p.T("sort." + string(sort)), Current: sort == q.Sort})
	}
	switch {
	case q.Words != "":
		page.Heading = p.T("home.found", "Words", strings.TrimSuffix(q.Words, "*")) // still being typed
		page.Submit = "/submit?" + url.Values{"title": {strings.Trim(q.Words, `*"“”`)}}.Encode()
	case q.Category != "":
		page.Heading = s.category(p.Locale(), q.Category)
	case q.Status != "":
		page.Heading = p.T("status." + string(q.Status))
	default:
		page.Heading = p.T("home.all")
	}
	if page.Filtered {
		page.Title = page.Heading
	}
	first, next := q, q
	if first.Cursor = ""; q.Cursor != "" {
		page.Pager.First = first.path()
	}
	if next.Cursor = found.Next; found.Next != "" {
		page.Pager.Next = next.path()
	}
	return page, nil
}
