package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"groundswell/shared/mail"
	"groundswell/shared/portal"
	"groundswell/shared/queue"
)

// digestPage is how many summaries are queued at once. A sign-in code never waits
// behind more of them than that: the next page is queued behind the last one's mails.
const digestPage = 25

// digestStands is how long a page may be the last one until it looks as if its next one
// got lost.
const digestStands = time.Minute

// Digests sends the weekly summaries: one page of subscribers after the other, each
// page a job of the mail queue that queues the next. How far it has come is written
// down, so that a page that got lost is taken up again by the next tick, and one that
// comes twice does no more than once: who got a summary is in the mail ledger.
type Digests struct {
	Store DigestStore
	Queue queue.Queue
	Log   *slog.Logger
}

// DigestStore is what Digests reads and writes; *store.Store is one.
type DigestStore interface {
	DigestRun(ctx context.Context, w portal.DigestWeek) (portal.DigestRun, error)
	PutDigestRun(ctx context.Context, d portal.DigestRun, prev int64) error
	Subscribers(ctx context.Context, lane int, cursor string, limit int) (ids []string, next string, err error)
}

// Tick begins what is due at now, the time that the schedule meant, or takes it up again
// where it stopped. It can come as often as it likes.
func (d *Digests) Tick(ctx context.Context, now time.Time) error {
	week, due := portal.DigestDue(now)
	if !due {
		return nil
	}
	run, err := d.Store.DigestRun(ctx, week)
	if err != nil || run.Done {
		return err
	}
	if run.Version == 0 {
		if err := d.Store.PutDigestRun(ctx, run, 0); err != nil && portal.KindOf(err) != portal.Stale {
			return err
		}
		d.Log.InfoContext(ctx, "digest_begins", "week", week)
	}
	return d.queuePage(ctx, week, run.At)
}

func (d *Digests) queuePage(ctx context.Context, w portal.DigestWeek, at portal.DigestPlace) error {
	if err := d.Queue.Send(ctx, job{Kind: kindDigestPage, Week: w, Place: &at}.body()); err != nil {
		return fmt.Errorf("queue page of summaries: %w", err)
	}
	return nil
}

// Page queues one page of summaries, then writes down how far that is, then queues
// the next page. A page that is not the current one has been dealt with, but for the
// last one's next; one that comes when the week is over is let go.
func (d *Digests) Page(ctx context.Context, now time.Time, w portal.DigestWeek, at portal.DigestPlace) error {
	if portal.DigestWeekOf(now) != w {
		d.Log.WarnContext(ctx, "digest_too_late", "week", w)
		return nil
	}
	run, err := d.Store.DigestRun(ctx, w)
	if err != nil {
		return err
	}
	if run.Version == 0 || run.Done || run.At != at {
		if run.Version == 0 || run.Done || run.Last != at {
			return nil
		}
		// Done, but perhaps not what comes behind it. If it is under way, another job of
		// it would be a second chain, and each copy of a page one more.
		if rest := digestStands - now.Sub(run.Moved); rest > 0 {
			return queue.Later(errHeld, rest)
		}
		return d.queuePage(ctx, w, run.At)
	}
	ids, next, err := d.Store.Subscribers(ctx, at.Lane, at.Cursor, digestPage)
	if err != nil {
		return err
	}
	bodies := make([]string, len(ids))
	for i, id := range ids {
		bodies[i] = job{Kind: kindDigest, Week: w, To: id}.body()
	}
	if len(bodies) > 0 {
		if err := d.Queue.Send(ctx, bodies...); err != nil {
			return fmt.Errorf("queue summaries: %w", err)
		}
	}
	run.Moved = now
	run.Last, run.At = at, portal.DigestPlace{Lane: at.Lane, Cursor: next}
	if next == "" {
		run.At = portal.DigestPlace{Lane: at.Lane + 1}
	}
	run.Done = run.At.Lane == portal.DigestLanes
	switch err := d.Store.PutDigestRun(ctx, run, run.Version); {
	case portal.KindOf(err) == portal.Stale:
		return nil // the same page, at the same time; the other one goes on
	case err != nil:
		return err
	case run.Done:
		d.Log.InfoContext(ctx, "digest_queued", "week", w)
		return nil
	}
	return d.queuePage(ctx, w, run.At)
}

// errNoDigests: a job that only a worker with a queue can do.
var errNoDigests = errors.New("this worker sends no summaries")

func (w *Worker) digestPage(ctx context.Context, j job) error {
	if w.Digests == nil {
		return errNoDigests
	}
	return w.Digests.Page(ctx, w.Clock(), j.Week, *j.Place)
}

// digest sends one member's summary, once a week, unless there is nothing to say.
func (w *Worker) digest(ctx context.Context, j job) error {
	begins := j.Week.Start()
	n := notice{subject: string(j.Week) + "-" + j.To, event: kindDigest, to: j.To, forget: begins.AddDate(0, 0, 91)}
	return w.once(ctx, n, func(ctx context.Context) (mail.Message, string, error) {
		if current := portal.DigestWeekOf(w.Clock()); current != j.Week {
			return mail.Message{}, portal.UnsentTooLate, nil
		}
		to, skip, err := w.reader(ctx, j.To)
		switch {
		case err != nil || skip != "":
			return mail.Message{}, skip, err
		case !to.Mail.Digest:
			return mail.Message{}, portal.UnsentNotWanted, nil
		}
		d, err := w.digestFor(ctx, to, j.Week)
		if err != nil {
			return mail.Message{}, "", err
		}
		if d.Empty() {
			return mail.Message{}, portal.UnsentNothingNew, nil
		}
		if d.Links, err = w.links(ctx, to.ID, portal.ScopeDigest); err != nil {
			return mail.Message{}, "", err
		}
		m, err := w.Texts.Digest(to.Locale, d)
		m.To = to.Email
		return m, "", err
	})
}
