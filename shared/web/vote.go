package web

import (
	"context"
	"net/http"

	"groundswell/shared/portal"
)

func (s *Server) castVote(w http.ResponseWriter, r *http.Request) error {
	return s.vote(w, r, s.Portal.CastVote)
}

func (s *Server) withdrawVote(w http.ResponseWriter, r *http.Request) error {
	return s.vote(w, r, s.Portal.WithdrawVote)
}

func (s *Server) vote(w http.ResponseWriter, r *http.Request, do func(context.Context, portal.Actor, string) (portal.Ballot, error)) error {
	b, err := do(r.Context(), actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, struct {
		Votes int  `json:"votes"`
		Voted bool `json:"voted"`
	}{b.Votes, b.Voted})
}
