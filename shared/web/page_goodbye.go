package web

import (
	"net/http"

	"groundswell/shared/portal"
)

// goodbyePage is the last that a member sees: it answers the form itself, since
// there is nobody any more to show another page to.
type goodbyePage struct{ base }

// deleteMeForm deletes the account. The address, typed once more, confirms it.
func (s *Server) deleteMeForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	confirm := v.Get("confirm")
	if err := s.leave(r, confirm, v.Get("texts")); err != nil {
		p, status := s.printer(r), statusOf(err)
		ps, rest := formErrors(p, err, nil)
		if portal.KindOf(rest) == portal.TooMany {
			ps = problems{{Field: "confirm", Text: refusalText(w, r, p, rest)}}
		} else if rest != nil {
			return rest
		}
		page, err := s.me(r)
		if err != nil {
			return err
		}
		page.Erase, page.Confirm, page.Problems, page.ConfirmProblem = v.Get("texts") == removeTexts, confirm, ps, ps.of("confirm")
		return s.render(w, status, "me", page)
	}
	clearSession(w, r)
	page := goodbyePage{s.base(r, "", "/")}
	page.Me, page.Notice = nil, ""
	page.Title = s.printer(r).T("goodbye.heading")
	return s.render(w, http.StatusOK, "goodbye", page)
}
