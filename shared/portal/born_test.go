package portal_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"groundswell/shared/portal"
)

// TestNewOnce: whenever an idea waits, is approved, hidden and shown again, it is new in
// the summary of one week, and no other.
func TestNewOnce(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			rnd := rand.New(rand.NewPCG(seed, 7))
			d := newDesk(t)
			if seed%2 == 0 {
				d.Screen.Approval = portal.ApproveAll
			}
			ann, boss := d.signIn("ann@example.com"), d.signIn("boss@example.com")
			i := d.submit(ann, "Oat milk")
			var told []string
			pass := func(by time.Duration) {
				t.Helper()
				idea, err := d.Store.Idea(t.Context(), i.ID, true)
				d.must(err)
				from := d.clock.Now()
				d.clock.Advance(by)
				for week := portal.DigestWeekOf(from); ; week = portal.DigestWeekOf(week.Start().AddDate(0, 0, 7)) {
					out := week.Start().Add(8 * time.Hour)
					if out.After(d.clock.Now()) {
						return
					}
					if !out.After(from) || idea.Hidden() {
						continue
					}
					if portal.DigestWeekOf(idea.Born()) == week.Before() {
						told = append(told, string(week))
					}
				}
			}
			for range 60 {
				pass(time.Duration(rnd.IntN(72*60)) * time.Minute)
				dec := portal.Decision{Act: portal.Approve}
				if rnd.IntN(2) == 0 {
					dec = portal.Decision{Act: portal.Decline, Reason: "spam"}
				}
				if err := d.Decide(t.Context(), boss, thing(i), dec); err != nil && portal.KindOf(err) != portal.Conflict {
					t.Fatal(err)
				}
			}
			if err := d.Decide(t.Context(), boss, thing(i), portal.Decision{Act: portal.Approve}); err != nil && portal.KindOf(err) != portal.Conflict {
				t.Fatal(err)
			}
			pass(15 * 24 * time.Hour)
			if len(told) != 1 {
				t.Errorf("new in the summaries of %v", told)
			}
		})
	}
}

// TestBorn: what was approved in its own week keeps its birth; what was not counts from
// then on, once; what was taken off after its summary is not new again.
func TestBorn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.Screen.Approval = portal.ApproveAll
	ann, boss := d.signIn("ann@example.com"), d.signIn("boss@example.com")
	monday := portal.DigestWeekOf(d.clock.Now()).Start().AddDate(0, 0, 7)
	at := func(days int, clock time.Duration) {
		d.clock.Advance(monday.AddDate(0, 0, days).Add(clock).Sub(d.clock.Now()))
	}
	decide := func(i portal.Idea, act portal.Act) time.Time {
		t.Helper()
		d.must(d.Decide(t.Context(), boss, thing(i), portal.Decision{Act: act, Reason: "spam"}))
		i, err := d.Store.Idea(t.Context(), i.ID, true)
		d.must(err)
		return i.Born()
	}
	at(0, 9*time.Hour)
	soon, late := d.submit(ann, "Oat milk"), d.submit(ann, "Soy milk")
	at(2, 0)
	if got := decide(soon, portal.Approve); !got.Equal(soon.CreatedAt) {
		t.Errorf("approved in its week: born %v, want %v", got, soon.CreatedAt)
	}
	at(7, 7*time.Hour) // before the summary of its week goes out, which may have been begun with
	if got := decide(late, portal.Approve); !got.Equal(d.clock.Now()) {
		t.Errorf("approved after its week: born %v, want %v", got, d.clock.Now())
	}
	at(10, 0)
	decide(soon, portal.Decline)
	decide(late, portal.Decline)
	at(16, 0)
	if got := decide(soon, portal.Approve); !got.Equal(soon.CreatedAt) {
		t.Errorf("taken off after its summary: born %v, want %v", got, soon.CreatedAt)
	}
	if got := decide(late, portal.Approve); !got.Equal(d.clock.Now()) {
		t.Errorf("taken off before its summary: born %v, want %v", got, d.clock.Now())
	}
	again := d.clock.Now()
	at(23, 0)
	decide(late, portal.Decline)
	at(30, 0)
	if got := decide(late, portal.Approve); !got.Equal(again) {
		t.Errorf("taken off after its later summary: born %v, want %v", got, again)
	}
}
