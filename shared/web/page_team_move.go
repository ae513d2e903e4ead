package web

import (
	"errors"
	"net/http"
	"net/url"

	"groundswell/shared/portal"
)

// teamStatusForm changes a status from the console, and goes on where its sender
// was: to the next idea of the inbox, or back to the board or the idea.
func (s *Server) teamStatusForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	c, err := statusChange(v)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	_, err = s.Portal.ChangeStatus(r.Context(), actor(r), id, c)
	if err == nil {
		http.Redirect(w, r, done(after(v, id), "status"), http.StatusSeeOther)
		return nil
	}
	return s.panelAgain(w, r, v, err, c.Version, func(t *teamForms) { t.typed(c) })
}

// after is where the sender of a form goes on once the idea is dealt with.
func after(v url.Values, id string) string {
	q := url.Values{"moved": {id}}
	switch v.Get("from") {
	case fromBoard:
		return "/team/board?" + q.Encode() + "#" + cardAnchor(id)
	case fromIdea, fromList:
		return teamIdeaPath(id, v.Get("from"))
	}
	if next := v.Get("next"); portal.ValidTimedID(next) {
		q.Set("idea", next)
	}
	return "/team?" + q.Encode() + "#panel"
}

// panelAgain shows the idea in the console as it is now, with what was typed and why
// that was refused. To whom it has changed under the hands it shows what changed: the
// form has the current version, so looking again and sending again is all it takes.
func (s *Server) panelAgain(w http.ResponseWriter, r *http.Request, typed url.Values, err error, seen int64, change func(*teamForms)) error {
	ps, rest := statusProblems(w, r, s.printer(r), err)
	if rest != nil {
		return rest
	}
	var page *inboxView
	var readErr error
	if from := typed.Get("from"); from != "" {
		page, readErr = s.ideaAlone(r, r.PathValue("id"), from)
	} else if page, readErr = s.inbox(r, r.PathValue("id")); readErr == nil {
		page.Panel.Next = typed.Get("next")
	}
	if readErr != nil {
		return readErr
	}
	panel := page.Panel
	panel.Problems = ps
	change(panel.Forms)
	panel.Forms.problems(ps)
	if kind := portal.KindOf(err); kind == portal.Stale || kind == portal.Conflict || panel.Forms.Version != seen {
		if panel.Changed, readErr = changedSince(s.printer(r), panel.history, panel.Forms.Version, seen); readErr != nil {
			return readErr
		}
	}
	return s.renderConsole(w, statusOf(err), page)
}

// statusOf is the status code of an error that a page answers itself.
func statusOf(err error) int {
	var e *portal.Error
	if errors.As(err, &e) {
		return status(e.Kind)
	}
	return http.StatusInternalServerError
}
