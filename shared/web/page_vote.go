package web

import (
	"net/http"
	"net/url"

	"groundswell/shared/portal"
)

// voteForm casts or withdraws a vote and goes back. A visitor signs in first; the
// vote is cast then: see codeForm.
func (s *Server) voteForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	id, back := r.PathValue("id"), local(v.Get("next"))
	withdraw := v.Get("do") == "withdraw"
	if !actor(r).SignedIn() {
		return signInFirst(w, r, back, "vote", !withdraw)
	}
	do := s.Portal.CastVote
	if withdraw {
		do = s.Portal.WithdrawVote
	}
	if _, err := do(r.Context(), actor(r), id); err != nil {
		return err
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

// signInFirst sends the sender of a form about an idea to the sign-in page. What the
// form does is done behind it, if it begins something: who takes something back did
// it before, and finds it as it is.
func signInFirst(w http.ResponseWriter, r *http.Request, back, do string, begins bool) error {
	id, to := r.PathValue("id"), url.Values{"next": {back}}
	if !portal.ValidTimedID(id) {
		return &portal.Error{Kind: portal.NotFound, Code: "no_idea", Msg: "There is no such idea."}
	}
	if begins {
		to.Set(do, id)
	}
	http.Redirect(w, r, "/sign-in?"+to.Encode(), http.StatusSeeOther)
	return nil
}
