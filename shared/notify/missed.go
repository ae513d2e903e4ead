package notify

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// An idea that is not public is told of to nobody: mails that are due meanwhile end in
// the ledger as hidden. If the team makes it public after all, they are due again; if it
// never does, nobody ever hears of it.
//
// So whoever finds an idea hidden writes down, once for all its mails, what there would
// have been to tell, and then looks again, strongly: either the idea is still hidden, and
// whatever makes it public comes later and finds the note; or it is public again, and the
// mail goes out now. The line of the audit log that makes an idea public leads to a job
// that reads the notes, and queues what they say anew. What went out before is Sent in
// the ledger; only lines that ended as hidden are opened again, and each by a job that
// says so. A note is dealt with under its version: one that was written again meanwhile
// stays for the next time.

// publishes: these are the lines of the log that make an idea public.
func publishes(e portal.LogEntry) bool {
	return e.Thing.CommentID == "" && portal.ValidTimedID(e.Thing.IdeaID) && (e.What == portal.LogApprove || e.What == portal.LogShow || e.What == portal.LogRestore)
}

// missedStep is what a note says of a step: its mails, and pages of its fan-out.
func missedStep(ver int64) string { return fmt.Sprintf("%s-%d", kindFanOut, ver) }

// missed notes what would have been told of a hidden idea, and reports whether it is
// hidden still.
func (w *Worker) missed(ctx context.Context, ideaID, what string) (still bool, err error) {
	for try := range recordTries {
		var d store.Delivery
		d, err = w.Ledger.Delivery(ctx, store.MissedOf(ideaID), what, store.ToAll)
		switch {
		case portal.KindOf(err) == portal.NotFound:
			d = store.Delivery{Subject: store.MissedOf(ideaID), Event: what, To: store.ToAll}
		case err != nil:
			return false, err
		case d.State == store.Skipped && try > 0:
			err = nil // another one noted it since
		}
		if d.State != store.Skipped || try == 0 {
			d.State, d.Why, d.At = store.Skipped, portal.UnsentHidden, w.Clock()
			_, err = w.Ledger.PutDelivery(ctx, d, d.Version)
		}
		if portal.KindOf(err) != portal.Stale {
			break
		}
	}
	if err != nil {
		return false, err
	}
	idea, err := w.Reads.Idea(ctx, ideaID, true)
	if portal.KindOf(err) == portal.NotFound {
		return true, nil
	}
	return err == nil && idea.Hidden(), err
}

// shown tells what was missed while the idea was not public.
func (w *Worker) shown(ctx context.Context, j job) error {
	page, err := w.Reads.IdeaPage(ctx, portal.IdeaQuery{ID: j.Idea, Comments: 1, Fresh: true})
	switch {
	case portal.KindOf(err) == portal.NotFound:
		return nil
	case err != nil:
		return err
	case page.Idea.Hidden():
		return nil // the notes are there the next time
	}
	notes, err := w.Ledger.Missed(ctx, j.Idea)
	if err != nil {
		return err
	}
	for _, d := range notes {
		if d.State != store.Skipped {
			continue
		}
		bodies, err := w.due(ctx, page, d.Event, j.Again)
		if err != nil {
			return err
		}
		w.Log.InfoContext(ctx, "missed_mails", "idea", j.Idea, "what", d.Event, "jobs", len(bodies))
		if len(bodies) > 0 {
			if err := w.Queue.Send(ctx, bodies...); err != nil {
				return err
			}
		}
		d.State, d.Why, d.At = store.Sent, "", w.Clock()
		if _, err := w.Ledger.PutDelivery(ctx, d, d.Version); err != nil && portal.KindOf(err) != portal.Stale {
			return err
		}
	}
	return nil
}

// due are the jobs that a note stands for.
func (w *Worker) due(ctx context.Context, page portal.IdeaPage, what, line string) (bodies []string, err error) {
	idea := page.Idea
	kind, rest, _ := strings.Cut(what, "-")
	switch kind {
	case kindEntered:
		return []string{job{Kind: kindEntered, Idea: idea.ID, Ver: 1, To: idea.AuthorID, Again: line}.body()}, nil
	case kindMerged:
		dup, ver, _ := strings.Cut(rest, "-")
		return w.dueMerged(ctx, dup, ver, line)
	}
	ver, _ := strconv.ParseInt(rest, 10, 64) // what is none is no step's
	for _, h := range page.History {
		if h.Ver != ver {
			continue
		}
		if launch(h) {
			owners, err := portal.Submitters(ctx, w.Reads, idea, h)
			if err != nil {
				return nil, err
			}
			for _, id := range portal.OwnersOnce(owners) {
				bodies = append(bodies, job{Kind: kindLaunched, Idea: idea.ID, Ver: ver, To: id, Again: line}.body())
			}
		}
		if h.Moves() && !h.Silent {
			bodies = append(bodies, job{Kind: kindFanOut, Idea: idea.ID, Ver: ver, Again: line}.body())
		}
	}
	return bodies, nil
}

// dueMerged are the jobs of a merge; whether it still stands they look at themselves.
func (w *Worker) dueMerged(ctx context.Context, dup, ver, line string) (bodies []string, err error) {
	page, err := w.Reads.IdeaPage(ctx, portal.IdeaQuery{ID: dup, Comments: 1, Fresh: true})
	if portal.KindOf(err) == portal.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, h := range page.History {
		if h.Merged == "" || strconv.FormatInt(h.Ver, 10) != ver {
			continue
		}
		into, err := w.Reads.Idea(ctx, h.Merged, true)
		if portal.KindOf(err) == portal.NotFound {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		for _, o := range portal.MergeOwners(page.Idea, into, h.By.ID) {
			bodies = append(bodies, job{Kind: kindMerged, Idea: o.IdeaID, Dup: dup, Ver: h.Ver, To: o.MemberID, Again: line}.body())
		}
	}
	return bodies, nil
}
