package web

import (
	"html/template"
	"net/http"
	"time"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// whenView is a moment, as an element and for people.
type whenView struct{ ISO, Minute, Date string }

func whenOf(p *i18n.Printer, t time.Time) whenView {
	return whenView{t.UTC().Format(time.RFC3339), p.DateTime(t), p.Date(t)}
}

func (s *slots) when(w whenView) whenView { return whenView{s.of(w.ISO), s.of(w.Minute), s.of(w.Date)} }

func (s *slots) author(a portal.Author) portal.Author {
	s.flag(a.Team)
	return portal.Author{ID: s.of(a.ID), Name: s.of(a.Name), Team: a.Team}
}

// voteView is the vote button: a form, or a number where there is no voting.
type voteView struct {
	ID, Title string
	Votes     int
	Count     string // Votes for people
	Long      bool   // Count needs smaller figures to fit its box
	Word      string // what the number counts
	Voted     bool
	Closed    bool
	Back      string // where to go after voting
}

// longCount reports whether a count is as long as 10,000 or longer; app.js does the same.
func longCount(count string) bool { return len(count) > len("9,999") }

func (v voteView) marked(s *slots) voteView {
	s.flag(v.Voted)
	s.flag(v.Closed)
	s.flag(v.Long)
	return voteView{ID: s.of(v.ID), Title: s.of(v.Title), Count: s.of(v.Count), Long: v.Long, Word: s.of(v.Word), Voted: v.Voted, Closed: v.Closed, Back: s.of(v.Back)}
}

// cardView is an idea in a list.
type cardView struct {
	ID, URL, Title, Excerpt string
	Marked, MarkedExcerpt   template.HTML // title and excerpt with the words that were looked for; "" without any
	Category, CategoryURL   string        // there is no list of a category that was removed: ""
	Status                  portal.Status // "" is not shown: every idea starts as new
	Author                  portal.Author
	Created                 whenView
	Comments                string // how many, in words
	Vote                    voteView
}

func (v cardView) marked(s *slots) any { return v.mark(s) }

func (v cardView) mark(s *slots) cardView {
	s.word(string(v.Status))
	return cardView{ID: s.of(v.ID), URL: s.of(v.URL), Title: s.of(v.Title), Excerpt: s.of(v.Excerpt), Marked: s.html(v.Marked), MarkedExcerpt: s.html(v.MarkedExcerpt), Category: s.of(v.Category), CategoryURL: s.of(v.CategoryURL),
		Status: v.Status, Author: s.author(v.Author), Created: s.when(v.Created), Comments: s.of(v.Comments), Vote: v.Vote.marked(s)}
}

// cardAnchor is the id of an idea's element in a list.
func cardAnchor(id string) string { return "i-" + id }

func (s *Server) cardView(p *i18n.Printer, here string, c portal.Card, voted bool) cardView {
	v := cardView{ID: c.ID, URL: ideaPath(c.ID, c.Title), Title: c.Title, Excerpt: c.Excerpt, Category: s.category(p.Locale(), c.Category),
		CategoryURL: homeQuery{Sort: portal.Trending, Category: c.Category}.path(), Status: c.Status, Author: named(p, c.Author), Created: whenOf(p, c.CreatedAt), Comments: p.N("comments.count", c.Comments),
		Vote: voteView{ID: c.ID, Title: c.Title, Votes: c.Votes, Count: p.Number(c.Votes), Long: longCount(p.Number(c.Votes)), Word: p.N("vote.word", c.Votes), Voted: voted, Closed: c.MergedInto != "", Back: here + "#" + cardAnchor(c.ID)}}
	if c.Status == portal.New {
		v.Status = ""
	}
	if _, ok := s.Portal.Categories.Find(c.Category); !ok {
		v.CategoryURL = ""
	}
	return v
}

// named gives an author whose name is not known yet, or gone, a word for it. There
// is no page about those who have left.
func named(p *i18n.Printer, a portal.Author) portal.Author {
	switch {
	case a.Former():
		a.ID, a.Name = "", p.T("who.former")
	case a.Name == "":
		a.Name = p.T("who.somebody")
	}
	return a
}

func (s *Server) cardViews(p *i18n.Printer, here string, page portal.CardPage) []cardView {
	out := make([]cardView, len(page.Cards))
	for i, c := range page.Cards {
		out[i] = s.cardView(p, here, c, page.Voted[c.ID])
	}
	return out
}

// castAll renders parts of a page one after the other.
func castAll[V interface{ marked(*slots) any }](page, locale, part string, views []V) (template.HTML, error) {
	b := buffer()
	defer free(b)
	for _, v := range views {
		if err := cast(b, page, locale, part, v.marked); err != nil {
			return "", err
		}
	}
	return template.HTML(b.String()), nil //nolint:gosec // html/template wrote it
}

// rowView is an idea in a short list.
type rowView struct {
	URL, Title string
	Status     portal.Status
	Votes      string // how many, in words
	Author     portal.Author
}

func rowOf(p *i18n.Printer, c portal.Card) rowView {
	return rowView{URL: ideaPath(c.ID, c.Title), Title: c.Title, Status: c.Status, Votes: p.N("vote.count", c.Votes), Author: named(p, c.Author)}
}

func rowViews(p *i18n.Printer, cards []portal.Card) []rowView {
	out := make([]rowView, len(cards))
	for i, c := range cards {
		out[i] = rowOf(p, c)
	}
	return out
}

// stepView is one step of an idea's way.
type stepView struct {
	To      portal.Status
	Name    string
	At      whenView
	By      portal.Author
	Note    template.HTML
	Link    string // the team's
	Idea    string // the other end of a merge
	Current bool
}

func (v stepView) marked(s *slots) any {
	s.word(string(v.To))
	s.flag(v.Current)
	v.Name, v.At, v.By, v.Note, v.Idea = s.of(v.Name), s.when(v.At), s.author(v.By), s.html(v.Note), s.of(v.Idea)
	return v
}

func stepsHTML(locale string, steps []stepView) (template.HTML, error) {
	return stepsAs(locale, "step", steps)
}

// stepsAs casts the steps as a part of the idea's template. One with a link is left to the template: the link is
// not an address of ours, and html/template looks at those.
func stepsAs(locale, part string, steps []stepView) (template.HTML, error) {
	b := buffer()
	defer free(b)
	for _, v := range steps {
		var err error
		if v.Link == "" {
			err = cast(b, "idea", locale, part, v.marked)
		} else {
			err = fragment(b, "idea", locale, part, v)
		}
		if err != nil {
			return "", err
		}
	}
	return template.HTML(b.String()), nil //nolint:gosec // html/template wrote it
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
