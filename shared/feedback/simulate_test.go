package feedback

import (
	"testing"
	"time"
)

// TestSimulate: what is pretended is read as what it pretends to be.
func TestSimulate(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	for _, what := range Simulated {
		raw, err := Simulate(what, "m1", "idea1", "launched", "member1", "ann@example.org", at)
		if err != nil {
			t.Fatal(err)
		}
		e, heard, err := Parse([]byte(raw))
		if err != nil || !heard || e.What != what || e.Subject != "idea1" || e.Name != "launched" || e.To != "member1" || e.MessageID != "m1" || !e.At.Equal(at) || len(e.Addresses) != 1 {
			t.Errorf("%s: %+v, heard %t, %v", what, e, heard, err)
		}
	}
	if _, err := Simulate("odd", "m1", "i", "e", "r", "a@example.org", at); err == nil {
		t.Error("anything can be simulated")
	}
}
