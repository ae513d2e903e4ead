package tabletest

import (
	"context"
	"path/filepath"
	"sync"
	"testing"

	"groundswell/shared/table"
	"groundswell/shared/table/local"
)

// OpenLocal returns an empty table of the local driver, with a clock that
// stands still. It does without fsync and closes when the test ends.
func OpenLocal(t testing.TB) (*local.Table, *Clock) {
	t.Helper()
	clock := NewClock()
	tab, err := local.Open(filepath.Join(t.TempDir(), "table.db"), local.Options{Clock: clock.Now, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tab.Close(); err != nil {
			t.Error(err)
		}
	})
	return tab, clock
}

// Collect follows a local table's log, and returns what gives the changes that came since
// it was last asked. keep is local.FollowOptions'; nil = all changes.
func Collect(t testing.TB, tab *local.Table, keep func(table.Change) bool) func() []table.Change {
	t.Helper()
	var mu sync.Mutex
	var all []table.Change
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = tab.Follow(ctx, "test", local.FollowOptions{Keep: keep}, func(_ context.Context, b []table.Change) error {
			mu.Lock()
			defer mu.Unlock()
			all = append(all, b...)
			return nil
		})
	}()
	t.Cleanup(func() { cancel(); <-done })
	return func() []table.Change {
		if err := tab.Drained(t.Context(), "test"); err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		got := all
		all = nil
		return got
	}
}
