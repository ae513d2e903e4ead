package notify

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/mail"
	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// codeJob is a sign-in code for the address.
func codeJob(w *world, id, email string) string {
	return job{Kind: kindSignIn, ID: id, Email: email, Code: "123456", Locale: "en", Expires: w.clock.now().Add(portal.CodeLife)}.body()
}

// TestSuppressed: who gets what after a bounce and after a complaint.
func TestSuppressed(t *testing.T) {
	t.Parallel()
	ago := func(w *world, d time.Duration) time.Time { return w.clock.now().Add(-d) }
	for _, tc := range []struct {
		name           string
		facts          func(w *world) portal.Suppression
		launched, code bool
		retry          bool // the code says that it was tried all the same
	}{
		{"nothing known", func(*world) portal.Suppression { return portal.Suppression{} }, true, true, false},
		{"complaint", func(w *world) portal.Suppression { return portal.Suppression{Complaint: ago(w, time.Hour)} }, false, true, false},
		{"bounced just now", func(w *world) portal.Suppression { return portal.Suppression{Bounce: ago(w, time.Hour)} }, false, false, false},
		{"bounced days ago", func(w *world) portal.Suppression { return portal.Suppression{Bounce: ago(w, 72*time.Hour)} }, false, true, true},
		{"bounced, and wanted again", func(w *world) portal.Suppression {
			return portal.Suppression{Bounce: ago(w, 2*time.Hour), Lifted: ago(w, time.Hour)}
		}, true, true, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			i, ann, launched := launchedJob(w)
			_, err := portal.Suppress(t.Context(), w.store, ann.Email, tc.facts(w))
			w.must(err)
			var p postOffice
			var log logged
			worker := w.worker(&p, log.logger())
			for _, body := range []string{launched, codeJob(w, "one", ann.Email), launched, codeJob(w, "one", ann.Email), codeJob(w, "two", ann.Email)} {
				w.must(worker.Handle(t.Context(), body))
			}
			got := map[string][]mail.Tag{}
			for _, m := range p.sent {
				got[m.ID] = m.Tags
			}
			want := map[string][]mail.Tag{}
			if tc.launched {
				want["launched/"+i.ID+"/"+ann.ID] = []mail.Tag{{Name: "event", Value: "launched"}, {Name: "subject", Value: i.ID}, {Name: "to", Value: ann.ID}}
			}
			for _, id := range []string{"one", "two"} {
				if !tc.code || tc.retry && id == "two" { // one a day
					continue
				}
				want["sign_in/"+id+"/browser"] = []mail.Tag{{Name: "event", Value: "sign_in"}, {Name: "subject", Value: id}, {Name: "to", Value: "browser"}}
				if tc.retry {
					want["sign_in/"+id+"/browser"] = append(want["sign_in/"+id+"/browser"], mail.Tag{Name: "retry", Value: "1"})
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("mails and their tags (-want +got):\n%s", diff)
			}
			d := line(t, w, i, ann)
			if wantState := map[bool]store.DeliveryState{true: store.Sent, false: store.Skipped}[tc.launched]; d.State != wantState || (d.Why == portal.UnsentSuppressed) == tc.launched {
				t.Errorf("ledger: %s %q", d.State, d.Why)
			}
			if log.count("@") > 0 {
				t.Errorf("an address in the log:\n%s", log.String())
			}
		})
	}
}

// TestRetryOfARetry: a code that was let through for its day stays let through,
// however often its sending has to be tried.
func TestRetryOfARetry(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := portal.Suppress(t.Context(), w.store, "ann@example.org", portal.Suppression{Bounce: w.clock.now().Add(-48 * time.Hour)})
	w.must(err)
	fails := 3
	p := postOffice{fail: func(mail.Message) (bool, error) {
		if fails--; fails >= 0 {
			return false, mail.ErrThrottled
		}
		return true, nil
	}}
	worker, body := w.worker(&p, new(logged).logger()), codeJob(w, "one", "ann@example.org")
	for range 3 {
		if err := worker.Handle(t.Context(), body); !errors.Is(err, mail.ErrThrottled) {
			t.Fatalf("throttled: %v", err)
		}
		w.clock.advance(time.Minute)
	}
	w.must(worker.Handle(t.Context(), body))
	if len(p.sent) != 1 {
		t.Errorf("%d mails", len(p.sent))
	}
}

// blind is a ledger that can't tell what is known of addresses.
type blind struct{ Ledger }

func (blind) Suppression(context.Context, string) (portal.Suppression, error) {
	return portal.Suppression{}, errors.New("table down")
}

func TestNoMailWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, _, body := launchedJob(w)
	var p postOffice
	worker := w.worker(&p, new(logged).logger())
	worker.Ledger = blind{w.store}
	if err := worker.Handle(t.Context(), body); err == nil || len(p.sent) != 0 {
		t.Errorf("%d mails, %v", len(p.sent), err)
	}
	worker.Ledger = w.store
	if err := worker.Handle(t.Context(), body); err != nil || len(p.sent) != 1 {
		t.Errorf("%d mails, %v", len(p.sent), err)
	}
}

// TestRefusals: why a mail was refused for good stands in the ledger.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err error
		why string
	}{{mail.ErrRejected, "rejected"}, {mail.ErrAddress, "bad_address"}, {mail.ErrSandbox, "sandbox"}} {
		w := newWorld(t)
		i, ann, body := launchedJob(w)
		var log logged
		p := postOffice{fail: func(mail.Message) (bool, error) { return false, fmt.Errorf("send: %w", tc.err) }}
		worker := w.worker(&p, log.logger())
		for range 2 { // once is enough
			w.must(worker.Handle(t.Context(), body))
		}
		if d := line(t, w, i, ann); d.State != store.Failed || d.Why != tc.why || log.count(eventRejected, "why="+tc.why) != 1 {
			t.Errorf("%v: %s %q, want failed %q; log\n%s", tc.err, d.State, d.Why, tc.why, log.String())
		}
	}
}
