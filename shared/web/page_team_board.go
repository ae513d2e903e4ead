package web

import (
	"net/http"
	"net/url"

	"groundswell/shared/portal"
)

// boardPage shows the ideas by status, or a page of one column. The idea that was
// moved just now stands where it was moved to, on top: the lists follow a moment later.
func (s *Server) boardPage(w http.ResponseWriter, r *http.Request) error {
	if only := portal.Status(readQuery(r, "column")); only.Valid() {
		return s.columnPage(w, r, only)
	}
	counting := s.census(r)
	found, err := s.Portal.Board(r.Context(), actor(r))
	if err != nil {
		return err
	}
	moved := movedIdea(r)
	if moved != "" {
		read, err := s.Portal.Idea(r.Context(), actor(r), portal.IdeaQuery{ID: moved, Comments: 1, Fresh: true})
		if err != nil {
			return err
		}
		place(found, currentCard(read))
	}
	p := s.printer(r)
	v := boardView{base: s.base(r, "team", "/team/board"), Tab: "board", Most: portal.MostAtOnce}
	v.Title = p.T("team.board")
	census, _ := counting()
	for i, page := range found {
		v.Columns = append(v.Columns, columnOf(p, portal.Statuses[i], page, census.Count("", portal.Statuses[i]), moved))
	}
	if err := s.sayMoved(r, &v.base); err != nil {
		return err
	}
	return s.render(w, http.StatusOK, "team_board", v)
}

// columnPage shows what does not fit on the board. The board's script takes the
// cards out of it.
func (s *Server) columnPage(w http.ResponseWriter, r *http.Request, only portal.Status) error {
	counting, cursor := s.census(r), readQuery(r, "cursor")
	page, err := s.Portal.Column(r.Context(), actor(r), only, cursor)
	if err != nil {
		return err
	}
	p := s.printer(r)
	v := boardView{base: s.base(r, "team", columnPath(only, cursor)), Tab: "board", Only: true, Most: portal.MostAtOnce}
	v.Title = p.T("team.board") + ": " + p.T("status."+string(only))
	census, _ := counting()
	c := columnOf(p, only, page, 0, "")
	if all := census.Count("", only); all > 0 { // of which this page may be the last
		c.Count = p.Number(all)
	}
	c.First = "/team/board"
	v.Columns = []columnView{c}
	return s.render(w, http.StatusOK, "team_board", v)
}

func columnPath(st portal.Status, cursor string) string {
	q := url.Values{"column": {string(st)}}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	return "/team/board?" + q.Encode()
}

// place puts the card on top of its status's column and takes it from any other.
func place(board []portal.CardPage, c portal.Card) {
	for i := range board {
		board[i].Cards = without(board[i].Cards, c.ID)
		if portal.Statuses[i] == c.Status && c.MergedInto == "" {
			board[i].Cards = append([]portal.Card{c}, board[i].Cards...)
		}
	}
}
