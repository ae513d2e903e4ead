package tabletest

import (
	"fmt"
	"iter"
	"testing"

	"groundswell/shared/table"
)

// Fault is one fault of a [Sweep]: the N-th call, counted from 0, fails.
type Fault struct {
	How How
	N   int

	tables []*Faulty
}

func (f *Fault) String() string {
	what := "write"
	if f.How == Throttle {
		what = "read"
	}
	return fmt.Sprintf("%s %d fails %s", what, f.N, f.How)
}

// Wrap returns t with this fault ahead. Set up the test's records before, on t
// itself, so that the fault hits what is tested.
func (f *Fault) Wrap(t table.Table) *Faulty {
	w := NewFaulty(t, uint64(f.N))
	w.Fail(f.How, f.N)
	f.tables = append(f.tables, w)
	return w
}

// Fired reports whether the fault was met.
func (f *Fault) Fired() bool {
	for _, t := range f.tables {
		if t.Fired() > 0 {
			return true
		}
	}
	return false
}

// Sweep yields, for each way of failing, the fault of call 0, 1, 2 and so on,
// until a run of the loop's body no longer meets it:
//
//	for fault := range tabletest.Sweep(tabletest.Before, tabletest.After, tabletest.Conflict) {
//		tab, _ := tabletest.OpenLocal(t)
//		err := doIt(fault.Wrap(tab)) // may fail; what must hold then?
//	}
//
// No ways given means all that concern writes. A short run meets the first four
// calls and every nineteenth after them. A body that never stops meeting its fault ends
// the sweep after 10,000 calls with a panic.
func Sweep(hows ...How) iter.Seq[*Fault] {
	if len(hows) == 0 {
		hows = []How{Before, After, Conflict}
	}
	return func(yield func(*Fault) bool) {
		for _, how := range hows {
			for n, step := 0, 1; ; n += step {
				if testing.Short() && n >= 3 {
					step = 19
				}
				if n >= 10_000 {
					panic("tabletest: sweep does not end")
				}
				f := &Fault{How: how, N: n}
				if !yield(f) {
					return
				}
				if !f.Fired() {
					break
				}
			}
		}
	}
}
