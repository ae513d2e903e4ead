package web

import (
	"crypto/rand"
	"html/template"
	"net/http"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// draftPage is the form for a new idea, and for changing one.
type draftPage struct {
	base
	Behalf                       bool   // it is a customer's, and the team writes it down
	ForCustomer                  string // where the team does that; "" for everybody else
	Lead, Button, Action, Cancel string
	Key                          string // makes two identical submissions one
	Stamp                        string // of when it was drawn
	Version                      int64  // of the idea that is being changed
	Draft                        portal.IdeaDraft
	Groups                       []optionGroup
	Hints                        []categoryHint
	Previewed                    bool // shows Preview, which is "" for an empty text
	Preview                      template.HTML
	Similar                      []similarView
	SignInAgain                  bool
	Problems                     problems
	TitleProblem, BodyProblem    fieldProblem
	CategoryProblem              fieldProblem
}

func (d draftPage) with(p *i18n.Printer, s *Server, ps problems) draftPage {
	d.Groups, d.Hints = s.categoryGroups(p, d.Draft.Category), s.categoryHints(p.Locale())
	d.Problems, d.TitleProblem, d.BodyProblem, d.CategoryProblem = ps, ps.of("title"), ps.of("body"), ps.of("category")
	return d
}

func (s *Server) newDraft(r *http.Request, d portal.IdeaDraft) draftPage {
	p := s.printer(r)
	b := s.base(r, "submit", "/submit")
	b.Title = p.T("submit.heading")
	if d.Key == "" {
		d.Key = rand.Text()
	}
	page := draftPage{base: b, Lead: p.T("submit.lead"), Button: p.T("submit.send"), Action: "/submit", Key: d.Key, Draft: d}
	if actor(r).Team() {
		page.ForCustomer = behalfPath
	}
	return page
}

func (s *Server) submitPage(w http.ResponseWriter, r *http.Request) error {
	page := s.newDraft(r, portal.IdeaDraft{Title: readQuery(r, "title"), Category: readQuery(r, "category")})
	if page.Draft.Title == "" || page.Draft.Category == "" { // else it can be sent as it is
		page.Stamp = s.stamp(r)
	}
	return s.render(w, http.StatusOK, "submit", page.with(s.printer(r), s, nil))
}

func (s *Server) submitForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	d := portal.IdeaDraft{Title: v.Get("title"), Body: v.Get("body"), Category: v.Get("category"), Key: v.Get("key")}
	again := func() draftPage {
		page := s.newDraft(r, d)
		page.Stamp = v.Get(stampField)
		return page
	}
	if previewing(v.Get("do")) {
		return s.previewDraft(w, r, again())
	}
	if d.Form, err = s.facts(r, v); err != nil {
		return err
	}
	idea, _, err := s.Portal.SubmitIdea(r.Context(), actor(r), d)
	if err == nil {
		http.Redirect(w, r, done(ideaPath(idea.ID, idea.Title), "submitted"), http.StatusSeeOther)
		return nil
	}
	return s.draftAgain(w, r, err, func(ps problems) draftPage {
		if ps.of(keyField).Text != "" {
			d.Key = "" // used for another text: the next try is a new idea
		}
		return again()
	})
}

// keyField is what the portal calls the key of a form.
const keyField = "Idempotency-Key"

// draftAgain shows a draft that was refused, with all that was typed.
func (s *Server) draftAgain(w http.ResponseWriter, r *http.Request, err error, draft func(problems) draftPage) error {
	p := s.printer(r)
	ps, again, err2 := draftProblems(w, r, p, err)
	if err2 != nil {
		return err2
	}
	page := draft(ps)
	page.SignInAgain = again
	return s.render(w, statusOf(err), "submit", page.with(p, s, unlinked(ps)))
}

// draftProblems takes out of an error what the form of a draft can show; signedOut says
// that the writer is not signed in any more. Any other error comes back.
func draftProblems(w http.ResponseWriter, r *http.Request, p *i18n.Printer, err error) (ps problems, signedOut bool, rest error) {
	ps, rest = formErrors(p, err, nil)
	switch kind := portal.KindOf(rest); {
	case rest == nil:
	case kind == portal.Unauthenticated:
		return ps, true, nil
	case kind == portal.TooMany || kind == portal.Stale:
		return problems{{Text: refusalText(w, r, p, rest)}}, false, nil
	}
	return ps, false, rest
}

// unlinked are the problems where there is no element for the key to point to.
func unlinked(ps problems) problems {
	for i := range ps {
		if ps[i].Field == keyField {
			ps[i].Field = ""
		}
	}
	return ps
}
