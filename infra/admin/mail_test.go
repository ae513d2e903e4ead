package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"groundswell/shared/app/onefile"
	"groundswell/shared/mail"
	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// TestMails walks an operator's way: a test mail, an address that bounced, why its
// owner heard nothing, lifted, and a test mail again.
func TestMails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var idea, ann string
	inFolder(t, dir, func(ctx context.Context, app *onefile.App) {
		m, err := app.Portal.Grant(ctx, "ann@example.com", portal.RoleMember)
		if err != nil {
			t.Fatal(err)
		}
		boss := portal.Actor{Member: portal.Member{ID: portal.ImportedMember("t", "boss"), Name: "Boss", Role: portal.RoleTeam}}
		i, _, err := app.Portal.SubmitIdea(ctx, portal.Actor{Member: m}, portal.IdeaDraft{Title: "Tea for two", Category: "tea"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := app.Portal.ChangeStatus(ctx, boss, i.ID, portal.StatusChange{To: portal.Launched}); err != nil {
			t.Fatal(err)
		}
		if _, err := app.Store.PutDelivery(ctx, store.Delivery{Subject: i.ID, Event: "launched", To: m.ID, State: store.Skipped, Why: "suppressed", At: time.Now()}, 0); err != nil {
			t.Fatal(err)
		}
		idea, ann = i.ID, m.ID
	})
	says := func(code int, want []string, args ...string) {
		t.Helper()
		got, out, errs := admin(t, args...)
		if got != code {
			t.Errorf("admin %q: exit %d, %s%s", args, got, out, errs)
		}
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("admin %q: no %q in\n%s", args, w, out)
			}
		}
	}
	says(exitOK, []string{"it is in the outbox"}, "mail-test", "-data", dir, "-to", "ann@example.com")
	says(exitOK, []string{"addresses without mail: 0"}, "suppressions", "list", "-data", dir)
	inFolder(t, dir, func(ctx context.Context, app *onefile.App) {
		if _, err := portal.Suppress(ctx, app.Store, "ann@example.com", portal.Suppression{Bounce: time.Now().Add(-time.Hour)}); err != nil {
			t.Fatal(err)
		}
	})
	says(exitFailed, []string{"mails to this address came back"}, "mail-test", "-data", dir, "-to", "Ann@example.com")
	says(exitOK, []string{store.AddressID("ann@example.com"), "there is no such address", "addresses without mail: 1"}, "suppressions", "list", "-data", dir)
	for _, who := range []string{"ann@example.com", ann} {
		says(exitOK, []string{ann, "brought the idea", "launched on", "by Boss", "They want mail about their own ideas.", "The address gets no mail since", "Ledger, launched, ", "mails to this address came back"},
			"mail-why", "-data", dir, "-idea", idea, "-to", who)
	}
	says(exitOK, []string{"Nobody has signed up with this address"}, "mail-why", "-data", dir, "-idea", idea, "-to", "bob@example.com")
	says(exitOK, []string{"Lifted: there is no such address"}, "suppressions", "lift", "-data", dir, "ann@example.com")
	says(exitOK, []string{"Nothing was in the way"}, "suppressions", "lift", "-data", dir, "ann@example.com")
	says(exitOK, []string{"it is in the outbox"}, "mail-test", "-data", dir, "-to", "ann@example.com")

	// The sandbox kept another's mail back; asked again, and once more, it is in the outbox.
	inFolder(t, dir, func(ctx context.Context, app *onefile.App) {
		if err := app.CatchUp(ctx); err != nil {
			t.Fatal(err)
		}
		d, err := app.Store.Delivery(ctx, idea, "launched", ann)
		if err != nil {
			t.Fatal(err)
		}
		prev := d.Version
		d.State, d.Why = store.Failed, portal.UnsentSandbox
		if _, err := app.Store.PutDelivery(ctx, d, prev); err != nil {
			t.Fatal(err)
		}
	})
	says(exitOK, []string{"kept back: 1"}, "mail-again", "-data", dir, "-dry-run")
	says(exitOK, []string{"queued again: 0 of 0"}, "mail-again", "-data", dir, "-idea", portal.ImportedAt(time.Now(), "t", "other"))
	says(exitOK, []string{"admin mail-again -idea " + idea, "Followers and voters are still being told"}, "mail-why", "-data", dir, "-idea", idea, "-to", ann)
	for range 2 {
		says(exitOK, []string{"queued again: 1 of 1"}, "mail-again", "-data", dir)
	}
	says(exitOK, []string{"being sent", "A job for it waits in the queue."}, "mail-why", "-data", dir, "-idea", idea, "-to", ann)
	for _, args := range [][]string{{"mail-again", "-data", dir, "-idea", "x"}, {"mail-again", "-table", "t"}, {"mail-test", "-data", dir}, {"mail-why", "-data", dir, "-idea", "x", "-to", "y"}, {"suppressions", "-data", dir}, {"mail-test", "-table", "t", "-to", "a@example.com"}} {
		says(exitUsage, nil, args...)
	}
}

func TestTestWords(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]string{mail.ErrDailyQuota: "quota of mails a day", mail.ErrThrottled: "fewer mails a second", mail.ErrPaused: "sending is paused",
		mail.ErrConfig: "Is the sender's address or domain verified", errors.New("no answer"): "Perhaps sent"} {
		if s, sent := testWords(store.Delivery{}, fmt.Errorf("send: %w", err), false); sent || !strings.Contains(s, want) {
			t.Errorf("%v: %q", err, s)
		}
	}
	for _, why := range portal.AllUnsent {
		if whyWords[why] == "" {
			t.Errorf("there are no words for %s", why)
		}
	}
	if s, sent := testWords(store.Delivery{State: store.Failed, Why: "sandbox"}, nil, false); sent || !strings.Contains(s, "sandbox") || !strings.Contains(s, "production access") {
		t.Errorf("sandbox: %q", s)
	}
}
