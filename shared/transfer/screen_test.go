package transfer_test

import (
	"encoding/csv"
	"testing"

	"groundswell/shared/portal"
)

// The rules that hold a text find next to nothing in what customers really wrote: at
// most one of five hundred titles waits for the team.
func TestRealIdeasAreNotHeld(t *testing.T) {
	t.Parallel()
	rows, err := csv.NewReader(opened(t, real(t, "ideas.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	held := 0
	for _, row := range rows[1:] {
		if f := (portal.Screen{}).Look(portal.Writing{Title: row[2]}, nil); len(f.Codes) > 0 {
			held++
			t.Logf("idea %s: %v", row[0], f.Codes)
		}
	}
	if n := len(rows) - 1; n < 1000 || held*500 > n {
		t.Errorf("%d of %d real ideas would wait", held, n)
	}
}
