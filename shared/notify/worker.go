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
	Ledger Ledger
	Sender mail.Sender
	Texts  *Texts
	From   string // MAIL_FROM; without a display name it gets the portal's
	Clock  func() time.Time
	Log    *slog.Logger
	Meter  metric.Meter // nil = nobody counts

	Lease    time.Duration // how long a claim holds; default 60 s, and sending gets a third of it
	Attempts int           // that may end without the sender's answer before a mail is given up; default 6

	Weekly  DigestReads // what summaries are made of
	Digests *Digests    // queues them; nil = this worker only sends
	weeks   weeks

	pause func(ctx context.Context, try int) // tests cut it short
}

// Reads is what Worker reads; every portal.Store has it.
type Reads interface {
	IdeaPage(ctx context.Context, q portal.IdeaQuery) (portal.IdeaPage, error)
	Member(ctx context.Context, id string) (portal.Member, error)
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

// Handle is a queue.Handler: one job, one mail, once. Nil means that there is
// nothing more to do: sent now or before, or written down why not. A job that can't
// be read is queue.ErrDead.
func (w *Worker) Handle(ctx context.Context, body string) error {
	j, ok := parseJob(body)
	if !ok {
		w.Log.ErrorContext(ctx, eventBadJob, "bytes", len(body))
		return fmt.Errorf("read mail job: %w", queue.ErrDead)
	}
	switch j.Kind {
	case kindSignIn:
		return w.signIn(ctx, j)
	case kindDigest:
		return w.digest(ctx, j)
	case kindDigestPage:
		return w.digestPage(ctx, j)
	}
	return w.launched(ctx, j)
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

// launched tells a submitter that the idea became real. That it may have moved on
// since does not matter: the history entry is what the mail is about.
func (w *Worker) launched(ctx context.Context, j job) error {
	n := notice{subject: j.Idea, event: kindLaunched, to: j.To}
	return w.once(ctx, n, func(ctx context.Context) (mail.Message, string, error) {
		page, err := w.Reads.IdeaPage(ctx, portal.IdeaQuery{ID: j.Idea, Comments: 1, Fresh: true})
		switch {
		case portal.KindOf(err) == portal.NotFound:
			return mail.Message{}, "no_idea", nil
		case err != nil:
			return mail.Message{}, "", err
		case page.Idea.Hidden:
			return mail.Message{}, "hidden", nil
		}
		to, err := w.Reads.Member(ctx, j.To)
		switch {
		case portal.KindOf(err) == portal.NotFound:
			return mail.Message{}, "no_member", nil
		case err != nil:
			return mail.Message{}, "", err
		case to.Unreachable() != "":
			return mail.Message{}, to.Unreachable(), nil
		}
		m, err := w.Texts.LaunchedTo(to, page, j.Ver)
		m.To = to.Email
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
