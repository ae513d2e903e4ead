package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"groundswell/shared/mail"
	"groundswell/shared/metric"
	"groundswell/shared/portal"
	"groundswell/shared/queue"
	"groundswell/shared/store"
)

// Worker makes mails of jobs.
type Worker struct {
	Reads  Reads
	Queue  queue.Timed // for pages, and what has to wait; without one there is no fan-out
	Linker Linker      // nil: mails without links to switch them off; tests only
	Ledger Ledger
	Sender mail.Sender
	Texts  *Texts
	From   string // MAIL_FROM; without a display name it gets the portal's
	Clock  func() time.Time
	Log    *slog.Logger
	Meter  metric.Meter // nil = nobody counts

	Lease    time.Duration // how long a claim holds; default 60 s, and sending gets a third of it
	Rate     int           // mails a second that a fan-out queues; 0 = as fast as it can
	Attempts int           // that may end without the sender's answer before a mail is given up; default 6

	Weekly  DigestReads // what summaries are made of
	Digests *Digests    // queues them; nil = this worker only sends
	weeks   weeks

	last    lastStory
	perPage int                                // pageSize; tests have smaller ones
	pause   func(ctx context.Context, try int) // tests cut it short
}

// Reads is what Worker reads; *store.Store has it.
type Reads interface {
	Ideas
	IdeaPage(ctx context.Context, q portal.IdeaQuery) (portal.IdeaPage, error)
	Member(ctx context.Context, id string) (portal.Member, error)
	// Members reads a page of members, not strongly.
	Members(ctx context.Context, ids []string) (map[string]portal.Member, error)
	// TiesTo are a member's votes and follows among ideas, read strongly.
	TiesTo(ctx context.Context, memberID string, ideaIDs []string) (map[string]portal.Ties, error)
	// LogEntry is a line of the audit log.
	LogEntry(ctx context.Context, id string) (portal.LogEntry, error)
	Comment(ctx context.Context, ideaID, id string) (portal.Comment, error)
	// Followers and Voters are a page of one lane, and where it ends: "" at the lane's end.
	Followers(ctx context.Context, ideaID string, lane int, after string, limit int) (members []string, last string, err error)
	Voters(ctx context.Context, ideaID string, lane int, after string, limit int) (members []string, last string, err error)
}

// Names of log lines that alarms may watch.
const (
	eventPaused   = "mail_paused"         // ErrPaused: an operator has to act
	eventConfig   = "mail_config"         // ErrConfig: the same
	eventRejected = "mail_rejected"       // this mail will never be taken
	eventGaveUp   = "mail_gave_up"        // too many tries with an unknown outcome
	eventLost     = "mail_not_recorded"   // sent, but the ledger does not know
	eventBadJob   = "mail_job_unreadable" // goes to the dead-letter queue
)

// How long jobs wait that time alone does not help.
const (
	waitQuota    = 10 * time.Minute
	waitOperator = 5 * time.Minute
)

var _ queue.Handler = (&Worker{}).Handle

// Handle is a queue.Handler: one job, one mail, once; or one page of a fan-out. Nil means that there is
// nothing more to do: sent now or before, written down why not, or back in the queue
// as a new job. A job that can't
// be read is queue.ErrDead.
func (w *Worker) Handle(ctx context.Context, body string) error {
	j, ok := parseJob(body)
	if !ok {
		w.Log.ErrorContext(ctx, eventBadJob, "bytes", len(body))
		return fmt.Errorf("read mail job: %w", queue.ErrDead)
	}
	do := w.tell
	switch j.Kind {
	case kindSignIn:
		do = w.signIn
	case kindMerged:
		do = w.tellMerged
	case kindFanOut:
		do = w.fanOut
	case kindShown:
		do = w.shown
	case kindDecided:
		do = w.decided
	case kindEntered:
		do = w.entered
	case kindDigest:
		do = w.digest
	case kindDigestPage:
		do = w.digestPage
	}
	if err := do(ctx, j); err != nil {
		return w.again(ctx, j, err)
	}
	return nil
}

// signIn sends a code, unless it is too late for it.
func (w *Worker) signIn(ctx context.Context, j job) error {
	left := j.Expires.Sub(w.Clock())
	if left <= 0 {
		w.Log.WarnContext(ctx, "mail_too_late", "event", kindSignIn)
		return nil
	}
	// No copy of the job outlives two weeks, the longest that SQS keeps a message.
	n := notice{subject: j.ID, event: kindSignIn, to: "browser", forget: j.Expires.Add(14 * 24 * time.Hour)}
	return w.once(ctx, n, func(context.Context) (mail.Message, string, error) {
		m, err := w.Texts.signIn(j.Locale, signInData{Code: j.Code, Minutes: int((left + time.Minute - 1) / time.Minute)})
		m.To = j.Email
		return m, "", err
	})
}

// outcome writes down, or gives back, what became of sending, and says what the
// queue should do with the job.
func (w *Worker) outcome(ctx context.Context, c claim, id string, err error) error {
	log := w.Log.With("event", c.d.Event, "subject", c.d.Subject, "to", c.d.To, "attempt", c.d.Attempts)
	w.count(outcomeOf(err))
	switch {
	case err == nil:
		log.InfoContext(ctx, "mail_sent", "message_id", id)
		if err := w.settle(ctx, c, ending{state: store.Sent, id: id}); err != nil {
			log.ErrorContext(ctx, eventLost, "message_id", id)
			return queue.Later(fmt.Errorf("record sent mail: %w", err), w.untilFree(c.d))
		}
		return nil
	case errors.Is(err, mail.ErrRejected):
		e := refusal(err)
		log.WarnContext(ctx, eventRejected, "why", e.why, "error", err)
		return w.settle(ctx, c, e)
	case errors.Is(err, mail.ErrDailyQuota):
		w.release(ctx, c)
		return queue.Later(err, waitQuota)
	case errors.Is(err, mail.ErrThrottled):
		w.release(ctx, c)
		return err
	case errors.Is(err, mail.ErrPaused), errors.Is(err, mail.ErrConfig):
		event := eventPaused
		if errors.Is(err, mail.ErrConfig) {
			event = eventConfig
		}
		log.ErrorContext(ctx, event, "error", err)
		w.release(ctx, c)
		return queue.Later(err, waitOperator)
	}
	// Perhaps it went out. The claim stays until its lease ends: that is the pause
	// before the next try, and Attempts limits how many duplicates there can be.
	return queue.Later(fmt.Errorf("send %s mail: %w", c.d.Event, err), w.untilFree(c.d))
}
