package web

import (
	"net/http"
	"net/url"

	"groundswell/shared/portal"
)

// dossierForm changes who looks after an idea, and its tags.
func (s *Server) dossierForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	version, err := formVersion(v)
	if err != nil {
		return err
	}
	owner, names := v.Get("owner"), tagNames(v["tag"], v.Get("new"))
	_, err = s.Portal.EditDossier(r.Context(), actor(r), r.PathValue("id"), portal.DossierEdit{Owner: &owner, Tags: &names, Version: version})
	if err == nil {
		return s.deskDone(w, r, v, "dossier", "#desk-head")
	}
	return s.deskAgain(w, r, v, err, func(d *deskView) {
		for i := range d.Owners {
			d.Owners[i].Chosen = d.Owners[i].Value == owner
		}
		ticked := map[string]bool{}
		for _, n := range v["tag"] {
			ticked[n] = true
		}
		for i := range d.Tags {
			d.Tags[i].Chosen = ticked[d.Tags[i].Name]
		}
		d.NewTags = v.Get("new")
	})
}

// memoForm writes, changes or deletes a note among the team.
func (s *Server) memoForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	id, body, a := r.PathValue("id"), v.Get("memo"), actor(r)
	switch v.Get("do") {
	case "edit":
		version, verr := formVersion(v)
		if verr != nil {
			return verr
		}
		_, err = s.Portal.EditMemo(r.Context(), a, id, v.Get("note"), body, version)
	case "delete":
		err = s.Portal.DeleteMemo(r.Context(), a, id, v.Get("note"))
	default:
		_, err = s.Portal.AddMemo(r.Context(), a, id, body)
	}
	if err == nil {
		return s.deskDone(w, r, v, "noted", "#memos")
	}
	return s.deskAgain(w, r, v, err, func(d *deskView) {
		if v.Get("do") == "delete" {
			return
		}
		d.Memo = body // of a change too: nothing typed is lost
	})
}

// answerForm pins the official answer, a text or a comment, or takes it away.
func (s *Server) answerForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	var version int64
	if v.Has("version") {
		if version, err = formVersion(v); err != nil {
			return err
		}
	}
	id, a, what := r.PathValue("id"), actor(r), "pinned"
	if v.Get("do") == "unpin" {
		what = "unpinned"
		_, err = s.Portal.UnpinAnswer(r.Context(), a, id, version)
	} else {
		_, err = s.Portal.PinAnswer(r.Context(), a, id, v.Get("comment"), v.Get("answer"), version)
	}
	if err == nil {
		return s.deskDone(w, r, v, what, "#panel")
	}
	return s.deskAgain(w, r, v, err, func(d *deskView) {
		d.AnswerTyped, d.OpenAnswer = v.Get("answer"), true
	})
}

// fromPage is the From of a form on the idea's public page.
const fromPage = "page"

// deskDone leads back to the idea, wherever in the console it was opened.
func (s *Server) deskDone(w http.ResponseWriter, r *http.Request, v url.Values, what, fragment string) error {
	id := r.PathValue("id")
	path := ""
	switch from := v.Get("from"); from {
	case fromPage:
		page, err := s.Portal.Store.Idea(r.Context(), id, false)
		if err != nil {
			return err
		}
		path, fragment = ideaPath(id, page.Title), ""
	case "":
		path = "/team?" + url.Values{"idea": {id}}.Encode()
	default:
		path = teamIdeaPath(id, from)
	}
	http.Redirect(w, r, done(path+fragment, what), http.StatusSeeOther)
	return nil
}

// deskAgain shows the idea in the console with what was typed and why it was refused.
func (s *Server) deskAgain(w http.ResponseWriter, r *http.Request, typed url.Values, err error, change func(*deskView)) error {
	ps, rest := statusProblems(w, r, s.printer(r), err)
	if rest != nil {
		return rest
	}
	var page *inboxView
	var readErr error
	if from := typed.Get("from"); from != "" {
		page, readErr = s.ideaAlone(r, r.PathValue("id"), from)
	} else {
		page, readErr = s.inbox(r, r.PathValue("id"))
	}
	if readErr != nil {
		return readErr
	}
	page.Panel.Desk.problems(ps)
	change(page.Panel.Desk)
	page.Panel.Problems = ps
	return s.renderConsole(w, statusOf(err), page)
}
