package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"groundswell/shared/portal"
)

// queuePage is where the team works off what was held, reported and answered. The
// address says which queue it is, in which order, and which case is opened.
func (s *Server) queuePage(w http.ResponseWriter, r *http.Request) error {
	v, err := s.queue(r, r.URL.Query())
	if err != nil {
		return err
	}
	return s.render(w, http.StatusOK, "team_queue", v)
}

// queue reads the page that the values ask for, from its address or its form.
func (s *Server) queue(r *http.Request, asked url.Values) (*queueView, error) {
	p, a := s.printer(r), actor(r)
	waiting, err := s.Portal.Waiting(r.Context(), a)
	if err != nil {
		return nil, err
	}
	q, newest, cursor, open := portal.Queue(asked.Get("queue")), asked.Get("order") == "new", asked.Get("cursor"), asked.Get("case")
	if q == "" {
		q = firstWaiting(waiting)
	}
	here, _, _ := strings.Cut(queuePath(q, newest, cursor, open), "#")
	v := &queueView{base: s.base(r, "team", here), Tab: "queue", Chosen: open != ""}
	v.Title = p.T("queue.heading")
	for _, each := range portal.Queues {
		tab := queueTab{URL: queuePath(each, newest, "", ""), Name: p.T("queue." + string(each)), Count: p.Number(waiting.Cases[each]), Current: each == q}
		if waiting.More[each] {
			tab.Count += "+"
		}
		v.Queues = append(v.Queues, tab)
	}
	v.Order = sortLink{URL: queuePath(q, !newest, "", ""), Text: p.T("queue.newest_first")}
	if newest {
		v.Order.Text = p.T("queue.oldest_first")
	}
	if cursor != "" {
		v.Pager.First = queuePath(q, newest, "", "")
	}
	if q == portal.VotesQ {
		return v, s.votesQueue(r, v, newest, cursor, open)
	}
	page, err := s.Portal.Queue(r.Context(), a, portal.QueueQuery{Queue: q, Oldest: !newest, Cursor: cursor, Titles: true})
	if err != nil {
		return nil, err
	}
	v.list(p, page, q, newest, cursor, open)
	if page.Next != "" {
		v.Pager.Next = queuePath(q, newest, page.Next, "")
	}
	return v, s.openCase(r, v, page, q, newest, cursor, open)
}

// firstWaiting is the first queue with anything in it.
func firstWaiting(w portal.Waiting) portal.Queue {
	for _, q := range portal.Queues {
		if w.Cases[q] > 0 {
			return q
		}
	}
	return portal.Queues[0]
}

// openCase puts the case that is asked for beside the list, or the list's first.
func (s *Server) openCase(r *http.Request, v *queueView, page portal.QueuePage, q portal.Queue, newest bool, cursor, open string) error {
	back := queuePath(q, newest, cursor, "")
	for i, item := range page.Items {
		if open != "" && item.Case.Thing.String() != open {
			continue
		}
		next := ""
		if i+1 < len(page.Items) {
			next = page.Items[i+1].Case.Thing.String()
		} else if i > 0 {
			next = page.Items[i-1].Case.Thing.String()
		}
		whole, err := s.Portal.QueueItem(r.Context(), actor(r), item.Case.Thing)
		if portal.KindOf(err) == portal.NotFound {
			whole, err = item, nil // of a thing that is no more, what is known of the case
		}
		v.Panel = caseOf(s.printer(r), actor(r), whole, back, next)
		return err
	}
	if open == "" {
		return nil
	}
	item, err := s.Portal.QueueItem(r.Context(), actor(r), portal.ThingOf(open))
	if err == nil {
		v.Panel = caseOf(s.printer(r), actor(r), item, back, "")
	}
	return err
}

// queueForm carries a decision out, and goes on to the next case.
func (s *Server) queueForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	if d, is := voteDecisionOf(v); is {
		return s.votesForm(w, r, v, d)
	}
	t, d := portal.ThingOf(v.Get("thing")), decisionOf(v)
	err = s.Portal.Decide(r.Context(), actor(r), t, d)
	if err == nil {
		back := local(v.Get("back"))
		if next := v.Get("next"); portal.ThingOf(next).Valid() && strings.HasPrefix(back, "/team/queue?") {
			back += "&case=" + url.QueryEscape(next)
		}
		http.Redirect(w, r, done(back+"#panel", "decided_"+string(d.Act)), http.StatusSeeOther)
		return nil
	}
	return s.queueAgain(w, r, err, local(v.Get("back")), t.String(), func(page *queueView, ps problems) {
		if c := page.Panel; c != nil {
			c.Problems, c.Note, c.Reasons = ps, d.Note, reasonOptions(s.printer(r), d.Reason)
			c.ReasonProblem, c.NoteProblem = ps.of("reason"), ps.of("note")
		}
	})
}

// queueAgain shows the queue with a case opened, why its decision was refused, and what
// was typed, which fill puts back.
func (s *Server) queueAgain(w http.ResponseWriter, r *http.Request, refused error, back, open string, fill func(*queueView, problems)) error {
	ps, rest := s.formAnswer(w, r, refused, nil)
	if rest != nil {
		return rest
	}
	asked := url.Values{}
	if u, err := url.Parse(back); err == nil {
		asked = u.Query()
	}
	asked.Set("case", open)
	page, err := s.queue(r, asked)
	if err != nil {
		return err
	}
	fill(page, ps)
	return s.render(w, statusOf(refused), "team_queue", page)
}

// decisionOf is what a form of the queue asks for: its button names the act and, after
// an underscore, what it does to the author.
func decisionOf(v url.Values) portal.Decision {
	act, then, _ := strings.Cut(v.Get("do"), "_")
	return portal.Decision{Act: portal.Act(act), Then: then, Reason: v.Get("reason"), Note: v.Get("note"), Version: seenVersion(v)}
}

// seenVersion is the version of the case that a form was made for. One that can't be
// read is none of ours: -1 is no case's.
func seenVersion(v url.Values) int64 {
	seen := v.Get("version")
	if seen == "0" {
		return 0
	}
	n, err := strconv.ParseInt(seen, 10, 64)
	if err != nil {
		return -1
	}
	return n
}
