package portal

import (
	"context"
	"time"
)

// Portal holds what the use cases need. Every field has to be set; see
// shared/app for the wiring.
type Portal struct {
	Store      Store
	Mails      Mails
	MailLinks  *MailLinks
	Clock      func() time.Time
	IDs        IDs
	Categories Categories
	Screen     Screen
	Locales    []string                // language tags, the default first
	TeamEmails []string                // whose members become admins when they sign in
	Throwaway  func(email string) bool // whether a mailbox is thrown away; nil where nobody signs in
	Intakes    IntakeReader            // nil where nobody imports

	heard    heard      // of quotas, by this process
	networks networkKey // of this week
}

// Mails takes the mails that a use case itself asks for. Mails about what
// happened to ideas follow from history entries instead: see shared/notify.
type Mails interface {
	SendCode(ctx context.Context, m CodeMail) error
}

func (p *Portal) now() time.Time { return p.Clock().UTC().Truncate(time.Millisecond) }
