package web

import (
	"net/http"

	"groundswell/shared/portal"
)

// commentForm adds to a discussion.
func (s *Server) commentForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	d := portal.CommentDraft{Body: v.Get("body"), Parent: v.Get("parent")}
	if d.Form, err = s.facts(r, v); err != nil {
		return err
	}
	c, err := s.Portal.AddComment(r.Context(), actor(r), id, d)
	if err == nil {
		http.Redirect(w, r, done(commentLink("/ideas/"+id, c.ID), "commented"), http.StatusSeeOther)
		return nil
	}
	p := s.printer(r)
	ps, rest := formErrors(p, err, nil)
	switch portal.KindOf(rest) {
	case portal.TooMany, portal.Unauthenticated:
	default:
		if rest != nil {
			return rest
		}
	}
	return s.ideaAgain(w, r, err, func(page *ideaView) bool {
		text := ps.of("body").Text
		if text == "" {
			text = ps.of("parent").Text
		}
		if text == "" {
			text = refusalText(w, r, p, err)
		}
		page.typed(d, v.Get(stampField), text)
		return page.MergedInto == nil && page.Moderation == nil && !page.Locked && !page.Blocked
	})
}

// typed puts a comment that was refused back into its form.
func (page *ideaView) typed(d portal.CommentDraft, stamp, problem string) {
	into := &page.Compose
	into.Parent = d.Parent
	for i := range page.threads {
		if f := page.threads[i].Comment.Reply; f != nil && f.Parent == d.Parent {
			into, page.Compose.Parent = f, ""
		}
	}
	into.Body, into.Stamp, into.Open = d.Body, stamp, true
	into.Problem = fieldProblem{Field: into.Field, Text: problem}
	page.Problems = problems{{Field: into.Field, Label: problem}}
}

type commentPage struct {
	base
	Action, Cancel string
	Body           string
	Problem        fieldProblem
}

// commentPage is the form to change a comment.
func (s *Server) commentPage(w http.ResponseWriter, r *http.Request) error {
	id, cid := r.PathValue("id"), r.PathValue("cid")
	if !portal.ValidTimedID(id) || !portal.ValidTimedID(cid) {
		return errNoComment
	}
	c, err := s.Portal.Store.Comment(r.Context(), id, cid)
	switch a := actor(r); {
	case err != nil:
		return err
	case c.Deleted:
		return errNoComment
	case c.Author.ID != a.ID && !a.Team():
		return &portal.Error{Kind: portal.Forbidden, Code: "not_author", Msg: "Only its author and the team may change this."}
	}
	return s.showComment(w, r, http.StatusOK, c.Body, fieldProblem{Field: "body"})
}

var errNoComment = &portal.Error{Kind: portal.NotFound, Code: "no_comment", Msg: "There is no such comment."}

func (s *Server) showComment(w http.ResponseWriter, r *http.Request, status int, body string, problem fieldProblem) error {
	id, cid := r.PathValue("id"), r.PathValue("cid")
	b := s.base(r, "ideas", "/ideas/"+id+"/comments/"+cid+"/edit")
	b.Title = s.printer(r).T("comments.edit_heading")
	return s.render(w, status, "comment", commentPage{base: b, Action: b.Here, Cancel: commentLink("/ideas/"+id, cid), Body: body, Problem: problem})
}

func (s *Server) editCommentForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	id, cid, body := r.PathValue("id"), r.PathValue("cid"), v.Get("body")
	facts, err := s.facts(r, v)
	if err != nil {
		return err
	}
	_, err = s.Portal.EditComment(r.Context(), actor(r), id, cid, portal.CommentEdit{Body: body, Form: facts})
	if err == nil {
		http.Redirect(w, r, done(commentLink("/ideas/"+id, cid), "edited"), http.StatusSeeOther)
		return nil
	}
	p := s.printer(r)
	ps, rest := formErrors(p, err, nil)
	switch {
	case rest == nil:
		return s.showComment(w, r, http.StatusUnprocessableEntity, body, ps.of("body"))
	case portal.KindOf(rest) == portal.Unauthenticated:
		return s.showComment(w, r, http.StatusUnauthorized, body, fieldProblem{Field: "body", Text: p.T("submit.signed_out")})
	case portal.KindOf(rest) == portal.TooMany:
		return s.showComment(w, r, statusOf(err), body, fieldProblem{Field: "body", Text: refusalText(w, r, p, rest)})
	}
	return rest
}

func (s *Server) deleteCommentForm(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if err := s.Portal.DeleteComment(r.Context(), actor(r), id, r.PathValue("cid")); err != nil {
		return err
	}
	http.Redirect(w, r, done("/ideas/"+id+"#discussion", "deleted"), http.StatusSeeOther)
	return nil
}
