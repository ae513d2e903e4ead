package web

import (
	"context"
	"net/http"

	"groundswell/shared/portal"
)

// followView is the form beside the vote with which a member follows an idea, and
// what the member hears of it otherwise.
type followView struct {
	Following bool
	Muted     bool // no mail about it, whatever else would lead to one
	Nothing   bool // the member follows the idea, but wants no mail about ideas followed
	Voted     bool // the member voted, and hears of the launch for that
	Offer     bool // the member voted, and could
}

func followViewOf(a portal.Actor, page portal.IdeaPage) followView {
	f := followView{Following: page.Follow.Stands(), Muted: page.Follow.Muted}
	if f.Following {
		f.Nothing = a.Mail.Followed == portal.Nothing
		return f
	}
	open := page.Voted && page.Idea.Status != portal.Launched && !f.Muted
	f.Voted, f.Offer = open && a.Mail.Voted, open && !a.Mail.Voted
	return f
}

// followForm follows an idea or ends that, and goes back. A visitor signs in first,
// and follows it then: see codeForm.
func (s *Server) followForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	id, back, end := r.PathValue("id"), local(v.Get("next")), v.Get("do") == "unfollow"
	if !actor(r).SignedIn() {
		return signInFirst(w, r, back, "follow", !end)
	}
	do, what := s.Portal.FollowIdea, "followed"
	if end {
		do, what = s.Portal.UnfollowIdea, "unfollowed"
	}
	if err := do(r.Context(), actor(r), id); err != nil {
		return err
	}
	http.Redirect(w, r, done(back, what), http.StatusSeeOther)
	return nil
}

// votedMailForm is what the vote offers: mail when an idea launches that one voted
// for, any such idea.
func (s *Server) votedMailForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	voted := v.Get("voted") != ""
	if _, err := s.Portal.EditProfile(r.Context(), actor(r), portal.ProfileEdit{Mail: portal.MailEdit{Voted: &voted}}); err != nil {
		return err
	}
	http.Redirect(w, r, done(local(v.Get("next")), "saved"), http.StatusSeeOther)
	return nil
}

// followViews are a page of what the member follows, or has muted.
func (s *Server) followViews(r *http.Request, name string, read func(ctx context.Context, memberID, cursor string, limit int) ([]portal.Follow, string, error)) ([]ownView, pager, error) {
	fs, next, err := read(r.Context(), actor(r).ID, readQuery(r, name), portal.DefaultLimit)
	if err != nil {
		return nil, pager{}, err
	}
	ids := make([]string, len(fs))
	for i, f := range fs {
		ids[i] = f.IdeaID
	}
	views, err := s.ownViews(r, ids)
	return views, mePager(r, name, next), err
}
