package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"groundswell/shared/mail"
	"groundswell/shared/portal"
	"groundswell/shared/queue"
	"groundswell/shared/store"
)

// Ledger is the record of what has been told to whom; *store.Store is one.
type Ledger interface {
	// Delivery reads a line strongly; a NotFound error if there is none.
	Delivery(ctx context.Context, subject, event, to string) (store.Delivery, error)
	// PutDelivery writes a line under version prev+1 if its version is prev; 0 = it
	// is new. A Stale error, and nothing written, if it is not.
	PutDelivery(ctx context.Context, d store.Delivery, prev int64) (int64, error)
	// Missed are the notes of what was not told of an idea while it was not public, read
	// strongly.
	Missed(ctx context.Context, ideaID string) ([]store.Delivery, error)

	portal.Suppressions
}

// defaultAttempts is how many claims of one mail may end without an answer: each
// may have been a mail. A claim that is given back does not count.
const defaultAttempts = 6

// sendTime is how long sending may take at most. Less than the lease: a claim that
// another worker takes over must not still be sending.
const sendTime = 20 * time.Second

// recordTries is how often the end of a mail is written down before the worker
// gives up and a second mail becomes possible.
const recordTries = 5

// notice names a line of the ledger.
type notice struct {
	subject, event, to string
	forget             time.Time
	again              bool // it is due again if the idea was not public then
}

// claim is a line that this worker holds.
type claim struct{ d store.Delivery }

// compose makes the mail, or says in one word why there is none to send.
type compose func(ctx context.Context) (m mail.Message, skip string, err error)

// errHeld: another worker is at it.
var errHeld = errors.New("mail is being sent by another worker")

// once sends the notice's mail unless that has been done, or is being done.
func (w *Worker) once(ctx context.Context, n notice, c compose) error {
	now := w.Clock()
	d, err := w.Ledger.Delivery(ctx, n.subject, n.event, n.to)
	switch {
	case portal.KindOf(err) == portal.NotFound:
		d = store.Delivery{Subject: n.subject, Event: n.event, To: n.to, State: store.Sending, Forget: n.forget}
	case err != nil:
		return err
	case n.again && d.State == store.Skipped && d.Why == portal.UnsentHidden:
		d.State, d.Why = store.Sending, ""
	case d.State != store.Sending:
		return nil
	case d.LeasedUntil.After(now):
		return queue.Later(errHeld, w.untilFree(d))
	}
	if d.Attempts >= w.attempts() {
		w.count(outcomeGaveUp)
		w.Log.ErrorContext(ctx, eventGaveUp, "event", n.event, "subject", n.subject, "to", n.to)
		return w.settle(ctx, claim{d}, ending{state: store.Failed, why: portal.UnsentAttempts})
	}
	// The mail is made before the claim: what goes wrong here needs no giving back.
	m, skip, err := c(ctx)
	if err != nil {
		return fmt.Errorf("make %s mail: %w", n.event, err)
	}
	retry := false
	if skip == "" {
		if skip, retry, err = w.barred(ctx, n, m.To); err != nil {
			return err
		}
	}
	if skip != "" {
		w.count(outcomeSkipped)
		w.Log.InfoContext(ctx, "mail_skipped", "event", n.event, "subject", n.subject, "to", n.to, "why", skip)
		return w.settle(ctx, claim{d}, ending{state: store.Skipped, why: skip})
	}
	m.ID, m.At, m.Tags = n.event+"/"+n.subject+"/"+n.to, now, tags(n, retry)
	m.From = mail.Named(w.Texts.Portal, w.From)
	m.Headers = append(m.Headers,
		mail.Header{Name: "Auto-Submitted", Value: "auto-generated"},           // RFC 3834: no out-of-office answers
		mail.Header{Name: "X-Auto-Response-Suppress", Value: "OOF, AutoReply"}) // the same for Exchange

	d.At, d.Attempts, d.LeasedUntil = now, d.Attempts+1, now.Add(w.lease())
	if d.Version, err = w.Ledger.PutDelivery(ctx, d, d.Version); err != nil {
		if portal.KindOf(err) == portal.Stale {
			return queue.Later(errHeld, w.lease())
		}
		return err // claimed, perhaps: then the lease has to end first
	}
	sctx, cancel := context.WithTimeout(ctx, min(sendTime, w.lease()/3))
	id, err := w.Sender.Send(sctx, m)
	cancel()
	return w.outcome(ctx, claim{d}, id, err)
}

func (w *Worker) lease() time.Duration {
	if w.Lease == 0 {
		return time.Minute
	}
	return w.Lease
}

func (w *Worker) attempts() int {
	if w.Attempts == 0 {
		return defaultAttempts
	}
	return w.Attempts
}

// untilFree is when another try at the line makes sense.
func (w *Worker) untilFree(d store.Delivery) time.Duration {
	return max(d.LeasedUntil.Sub(w.Clock()), 0) + time.Second/10
}

// ending is how a mail ends.
type ending struct {
	state store.DeliveryState
	why   string
	id    string
}

// settle writes down how the mail ended. It tries hard, even when the function's
// time is up: a mail that was sent and not written down is sent twice.
func (w *Worker) settle(ctx context.Context, c claim, e ending) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	d := c.d
	for try := 1; ; try++ {
		is := d
		is.State, is.Why, is.MessageID, is.At, is.LeasedUntil = e.state, e.why, e.id, w.Clock(), time.Time{}
		_, err := w.Ledger.PutDelivery(ctx, is, d.Version)
		if err == nil {
			return nil
		}
		if try == recordTries {
			return err
		}
		w.wait(ctx, try)
		// The outcome may be unknown (then it may be there), or another worker may
		// have taken the claim over.
		now, rerr := w.Ledger.Delivery(ctx, d.Subject, d.Event, d.To)
		switch {
		case rerr != nil: // written again under the version known
		case now.State == e.state:
			return nil
		case e.state == store.Sent:
			d = now // a mail that went out is a fact, whoever has the claim
		case now.State != store.Sending:
			return nil
		case now.Version != d.Version:
			return queue.Later(errHeld, w.untilFree(now))
		}
	}
}

// release gives a claim back that led to nothing. If that fails, its lease ends,
// and the claim counts among the attempts.
func (w *Worker) release(ctx context.Context, c claim) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	d := c.d
	d.Attempts--
	d.At, d.LeasedUntil = w.Clock(), time.Time{}
	for try := 1; ; try++ {
		_, err := w.Ledger.PutDelivery(ctx, d, d.Version)
		if err == nil || portal.KindOf(err) == portal.Stale { // Stale: written the time before, or taken over
			return
		}
		if try == recordTries {
			w.Log.WarnContext(ctx, "mail_release_failed", "event", d.Event, "subject", d.Subject, "to", d.To, "error", err)
			return
		}
		w.wait(ctx, try)
	}
}

// wait lets a little time pass between tries.
func (w *Worker) wait(ctx context.Context, try int) {
	if w.pause != nil {
		w.pause(ctx, try)
		return
	}
	t := time.NewTimer(20 * time.Millisecond << try)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
