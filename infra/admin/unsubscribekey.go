package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"time"

	"groundswell/shared/portal"
)

const unsubscribeKeyUsage = `admin unsubscribe-key [-data DIR | -table NAME] list
admin unsubscribe-key [-data DIR | -table NAME] [-keep DAYS] rotate

The keys sign the links in mails by which people unsubscribe and choose their mails.
rotate makes a new one; the ones before it go on verifying for -keep days, because
mails are opened late. Keys themselves are never shown.
`

func unsubscribeKeyCommand(ctx context.Context, args []string, s streams) (err error) {
	var at placeFlags
	f := flag.NewFlagSet("unsubscribe-key", flag.ContinueOnError)
	at.add(f)
	keep := f.Int("keep", 180, "rotate: `days` that the keys before the new one still verify")
	rest, err := parse(f, args, s, unsubscribeKeyUsage)
	if err != nil {
		return err
	}
	if len(rest) != 1 || rest[0] != "list" && rest[0] != "rotate" {
		return usagef("it takes one of list and rotate")
	}
	p, err := at.open(s, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if rest[0] == "rotate" {
		if *keep < 1 {
			return usagef("-keep has to be a day at least")
		}
		if _, err := portal.RotateMailKey(ctx, p.store, rand.Reader, time.Now(), time.Duration(*keep)*24*time.Hour); err != nil {
			return err
		}
	}
	keys, err := p.store.MailKeys(ctx)
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		fmt.Fprintln(s.out, "no key yet: the first mail that needs one makes it")
	}
	for _, k := range keys {
		state := "signs"
		if !k.Until.IsZero() {
			state = "verifies until " + k.Until.Format(time.DateOnly)
		}
		fmt.Fprintf(s.out, "key %d, made %s, %s\n", k.ID, k.MadeAt.Format(time.DateOnly), state)
	}
	return nil
}
