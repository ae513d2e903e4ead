package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// teamForms are what the team can do with an idea. Version is the idea's as the
// page shows it: who acts on an older page is told so.
type teamForms struct {
	Version                    int64
	Merged                     bool
	StatusURL, MergeURL        string
	Statuses                   []option
	Note, Link                 string
	Silent                     bool
	StatusProblem, NoteProblem fieldProblem
	LinkProblem                fieldProblem
}

// teamFields maps field names to the ids of their elements on the idea's page.
var teamFields = map[string]string{"status": "new-status"}

func newTeamForms(p *i18n.Printer, idea portal.Idea) *teamForms {
	at := "/ideas/" + idea.ID
	t := &teamForms{Version: idea.Version, Merged: idea.MergedInto != "", StatusURL: at + "/status", MergeURL: mergePath(idea.ID), Statuses: statusOptions(p, idea.Status.Next(), "")}
	t.problems(nil)
	return t
}

func (t *teamForms) problems(ps problems) {
	t.StatusProblem, t.NoteProblem, t.LinkProblem = ps.of("new-status"), ps.of("note"), ps.of("link")
}

// statusForm changes an idea's status.
func (s *Server) statusForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	c, err := statusChange(v)
	if err != nil {
		return err
	}
	idea, err := s.Portal.ChangeStatus(r.Context(), actor(r), r.PathValue("id"), c)
	if err == nil {
		http.Redirect(w, r, done(ideaPath(idea.ID, idea.Title), "status"), http.StatusSeeOther)
		return nil
	}
	return s.teamAgain(w, r, err, func(t *teamForms) { t.typed(c) })
}

// statusChange is what a form with the fields of teamForms asks for.
func statusChange(v url.Values) (c portal.StatusChange, err error) {
	c = portal.StatusChange{To: portal.Status(v.Get("status")), Note: v.Get("note"), Link: v.Get("link"), Silent: v.Get("silent") != ""}
	c.Version, err = formVersion(v)
	return c, err
}

// typed puts a change that was refused back into the form.
func (t *teamForms) typed(c portal.StatusChange) {
	t.Note, t.Link, t.Silent = c.Note, c.Link, c.Silent
	for i := range t.Statuses {
		t.Statuses[i].Chosen = t.Statuses[i].Value == string(c.To)
	}
}

// teamAgain shows the idea as it is now, with what the team member typed. An
// outdated version gets a 412, and the form the current one: looking again and
// sending again is all it takes.
func (s *Server) teamAgain(w http.ResponseWriter, r *http.Request, err error, typed func(*teamForms)) error {
	ps, rest := statusProblems(w, r, s.printer(r), err)
	if rest != nil {
		return rest
	}
	return s.ideaAgain(w, r, err, func(page *ideaView) bool {
		page.Problems = ps
		typed(page.Team)
		page.Team.problems(ps)
		return !page.Team.Merged
	})
}

// statusProblems takes out of an error what the team's forms can show: what is
// wrong with a field, and that the idea is not as it was. Any other error comes back
// as it is.
func statusProblems(w http.ResponseWriter, r *http.Request, p *i18n.Printer, err error) (problems, error) {
	ps, rest := formErrors(p, err, teamFields)
	switch portal.KindOf(rest) {
	case portal.Stale, portal.Conflict, portal.TooMany:
		return problems{{Text: refusalText(w, r, p, rest)}}, nil
	}
	return ps, rest
}

// formVersion is the version of the idea that the form was made for.
func formVersion(v url.Values) (int64, error) {
	n, err := strconv.ParseInt(v.Get("version"), 10, 64)
	if err != nil || n < 1 {
		return 0, badRequest("version", "malformed", "The form has lost the version of the idea. Open the idea again.")
	}
	return n, nil
}

// ideaIn finds the idea's id in what the team member pasted: the id or an address.
func ideaIn(s string) string {
	s = strings.TrimSpace(s)
	if _, after, ok := strings.Cut(s, "/ideas/"); ok {
		s = after
	}
	if i := strings.IndexAny(s, "/?#"); i >= 0 {
		s = s[:i]
	}
	return s
}
