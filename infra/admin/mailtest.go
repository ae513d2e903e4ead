package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"groundswell/shared/app"
	"groundswell/shared/app/mailer"
	"groundswell/shared/mail"
	"groundswell/shared/mail/outbox"
	"groundswell/shared/mail/ses"
	"groundswell/shared/portal"
	"groundswell/shared/store"
)

const mailTestUsage = `admin mail-test [-data DIR | -table NAME] -to ADDRESS [-from ADDRESS] [-set NAME] [-url URL]

Sends a test mail on the way that all mails go, and says what became of it. From a
folder it lands in the outbox; with a table it goes out through Amazon SES, from
-from (or MAIL_FROM) under the configuration set -set (or CONFIGURATION_SET).
`

func mailTestCommand(ctx context.Context, args []string, s streams) (err error) {
	var at placeFlags
	f := flag.NewFlagSet("mail-test", flag.ContinueOnError)
	at.add(f)
	to := f.String("to", "", "`address` that the mail goes to")
	from := f.String("from", s.getenv("MAIL_FROM"), "`address` that it comes from")
	set := f.String("set", s.getenv("CONFIGURATION_SET"), "configuration `set` of SES")
	url := f.String("url", cmp.Or(s.getenv("BASE_URL"), "http://localhost:8080"), "the portal's address")
	locale := f.String("language", "en", "`tag` of the mail's language")
	rest, err := parse(f, args, s, mailTestUsage)
	if err != nil {
		return err
	}
	address, err := portal.Email(*to)
	if len(rest) != 0 || err != nil {
		return usagef("it takes -to ADDRESS")
	}
	if at.table != "" && *from == "" {
		return usagef("with -table it takes -from ADDRESS, or MAIL_FROM in the environment")
	}
	p, err := at.open(s, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	parts := mailer.Parts{Config: app.Config{BaseURL: *url, PortalName: cmp.Or(s.getenv("PORTAL_NAME"), "Groundswell"), MailFrom: cmp.Or(*from, "ideas@localhost")},
		Table: p.table, Sender: outbox.New(p.store), Log: slog.New(slog.DiscardHandler)}
	if p.folder == nil {
		if parts.Sender, err = ses.FromEnv(s.getenv, *set); err != nil {
			return err
		}
	}
	w, err := mailer.New(parts)
	if err != nil {
		return err
	}
	d, err := w.SendTest(ctx, "test-"+strings.ToLower(rand.Text()), address, *locale)
	text, ok := testWords(d, err, p.folder != nil)
	fmt.Fprintln(s.out, text)
	if !ok {
		return errNotSent
	}
	if p.folder == nil && *set != "" {
		fmt.Fprintf(s.out, "Whether it arrives is heard in a moment: admin mail-why tells of mails about ideas, CloudWatch's log of feedback of this one (%s).\n", d.MessageID)
	}
	return nil
}

// errNotSent ends a test that sent nothing; the reason has been printed.
var errNotSent = errors.New("the mail was not sent")

// testWords say what became of a mail, and what to do about it.
func testWords(d store.Delivery, err error, folder bool) (text string, sent bool) {
	switch {
	case err == nil && d.State == store.Sent && folder:
		return "Sent: it is in the outbox, /_local/mail.", true
	case err == nil && d.State == store.Sent:
		return "Sent: Amazon SES took it at " + d.At.Format(time.TimeOnly) + " UTC.", true
	case err == nil:
		return notSentWords(d.Why), false
	case errors.Is(err, mail.ErrDailyQuota):
		return "Not sent: the account's quota of mails a day is used up. Mails of the portal wait and are tried again; AWS raises the quota on request.", false
	case errors.Is(err, mail.ErrThrottled):
		return "Not sent: SES takes fewer mails a second than are being sent. Mails of the portal wait and are tried again.", false
	case errors.Is(err, mail.ErrPaused):
		return "Not sent: sending is paused, for the account or the configuration set. Mails of the portal wait; see the account's reputation in the console of SES.", false
	case errors.Is(err, mail.ErrConfig):
		return "Not sent: SES is not set up for this. Is the sender's address or domain verified in this region, does the configuration set exist, may these credentials send? (" + err.Error() + ")", false
	}
	return "Perhaps sent: SES did not answer (" + err.Error() + "). The portal's own mails are tried again after such a silence.", false
}

// notSentWords put the ledger's word for why there was no mail into a sentence.
func notSentWords(why string) string {
	if s, ok := whyWords[why]; ok {
		return "Not sent: " + s
	}
	return "Not sent: " + why + "."
}

var whyWords = map[string]string{
	portal.UnsentSandbox:    "the account is in the sandbox of Amazon SES, and the recipient is not verified. Verify the address in SES (aws sesv2 create-email-identity --email-identity ADDRESS) to try, or ask AWS for production access for everybody.",
	portal.UnsentBadAddress: "this is not an address that takes mail.",
	portal.UnsentRejected:   "SES refused this mail for good.",
	portal.UnsentAttempts:   "SES did not answer too many times.",
	portal.UnsentSuppressed: "mails to this address came back, or its owner called one spam. See admin suppressions; admin suppressions lift ADDRESS lets mail go again.",
	portal.UnsentNoAddress:  "there is no address: the member was imported.",
	portal.UnsentDeleted:    "the account has been deleted.",
	portal.UnsentNoMember:   "there is no such member.",
	portal.UnsentHidden:     "the idea is not public any more.",
	portal.UnsentNoIdea:     "the idea is gone.",
	portal.UnsentNotWanted:  "the member has switched this kind of mail off.",
	portal.UnsentNothingNew: "there was nothing to say.",
	portal.UnsentTooLate:    "it came too late to be of use.",
	portal.UnsentNoStep:     "the step is not in the idea's history; was a backup restored?",
	portal.UnsentMuted:      "the member wants no mail about this idea.",
	portal.UnsentActor:      "the member did it themselves.",
	portal.UnsentSilent:     "the team asked to tell the submitter only.",
	portal.UnsentOvertaken:  "the idea had moved on before it was their turn; the next step has a mail of its own.",
}
