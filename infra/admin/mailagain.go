package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"groundswell/shared/notify"
	"groundswell/shared/portal"
	"groundswell/shared/queue"
	queuelocal "groundswell/shared/queue/local"
	"groundswell/shared/queue/sqs"
	"groundswell/shared/store"
)

const mailAgainUsage = `admin mail-again [-data DIR | -table NAME -queue URL] [-idea ID] [-dry-run]

Sends the mails about ideas again that Amazon SES refused while the account was in
its sandbox, of one idea or of all. Each goes the way that all mails go: who has
switched it off meanwhile, or has been told, gets nothing, and it can be run as often
as one likes. With a table it takes the mail queue's URL, from -queue or
MAIL_QUEUE_URL. Sign-in codes are not sent again: people ask for another.
`

func mailAgainCommand(ctx context.Context, args []string, s streams) (err error) {
	var at placeFlags
	f := flag.NewFlagSet("mail-again", flag.ContinueOnError)
	at.add(f)
	url := f.String("queue", s.getenv("MAIL_QUEUE_URL"), "`URL` of the mail queue")
	idea := f.String("idea", "", "`id` of the idea; without one, all")
	dryRun := f.Bool("dry-run", false, "say how many, and send none")
	rest, err := parse(f, args, s, mailAgainUsage)
	if err != nil {
		return err
	}
	switch {
	case len(rest) != 0 || *idea != "" && !portal.ValidTimedID(*idea):
		return usagef("it takes -idea ID, or nothing")
	case at.table != "" && *url == "" && !*dryRun:
		return usagef("with -table it takes -queue URL, or MAIL_QUEUE_URL in the environment")
	}
	p, err := at.open(s, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	var q queue.Queue = queuelocal.New(p.store, "mail", queuelocal.Options{})
	if p.folder == nil && !*dryRun {
		if q, err = sqs.FromEnv(s.getenv, *url); err != nil {
			return err
		}
	}
	r := &notify.Reopen{Ledger: p.store, Ideas: p.store, Queue: q}
	waiting, again := 0, 0
	err = p.lines(ctx, *idea, func(d store.Delivery) error {
		if !r.Waits(d) {
			return nil
		}
		if waiting++; *dryRun {
			return nil
		}
		ok, err := r.Again(ctx, d)
		if ok {
			again++
		}
		return err
	})
	if *dryRun {
		fmt.Fprintf(s.out, "mails that the sandbox kept back: %d\n", waiting)
		return err
	}
	fmt.Fprintf(s.out, "mails queued again: %d of %d that the sandbox kept back\n", again, waiting)
	return err
}

// lines gives the mail ledger's lines to do, of one idea or of everything.
func (p *place) lines(ctx context.Context, idea string, do func(store.Delivery) error) error {
	for cursor := ""; ; {
		var ds []store.Delivery
		var next string
		var err error
		if idea != "" {
			ds, next, err = p.store.Deliveries(ctx, idea, cursor, 500)
		} else {
			ds, next, err = p.scanLines(ctx, cursor)
		}
		if err != nil {
			return err
		}
		for _, d := range ds {
			if err := do(d); err != nil {
				return err
			}
		}
		if cursor = next; cursor == "" {
			return nil
		}
	}
}

func (p *place) scanLines(ctx context.Context, after string) (ds []store.Delivery, next string, err error) {
	page, err := p.table.Scan(ctx, after, 500)
	if err != nil {
		return nil, "", err
	}
	for _, r := range page.Recs {
		switch d, ok, err := store.DeliveryOf(r); {
		case err != nil:
			return nil, "", err
		case ok:
			ds = append(ds, d)
		}
	}
	return ds, page.Next, nil
}
