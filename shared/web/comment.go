package web

import (
	"net/http"

	"groundswell/shared/portal"
)

type commentAnswer struct {
	Comment comment `json:"comment"`
}

func (s *Server) listComments(w http.ResponseWriter, r *http.Request) error {
	v, err := query(r)
	if err != nil {
		return err
	}
	limit, err := limitOf(v)
	if err != nil {
		return err
	}
	cs, next, err := s.Portal.Comments(r.Context(), actor(r), r.PathValue("id"), v.Get("cursor"), limit)
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, struct {
		Comments []comment `json:"comments"`
		Next     *string   `json:"next"`
	}{s.comments(r, cs), orNull(next)})
}

func (s *Server) addComment(w http.ResponseWriter, r *http.Request) error {
	var d portal.CommentDraft
	if err := readJSON(w, r, field{"body", &d.Body}, field{"parent", nullable{&d.Parent}}); err != nil {
		return err
	}
	c, err := s.Portal.AddComment(r.Context(), actor(r), r.PathValue("id"), d)
	if err != nil {
		return err
	}
	out := s.comment(s.origin(r), c)
	w.Header().Set("Location", commentPath(c.IdeaID, c.ID))
	return sendJSON(w, http.StatusCreated, commentAnswer{out})
}

func (s *Server) editComment(w http.ResponseWriter, r *http.Request) error {
	var body string
	if err := readJSON(w, r, field{"body", &body}); err != nil {
		return err
	}
	c, err := s.Portal.EditComment(r.Context(), actor(r), r.PathValue("id"), r.PathValue("cid"), portal.CommentEdit{Body: body})
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, commentAnswer{s.comment(s.origin(r), c)})
}

func (s *Server) deleteComment(w http.ResponseWriter, r *http.Request) error {
	if err := s.Portal.DeleteComment(r.Context(), actor(r), r.PathValue("id"), r.PathValue("cid")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
