package web

import (
	"net/http"
	"net/url"

	"groundswell/shared/portal"
)

// votesQueue fills the queue with the cases about votes, and opens one of them.
func (s *Server) votesQueue(r *http.Request, v *queueView, newest bool, cursor, open string) error {
	p, a := s.printer(r), actor(r)
	page, err := s.Portal.VoteCases(r.Context(), a, portal.QueueQuery{Oldest: !newest, Cursor: cursor})
	if err != nil {
		return err
	}
	v.listVotes(p, page, newest, cursor, open)
	if page.Next != "" {
		v.Pager.Next = queuePath(portal.VotesQ, newest, page.Next, "")
	}
	id, next := open, ""
	for i, item := range page.Items {
		if open != "" && item.Case.IdeaID != open {
			continue
		}
		id = item.Case.IdeaID
		if i+1 < len(page.Items) {
			next = page.Items[i+1].Case.IdeaID
		} else if i > 0 {
			next = page.Items[i-1].Case.IdeaID
		}
		break
	}
	if id == "" {
		return nil
	}
	f, err := s.Portal.VoteCase(r.Context(), a, id)
	if err != nil {
		return err
	}
	v.Votes = voteCaseOf(p, f, queuePath(portal.VotesQ, newest, cursor, ""), next)
	return nil
}

// votesForm carries a decision about votes out, and goes on to the next case; one that
// was undone stays open.
func (s *Server) votesForm(w http.ResponseWriter, r *http.Request, v url.Values, d portal.VoteDecision) error {
	id, back := v.Get("thing"), local(v.Get("back"))
	err := s.Portal.DecideVotes(r.Context(), actor(r), id, d)
	if err == nil {
		next := v.Get("next")
		if d.Act == portal.ReopenVotes {
			next = id
		}
		at := queuePath(portal.VotesQ, false, "", "")
		if u, err := url.Parse(back); err == nil && u.Path == "/team/queue" {
			q := u.Query()
			at = queuePath(portal.VotesQ, q.Get("order") == "new", q.Get("cursor"), next)
		}
		http.Redirect(w, r, done(at, "votes_"+string(d.Act)), http.StatusSeeOther)
		return nil
	}
	return s.queueAgain(w, r, err, back, id, func(page *queueView, ps problems) {
		if c := page.Votes; c != nil {
			c.Problems, c.Note, c.NoteProblem = ps, d.Note, ps.of("note")
		}
	})
}
