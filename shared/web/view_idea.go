package web

import (
	"html/template"
	"net/http"
	"time"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// voteView is the vote button: a form, or a number where there is no voting.
type voteView struct {
	ID, Title string
	Votes     int
	Voted     bool
	Closed    bool
	Back      string // where to go after voting
}

// cardView is an idea in a list.
type cardView struct {
	ID, URL, Title, Excerpt string
	Category, CategoryID    string
	Status                  portal.Status // "" is not shown: every idea starts as new
	Author                  portal.Author
	CreatedAt               time.Time
	Comments                int
	Vote                    voteView
}

// cardAnchor is the id of an idea's element in a list.
func cardAnchor(id string) string { return "i-" + id }

func (s *Server) cardView(lang, here string, c portal.Card, voted bool) cardView {
	v := cardView{ID: c.ID, URL: ideaPath(c.ID, c.Title), Title: c.Title, Excerpt: c.Excerpt, Category: s.category(lang, c.Category), CategoryID: c.Category,
		Status: c.Status, Author: c.Author, CreatedAt: c.CreatedAt, Comments: c.Comments,
		Vote: voteView{ID: c.ID, Title: c.Title, Votes: c.Votes, Voted: voted, Closed: c.MergedInto != "", Back: here + "#" + cardAnchor(c.ID)}}
	if c.Status == portal.New {
		v.Status = ""
	}
	return v
}

func (s *Server) cardViews(lang, here string, p portal.CardPage) []cardView {
	out := make([]cardView, len(p.Cards))
	for i, c := range p.Cards {
		out[i] = s.cardView(lang, here, c, p.Voted[c.ID])
	}
	return out
}

// rowView is an idea in a short list.
type rowView struct {
	URL, Title string
	Status     portal.Status
	Votes      int
	Author     portal.Author
}

func rowViews(cards []portal.Card) []rowView {
	out := make([]rowView, len(cards))
	for i, c := range cards {
		out[i] = rowView{URL: ideaPath(c.ID, c.Title), Title: c.Title, Status: c.Status, Votes: c.Votes, Author: c.Author}
	}
	return out
}

// stepView is one step of an idea's way.
type stepView struct {
	To      portal.Status
	Name    string
	At      time.Time
	By      portal.Author
	Note    template.HTML
	Link    string
	Idea    string // the other end of a merge
	Current bool
}

// pager leads through a list.
type pager struct{ First, Next string }

// option is one choice of a select element.
type option struct {
	Value, Name string
	Chosen      bool
}

// optionGroup is the categories of one group.
type optionGroup struct {
	Name    string
	Options []option
}

// category is the category's name in the language, or its id if it was removed.
func (s *Server) category(lang, id string) string {
	c, ok := s.Portal.Categories.Find(id)
	if !ok {
		return id
	}
	if n := c.Name[lang]; n != "" {
		return n
	}
	return c.Name[i18n.Default]
}

func (s *Server) categoryGroups(p *i18n.Printer, chosen string) []optionGroup {
	var groups []optionGroup
	at := map[string]int{}
	for _, c := range s.Portal.Categories {
		i, ok := at[c.Group]
		if !ok {
			i = len(groups)
			at[c.Group] = i
			groups = append(groups, optionGroup{Name: groupName(p, c.Group)})
		}
		groups[i].Options = append(groups[i].Options, option{c.ID, s.category(p.Locale(), c.ID), c.ID == chosen})
	}
	return groups
}

// groupName falls back to the group's id: categories are the operator's to name.
func groupName(p *i18n.Printer, group string) string {
	if id := "group." + group; p.Has(id) {
		return p.T(id)
	}
	return group
}

func statusOptions(p *i18n.Printer, statuses []portal.Status, chosen portal.Status) []option {
	out := make([]option, len(statuses))
	for i, st := range statuses {
		out[i] = option{string(st), p.T("status." + string(st)), st == chosen}
	}
	return out
}

// readQuery is the request's query where nothing can be wrong with it: links in
// mails and search engines get mangled, and a page is a better answer than none.
func readQuery(r *http.Request, name string) string { return r.URL.Query().Get(name) }
