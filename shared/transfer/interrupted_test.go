package transfer_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"groundswell/shared/store"
	"groundswell/shared/table/tabletest"
)

// TestInterrupted: an import that fails here and there and is run again ends as
// one that did not fail.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	var ideas, comments strings.Builder
	ideas.WriteString("id,title,category,created,author,email\n")
	comments.WriteString("id,idea,body,created,author\n")
	for i := range 40 {
		fmt.Fprintf(&ideas, "%d,Idea %d,food,2012-01-02,a%d,a%d@example.com\n", i, i, i%7, i%7)
		fmt.Fprintf(&comments, "%d,%d,text,2012-01-03,b%d\n", i, i%9, i%5)
	}
	clean := newDesk(t)
	clean.generic(ideas.String(), comments.String())
	want := clean.export()
	for seed := range uint64(5) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			faulty := tabletest.NewFaulty(d.table, seed)
			faulty.SetRates(tabletest.Rates{Before: .01, After: .01, Conflict: .2, Throttle: .01})
			d.Importer.Store = &store.Store{Table: faulty, Clock: d.Clock}
			failed := 0
			for {
				_, err := d.tryGeneric(ideas.String(), comments.String(), nil)
				if err == nil {
					break
				}
				if !errors.Is(err, tabletest.ErrInjected) && !errors.Is(err, tabletest.ErrThrottled) {
					t.Fatal(err)
				}
				if failed++; failed > 200 {
					t.Fatal("it never ends")
				}
			}
			if faulty.Fired() == 0 {
				t.Error("nothing failed: this test shows nothing")
			}
			if got := d.export(); got != want {
				t.Errorf("after %d failures the portal is not what it should be:\n%s\nwant\n%s", failed, got, want)
			}
		})
	}
}
