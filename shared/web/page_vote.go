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
		if !portal.ValidTimedID(id) {
			return &portal.Error{Kind: portal.NotFound, Code: "no_idea", Msg: "There is no such idea."}
		}
		to := url.Values{"next": {back}}
		if !withdraw {
			to.Set("vote", id)
		}
		http.Redirect(w, r, "/sign-in?"+to.Encode(), http.StatusSeeOther)
		return nil
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
