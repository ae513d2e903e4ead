// Package site puts the portal together: use cases on a table, and the server in
// front of them. It is the same in each function and in the local program, so what
// works in the one works in the other.
//
// Start with [New]. The package holds no rules and no settings of its own.
package site

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"log/slog"
	"time"

	"groundswell/shared/app"
	"groundswell/shared/brand"
	"groundswell/shared/i18n"
	"groundswell/shared/metric"
	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/web"
)

// Parts are what differs from place to place.
type Parts struct {
	Config  app.Config // of it: BaseURL, PortalName, Brand, TeamEmails
	Table   table.Table
	Mails   portal.Mails // may be nil where nobody signs in
	Letters web.Letters  // may be nil where nobody of the team comes
	Log     *slog.Logger
	Meter   metric.Meter // nil = nobody counts
	Adapter bool         // behind shared/lambdahttp; see web.Server

	Throwaway func(email string) bool // shared/throwaway's, where members sign in
}

// New makes the server of the whole portal; a function serves the part of it that
// web.Server.Handler is asked for. The error is about the brand.
func New(p Parts) (*web.Server, error) {
	b, err := brand.Parse(p.Config.Brand, i18n.Locales())
	if err != nil {
		return nil, fmt.Errorf("brand: %w", err)
	}
	return &web.Server{
		Portal: &portal.Portal{
			Store:      counted(&store.Store{Table: p.Table, Clock: time.Now}, p.Meter),
			Mails:      p.Mails,
			MailLinks:  &portal.MailLinks{Store: &store.Store{Table: p.Table, Clock: time.Now}, Clock: time.Now, Rand: rand.Reader},
			Clock:      time.Now,
			IDs:        portal.IDs{Rand: rand.Reader},
			Categories: b.Categories,
			Screen:     b.Screen,
			Locales:    i18n.Locales(),
			TeamEmails: p.Config.TeamEmails,
			Throwaway:  p.Throwaway,
		},
		Pages:   &web.Pages{Name: cmp.Or(b.Name, p.Config.PortalName), Brand: b},
		Log:     p.Log,
		Meter:   p.Meter,
		Letters: p.Letters,
		BaseURL: p.Config.BaseURL,
		Adapter: p.Adapter,
	}, nil
}
