package web

import (
	"net/http"
	"time"

	"groundswell/shared/portal"
)

// What the console's pages show, for other programs of the team.

// queueCount is how many cases wait in a queue.
type queueCount struct {
	Queue string `json:"queue"`
	Cases int    `json:"cases"`
	More  bool   `json:"more"`
}

func (s *Server) getWaiting(w http.ResponseWriter, r *http.Request) error {
	n, err := s.Portal.Waiting(r.Context(), actor(r))
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, struct {
		Queues []queueCount `json:"queues"`
	}{each(portal.Queues, func(q portal.Queue) queueCount { return queueCount{string(q), n.Cases[q], n.More[q]} })})
}

// getCase is what the team knows of an idea or a comment on it, whether or not it waits.
func (s *Server) getCase(w http.ResponseWriter, r *http.Request) error {
	v, err := query(r)
	if err != nil {
		return err
	}
	item, err := s.Portal.QueueItem(r.Context(), actor(r), portal.Thing{IdeaID: r.PathValue("id"), CommentID: v.Get("comment")})
	if err != nil {
		return err
	}
	if item.Case.Version > 0 {
		setVersion(w, item.Case.Version)
	}
	return sendJSON(w, http.StatusOK, struct {
		Case queuedCase `json:"case"`
	}{caseJSON(s.origin(r), item)})
}

// standing is a member as the team sees one: without the address.
type standing struct {
	author
	Role       string  `json:"role"`
	CreatedAt  *string `json:"created_at"`
	BlockedAt  *string `json:"blocked_at"`
	BlockedFor string  `json:"blocked_for"`
	Trusted    bool    `json:"trusted"`
	Excluded   bool    `json:"excluded"`
	Throwaway  bool    `json:"throwaway"`
	Gone       bool    `json:"gone"`
}

func (s *Server) getStanding(w http.ResponseWriter, r *http.Request) error {
	m, err := s.Portal.Standing(r.Context(), actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, struct {
		Member standing `json:"member"`
	}{standing{author: authorOf(m.Author()), Role: string(m.Role), CreatedAt: stampOrNull(m.CreatedAt), BlockedAt: stampOrNull(m.BlockedAt), BlockedFor: m.BlockedFor,
		Trusted: m.Trusted, Excluded: m.Uncounted, Throwaway: m.Throwaway, Gone: m.Deleted()}})
}

// toldLine is a line of an idea's delivery log.
type toldLine struct {
	Event string     `json:"event"`
	To    toldMember `json:"to"`
	delivery
}

// delivery is what became of a mail. Outcome is what was heard of one that was sent.
type delivery struct {
	State     string  `json:"state"`
	Why       *string `json:"why"`
	At        string  `json:"at"`
	Outcome   *string `json:"outcome"`
	OutcomeAt *string `json:"outcome_at"`
	Detail    *string `json:"detail"`
}

func deliveryOf(m portal.MailLine) delivery {
	return delivery{m.State, orNull(m.Why), stamp(m.At), orNull(m.Outcome), stampOrNull(m.OutcomeAt), orNull(m.Detail)}
}

type toldMember struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func (s *Server) listTold(w http.ResponseWriter, r *http.Request) error {
	v, err := query(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if _, err := s.Portal.Idea(r.Context(), actor(r), portal.IdeaQuery{ID: id, Comments: 1}); err != nil {
		return err
	}
	told, next, err := s.Portal.Told(r.Context(), actor(r), id, v.Get("cursor"))
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, struct {
		Told []toldLine `json:"told"`
		Next *string    `json:"next"`
	}{each(told, func(t portal.Told) toldLine {
		return toldLine{t.Event, toldMember{t.To, t.Name}, deliveryOf(t.MailLine)}
	}), orNull(next)})
}

// weekNumbers are what happened in a week; Fresh are the votes by accounts just made.
type weekNumbers struct {
	Monday   string `json:"monday"`
	Ideas    int    `json:"ideas"`
	Votes    int    `json:"votes"`
	Fresh    int    `json:"fresh_votes"`
	Comments int    `json:"comments"`
}

// wayStep is how many ideas came to a step, or beyond it, and what was the median of the
// days that they took from the step before; null if nobody knows.
type wayStep struct {
	Status string `json:"status"`
	Ideas  int    `json:"ideas"`
	Days   *int   `json:"days"`
}

// numbers are those of the team's charts.
type numbers struct {
	Weeks    []weekNumbers `json:"weeks"`
	Votes    int           `json:"votes"`
	Comments int           `json:"comments"`
	Imported int           `json:"imported_votes"`
	Way      []wayStep     `json:"way"`
	Days     *int          `json:"days"`
}

func (s *Server) getNumbers(w http.ResponseWriter, r *http.Request) error {
	c, err := s.Portal.Charts(r.Context(), actor(r))
	if err != nil {
		return err
	}
	out := numbers{Votes: c.AllVotes, Comments: c.AllComments, Imported: c.BaseVotes, Days: medianOf(c.Whole)}
	first := portal.FirstWeek(c.Now)
	for at := first; at < first+portal.ChartWeeks; at++ {
		out.Weeks = append(out.Weeks, weekNumbers{portal.WeekStart(at).Format(time.DateOnly), c.Born[at], c.Votes[at], c.Fresh[at], c.Comments[at]})
	}
	for i, st := range portal.Way {
		step := wayStep{Status: string(st), Ideas: c.Reached[i]}
		if i > 0 {
			step.Days = medianOf(c.Took[i-1])
		}
		out.Way = append(out.Way, step)
	}
	return sendJSON(w, http.StatusOK, out)
}

func medianOf(s portal.Spread) *int {
	if s.Count() == 0 {
		return nil
	}
	days := s.Median()
	return &days
}

// sessionJSON is one of the member's signed-in browsers.
type sessionJSON struct {
	ID string `json:"id"`
	exportedSession
}

func (s *Server) listSessions(w http.ResponseWriter, r *http.Request) error {
	all, err := s.Portal.Sessions(r.Context(), actor(r))
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, struct {
		Sessions []sessionJSON `json:"sessions"`
	}{each(all, func(v portal.Session) sessionJSON { return sessionJSON{v.ID, sessionOf(v, actor(r))} })})
}

func (s *Server) endSession(w http.ResponseWriter, r *http.Request) error {
	if err := s.Portal.RevokeSession(r.Context(), actor(r), r.PathValue("session")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// publicMember is what everybody may know of a member, beside the ideas.
type publicMember struct {
	author
	CreatedAt *string `json:"created_at"`
}

func (s *Server) getMember(w http.ResponseWriter, r *http.Request) error {
	v, err := query(r)
	if err != nil {
		return err
	}
	m, cards, next, err := s.publicIdeas(r, r.PathValue("id"), v.Get("cursor"))
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, struct {
		Member publicMember `json:"member"`
		Ideas  []listedIdea `json:"ideas"`
		Next   *string      `json:"next"`
	}{publicMember{authorOf(m.Author()), stampOrNull(m.CreatedAt)}, s.listedAll(r, cards, nil), orNull(next)})
}
