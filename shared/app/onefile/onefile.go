// Package onefile is the whole portal on one file: the local driver, the consumers
// of its change log, the mail queue in the same table and the outbox. Both
// infra/local, which serves it, and infra/admin, which writes to it while it is not
// served, open it through here, so that they agree on what is in the folder.
//
// Start with [Open]; [App.Run] does the work behind the pages. Nothing of AWS may
// be imported here.
package onefile

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"groundswell/shared/app"
	"groundswell/shared/app/mailer"
	"groundswell/shared/app/site"
	"groundswell/shared/feedback"
	"groundswell/shared/i18n"
	"groundswell/shared/intake"
	"groundswell/shared/mail/outbox"
	"groundswell/shared/metric"
	"groundswell/shared/notify"
	"groundswell/shared/picture"
	"groundswell/shared/portal"
	"groundswell/shared/projection"
	queue "groundswell/shared/queue/local"
	"groundswell/shared/reconcile"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/local"
	"groundswell/shared/throwaway"
	"groundswell/shared/web"
)

// File is the file's name in the data folder.
const File = "groundswell.db"

// The consumers of the change log, named as their Lambda functions.
const (
	Projections   = "projections"
	Notifications = "notifications"
)

// Options says who runs the portal. The zero value will do.
type Options struct {
	Name    string       // of the portal, unless the brand has one
	Brand   string       // what the brand file says; see shared/brand
	BaseURL string       // its address; "" = taken from Addr
	Addr    net.Addr     // that it listens on
	Team    []string     // addresses of the first admins
	Log     *slog.Logger // nil = none
	NoSync  bool         // tests only: a crash of the machine may lose data
}

// App is an open data folder.
type App struct {
	Name        string // of the portal
	Table       *local.Table
	Store       *store.Store
	Portal      *portal.Portal
	Projections *projection.Consumer

	server *web.Server
	mails  *queue.Queue
	notify *notify.Consumer
	worker *notify.Worker
	recon  *reconcile.Reconciler
	log    *slog.Logger
}

// Open opens the folder's file and creates it if there is none.
func Open(dir string, o Options) (*App, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Name == "" {
		o.Name = "Groundswell"
	}
	conf := app.Config{BaseURL: o.BaseURL, PortalName: o.Name, Brand: o.Brand, TeamEmails: o.Team, MailFrom: "ideas@localhost"}
	links := conf // mails have no request to take the address from
	switch {
	case links.BaseURL != "":
	case o.Addr != nil:
		links.BaseURL = "http://" + o.Addr.String()
	default:
		links.BaseURL = "http://localhost"
	}
	tab, err := local.Open(filepath.Join(dir, File), local.Options{Logger: o.Log, NoSync: o.NoSync,
		Consumers: []string{Projections, Notifications}})
	if err != nil {
		return nil, err
	}
	s := &store.Store{Table: tab, Clock: time.Now}
	meter := metric.Log(o.Log)
	mails := queue.New(s, "mail", queue.Options{Log: o.Log})
	worker, err := mailer.New(mailer.Parts{Config: links, Table: tab, Sender: outbox.New(s), Queue: mails, Log: o.Log, Meter: meter, Lease: lease})
	if err != nil {
		return nil, errors.Join(err, tab.Close())
	}
	server, err := site.New(site.Parts{Config: conf, Table: tab, Mails: notify.Mails{Queue: mails}, Letters: mailer.NewLetters(conf), Log: o.Log, Meter: meter, Throwaway: throwaway.Is})
	if err != nil {
		return nil, errors.Join(err, tab.Close())
	}
	server.Pictures = picture.New(server.Portal, server.Pages.Name, server.Pages.Brand)
	server.Portal.Intakes = &intake.Reader{Store: s, Categories: server.Portal.Categories, Clock: time.Now}
	server.ServeImports()
	counts := &projection.Consumer{Store: s, Clock: time.Now, Log: o.Log}
	return &App{
		Name:  server.Pages.Name,
		Table: tab, Store: s, Portal: server.Portal,
		Projections: counts,
		recon:       &reconcile.Reconciler{Store: s, Projections: counts, Meter: meter, Log: o.Log, Clock: time.Now},
		server:      server,
		mails:       mails,
		notify:      &notify.Consumer{Ideas: s, Queue: mails, Log: o.Log},
		worker:      worker,
		log:         o.Log,
	}, nil
}

// Close closes the file. Run has to have returned.
func (a *App) Close() error { return a.Table.Close() }

// Handler serves the pages and the API.
func (a *App) Handler() http.Handler { return a.server.Handler() }

// Outbox serves the mails, and samples of all there can be, below [outbox.Path].
func (a *App) Outbox() http.Handler {
	texts := a.worker.Texts
	return outbox.Handler(outbox.Options{Store: a.Store, Log: a.log, Name: texts.Portal, Happen: a.happen, Happened: feedback.Simulated, Samples: func() ([]outbox.Sample, error) {
		made, err := notify.Samples(texts, i18n.Locales())
		out := make([]outbox.Sample, len(made))
		for i, s := range made {
			out[i] = outbox.Sample(s)
		}
		return out, err
	}})
}

// happen pretends that something became of a mail in the outbox, on the way that SES's
// events go.
func (a *App) happen(ctx context.Context, m store.OutboxMail, what store.OutcomeKind) error {
	line := strings.Split(m.ID, "/") // as the worker names mails
	if len(line) != 3 {
		return errors.New("a mail without a line in the ledger")
	}
	raw, err := feedback.Simulate(what, m.Key, line[1], line[0], line[2], m.To, a.worker.Clock())
	if err != nil {
		return err
	}
	return (&feedback.Consumer{Store: a.Store, Log: a.log}).Handle(ctx, raw)
}

// lease is how long a claim on a mail holds. The outbox answers at once, so what is
// claimed for longer was claimed by a process that is dead.
const lease = 5 * time.Second

// sweepEvery is how often expired records are removed, digestEvery how often it is
// looked whether weekly summaries are due, releaseEvery how often the file's pages
// are given back, reconcileEvery how often yesterday's counts are gone on with.
const (
	sweepEvery     = 10 * time.Minute
	digestEvery    = 10 * time.Minute
	releaseEvery   = 250 * time.Millisecond
	reconcileEvery = time.Hour

	// settleEvery is how far behind the team's charts may be.
	settleEvery = time.Minute
)

// every calls f again and again until ctx ends; a failure is logged under event.
func (a *App) every(ctx context.Context, pause time.Duration, event string, f func() error) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := f(); err != nil && ctx.Err() == nil {
				a.log.ErrorContext(ctx, event, "error", err)
			}
		}
	}
}

// Run counts, notifies, mails and sweeps until ctx ends.
func (a *App) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	a.consume(ctx, g, batch)
	g.Go(func() error {
		if err := a.mails.Run(ctx, a.worker.Handle); ctx.Err() == nil {
			return fmt.Errorf("run the mail queue: %w", err)
		}
		return nil
	})
	g.Go(func() error {
		tick := func() error { return a.worker.Digests.Tick(ctx, a.worker.Clock()) }
		if err := tick(); err != nil && ctx.Err() == nil {
			a.log.ErrorContext(ctx, "digest_failed", "error", err)
		}
		a.every(ctx, digestEvery, "digest_failed", tick)
		return nil
	})
	g.Go(func() error {
		a.every(ctx, sweepEvery, "sweep_failed", func() error { _, err := a.Table.Sweep(ctx); return err })
		return nil
	})
	g.Go(func() error {
		a.every(ctx, settleEvery, "settle_failed", func() error { _, err := a.Projections.Settle(ctx); return err })
		return nil
	})
	g.Go(func() error {
		a.every(ctx, releaseEvery, "release_failed", a.Table.Release)
		return nil
	})
	g.Go(func() error {
		a.every(ctx, reconcileEvery, "reconcile_failed", func() error { return a.recon.Run(ctx) })
		return nil
	})
	return g.Wait()
}

// How many changes a consumer gets at once: a burst of votes on one idea is counted
// once. Where nobody waits for the first of them, an idea is counted once altogether.
const (
	batch   = 500
	backlog = 50_000
)

func (a *App) consume(ctx context.Context, g *errgroup.Group, batch int) {
	g.Go(func() error {
		return a.Table.Follow(ctx, Projections, local.FollowOptions{Max: batch, Keep: projection.Reacts}, a.Projections.Handle)
	})
	g.Go(func() error {
		return a.Table.Follow(ctx, Notifications, local.FollowOptions{Max: batch, Keep: isTold}, a.notify.Consume)
	})
}

// CatchUp lets the consumers see every change there is: what an operator's tool
// does before it closes the folder again. Mails stay in the queue for Run.
func (a *App) CatchUp(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	g, running := errgroup.WithContext(ctx)
	a.consume(running, g, backlog)
	err := a.Table.Drained(running, Projections, Notifications)
	stop()
	if follow := g.Wait(); follow != nil {
		return follow
	}
	return err
}

// isTold is what the notifications function's event filter lets through.
func isTold(c table.Change) bool { return c.Kind() == store.KindHistory || c.Kind() == store.KindLog }
