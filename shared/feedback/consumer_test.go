package feedback

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/queue"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/tabletest"
)

// ledger is a store with a line about the mail that the samples are about.
func ledger(t *testing.T, state store.DeliveryState) (*store.Store, *tabletest.Clock, *bytes.Buffer, *Consumer) {
	t.Helper()
	tab, clock := tabletest.OpenLocal(t)
	s := &store.Store{Table: tab, Clock: clock.Now}
	d := store.Delivery{Subject: "1kd6v2xq8m3x7r9ca", Event: "launched", To: "7c4k2m9x1a8d5f3g6h0j", State: state, Attempts: 1, At: clock.Now()}
	switch state {
	case store.Sent:
		d.MessageID = "ses-1"
	case store.Sending:
		d.LeasedUntil = clock.Now().Add(time.Minute)
	}
	if _, err := s.PutDelivery(t.Context(), d, 0); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	return s, clock, &log, &Consumer{Store: s, Log: slog.New(slog.NewTextHandler(&log, nil))}
}

func line(t *testing.T, s *store.Store) store.Delivery {
	t.Helper()
	d, err := s.Delivery(t.Context(), "1kd6v2xq8m3x7r9ca", "launched", "7c4k2m9x1a8d5f3g6h0j")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestHandle(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		events []string
		want   store.OutcomeKind
		barred string
	}{
		{[]string{"delivered"}, store.Delivered, ""},
		{[]string{"delayed", "delivered"}, store.Delivered, ""},
		{[]string{"delivered", "delayed"}, store.Delivered, ""},
		{[]string{"bounced"}, store.Bounced, portal.BarredBounce},
		{[]string{"delivered", "bounced"}, store.Bounced, portal.BarredBounce},
		{[]string{"bounced", "delivered"}, store.Bounced, portal.BarredBounce}, // not a mail that was tried in spite of it
		{[]string{"soft_bounced", "soft_bounced"}, store.SoftBounce, ""},
		{[]string{"complained", "delivered"}, store.Complained, portal.BarredComplaint},
		{[]string{"rejected"}, store.Refused, ""},
		{[]string{"rendering_failed"}, store.Refused, ""},
	} {
		t.Run(strings.Join(tc.events, " "), func(t *testing.T) {
			t.Parallel()
			s, _, log, c := ledger(t, store.Sent)
			for range 2 {
				for _, name := range tc.events {
					if err := c.Handle(t.Context(), sample(t, name)); err != nil {
						t.Fatal(err)
					}
				}
			}
			if d := line(t, s); d.Outcome.What != tc.want || d.State != store.Sent || d.MessageID != "ses-1" {
				t.Errorf("line %+v, want %s", d, tc.want)
			}
			known, err := s.Suppression(t.Context(), "ann@example.org")
			if why, _ := known.Barred(); err != nil || why != tc.barred {
				t.Errorf("barred %q, %v; want %q", why, err, tc.barred)
			}
			if strings.Contains(log.String(), "@") || strings.Contains(log.String(), "quota") {
				t.Errorf("log:\n%s", log)
			}
			recs := scan(t, s.Table.(table.Scanner))
			if strings.Contains(recs, "ann@") || strings.Contains(recs, "smtp") {
				t.Errorf("kept:\n%s", recs)
			}
		})
	}
}

func scan(t *testing.T, from table.Scanner) string {
	t.Helper()
	page, err := from.Scan(t.Context(), "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, r := range page.Recs {
		fmt.Fprintln(&b, r.Key, r.Idx, string(r.Body))
	}
	return b.String()
}

// TestEventSettles: a line that waits for SES's answer, or was given up for want of
// one, is sent: the event proves it. The worker then has nothing more to do.
func TestEventSettles(t *testing.T) {
	t.Parallel()
	for _, state := range []store.DeliveryState{store.Sending, store.Failed, store.Skipped} {
		s, _, _, c := ledger(t, state)
		if err := c.Handle(t.Context(), sample(t, "delivered")); err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 11, 26, 9, 30, 3, 100e6, time.UTC)
		want := store.Delivery{Subject: "1kd6v2xq8m3x7r9ca", Event: "launched", To: "7c4k2m9x1a8d5f3g6h0j", State: store.Sent, Attempts: 1, At: at, Version: 2,
			MessageID: "0107018f3a2b4c5d-11111111-2222-3333-4444-555555555555-000000", Outcome: store.Outcome{What: store.Delivered, At: at}}
		if diff := cmp.Diff(want, line(t, s)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", state, diff)
		}
	}
}

func TestHandleRefuses(t *testing.T) {
	t.Parallel()
	s, _, log, c := ledger(t, store.Sent)
	if err := c.Handle(t.Context(), "ann@example.org"); !errors.Is(err, queue.ErrDead) || strings.Contains(log.String(), "ann") {
		t.Errorf("unreadable: %v; log\n%s", err, log)
	}
	for name, raw := range map[string]string{
		"sent":           `{"detail-type":"Email Sent","detail":{"eventType":"Send"}}`,
		"no line":        strings.Replace(sample(t, "delivered"), "7c4k2m9x1a8d5f3g6h0j", "8c4k2m9x1a8d5f3g6h0j", 1),
		"without a tag":  strings.Replace(sample(t, "delivered"), `"event"`, `"events"`, 1),
		"no destination": strings.Replace(sample(t, "rejected"), "ann@example.org", "nobody", 1),
	} {
		if err := c.Handle(t.Context(), raw); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if d := line(t, s); name(d) != "" && name(d) != string(store.Refused) {
		t.Errorf("line %+v", d)
	}
}

func name(d store.Delivery) string { return string(d.Outcome.What) }

// TestEveryWriteFails: whichever write fails, before or after it is carried out, the
// event comes again and ends in the same.
func TestEveryWriteFails(t *testing.T) {
	t.Parallel()
	for _, how := range []tabletest.How{tabletest.After, tabletest.Before, tabletest.Conflict} {
		for fault := range tabletest.Sweep(how) {
			s, _, _, _ := ledger(t, store.Sent)
			on := &store.Store{Table: fault.Wrap(s.Table), Clock: s.Clock}
			c := &Consumer{Store: on, Log: slog.New(slog.DiscardHandler)}
			for try := 0; c.Handle(context.Background(), sample(t, "bounced")) != nil; try++ {
				if try == 3 {
					t.Fatalf("%v: the event never gets through", fault)
				}
			}
			known, err := s.Suppression(t.Context(), "ann@example.org")
			if d := line(t, s); err != nil || d.Outcome.What != store.Bounced || !known.StopsMail() {
				t.Errorf("%v: %+v, %+v, %v", fault, d, known, err)
			}
		}
	}
}
