package notify

import (
	"context"
	"net/url"

	"groundswell/shared/mail"
	"groundswell/shared/portal"
)

// Links let the reader of a mail say "enough" without signing in. The zero Links are
// those of mails that somebody asks for one at a time: sign-in codes.
type Links struct {
	Unsubscribe string // from mails like this one: a page, and a one-click POST (RFC 8058)
	Preferences string // to choose among all mails
}

// headers are what mail programs and providers make an unsubscribe button of. There
// is no mailto: nobody reads the portal's mail.
func (l Links) headers() []mail.Header {
	if l.Unsubscribe == "" {
		return nil
	}
	return []mail.Header{
		{Name: "List-Unsubscribe", Value: "<" + l.Unsubscribe + ">"},
		{Name: "List-Unsubscribe-Post", Value: "List-Unsubscribe=One-Click"},
	}
}

// Linker makes the links; *portal.MailLinks is one.
type Linker interface {
	Sign(ctx context.Context, t portal.Ticket) (string, error)
}

// links makes the links for a mail of this scope to the member.
func (w *Worker) links(ctx context.Context, memberID string, scope portal.Scope) (l Links, err error) {
	if w.Linker == nil {
		return Links{}, nil
	}
	if l.Unsubscribe, err = w.link(ctx, portal.Ticket{Purpose: portal.ToUnsubscribe, MemberID: memberID, Scope: scope}); err != nil {
		return Links{}, err
	}
	l.Preferences, err = w.link(ctx, portal.Ticket{Purpose: portal.ToPreferences, MemberID: memberID, Scope: portal.ScopeAll})
	return l, err
}

// link is the address of the page that a ticket opens.
func (w *Worker) link(ctx context.Context, t portal.Ticket) (string, error) {
	if w.Linker == nil {
		return "", nil
	}
	s, err := w.Linker.Sign(ctx, t)
	return w.Texts.BaseURL + t.Purpose.Path() + "?" + url.Values{"t": {s}}.Encode(), err
}
