package rehearsal

import (
	"net/http"
	"os"
	"strings"
	"testing"
)

// TestDigest: the weekly summary's clock ticks, twice as EventBridge may let it, and
// says so in a line each. Who chose it is looked up, and not bothered after a week
// in which nothing happened.
func TestDigest(t *testing.T) {
	t.Parallel()
	s := deploy(t)
	ann := s.client("ann@example.com").signIn()
	ann.want(http.StatusOK, "PATCH", "/api/v1/me", `{"mail":{"digest":true}}`)
	s.settle()
	codes := len(s.ses.Sent())
	event, err := os.ReadFile("../../functions/digest/event.json")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := s.invoke(t.Context(), "digest", event); err != nil {
			t.Fatal(err)
		}
	}
	s.settle()
	if n := len(s.ses.Sent()) - codes; n != 0 {
		t.Errorf("%d mails, and there is nothing to say", n)
	}
	if log := s.functions["digest"].Logs(); strings.Count(log, `"trace_id"`) < 2 {
		t.Errorf("log:\n%s", log)
	}
}
