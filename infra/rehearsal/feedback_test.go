package rehearsal

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"groundswell/infra/rehearsal/fakeaws"
	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// deliverEvents invokes feedback with what SES published, as EventBridge does: each
// event at least once, and again after a failure.
func (s *stack) deliverEvents() (busy bool) {
	s.Helper()
	s.events = append(s.events, s.ses.Events()...)
	var left []json.RawMessage
	for _, e := range s.events {
		_, err := s.invoke(s.Context(), "feedback", e)
		var failed *fakeaws.FunctionError
		switch again := s.roll(s.faults.twice); {
		case errors.As(err, &failed) || err == nil && again:
			left = append(left, e)
		case err != nil:
			s.Fatal(err)
		}
	}
	busy, s.events = len(s.events) > 0, left
	return busy
}

// TestFeedback: an address that bounced, and one whose owner complained, get one mail
// and no second one; the others get theirs. Who complained can still sign in.
func TestFeedback(t *testing.T) {
	t.Parallel()
	s := deploy(t)
	members := map[string]*client{}
	for _, name := range []string{"alive", "dead", "angry"} {
		members[name] = s.client(name + "@example.com").signIn()
	}
	boss := s.client("boss@example.com").signIn()
	s.ses.Fate = func(m fakeaws.Mail) []fakeaws.MailEvent {
		return map[string][]fakeaws.MailEvent{"dead@example.com": {fakeaws.HardBounce}, "angry@example.com": {fakeaws.Delivered, fakeaws.Complaint},
			"alive@example.com": {fakeaws.Delayed, fakeaws.Delivered}}[m.Destinations[0]]
	}
	ideas := map[string][]string{}
	for name, c := range members {
		ideas[name] = []string{c.submit(name + " first"), c.submit(name + " second")}
	}
	for n := range 2 {
		for _, ids := range ideas {
			boss.want(http.StatusOK, "POST", "/api/v1/ideas/"+ids[n]+"/status", `{"status":"launched"}`)
		}
		s.settle()
	}
	for name, want := range map[string][2]string{"alive": {"sent delivered", "sent delivered"}, "dead": {"sent bounced", "skipped suppressed"}, "angry": {"sent complained", "skipped suppressed"}} {
		for n, id := range ideas[name] {
			lines, _, err := s.store.Deliveries(t.Context(), id, "", 10)
			if err != nil || len(lines) != 1 {
				t.Fatalf("%s: %d lines, %v", name, len(lines), err)
			}
			d := lines[0]
			if got := strings.Join(slices.DeleteFunc([]string{string(d.State), d.Why, string(d.Outcome.What)}, func(s string) bool { return s == "" }), " "); got != want[n] {
				t.Errorf("%s, idea %d: %s, want %s", name, n, got, want[n])
			}
			if sent := len(s.launched(members[name].email, id)); (sent == 1) != (d.State == store.Sent) {
				t.Errorf("%s, idea %d: %d mails", name, n, sent)
			}
		}
	}
	s.client("angry@example.com").signIn()
	before := len(s.ses.SentTo("dead@example.com"))
	s.client("dead@example.com").want(http.StatusAccepted, "POST", "/api/v1/sign-in", `{"email":"dead@example.com"}`) // the answer tells nothing
	s.settle()
	if n := len(s.ses.SentTo("dead@example.com")); n != before {
		t.Error("a code went to an address that bounced just now")
	}
	known, err := s.store.Suppression(t.Context(), "dead@example.com")
	if why, _ := known.Barred(); err != nil || why != portal.BarredBounce {
		t.Errorf("known: %+v, %v", known, err)
	}
}
