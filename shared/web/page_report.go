package web

import (
	"net/http"

	"groundswell/shared/portal"
)

type reportPage struct {
	base
	Action, Cancel string
	About          string // what is reported, in a few words
	Reasons        []option
	Words          string
	Stamp          string
	Problems       problems
	ReasonProblem  fieldProblem
	WordsProblem   fieldProblem
}

// reportFields maps field names to the ids of their elements.
var reportFields = map[string]string{"note": "words"}

// reportPage is the form that tells the team about an idea or a comment. With scripts
// it opens over the page: see report.js.
func (s *Server) reportPage(w http.ResponseWriter, r *http.Request) error {
	return s.showReport(w, r, http.StatusOK, portal.ReportDraft{}, s.stamp(r), nil)
}

func (s *Server) showReport(w http.ResponseWriter, r *http.Request, status int, d portal.ReportDraft, stamp string, ps problems) error {
	t := thingOf(r)
	p, about := s.printer(r), ""
	if t.CommentID != "" {
		c, err := s.Portal.Comment(r.Context(), actor(r), t.IdeaID, t.CommentID)
		if err != nil {
			return err
		}
		about = portal.Excerpt(c.Body, commentExcerpt)
	} else {
		page, err := s.Portal.Idea(r.Context(), actor(r), portal.IdeaQuery{ID: t.IdeaID, Comments: 1})
		if err != nil {
			return err
		}
		about = page.Idea.Title
	}
	v := reportPage{base: s.base(r, "ideas", reportPath(t)), Cancel: thingPath(t), About: about, Reasons: reasonOptions(p, d.Reason), Words: d.Words, Stamp: stamp,
		Problems: ps, ReasonProblem: ps.of("reason"), WordsProblem: ps.of("words")}
	v.Title, v.Action = p.T("report.heading"), v.Here
	return s.render(w, status, "report", v)
}

// thingOf is what a request is about: the idea of its path or, with a comment in the
// query, that.
func thingOf(r *http.Request) portal.Thing {
	return portal.Thing{IdeaID: r.PathValue("id"), CommentID: readQuery(r, "comment")}
}

func (s *Server) reportForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	t, d := thingOf(r), portal.ReportDraft{Reason: v.Get("reason"), Words: v.Get("words")}
	if d.Form, err = s.facts(r, v); err != nil {
		return err
	}
	err = s.Portal.Report(r.Context(), actor(r), t, d)
	if err == nil {
		at := thingPath(t)
		if _, err := s.Portal.Idea(r.Context(), actor(r), portal.IdeaQuery{ID: t.IdeaID, Comments: 1}); portal.KindOf(err) == portal.NotFound {
			at = "/" // several reports have hidden it, and this was the last of them
		}
		http.Redirect(w, r, done(at, "reported"), http.StatusSeeOther)
		return nil
	}
	ps, rest := s.formAnswer(w, r, err, reportFields)
	if rest != nil {
		return rest
	}
	return s.showReport(w, r, statusOf(err), d, v.Get(stampField), ps)
}

// formAnswer takes out of an error what a form can say above its fields: what is wrong
// with them, or why it can't be done now. Any other error comes back as it is.
func (s *Server) formAnswer(w http.ResponseWriter, r *http.Request, err error, ids map[string]string) (problems, error) {
	p := s.printer(r)
	ps, rest := formErrors(p, err, ids)
	switch portal.KindOf(rest) {
	case portal.Conflict, portal.TooMany, portal.Stale:
		return problems{{Text: refusalText(w, r, p, rest)}}, nil
	}
	return ps, rest
}

// appealForm takes an author's answer to a decision.
func (s *Server) appealForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	t := portal.Thing{IdeaID: r.PathValue("id"), CommentID: v.Get("comment")}
	d := portal.AppealDraft{Words: v.Get("words")}
	if d.Form, err = s.facts(r, v); err != nil {
		return err
	}
	err = s.Portal.Appeal(r.Context(), actor(r), t, d)
	if err == nil {
		http.Redirect(w, r, done(thingPath(t), "appealed"), http.StatusSeeOther)
		return nil
	}
	ps, rest := s.formAnswer(w, r, err, nil)
	if rest != nil {
		return rest
	}
	return s.ideaAgain(w, r, err, func(page *ideaView) (there bool) {
		page.Problems = ps
		for _, a := range page.appeals() {
			if a.Comment == t.CommentID {
				a.Words, a.Stamp, a.Open = d.Words, v.Get(stampField), true
				a.Problem.Text, there = ps.of("words").Text, true
			}
		}
		return there
	})
}
