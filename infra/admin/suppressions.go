package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"groundswell/shared/portal"
)

const suppressionsUsage = `admin suppressions list [-data DIR | -table NAME]
admin suppressions lift [-data DIR | -table NAME] ADDRESS

Lists the addresses that get no mail because mails came back or their owners
complained, the last first. They are known by a hash alone. lift lets mail go to an
address again; Amazon SES keeps a list of its own, which only its owner can change:
aws sesv2 delete-suppressed-destination --email-address ADDRESS
`

// barredWords say what each reason means.
var barredWords = map[string]string{
	portal.BarredComplaint: "its owner called a mail spam; sign-in codes still go out",
	portal.BarredBounce:    "there is no such address; one sign-in code a day still goes out",
	portal.BarredSoft:      "its mailbox took nothing several times; one sign-in code a day still goes out",
}

func suppressionsCommand(ctx context.Context, args []string, s streams) (err error) {
	var at placeFlags
	f := flag.NewFlagSet("suppressions", flag.ContinueOnError)
	at.add(f)
	rest, err := parse(f, args, s, suppressionsUsage)
	if err != nil {
		return err
	}
	list := len(rest) == 1 && rest[0] == "list"
	if !list && (len(rest) != 2 || rest[0] != "lift") {
		return usagef("it is admin suppressions list, or admin suppressions lift ADDRESS")
	}
	p, err := at.open(s, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if !list {
		why, err := p.portal.LiftSuppression(ctx, rest[1])
		switch {
		case err != nil:
			return err
		case why == "":
			fmt.Fprintln(s.out, "Nothing was in the way of mail to this address.")
		default:
			fmt.Fprintf(s.out, "Lifted: %s. It gets mail again. If SES has it on its own list: aws sesv2 delete-suppressed-destination --email-address ADDRESS\n", barredWords[why])
		}
		return nil
	}
	n := 0
	for cursor := ""; ; {
		barred, next, err := p.store.Suppressed(ctx, cursor, 500)
		if err != nil {
			return err
		}
		for _, b := range barred {
			fmt.Fprintf(s.out, "%s  since %s: %s\n", b.ID, b.Since.Format("2006-01-02 15:04"), barredWords[b.Why])
		}
		n += len(barred)
		if cursor = next; cursor == "" {
			break
		}
	}
	fmt.Fprintf(s.out, "addresses without mail: %d\n", n)
	return nil
}
