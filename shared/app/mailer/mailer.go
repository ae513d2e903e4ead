// Package mailer puts the worker together that makes mails of jobs, the same in the
// mail function and in the local program, and what shows the team a mail beforehand.
//
// Start with [New] and [NewLetters]. The package holds no rules and no settings of its own.
package mailer

import (
	"crypto/rand"
	"errors"
	"log/slog"
	"time"

	"groundswell/shared/app"
	"groundswell/shared/mail"
	"groundswell/shared/metric"
	"groundswell/shared/notify"
	"groundswell/shared/portal"
	"groundswell/shared/queue"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// Parts are what differs from place to place.
type Parts struct {
	Config app.Config // of it: BaseURL, which mails can't do without, PortalName, Brand, MailFrom, MailRate
	Table  table.Table
	Sender mail.Sender
	Log    *slog.Logger
	Meter  metric.Meter  // nil = nobody counts
	Queue  queue.Timed   // for jobs that lead to more of them, and what has to wait; nil = this worker only sends
	Lease  time.Duration // of a claim on a mail; 0 = the worker's default
}

// digests is nil without a queue.
func digests(p Parts, db *store.Store) *notify.Digests {
	if p.Queue == nil {
		return nil
	}
	return &notify.Digests{Store: db, Queue: p.Queue, Log: p.Log}
}

// New makes the worker.
func New(p Parts) (*notify.Worker, error) {
	if p.Config.BaseURL == "" { // there is no request to take it from
		return nil, errors.New("mails need the portal's address: BASE_URL is not set")
	}
	t, err := texts(p.Config)
	if err != nil {
		return nil, err
	}
	db := &store.Store{Table: p.Table, Clock: time.Now}
	return &notify.Worker{
		Reads:   db,
		Ledger:  db,
		Sender:  p.Sender,
		Queue:   p.Queue,
		Linker:  &portal.MailLinks{Store: db, Clock: time.Now, Rand: rand.Reader},
		Rate:    p.Config.MailRate,
		Texts:   t,
		From:    p.Config.MailFrom,
		Clock:   time.Now,
		Log:     p.Log,
		Meter:   p.Meter,
		Lease:   p.Lease,
		Weekly:  db,
		Digests: digests(p, db),
	}, nil
}
