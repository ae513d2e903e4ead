package rehearsal

import (
	"os"
	"strings"
	"testing"
)

// TestDigest: the weekly summary's clock ticks, twice as EventBridge may let it, and
// says so in a line each.
func TestDigest(t *testing.T) {
	t.Parallel()
	s := deploy(t)
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
	if n := len(s.ses.Sent()); n != 0 {
		t.Errorf("%d mails, and there is no member", n)
	}
	if log := s.functions["digest"].Logs(); strings.Count(log, `"trace_id"`) < 2 {
		t.Errorf("log:\n%s", log)
	}
}
