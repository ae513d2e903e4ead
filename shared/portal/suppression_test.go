package portal_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
)

var day0 = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// after is a time some days after day0.
func after(days float64) time.Time { return day0.Add(time.Duration(days * 24 * float64(time.Hour))) }

// soft are bounces of different mails on these days.
func soft(days ...float64) (s portal.Suppression) {
	for _, d := range days {
		s = s.With(portal.Suppression{Soft: []portal.SoftBounce{{Mail: fmt.Sprint("mail ", d), At: after(d)}}})
	}
	return s
}

func TestBarred(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		facts portal.Suppression
		why   string
		since time.Time
	}{
		{"nothing", portal.Suppression{}, "", time.Time{}},
		{"bounce", portal.Suppression{Bounce: after(1)}, portal.BarredBounce, after(1)},
		{"bounce, then a mail arrived", portal.Suppression{Bounce: after(1), Arrived: after(2)}, "", time.Time{}},
		{"a mail arrived, then a bounce", portal.Suppression{Bounce: after(2), Arrived: after(1)}, portal.BarredBounce, after(2)},
		{"bounce, lifted", portal.Suppression{Bounce: after(1), Lifted: after(2)}, "", time.Time{}},
		{"lifted, bounced again", portal.Suppression{Bounce: after(3), Lifted: after(2)}, portal.BarredBounce, after(3)},
		{"complaint", portal.Suppression{Complaint: after(1)}, portal.BarredComplaint, after(1)},
		{"complaint: that a mail arrives changes nothing", portal.Suppression{Complaint: after(1), Arrived: after(2)}, portal.BarredComplaint, after(1)},
		{"complaint, lifted", portal.Suppression{Complaint: after(1), Lifted: after(2)}, "", time.Time{}},
		{"complaint and bounce", portal.Suppression{Complaint: after(1), Bounce: after(2)}, portal.BarredComplaint, after(1)},
		{"four soft bounces", soft(1, 2, 3, 4), "", time.Time{}},
		{"five within two weeks", soft(1, 2, 3, 4, 15), portal.BarredSoft, after(15)},
		{"five over a longer time", soft(1, 2, 3, 4, 15.1), "", time.Time{}},
		{"the last five count", soft(1, 10, 11, 12, 13, 14), portal.BarredSoft, after(14)},
		{"five, lifted in between", soft(1, 2, 3, 4, 5).With(portal.Suppression{Lifted: after(1)}), "", time.Time{}},
		{"one mail's bounce told five times", soft(1, 1, 1, 1, 1), "", time.Time{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if why, since := tc.facts.Barred(); why != tc.why || !since.Equal(tc.since) {
				t.Errorf("barred %q since %v, want %q since %v", why, since, tc.why, tc.since)
			}
			if got := tc.facts.StopsMail(); got != (tc.why != "") {
				t.Errorf("stops mail: %t", got)
			}
		})
	}
}

func TestStopsCode(t *testing.T) {
	t.Parallel()
	dead := portal.Suppression{Bounce: after(1)}
	tried := dead.With(portal.Suppression{Tried: after(3), TriedID: "one"})
	for _, tc := range []struct {
		name        string
		facts       portal.Suppression
		id          string
		now         float64
		stop, retry bool
	}{
		{"nothing known", portal.Suppression{}, "one", 1, false, false},
		{"complaint", portal.Suppression{Complaint: after(1)}, "one", 1, false, false},
		{"just bounced", dead, "one", 1.5, true, false},
		{"bounced a day ago", dead, "one", 2, false, true},
		{"the same code again, after a time-out", tried, "one", 3.01, false, true},
		{"another code the same day", tried, "two", 3.9, true, false},
		{"another code the next day", tried, "two", 4, false, true},
		{"bounced since it was tried", tried.With(portal.Suppression{Bounce: after(3.2)}), "two", 4.1, true, false},
		{"arrived since it was tried", tried.With(portal.Suppression{Arrived: after(3.2)}), "two", 3.3, false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if stop, retry := tc.facts.StopsCode(tc.id, after(tc.now)); stop != tc.stop || retry != tc.retry {
				t.Errorf("stop %t, retry %t; want %t, %t", stop, retry, tc.stop, tc.retry)
			}
		})
	}
}

// TestFactsInAnyOrder: what is known does not depend on the order in which facts
// come, nor on how often, nor on how they were put together on the way.
func TestFactsInAnyOrder(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 7))
		var facts []portal.Suppression
		for range 3 + r.IntN(12) {
			at := after(float64(r.IntN(30)))
			facts = append(facts, []portal.Suppression{{Complaint: at}, {Bounce: at}, {Arrived: at}, {Lifted: at},
				{Tried: at, TriedID: fmt.Sprint(r.IntN(3))}, {Soft: []portal.SoftBounce{{Mail: fmt.Sprint(r.IntN(9)), At: at}}}}[r.IntN(6)])
		}
		var want portal.Suppression
		for _, f := range facts {
			want = want.With(f)
		}
		for range 5 {
			var parts [3]portal.Suppression
			for _, n := range append(r.Perm(len(facts)), r.Perm(len(facts))...) {
				k := r.IntN(3)
				parts[k] = parts[k].With(facts[n])
			}
			got := parts[2].With(parts[0]).With(parts[1])
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("seed %d (-in order +shuffled):\n%s", seed, diff)
			}
		}
	}
}

func TestMailAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ann := d.signIn("ann@example.com")
	trouble := func() string {
		t.Helper()
		why, _, err := d.MailTrouble(t.Context(), ann)
		d.must(err)
		return why
	}
	facts := func(f portal.Suppression) {
		t.Helper()
		_, err := portal.Suppress(t.Context(), d.Store, ann.Email, f)
		d.must(err)
	}
	d.must(d.MailAgain(t.Context(), ann)) // nothing to do
	for n := range 4 {
		d.clock.Advance(time.Minute)
		facts(portal.Suppression{Bounce: d.clock.Now()})
		if got := trouble(); got != portal.BarredBounce {
			t.Fatalf("trouble %q", got)
		}
		d.clock.Advance(time.Minute)
		err := d.MailAgain(t.Context(), ann)
		if n == 3 {
			refused(t, err, portal.TooMany, "too_many_mail_again", "")
			break
		}
		d.must(err)
		if got := trouble(); got != "" {
			t.Fatalf("trouble %q after asking for mail again", got)
		}
	}
	why, err := d.LiftSuppression(t.Context(), "  Ann@Example.COM ")
	if err != nil || why != portal.BarredBounce || trouble() != "" {
		t.Errorf("lifted %q, %v; trouble %q", why, err, trouble())
	}
	if why, err = d.LiftSuppression(t.Context(), ann.Email); err != nil || why != "" {
		t.Errorf("lifted %q, %v, and there was nothing", why, err)
	}
	if _, _, err := d.MailTrouble(t.Context(), portal.Actor{}); portal.KindOf(err) != portal.Unauthenticated {
		t.Errorf("a visitor's trouble: %v", err)
	}
}
