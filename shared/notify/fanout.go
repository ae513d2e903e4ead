package notify

import (
	"context"
	"fmt"
	"slices"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/queue"
	"groundswell/shared/store"
)

// A fan-out tells many of one step: those who follow the idea or a duplicate of it,
// and at a launch those who voted. It is a chain of jobs. Each reads a page of them,
// queues a mail for each who wants one, and then the job of the next page, so that
// nothing is ever held in memory and a crash costs one page's work at most.
//
// Jobs come twice. A page's line in the ledger, claimed as a mail's is, lets one
// worker at a time do it, and nobody once it is done: without that, each page that is
// done twice would begin a second chain, and a thousand pages no end of them.

// pageSize is how many members a page looks at: as many as one BatchGet takes.
const pageSize = 100

func (w *Worker) pageSize() int {
	if w.perPage == 0 {
		return pageSize
	}
	return w.perPage
}

// pageQueries bounds a page that finds nobody: lanes may be empty.
const pageQueries = 64

// place is how far a fan-out has come.
type place struct {
	Votes bool   `json:"votes,omitempty"` // followers are done
	Of    string `json:"of,omitempty"`    // the idea, or a duplicate of it; "" is the idea
	Lane  int    `json:"lane,omitempty"`
	After string `json:"after,omitempty"` // the last member that was looked at in the lane
}

// fanOut does one page of a fan-out.
func (w *Worker) fanOut(ctx context.Context, j job) error {
	subject := store.FanOutOf(j.Idea)
	if j.Again != "" { // all of it once more, apart from the pages that were done
		subject += "#" + j.Again
	}
	c, done, err := w.hold(ctx, notice{subject: subject, event: fmt.Sprintf("%06d", j.Ver), to: fmt.Sprintf("%06d", j.Page),
		forget: w.Clock().Add(changeMemory)})
	if done || err != nil {
		return err
	}
	more, err := w.page(ctx, j)
	if err != nil {
		w.release(ctx, c)
		return fmt.Errorf("page %d of a fan-out: %w", j.Page, err)
	}
	e := ending{state: store.Sent}
	if !more {
		e.why = store.LastPage
	}
	return w.settle(ctx, c, e)
}

// hold claims a line of the ledger; done says that there is nothing more to do.
func (w *Worker) hold(ctx context.Context, n notice) (c claim, done bool, err error) {
	now := w.Clock()
	d, err := w.Ledger.Delivery(ctx, n.subject, n.event, n.to)
	switch {
	case portal.KindOf(err) == portal.NotFound:
		d = store.Delivery{Subject: n.subject, Event: n.event, To: n.to, State: store.Sending, Forget: n.forget}
	case err != nil:
		return claim{}, false, err
	case d.State != store.Sending:
		return claim{}, true, nil
	case d.LeasedUntil.After(now):
		return claim{}, false, queue.Later(errHeld, w.untilFree(d))
	}
	d.At, d.Attempts, d.LeasedUntil = now, d.Attempts+1, now.Add(w.lease())
	if d.Version, err = w.Ledger.PutDelivery(ctx, d, d.Version); portal.KindOf(err) == portal.Stale {
		err = queue.Later(errHeld, w.lease())
	}
	return claim{d}, false, err
}

// page queues the mails of one page, and then the next page; more says that there is
// one.
func (w *Worker) page(ctx context.Context, j job) (more bool, err error) {
	s, skip, err := w.story(ctx, j.Idea, j.Ver)
	switch {
	case err != nil:
		return false, err
	case skip == "" && s.step.Silent:
		skip = portal.UnsentSilent
	case skip == "" && s.overtaken():
		skip = portal.UnsentOvertaken
	}
	if skip != "" {
		w.Log.InfoContext(ctx, "fan_out_ended", "idea", j.Idea, "ver", j.Ver, "page", j.Page, "why", skip)
		return false, nil
	}
	voters, followers, next, more, err := w.read(ctx, s, j.place)
	if err != nil {
		return false, err
	}
	to, err := w.want(ctx, s, followers, voters)
	if err != nil {
		return false, err
	}
	jobs := make([]queue.Job, len(to), len(to)+1)
	for i, id := range to {
		jobs[i] = queue.Job{Body: job{Kind: kindOf(s.step), Idea: j.Idea, Ver: j.Ver, To: id, Again: j.Again}.body(), After: w.pace(i)}
	}
	if err := w.Queue.SendJobs(ctx, jobs...); err != nil { // these first: whoever has the next page has all before it
		return false, err
	}
	w.Log.InfoContext(ctx, "fan_out_page", "idea", j.Idea, "ver", j.Ver, "page", j.Page, "read", len(followers)+len(voters), "mails", len(to), "last", !more)
	if !more {
		return false, nil
	}
	after := job{Kind: kindFanOut, Idea: j.Idea, Ver: j.Ver, Page: j.Page + 1, place: next, Again: j.Again}
	return true, w.Queue.SendJobs(ctx, queue.Job{Body: after.body(), After: w.pace(len(to))})
}

// pace is how long the mail with the number waits, so that a page's mails go out at
// Rate and the next page comes when they are gone: the queue stays short, and a
// sign-in code never waits behind a hundred thousand mails. Fan-outs at the same time
// share nothing: together they go faster, and the sender throttles what is too fast.
func (w *Worker) pace(number int) time.Duration {
	if w.Rate <= 0 {
		return 0
	}
	return min(time.Duration(number)*time.Second/time.Duration(w.Rate), queue.MaxAfter)
}

// read reads on from the place: a page of followers, voters or both.
func (w *Worker) read(ctx context.Context, s *story, at place) (voters, followers []string, next place, more bool, err error) {
	ideas := s.ideas()
	i := 0
	if at.Of != "" && at.Of != ideas[0] { // a duplicate may have been taken away meanwhile
		n, found := slices.BinarySearch(ideas[1:], at.Of)
		if i = n + 1; !found {
			at.Lane, at.After = 0, ""
		}
	}
	for n := 0; len(voters)+len(followers) < w.pageSize() && n < pageQueries; n++ {
		if i == len(ideas) {
			if at.Votes || !s.launch() {
				return voters, followers, place{}, false, nil
			}
			at, i = place{Votes: true}, 0
		}
		read, into := w.Reads.Followers, &followers
		if at.Votes {
			read, into = w.Reads.Voters, &voters
		}
		ids, last, err := read(ctx, ideas[i], at.Lane, at.After, w.pageSize()-len(voters)-len(followers))
		if err != nil {
			return nil, nil, place{}, false, err
		}
		*into = append(*into, ids...)
		if at.After = last; last == "" {
			if at.Lane++; at.Lane == store.Lanes {
				at.Lane, i = 0, i+1
			}
		}
	}
	if i == len(ideas) {
		more = !at.Votes && s.launch()
		return voters, followers, place{Votes: true}, more, nil
	}
	at.Of = ideas[i]
	return voters, followers, at, true, nil
}

// want are those of a page who want a mail, each once.
func (w *Worker) want(ctx context.Context, s *story, followers, voters []string) (to []string, err error) {
	all := slices.Concat(followers, voters)
	slices.Sort(all)
	all = slices.Compact(all)
	if len(all) == 0 {
		return nil, nil
	}
	members, err := w.Reads.Members(ctx, all)
	if err != nil {
		return nil, err
	}
	for n, ids := range [][]string{followers, voters} {
		for _, id := range ids {
			m, ok := members[id]
			wants := m.Mail.Wants(s.launch())
			if n == 1 {
				wants = m.Mail.Voted
			}
			if ok && wants && id != s.step.By.ID && m.Unreachable() == "" {
				to = append(to, id)
				delete(members, id)
			}
		}
	}
	return to, nil
}
