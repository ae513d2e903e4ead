// Package outbox is the sender of the local program, and of it alone: mails become
// rows that a page shows, and nobody gets any.
//
// Start with [New] and [Handler]. Whoever opens the page reads every mail, sign-in
// codes included, without signing in. So nothing that runs in the cloud may import
// the package, and the program that does should listen on this machine only.
package outbox

import (
	"context"
	"fmt"
	"time"

	"groundswell/shared/mail"
	"groundswell/shared/store"
)

// Sender is mail.Sender into the outbox.
type Sender struct {
	store *store.Store
	clock func() time.Time
}

var _ mail.Sender = (*Sender)(nil)

// New makes a Sender that keeps mails in the store.
func New(s *store.Store) *Sender {
	clock := s.Clock
	if clock == nil {
		clock = time.Now
	}
	return &Sender{store: s, clock: clock}
}

// Send implements mail.Sender. A mail whose ID is in the outbox already is not kept
// again, so a crash behind Send makes no second one.
func (s *Sender) Send(ctx context.Context, m mail.Message) (string, error) {
	if err := m.Validate(); err != nil {
		return "", err
	}
	if m.At.IsZero() {
		m.At = s.clock()
	}
	row := store.OutboxMail{ID: m.ID, From: m.From, To: m.To, Subject: m.Subject, Text: m.Text, HTML: m.HTML, At: m.At}
	for _, h := range m.Headers {
		row.Headers = append(row.Headers, [2]string{h.Name, h.Value})
	}
	key, err := s.store.PutOutbox(ctx, row)
	if err != nil {
		return "", fmt.Errorf("keep mail: %w", err)
	}
	return key, nil
}
