package feedback

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"groundswell/shared/metric"
	"groundswell/shared/portal"
	"groundswell/shared/queue"
	"groundswell/shared/store"
)

// Consumer writes down what was heard.
type Consumer struct {
	Store Store
	Log   *slog.Logger
	Meter metric.Meter // nil = none
}

// Store is what Consumer reads and writes; *store.Store is one.
type Store interface {
	Delivery(ctx context.Context, subject, event, to string) (store.Delivery, error)
	PutDelivery(ctx context.Context, d store.Delivery, prev int64) (int64, error)
	portal.Suppressions
}

var _ queue.Handler = (&Consumer{}).Handle

// Handle is a queue.Handler: one event. Nil means that all it says is written down;
// after an error it can come again. One that can't be read is queue.ErrDead.
func (c *Consumer) Handle(ctx context.Context, body string) error {
	e, heard, err := Parse([]byte(body))
	if err != nil {
		c.Log.ErrorContext(ctx, "mail_event_unreadable", "bytes", len(body), "error", err)
		return fmt.Errorf("%w: %w", err, queue.ErrDead)
	}
	if !heard {
		return nil
	}
	return c.Hear(ctx, e)
}

// Hear writes one event down: the address first, since that keeps the next mail from
// being sent.
func (c *Consumer) Hear(ctx context.Context, e Event) error {
	barred := ""
	if facts, ok := e.facts(); ok {
		for _, address := range e.Addresses {
			s, err := portal.Suppress(ctx, c.Store, address, facts)
			if err != nil {
				return fmt.Errorf("suppress: %w", err)
			}
			if why, _ := s.Barred(); why != "" {
				barred = why
			}
		}
	}
	if err := c.record(ctx, e); err != nil {
		return fmt.Errorf("record what became of a mail: %w", err)
	}
	if c.Meter != nil {
		c.Meter.Put(metric.MailsHeard, string(e.What), 1)
	}
	c.Log.InfoContext(ctx, "mail_heard", "what", e.What, "detail", e.Detail, "event", e.Name, "subject", e.Subject, "to", e.To,
		"message_id", e.MessageID, "barred", barred)
	return nil
}

// facts are what the event says about the address, if anything.
func (e Event) facts() (portal.Suppression, bool) {
	switch {
	case e.What == store.Complained:
		return portal.Suppression{Complaint: e.At}, true
	case e.What == store.Bounced:
		return portal.Suppression{Bounce: e.At}, true
	case e.What == store.SoftBounce && e.Dead:
		return portal.Suppression{Soft: []portal.SoftBounce{{Mail: e.MessageID, At: e.At}}}, true
	case e.What == store.Delivered && e.Retry:
		return portal.Suppression{Arrived: e.At}, true
	}
	return portal.Suppression{}, false
}

// recordTries bounds the races with the worker for one line of the ledger.
const recordTries = 10

// record writes what was heard into the line of the ledger, unless something
// stronger stands there.
func (c *Consumer) record(ctx context.Context, e Event) error {
	if e.Name == "" {
		c.Log.WarnContext(ctx, "mail_event_without_tags", "what", e.What, "message_id", e.MessageID)
		return nil
	}
	var err error
	for range recordTries {
		var d store.Delivery
		d, err = c.Store.Delivery(ctx, e.Subject, e.Name, e.To)
		if portal.KindOf(err) == portal.NotFound {
			c.Log.WarnContext(ctx, "mail_event_without_line", "what", e.What, "event", e.Name, "subject", e.Subject, "to", e.To)
			return nil // forgotten by now
		}
		if err != nil {
			return err
		}
		is := told(d, e)
		if is == d {
			return nil
		}
		if _, err = c.Store.PutDelivery(ctx, is, d.Version); portal.KindOf(err) != portal.Stale {
			return err
		}
	}
	return errors.Join(errors.New("the line of the ledger changes all the time"), err)
}

// told is the line after the event: settled as sent, whatever it was (there is no
// event about a mail that was not sent), with the strongest outcome and of equal
// ones the last.
func told(d store.Delivery, e Event) store.Delivery {
	if d.State != store.Sent {
		d.State, d.Why, d.MessageID, d.At, d.LeasedUntil = store.Sent, "", e.MessageID, e.At, time.Time{}
	}
	o := store.Outcome{What: e.What, At: e.At, Detail: e.Detail}
	if stronger(o, d.Outcome) {
		d.Outcome = o
	}
	return d
}

// stronger is a total order, so that the outcome does not depend on who comes first.
func stronger(a, b store.Outcome) bool {
	switch r, s := a.What.Rank(), b.What.Rank(); {
	case r != s:
		return r > s
	case !a.At.Equal(b.At):
		return a.At.After(b.At)
	}
	return a.Detail > b.Detail
}
