// Package mailer puts the worker together that makes mails of jobs: the same in
// the mail function and in the local program.
//
// Start with [New]. The package holds no rules and no settings of its own.
package mailer

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"groundswell/frontend"
	"groundswell/shared/app"
	"groundswell/shared/brand"
	"groundswell/shared/i18n"
	"groundswell/shared/mail"
	"groundswell/shared/markdown"
	"groundswell/shared/metric"
	"groundswell/shared/notify"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// Parts are what differs from place to place.
type Parts struct {
	Config app.Config // of it: BaseURL, which mails can't do without, PortalName, Brand, MailFrom
	Table  table.Table
	Sender mail.Sender
	Log    *slog.Logger
	Meter  metric.Meter  // nil = nobody counts
	Lease  time.Duration // of a claim on a mail; 0 = the worker's default
}

// New makes the worker.
func New(p Parts) (*notify.Worker, error) {
	if p.Config.BaseURL == "" { // there is no request to take it from
		return nil, errors.New("mails need the portal's address: BASE_URL is not set")
	}
	files, err := fs.Sub(frontend.Files, "templates/mail")
	if err != nil {
		return nil, fmt.Errorf("find the templates of mails: %w", err)
	}
	b, err := brand.Parse(p.Config.Brand, i18n.Locales())
	if err != nil {
		return nil, fmt.Errorf("brand: %w", err)
	}
	db := &store.Store{Table: p.Table, Clock: time.Now}
	return &notify.Worker{
		Reads:  db,
		Ledger: db,
		Sender: p.Sender,
		Texts: &notify.Texts{
			FS:       files,
			Words:    func(tag string) notify.Words { return i18n.For(i18n.Match(tag)) },
			Portal:   cmp.Or(b.Name, p.Config.PortalName),
			Light:    notify.Colours(b.Light),
			Dark:     notify.Colours(b.Dark),
			BaseURL:  p.Config.BaseURL,
			Markdown: markdown.HTML,
		},
		From:  p.Config.MailFrom,
		Clock: time.Now,
		Log:   p.Log,
		Meter: p.Meter,
		Lease: p.Lease,
	}, nil
}
