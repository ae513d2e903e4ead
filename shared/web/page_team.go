package web

import (
	"net/http"
	"net/url"
	"strings"

	"groundswell/shared/portal"
)

// consoleCSP is the pages' policy, and a frame of ours in it: see mailPreview.
var consoleCSP = []string{csp[0] + "; frame-src 'self'"}

// inboxPage is where the team looks through new ideas. The address says which one
// is opened; without one it is the first.
func (s *Server) inboxPage(w http.ResponseWriter, r *http.Request) error {
	v, err := s.inbox(r, readQuery(r, "idea"))
	if err != nil {
		return err
	}
	return s.renderConsole(w, http.StatusOK, v)
}

// teamIdeaPage is one idea in the console, from wherever it was opened.
func (s *Server) teamIdeaPage(w http.ResponseWriter, r *http.Request) error {
	v, err := s.ideaAlone(r, r.PathValue("id"), readQuery(r, "from"))
	if err != nil {
		return err
	}
	return s.renderConsole(w, http.StatusOK, v)
}

func (s *Server) renderConsole(w http.ResponseWriter, status int, v *inboxView) error {
	w.Header()["Content-Security-Policy"] = consoleCSP
	return s.render(w, status, "team", v)
}

// inbox reads the page with the idea id opened; "" opens the list's first.
func (s *Server) inbox(r *http.Request, id string) (*inboxView, error) {
	p, cursor := s.printer(r), readQuery(r, "cursor")
	counting := s.census(r)
	found, err := s.Portal.Inbox(r.Context(), actor(r), cursor)
	if err != nil {
		return nil, err
	}
	cards := found.Cards
	if moved := movedIdea(r); moved != "" { // the list may not know yet
		cards = without(cards, moved)
	}
	v := &inboxView{Tab: "inbox", Chosen: id != "", Count: p.Number(len(cards))}
	if census, _ := counting(); found.Next != "" || cursor != "" {
		if v.Count += "+"; census.Count("", portal.New) > len(cards) {
			v.Count = p.Number(census.Count("", portal.New))
		}
	}
	if id == "" && len(cards) > 0 {
		id = cards[0].ID
	}
	here := "/team"
	if v.Chosen {
		here, _, _ = strings.Cut(teamPath(id, cursor), "#")
	}
	v.base = s.base(r, "team", here)
	v.Title = p.T("team.inbox")
	next := ""
	for i, c := range cards {
		v.Rows = append(v.Rows, inboxRow{Card: s.cardView(p, here, c, false), Votes: p.N("vote.count", c.Votes), Open: teamPath(c.ID, cursor), Now: c.ID == id})
		if c.ID == id && i+1 < len(cards) {
			next = cards[i+1].ID
		}
	}
	if cursor != "" {
		v.Pager.First = "/team"
	}
	if found.Next != "" {
		v.Pager.Next = "/team?" + url.Values{"cursor": {found.Next}}.Encode()
	}
	if err := s.sayMoved(r, &v.base); err != nil || id == "" {
		return v, err
	}
	if v.Panel, err = s.readPanel(r, p, v.base, id); err != nil {
		return nil, err
	}
	v.Panel.Next = next
	return v, nil
}

// ideaAlone reads the page of one idea; from says where its forms lead back to.
func (s *Server) ideaAlone(r *http.Request, id, from string) (*inboxView, error) {
	if from != fromBoard && from != fromList {
		from = fromIdea
	}
	v := &inboxView{base: s.base(r, "team", teamIdeaPath(id, from)), Alone: true, Chosen: true}
	var err error
	if v.Panel, err = s.readPanel(r, s.printer(r), v.base, id); err != nil {
		return nil, err
	}
	v.Title, v.Panel.From = v.Panel.Card.Title, from
	if to := portal.Status(readQuery(r, "status")); to.Valid() { // the board asks to look before
		v.Panel.Forms.typed(portal.StatusChange{To: to})
	}
	switch from {
	case fromBoard:
		v.Tab = "board"
	case fromList:
		v.Tab = "list"
	}
	v.Panel.Desk.From = from
	return v, nil
}

// Where a form of the console was; "" is the inbox.
const (
	fromBoard = "board"
	fromIdea  = "idea"
	fromList  = "list"
)

func teamIdeaPath(id, from string) string {
	path := "/team/ideas/" + url.PathEscape(id)
	if from == fromBoard || from == fromList {
		path += "?from=" + from
	}
	return path
}

// sayMoved tells which idea was moved just now, and where to.
func (s *Server) sayMoved(r *http.Request, b *base) error {
	id := movedIdea(r)
	if id == "" || doneOf(r) != "status" {
		return nil
	}
	idea, err := s.Portal.Store.Idea(r.Context(), id, true)
	if err != nil {
		return err
	}
	p := s.printer(r)
	b.Notice = p.T("team.moved", "Title", idea.Title, "Status", p.T("status."+string(idea.Status)))
	return nil
}

// movedIdea is the idea that the request's address says was dealt with just now.
func movedIdea(r *http.Request) string {
	switch id := readQuery(r, "moved"); doneOf(r) {
	case "status", "merged", "unmerged":
		if portal.ValidTimedID(id) {
			return id
		}
	}
	return ""
}

func without(cards []portal.Card, id string) []portal.Card {
	out := make([]portal.Card, 0, len(cards))
	for _, c := range cards {
		if c.ID != id {
			out = append(out, c)
		}
	}
	return out
}
