package web

import (
	"net/http"

	"groundswell/shared/portal"
)

// editPage is the form to change an idea's title, text and category.
func (s *Server) editPage(w http.ResponseWriter, r *http.Request) error {
	read, err := s.Portal.Idea(r.Context(), actor(r), portal.IdeaQuery{ID: r.PathValue("id"), Comments: 1, Fresh: true})
	if err != nil {
		return err
	}
	if err := s.Portal.MayEdit(actor(r), read.Idea); err != nil {
		return err
	}
	page := s.editDraft(r, read, portal.IdeaDraft{Title: read.Idea.Title, Body: read.Body, Category: read.Idea.Category})
	return s.render(w, http.StatusOK, "submit", page.with(s.printer(r), s, nil))
}

func (s *Server) editDraft(r *http.Request, read portal.IdeaPage, d portal.IdeaDraft) draftPage {
	p := s.printer(r)
	b := s.base(r, "ideas", "/edit/"+read.Idea.ID)
	b.Title = p.T("edit.heading")
	return draftPage{base: b, Button: p.T("form.save"), Action: b.Here, Cancel: ideaPath(read.Idea.ID, read.Idea.Title), Version: read.Idea.Version, Draft: d}
}

func (s *Server) editForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	d := portal.IdeaDraft{Title: v.Get("title"), Body: v.Get("body"), Category: v.Get("category")}
	version, err := formVersion(v)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if previewing(v.Get("do")) {
		read, err := s.Portal.Idea(r.Context(), actor(r), portal.IdeaQuery{ID: id, Comments: 1})
		if err != nil {
			return err
		}
		if err := s.Portal.MayEdit(actor(r), read.Idea); err != nil {
			return err
		}
		page := s.editDraft(r, read, d)
		page.Version = version // of what was shown when the writing began
		return s.previewDraft(w, r, page)
	}
	if d.Form, err = s.facts(r, v); err != nil {
		return err
	}
	idea, err := s.Portal.EditIdea(r.Context(), actor(r), id, portal.IdeaEdit{Title: &d.Title, Body: &d.Body, Category: &d.Category, Version: version, Form: d.Form})
	if err == nil {
		http.Redirect(w, r, done(ideaPath(idea.ID, idea.Title), "edited"), http.StatusSeeOther)
		return nil
	}
	read, readErr := s.Portal.Idea(r.Context(), actor(r), portal.IdeaQuery{ID: id, Comments: 1, Fresh: true})
	if readErr != nil {
		return readErr
	}
	return s.draftAgain(w, r, err, func(problems) draftPage { return s.editDraft(r, read, d) })
}
