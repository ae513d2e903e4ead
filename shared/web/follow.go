package web

import (
	"net/http"
)

// following answers a change of what the member follows.
type following struct {
	Following bool `json:"following"`
}

func (s *Server) followIdea(w http.ResponseWriter, r *http.Request) error {
	if err := s.Portal.FollowIdea(r.Context(), actor(r), r.PathValue("id")); err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, following{true})
}

func (s *Server) unfollowIdea(w http.ResponseWriter, r *http.Request) error {
	if err := s.Portal.UnfollowIdea(r.Context(), actor(r), r.PathValue("id")); err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, following{false})
}
