package portal_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// A quota lets all of it through at once, then one use each Per/N, and says how long
// until there is room.
func TestTake(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	at := start
	var full time.Time
	take := func(cost int) time.Duration {
		next, wait := portal.Use{Quota: portal.Quota{N: 4, Per: time.Hour}, Cost: cost, At: at}.Take(full)
		if wait == 0 {
			full = next
		}
		return wait
	}
	for _, step := range []struct {
		after time.Duration
		cost  int
		want  time.Duration
	}{
		{0, 1, 0}, {0, 1, 0}, {0, 2, 0}, // all at once
		{0, 1, 15 * time.Minute},
		{0, 2, 30 * time.Minute},
		{14 * time.Minute, 1, time.Minute},
		{time.Minute, 1, 0},
		{time.Minute, 1, 14 * time.Minute},
		{10 * time.Hour, 4, 0}, // never more than full
		{0, 1, 15 * time.Minute},
	} {
		at = at.Add(step.after)
		if got := take(step.cost); got != step.want {
			t.Errorf("at %v, %d at once: wait %v, want %v", at.Sub(start), step.cost, got, step.want)
		}
	}
}

// The wait that a refusal names is exact: a moment earlier it is refused, then not.
func TestRetryAfterIsExact(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.signIn("ann@example.com")
	draft := portal.IdeaDraft{Title: "again and again", Category: "food"}
	submit := func() (wait time.Duration) {
		_, _, err := d.SubmitIdea(t.Context(), a, draft)
		var e *portal.Error
		if errors.As(err, &e) {
			wait = e.RetryAfter
		} else {
			d.must(err)
		}
		return wait
	}
	for submit() == 0 {
	}
	wait := submit()
	if wait <= 0 || wait > 3*time.Minute {
		t.Fatalf("wait %v, want one twentieth of an hour at most", wait)
	}
	d.clock.Advance(wait - time.Millisecond)
	if submit() != time.Millisecond {
		t.Error("let through too early")
	}
	d.clock.Advance(time.Millisecond)
	if got := submit(); got != 0 {
		t.Errorf("after the wait it is %v more", got)
	}
}

// Whom a limit is about: members one by one, newcomers with less, a network as a whole
// but never this machine or a private one, and the team with one wide quota.
func TestWhoIsLimited(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	from := func(a portal.Actor, address string) portal.Actor { a.From = portal.FromAddress(address); return a }
	export := func(a portal.Actor) (n int, code string) {
		t.Helper()
		for ; n < 1000; n++ {
			_, err := d.Export(t.Context(), a)
			var e *portal.Error
			if errors.As(err, &e) {
				return n, e.Code
			}
			d.must(err)
		}
		return n, ""
	}
	for _, c := range []struct {
		who  portal.Actor
		want int
		code string
	}{
		{from(d.signIn("a@example.com"), "203.0.113.7"), 20, "too_many_exports"},
		{from(d.signIn("b@example.com"), "203.0.113.7"), 20, "too_many_exports"},
		{from(d.signIn("c@example.com"), "203.0.113.7"), 20, "too_many_exports"},
		{from(d.signIn("d@example.com"), "203.0.113.7"), 20, "too_many_exports"},
		{from(d.signIn("e@example.com"), "203.0.113.7"), 20, "too_many_exports"},
		{from(d.signIn("f@example.com"), "203.0.113.7"), 20, "too_many_exports"},
		{from(d.signIn("g@example.com"), "203.0.113.7"), 0, "busy_network"},
		{from(d.signIn("h@example.com"), "203.0.113.8"), 20, "too_many_exports"},
		{from(d.signIn("i@example.com"), "127.0.0.1"), 20, "too_many_exports"},
		{from(d.signIn("boss@example.com"), "203.0.113.7"), 1000, ""},
	} {
		n, code := export(c.who)
		if n != c.want || code != c.code {
			t.Errorf("%s from %v: %d exports, then %q; want %d, %q", c.who.Email, c.who.From, n, code, c.want, c.code)
		}
		d.clock.Advance(time.Second)
	}
}

// Votes of one member are counted by each process exactly, and all processes together
// by lot.
func TestVotesAreLimited(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.signIn("ann@example.com")
	i := d.submit(a, "Vote for me")
	many := func(p *portal.Portal, most int) (n int) {
		for ; n < most; n++ {
			err := error(nil)
			if n%2 == 0 {
				_, err = p.CastVote(t.Context(), a, i.ID)
			} else {
				_, err = p.WithdrawVote(t.Context(), a, i.ID)
			}
			if portal.KindOf(err) == portal.TooMany {
				return n
			}
			d.must(err)
		}
		return n
	}
	fresh := func() *portal.Portal {
		return &portal.Portal{Store: d.Store, Clock: d.Clock, IDs: d.IDs, Categories: d.Categories, Locales: d.Locales}
	}
	if n := many(d.Portal, 2000); n > 600 {
		t.Errorf("%d votes in one process, want 600 at most", n)
	}
	total := 0
	for range 8 { // each would let 600 through
		total += many(fresh(), 600)
	}
	if total > 1500 {
		t.Errorf("%d more votes by 8 processes, want none but what comes before the lot", total)
	}
}

func TestFromAddress(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"203.0.113.7": "203.0.113.7", "::ffff:203.0.113.7": "203.0.113.7", "2001:db8::1": "2001:db8::1", "fe80::1%eth0": "",
		"127.0.0.1": "", "::1": "", "10.1.2.3": "", "192.168.1.1": "", "fd00::1": "", "0.0.0.0": "", "": "", "nonsense": "", "203.0.113.7:80": "",
	} {
		got := portal.FromAddress(in)
		if want == "" && got.IsValid() || want != "" && got != netip.MustParseAddr(want) {
			t.Errorf("%q: %v, want %q", in, got, want)
		}
	}
}

// An address leaves no trace: what is stored is keyed, and the key goes.
func TestAddressesAreNotStored(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, address := range []string{"203.0.113.77", "2001:db8:77:88:99::1"} {
		d.clock.Advance(time.Hour)
		a := d.signIn("ann@example.com")
		a.From = portal.FromAddress(address)
		i := d.submit(a, "From somewhere")
		_, err := d.CastVote(t.Context(), a, i.ID)
		d.must(err)
		_, err = d.Export(t.Context(), a)
		d.must(err)
	}
	d.drain()
	seen := map[string]bool{}
	page, err := d.table.Scan(t.Context(), "", table.MaxLimit)
	d.must(err)
	for _, r := range page.Recs {
		seen[r.Kind] = true
		text := r.PK + " " + r.SK + " " + string(r.Body)
		for _, s := range []string{"203.0.113", "2001:db8"} {
			if strings.Contains(text, s) {
				t.Errorf("%s holds an address: %s", r.Kind, text)
			}
		}
		if (r.Kind == "use" || r.Kind == "netkey") && r.TTL == 0 {
			t.Errorf("%s %s stays for ever", r.Kind, r.PK)
		}
	}
	if !seen["use"] || !seen["netkey"] {
		t.Errorf("found only %v", seen)
	}
}
