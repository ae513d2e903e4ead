package web

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"groundswell/shared/i18n"
	"groundswell/shared/markdown"
	"groundswell/shared/portal"
)

type ideaView struct {
	base
	Card       cardView
	Long       bool // the title
	Status     portal.Status
	Body       template.HTML
	MergedInto *rowView
	MergedFrom []rowView
	Answer     template.HTML // the team's last word
	Similar    string        // the address of a search for ideas like this one
	Steps      template.HTML
	Discussion string // its heading
	Threads    template.HTML
	Linked     template.HTML // a comment that an address leads to and this page does not have
	Earlier    string        // back to the discussion's first page
	Pager      pager
	Compose    commentForm
	Follow     followView
	EditURL    string // "" if the reader may not edit the idea
	ReportURL  string // "" if the reader may not report it
	CaseURL    string // the team's; "" for everybody else
	Entered    bool   // the team wrote it down for its author
	TakeBack   string // where the author can take it back; "" for everybody else
	Locked     bool   // the discussion
	Blocked    bool   // the reader
	Moderation *moderationView
	Team       *teamForms
	Problems   problems

	threads []threadView // what Threads is cast from
	linked  []threadView
}

// longTitle is the bytes from which on a title is set smaller.
const longTitle = 100

// simple is the page as visitors see it.
func (v ideaView) simple() bool {
	return v.Me == nil && v.MergedInto == nil && len(v.MergedFrom) == 0 && v.TakeBack == "" && !v.Compose.Open && v.EditURL == "" && v.Team == nil && v.Moderation == nil && len(v.Problems) == 0
}

func (v ideaView) marked(s *slots) any {
	s.word(string(v.Status))
	s.flag(v.Long)
	s.flag(v.Locked)
	s.flag(v.Entered)
	return ideaView{Entered: v.Entered, Long: v.Long, Locked: v.Locked, base: base{SignIn: s.of(v.SignIn)}, Card: v.Card.mark(s), Status: v.Status, Body: s.html(v.Body), Answer: s.html(v.Answer), Similar: s.of(v.Similar), Steps: s.html(v.Steps), Discussion: s.of(v.Discussion),
		Threads: s.html(v.Threads), Linked: s.html(v.Linked), Earlier: s.of(v.Earlier), Pager: pager{s.of(v.Pager.First), s.of(v.Pager.Next)}}
}

// finish casts the discussion, once the forms in it hold what was typed.
func (v *ideaView) finish() (err error) {
	if v.Threads, err = threadsHTML(v.Lang, v.threads); err != nil {
		return err
	}
	v.Linked, err = threadsHTML(v.Lang, v.linked)
	return err
}

// ideaRead is what an idea's page is made from.
type ideaRead struct {
	portal.IdeaPage
	path   string // of the page
	into   *portal.Card
	from   []portal.Card
	linked *portal.Comment
}

// ideaPage shows an idea. The id decides; the slug is for people, and a wrong or
// an outdated one is corrected.
func (s *Server) ideaPage(w http.ResponseWriter, r *http.Request) error {
	cursor, link := readQuery(r, "cursor"), readQuery(r, "comment")
	read, err := s.readIdea(r, portal.IdeaQuery{ID: r.PathValue("id"), Cursor: cursor, Fresh: actor(r).SignedIn() && doneOf(r) != ""}, link)
	if err != nil {
		return err
	}
	if slugPath(read.Idea.ID, r.PathValue("slug")) != read.path {
		return redirectMoved(w, r, read.path)
	}
	b := s.ideaBase(r, read, cursor, link)
	seen := newFingerprint()
	seen.idea(read)
	return s.renderShared(w, r, "idea", b, seen, func() (framed, error) {
		v, err := s.ideaView(i18n.For(b.Lang), r, b, read)
		if err != nil {
			return nil, err
		}
		return v, v.finish()
	})
}

// redirectMoved keeps the query: it may say which comment is meant.
func redirectMoved(w http.ResponseWriter, r *http.Request, path string) error {
	if r.URL.RawQuery != "" {
		path += "?" + r.URL.RawQuery
	}
	http.Redirect(w, r, path, http.StatusMovedPermanently)
	return nil
}

// readIdea reads the idea and, for the few that have been merged, the other ends.
func (s *Server) readIdea(r *http.Request, q portal.IdeaQuery, link string) (ideaRead, error) {
	page, err := s.Portal.Idea(r.Context(), actor(r), q)
	if err != nil {
		return ideaRead{}, err
	}
	read := ideaRead{IdeaPage: page, path: ideaPath(page.Idea.ID, page.Idea.Title)}
	if into := page.Idea.MergedInto; into != "" {
		c, err := s.Portal.Store.CardOf(r.Context(), into)
		if err != nil {
			return ideaRead{}, err
		}
		read.into = &c
	}
	if len(page.Idea.MergedFrom) > 0 {
		if read.from, err = s.Portal.Store.CardsOf(r.Context(), page.Idea.MergedFrom); err != nil {
			return ideaRead{}, err
		}
		if !actor(r).Team() {
			read.from = slices.DeleteFunc(read.from, func(c portal.Card) bool { return c.Hidden })
		}
		read.from = public(read.from)
	}
	if portal.ValidTimedID(link) && !hasComment(page.Comments, link) {
		switch c, err := s.Portal.Comment(r.Context(), actor(r), q.ID, link); {
		case err == nil:
			read.linked = &c
		case portal.KindOf(err) != portal.NotFound:
			return ideaRead{}, err
		}
	}
	return read, nil
}

// public are the cards that everybody may see.
func public(cards []portal.Card) []portal.Card {
	return slices.DeleteFunc(cards, func(c portal.Card) bool { return c.Hidden })
}

func hasComment(cs []portal.Comment, id string) bool {
	for _, c := range cs {
		if c.ID == id {
			return true
		}
	}
	return false
}

func (f *fingerprint) idea(p ideaRead) {
	f.texts(p.Idea.Title, p.Body, p.Idea.Category, string(p.Idea.Status), p.Next)
	f.flags(p.Idea.Locked)
	f.card(p.Card)
	f.history(p.History)
	f.texts(p.Official(), p.Answer.Comment)
	f.time(p.Answer.At)
	f.comments(p.Comments)
	if p.into != nil {
		f.card(*p.into)
	}
	f.cards(portal.CardPage{Cards: p.from})
	if p.linked != nil {
		f.comments([]portal.Comment{*p.linked})
	}
}

func (s *Server) ideaBase(r *http.Request, read ideaRead, cursor, link string) base {
	path := read.path
	v := url.Values{}
	if cursor != "" {
		v.Set("cursor", cursor)
	}
	if read.linked != nil {
		v.Set("comment", link)
	}
	here := path
	if len(v) > 0 {
		here += "?" + v.Encode()
	}
	b := s.base(r, "ideas", here)
	b.Title, b.Description, b.Canonical = read.Idea.Title, read.Idea.Excerpt, s.origin(r)+path
	if read.into != nil && !read.into.Hidden {
		b.Canonical = s.origin(r) + ideaPath(read.into.ID, read.into.Title)
	}
	return b
}

func (s *Server) ideaView(p *i18n.Printer, r *http.Request, b base, read ideaRead) (*ideaView, error) {
	a := actor(r)
	card := read.Card
	card.ID, card.Title, card.Category, card.Status, card.CreatedAt = read.Idea.ID, read.Idea.Title, read.Idea.Category, read.Idea.Status, read.Idea.CreatedAt
	card.MergedInto = read.Idea.MergedInto
	if card.Author.Name == "" && len(read.History) > 0 && read.History[0].By.ID == card.Author.ID {
		card.Author = read.History[0].By // too new to have been counted
	}
	path := read.path
	v := &ideaView{base: b, Card: s.cardView(p, b.Here, card, read.Voted), Long: len(card.Title) > longTitle, Status: card.Status, Body: markdown.HTML(read.Body), MergedFrom: rowViews(p, read.from),
		Discussion: p.T("comments.none"), Compose: commentForm{ID: "comment", Field: "comment-body", Action: "/ideas/" + card.ID + "/comments"}}
	v.Card.Vote.Back = b.Here
	v.Picture, v.PictureAlt = s.origin(r)+picturePath(card.ID), strings.Join([]string{card.Title, p.N("vote.count", card.Votes), b.Site}, " · ")
	if v.Description == "" { // an idea without a text
		v.Description = strings.Join([]string{v.Card.Category, p.N("vote.count", card.Votes), p.N("comments.count", card.Comments)}, " · ")
	}
	v.Similar = homeQuery{Sort: portal.Trending, Words: card.Title}.path()
	if card.Comments > 0 {
		v.Discussion = v.Card.Comments
	}
	var err error
	steps := stepViews(p, read.History)
	if official := read.Official(); official != "" {
		if v.Answer, err = pinnedHTML(p, read.IdeaPage, path); err != nil {
			return nil, err
		}
	} else if i := answered(read.History); i >= 0 {
		if v.Answer, err = stepsAs(b.Lang, "answer", steps[i:i+1]); err != nil {
			return nil, err
		}
		steps[i].Note, steps[i].Link = "", "" // said once
	}
	if v.Steps, err = stepsHTML(b.Lang, steps); err != nil {
		return nil, err
	}
	if read.into != nil {
		into := rowOf(p, *read.into)
		if read.into.Hidden && !a.Team() {
			into = rowView{}
		}
		v.MergedInto = &into
	}
	if read.MayEdit && read.into == nil {
		v.EditURL = "/edit/" + card.ID
	}
	v.threads = threads(p, a, read.Idea, read.Comments)
	if read.linked != nil {
		v.linked = threads(p, a, read.Idea, []portal.Comment{*read.linked})
	}
	v.pins(a, read.IdeaPage)
	if readQuery(r, "cursor") != "" {
		v.Earlier = path + "#discussion"
	}
	if read.Next != "" {
		v.Pager.Next = path + "?" + url.Values{"cursor": {read.Next}}.Encode() + "#discussion"
	}
	t := portal.Thing{IdeaID: card.ID}
	v.Locked, v.Blocked, v.Moderation = read.Idea.Locked && !a.Team(), a.Blocked(), moderationOf(p, a, t, read.Idea.Mod, read.Idea.AuthorID)
	if v.Moderation != nil {
		v.Canonical, v.Picture, v.Card.Vote.Closed = "", "", true
	}
	if mayReport(a, read.Idea.Mod, read.Idea.AuthorID) {
		v.ReportURL = reportPath(t)
	}
	if v.Entered = read.Idea.Entered; v.Entered && a.SignedIn() && a.ID == read.Idea.AuthorID && read.Idea.Mod.State != portal.Removed {
		v.TakeBack = withdrawPath(card.ID)
	}
	if a.Team() {
		v.CaseURL = queuePath(portal.Reports, false, "", card.ID)
	}
	if a.SignedIn() {
		v.Follow = followViewOf(a, read.IdeaPage)
	}
	if a.Team() {
		v.Team = newTeamForms(p, read.Idea)
	}
	v.stampForms(s.stamp(r))
	return v, nil
}

// stampForms puts the stamp into every form in which the reader can write.
func (v *ideaView) stampForms(stamp string) {
	v.Compose.Stamp = stamp
	for i := range v.threads {
		if f := v.threads[i].Comment.Reply; f != nil {
			f.Stamp = stamp
		}
	}
	for i := range v.linked {
		if f := v.linked[i].Comment.Reply; f != nil {
			f.Stamp = stamp
		}
	}
	for _, a := range v.appeals() {
		a.Stamp = stamp
	}
}

// appeals are the forms in which the reader can answer a decision.
func (v *ideaView) appeals() (out []*appealForm) {
	add := func(m *moderationView) {
		if m != nil && m.Appeal != nil {
			out = append(out, m.Appeal)
		}
	}
	add(v.Moderation)
	for _, ts := range [][]threadView{v.threads, v.linked} {
		for _, t := range ts {
			add(t.Comment.Moderation)
			for _, reply := range t.Replies {
				add(reply.Moderation)
			}
		}
	}
	return out
}

// answered is the step whose note is the team's answer: the last one that has a
// note or a link; -1 if none has. Merges are between ideas, not about this one.
func answered(hs []portal.HistoryEntry) int {
	for i, h := range slices.Backward(hs) {
		if h.By.Team && h.Merged == "" && h.Unmerged == "" && (h.Note != "" || h.Link != "") {
			return i
		}
	}
	return -1
}

func stepViews(p *i18n.Printer, hs []portal.HistoryEntry) []stepView {
	out := make([]stepView, len(hs))
	for i, h := range hs {
		v := stepView{To: h.To, Name: p.T("status." + string(h.To)), At: whenOf(p, h.At), By: named(p, h.By), Note: markdown.HTML(h.Note), Link: h.Link, Current: i == len(hs)-1}
		switch {
		case h.Merged != "":
			v.Name, v.Idea = p.T("step.merged"), h.Merged
		case h.Unmerged != "":
			if v.Name, v.Idea = p.T("step.unmerged"), h.Unmerged; h.By.ID == "" { // see portal.Released
				v.By.Name = p.T("log.rule")
			}
		case h.Entered.By != "":
			v.Name = p.T("step.entered")
		case h.From == "":
			v.Name = p.T("step.submitted")
		}
		out[i] = v
	}
	return out
}

// ideaAgain shows the idea's page in answer to a form on it that could not be
// carried out because of err, with what was typed: change puts it there. Where the page
// does not have the form any more, it reports false, and err is answered by a page of
// its own: see typed.go.
func (s *Server) ideaAgain(w http.ResponseWriter, r *http.Request, err error, change func(*ideaView) bool) error {
	read, readErr := s.readIdea(r, portal.IdeaQuery{ID: r.PathValue("id"), Fresh: true}, "")
	if readErr != nil {
		return readErr
	}
	b := s.ideaBase(r, read, "", "")
	v, viewErr := s.ideaView(s.printer(r), r, b, read)
	if viewErr != nil {
		return viewErr
	}
	if !change(v) {
		return err
	}
	if err := v.finish(); err != nil {
		return err
	}
	return s.render(w, statusOf(err), "idea", v)
}
