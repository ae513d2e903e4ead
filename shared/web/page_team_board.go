package web

import (
	"net/http"

	"groundswell/shared/portal"
)

// boardPage shows the ideas by status. The one that was moved just now stands where
// it was moved to, on top: the lists follow a moment later.
func (s *Server) boardPage(w http.ResponseWriter, r *http.Request) error {
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
	v := boardView{base: s.base(r, "team", "/team/board"), Tab: "board"}
	v.Title = p.T("team.board")
	for i, page := range found {
		c := columnView{Status: portal.Statuses[i], Count: len(page.Cards), More: page.Next != "", All: homeQuery{Sort: portal.Top, Status: portal.Statuses[i]}.path()}
		for _, card := range page.Cards {
			b := boardCardOf(p, card)
			b.Moved = card.ID == moved
			c.Cards = append(c.Cards, b)
		}
		v.Columns = append(v.Columns, c)
	}
	return s.render(w, http.StatusOK, "team_board", v)
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
