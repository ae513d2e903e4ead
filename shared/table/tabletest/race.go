package tabletest

import (
	"errors"
	"sync"

	"groundswell/shared/table"
)

// together runs f n times at once.
func together(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

// retry repeats a write that conflicted, as every caller has to.
func (s *suite) retry(ops ...table.Op) error {
	for {
		if err := s.Table.Write(s.Context(), ops...); !errors.Is(err, table.ErrConflict) {
			return err
		}
	}
}

// winners runs n racing writes and requires that exactly one succeeds and all
// others fail by condition.
func (s *suite) winners(n int, op func(i int) []table.Op) {
	s.Helper()
	errs := make([]error, n)
	together(n, func(i int) { errs[i] = s.retry(op(i)...) })
	won := 0
	for _, err := range errs {
		switch outcome(err) {
		case "ok":
			won++
		case "cond":
		default:
			s.Errorf("racing write: %v", err)
		}
	}
	if won != 1 {
		s.Errorf("%d of %d racing writes succeeded; want exactly one", won, n)
	}
}

var raceCases = group{
	"one writer wins each version": func(s *suite) {
		r := s.rec("p", "s")
		s.winners(4, func(int) []table.Op { return []table.Op{putIf(r, table.NotExists, 0)} })
		for v := range int64(4) {
			s.winners(4, func(int) []table.Op { return []table.Op{putIf(at(r, v+2), table.VerEq, v+1)} })
		}
		s.has(at(r, 5))
	},
	"one writer wins, also with many operations": func(s *suite) {
		s.write(put(s.rec("p", "s")))
		s.winners(4, func(i int) []table.Op {
			return []table.Op{putIf(at(s.rec("p", "s"), 2), table.VerEq, 1), putIf(s.rec("h", "2"), table.NotExists, 0),
				put(s.rec("w", string(rune('a'+i))))}
		})
		if got := s.all(table.Query{PK: s.prefix + "w", Consistent: true}); len(got) != 1 {
			s.Errorf("%d losers or winners left a record; want the one winner", len(got))
		}
	},
}
