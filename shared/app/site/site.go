// Package site puts the portal together: use cases on a table, and the server in
// front of them. It is the same in each function and in the local program, so what
// works in the one works in the other.
//
// Start with [New]. The package holds no rules and no settings of its own.
package site

import (
	"crypto/rand"
	"log/slog"
	"time"

	"groundswell/shared/app"
	"groundswell/shared/i18n"
	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/web"
)

// Parts are what differs from place to place.
type Parts struct {
	Config  app.Config // of it: BaseURL, PortalName, TeamEmails
	Table   table.Table
	Mails   portal.Mails // may be nil where nobody signs in
	Log     *slog.Logger
	Adapter bool // behind shared/lambdahttp; see web.Server
}

// New makes the server of the whole portal; a function serves the part of it that
// web.Server.Handler is asked for.
func New(p Parts) *web.Server {
	return &web.Server{
		Portal: &portal.Portal{
			Store:      &store.Store{Table: p.Table, Clock: time.Now},
			Mails:      p.Mails,
			Clock:      time.Now,
			IDs:        portal.IDs{Rand: rand.Reader},
			Categories: portal.DefaultCategories(),
			Locales:    i18n.Locales(),
			TeamEmails: p.Config.TeamEmails,
		},
		Pages:   &web.Pages{Name: p.Config.PortalName},
		Log:     p.Log,
		BaseURL: p.Config.BaseURL,
		Adapter: p.Adapter,
	}
}
