package tabletest

import (
	"path/filepath"
	"testing"

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
