package tabletest

import (
	"errors"
	"fmt"

	"groundswell/shared/table"
)

// outcome names an error of the port.
func outcome(err error) string {
	_, cond := table.FailedCond(err)
	switch {
	case err == nil:
		return "ok"
	case cond:
		return "cond"
	case errors.Is(err, table.ErrInvalid):
		return "invalid"
	case errors.Is(err, table.ErrConflict):
		return "conflict"
	}
	return err.Error()
}

var condCases = group{
	"each condition, on nothing and on version 5": func(s *suite) {
		for _, tc := range []struct {
			cond       table.Cond
			n          int64
			none, five bool
		}{
			{table.Always, 0, true, true},
			{table.NotExists, 0, true, false},
			{table.Exists, 0, false, true},
			{table.VerEq, 5, false, true},
			{table.VerEq, 4, false, false},
			{table.VerEq, 0, false, false},
			{table.VerBelow, 5, true, false},
			{table.VerBelow, 6, true, true},
		} {
			name := fmt.Sprint(tc.cond, tc.n)
			none, five := s.rec("none", name), at(s.rec("five", name), 5)
			errs := s.Table.WriteEach(s.Context(), put(five), putIf(none, tc.cond, tc.n))
			if errs[0] != nil {
				s.Fatal(errs[0])
			}
			if (errs[1] == nil) != tc.none || !tc.none && outcome(errs[1]) != "cond" {
				s.Errorf("%s on nothing: %v; want success %t", name, errs[1], tc.none)
			}
			err := s.Table.Write(s.Context(), putIf(at(five, 9), tc.cond, tc.n))
			if (err == nil) != tc.five || !tc.five && outcome(err) != "cond" {
				s.Errorf("%s on version 5: %v; want success %t", name, err, tc.five)
			}
		}
	},
	"a delete with a condition": func(s *suite) {
		r := at(s.rec("a", "b"), 3)
		s.fails(0, delIf(r.Key, table.Exists, 0))
		s.write(put(r))
		s.fails(0, delIf(r.Key, table.VerEq, 2))
		s.has(r)
		s.write(delIf(r.Key, table.VerEq, 3))
		s.missing(r.Key)
		s.write(delIf(r.Key, table.VerBelow, 1))
	},
	"a check changes nothing, alone and among others": func(s *suite) {
		a, b := s.rec("a", "1"), s.rec("a", "2")
		s.fails(0, check(a.Key, table.Exists, 0))
		s.write(check(a.Key, table.NotExists, 0))
		s.write(put(a))
		s.write(check(a.Key, table.VerEq, 1))
		s.fails(1, put(b), check(a.Key, table.VerEq, 2))
		s.missing(b.Key)
		s.write(put(b), check(a.Key, table.VerEq, 1))
		s.has(a)
		s.has(b)
	},
	"conditions see the state before the call": func(s *suite) {
		a, b := s.rec("a", "1"), s.rec("a", "2")
		s.write(put(a))
		// b is put by the same call, a removed: neither counts yet.
		s.write(putIf(b, table.NotExists, 0), delIf(a.Key, table.Exists, 0))
		s.missing(a.Key)
		s.has(b)
	},
	"the first operation that fails is named": func(s *suite) {
		a, b, c := s.rec("a", "1"), s.rec("a", "2"), s.rec("a", "3")
		s.fails(1, put(a), putIf(b, table.Exists, 0), putIf(c, table.VerEq, 1))
		s.missing(a.Key)
	},
}
