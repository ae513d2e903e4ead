package web

import (
	"net/http"
	"net/url"
	"strings"

	"groundswell/shared/portal"
)

// inboxPage is where the team looks through new ideas. The address says which one
// is opened; without one it is the first.
func (s *Server) inboxPage(w http.ResponseWriter, r *http.Request) error {
	v, err := s.inbox(r, readQuery(r, "idea"), readQuery(r, "from") == "board")
	if err != nil {
		return err
	}
	return s.render(w, http.StatusOK, "team", v)
}

// inbox reads the page with the idea id opened; "" opens the list's first.
func (s *Server) inbox(r *http.Request, id string, board bool) (*inboxView, error) {
	p, cursor := s.printer(r), readQuery(r, "cursor")
	found, err := s.Portal.Inbox(r.Context(), actor(r), cursor)
	if err != nil {
		return nil, err
	}
	cards := found.Cards
	if moved := movedIdea(r); moved != "" { // the list may not know yet
		cards = without(cards, moved)
	}
	v := &inboxView{Tab: "inbox", Chosen: id != ""}
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
	if id == "" {
		return v, nil
	}
	read, err := s.Portal.TeamIdea(r.Context(), actor(r), id)
	if err != nil {
		return nil, err
	}
	if v.Panel, err = s.panel(p, v.Lang, read); err != nil {
		return nil, err
	}
	v.Panel.Next, v.Panel.Board = next, board
	return v, nil
}

// movedIdea is the idea whose status the request's address says was changed just now.
func movedIdea(r *http.Request) string {
	if id := readQuery(r, "moved"); doneOf(r) == "status" && portal.ValidTimedID(id) {
		return id
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

// teamStatusForm changes a status from the console, and goes on where its sender
// was: to the next idea of the inbox, or back to the board.
func (s *Server) teamStatusForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	c, err := statusChange(v)
	if err != nil {
		return err
	}
	id, board := r.PathValue("id"), v.Get("from") == "board"
	_, err = s.Portal.ChangeStatus(r.Context(), actor(r), id, c)
	if err == nil {
		to := "/team/board?" + url.Values{"moved": {id}}.Encode() + "#" + cardAnchor(id)
		if !board {
			q := url.Values{"moved": {id}}
			if next := v.Get("next"); portal.ValidTimedID(next) {
				q.Set("idea", next)
			}
			to = "/team?" + q.Encode() + "#panel"
		}
		http.Redirect(w, r, done(to, "status"), http.StatusSeeOther)
		return nil
	}
	ps, rest := statusProblems(s.printer(r), err)
	if rest != nil {
		return rest
	}
	page, readErr := s.inbox(r, id, board)
	if readErr != nil {
		return readErr
	}
	page.Panel.Next = v.Get("next")
	page.Panel.Problems = ps
	page.Panel.Forms.typed(c)
	page.Panel.Forms.problems(ps)
	return s.render(w, statusOf(err), "team", page)
}
