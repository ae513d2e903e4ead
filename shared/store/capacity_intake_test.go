package store_test

import (
	"bytes"
	"crypto/rand"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table/dynamo"
	"groundswell/shared/table/dynamo/dynamotest"
)

// TestIntakeCapacity holds what lies between the steps of an import to its price: a unit
// a kilobyte to keep a file, a quarter of that to read it for a step.
func TestIntakeCapacity(t *testing.T) {
	m := &meter{}
	tab, _ := dynamotest.Open(t, dynamo.Options{Observe: m.observe})
	s := &store.Store{Table: tab, Clock: time.Now}
	ctx := t.Context()
	in := portal.Intake{ID: "i", By: portal.ImportedMember("t", "boss"), State: portal.IntakeOpen, File: "ideas.csv", At: time.Now(), Version: 1,
		Setup: portal.IntakeSetup{Preset: "generic", Source: "acme"}}
	text := bytes.Repeat([]byte("1,Free refills all day,coffee,2024-03-01\n"), 20_000)
	packed := make([]byte, 400<<10) // can't be compressed
	_, _ = rand.Read(packed)
	for _, c := range []struct {
		name  string
		calls int
		units float64
		do    func() error
	}{
		{"a file of text, 800 KB", 1, 5, func() error { return s.PutIntakeFile(ctx, in, text) }},
		{"it is gone", 2, 6, func() error { return s.DropIntakeFile(ctx, in) }},
		{"a ZIP of 400 KB", 2, 540, func() error { return s.PutIntakeFile(ctx, in, packed) }},
		{"it is read", 1, 135, func() error { return second(s.IntakeFile(ctx, in)) }},
		{"how far it is", 1, 1, func() error { return s.PutIntake(ctx, in, 0) }},
		{"how far it was", 1, 1, func() error { return second(s.Intake(ctx, in.By)) }},
	} {
		calls, units := m.cost(func() { must(t, c.do()) })
		t.Logf("%-22s %5d  %5.1f", c.name, calls, units)
		if calls != c.calls || units > c.units || units == 0 {
			t.Errorf("%s: %d calls and %.1f units; want %d and at most %.1f", c.name, calls, units, c.calls, c.units)
		}
	}
}
