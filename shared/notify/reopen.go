package notify

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"groundswell/shared/portal"
	"groundswell/shared/queue"
	"groundswell/shared/store"
)

// Reopen gives mails another try that failed for what is no more so: the account of
// the sender was in its sandbox. It can be repeated and interrupted: a line that is open
// again says why until its mail has ended, and its job may be queued twice.
type Reopen struct {
	Ledger Ledger
	Ideas  interface {
		IdeaPage(ctx context.Context, q portal.IdeaQuery) (portal.IdeaPage, error)
	}
	Queue queue.Queue
}

// Waits reports whether d is such a line: failed, or open again and not yet sent.
func (r *Reopen) Waits(d store.Delivery) bool {
	if _, err := strconv.Atoi(strings.TrimPrefix(d.Event, kindChanged+"-")); err != nil && d.Event != kindLaunched && d.Event != kindEntered && d.Event != kindDigest {
		return false // a sign-in's code is gone, and nobody waits for a test
	}
	return d.Why == portal.UnsentSandbox && (d.State == store.Failed || d.State == store.Sending)
}

// Again opens the line and queues its job; false if it is not such a line, or not any
// more, or if what it told of is gone.
func (r *Reopen) Again(ctx context.Context, d store.Delivery) (bool, error) {
	if !r.Waits(d) {
		return false, nil
	}
	j, ok, err := r.job(ctx, d)
	if err != nil || !ok {
		return false, err
	}
	if d.State == store.Failed {
		prev := d.Version
		d.State, d.Attempts = store.Sending, 0
		if _, err := r.Ledger.PutDelivery(ctx, d, prev); portal.KindOf(err) == portal.Stale {
			return false, nil // somebody else does it, or did
		} else if err != nil {
			return false, fmt.Errorf("open a line of the ledger: %w", err)
		}
	}
	if err := r.Queue.Send(ctx, j.body()); err != nil {
		return false, fmt.Errorf("queue a mail again: %w", err)
	}
	return true, nil
}

// job is the job that led to the line.
func (r *Reopen) job(ctx context.Context, d store.Delivery) (j job, ok bool, err error) {
	switch {
	case d.Event == kindDigest:
		week, to, _ := strings.Cut(d.Subject, "-")
		return job{Kind: kindDigest, Week: portal.DigestWeek(week), To: to}, true, nil
	case d.Event == kindEntered:
		return job{Kind: kindEntered, Idea: d.Subject, Ver: 1, To: d.To}, true, nil
	case d.Event != kindLaunched:
		ver, err := strconv.ParseInt(strings.TrimPrefix(d.Event, kindChanged+"-"), 10, 64)
		return job{Kind: kindChanged, Idea: d.Subject, Ver: ver, To: d.To}, err == nil, nil
	}
	page, err := r.Ideas.IdeaPage(ctx, portal.IdeaQuery{ID: d.Subject, Comments: 1, Fresh: true})
	if portal.KindOf(err) == portal.NotFound {
		return job{}, false, nil
	}
	if err != nil {
		return job{}, false, err
	}
	for _, h := range page.History { // the last launch is the one that stands
		if launch(h) {
			j = job{Kind: kindLaunched, Idea: d.Subject, Ver: h.Ver, To: d.To}
		}
	}
	return j, j.Ver != 0, nil
}
