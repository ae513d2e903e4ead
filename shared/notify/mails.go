package notify

import (
	"context"
	"fmt"

	"groundswell/shared/portal"
	"groundswell/shared/queue"
)

// Mails is portal.Mails: the mails that a use case itself asks for go to the queue.
type Mails struct{ Queue queue.Queue }

var _ portal.Mails = Mails{}

// SendCode implements portal.Mails.
func (m Mails) SendCode(ctx context.Context, c portal.CodeMail) error {
	j := job{Kind: kindSignIn, ID: c.ID, Email: c.Email, Code: c.Code, Locale: c.Locale, Expires: c.Expires}
	if err := m.Queue.Send(ctx, j.body()); err != nil {
		return fmt.Errorf("queue sign-in mail: %w", err)
	}
	return nil
}
