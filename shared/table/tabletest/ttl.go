package tabletest

import (
	"time"

	"groundswell/shared/table"
)

var ttlCases = group{
	"an expired record is hidden on read": func(s *suite) {
		now := s.Clock.Now()
		soon := inIndex(withTTL(s.rec("p", "soon"), now.Add(time.Hour)), 1, s.prefix+"x", "1")
		later := inIndex(withTTL(s.rec("p", "later"), now.Add(3*time.Hour)), 1, s.prefix+"x", "2")
		s.write(put(soon), put(later))
		s.has(soon)
		s.lists(table.Query{PK: s.prefix + "p", Consistent: true}, "later soon")
		s.lists(table.Query{Index: 1, PK: s.prefix + "x"}, "soon later")

		s.Clock.Advance(time.Hour) // a record is gone in the very second of its TTL
		s.missing(soon.Key)
		s.has(later)
		s.lists(table.Query{PK: s.prefix + "p", Consistent: true}, "later")
		s.lists(table.Query{PK: s.prefix + "p", Consistent: true, Limit: 1, Desc: true}, "later")
		s.lists(table.Query{Index: 1, PK: s.prefix + "x"}, "later")
		got, err := s.Table.BatchGet(s.Context(), []table.Key{soon.Key, later.Key}, true)
		if err != nil || len(got) != 1 {
			s.Errorf("BatchGet = %v, %v; want later alone", got, err)
		}
	},
	"conditions on an expired record": func(s *suite) {
		gone := func(sk string) table.Record {
			return withTTL(at(s.rec("p", sk), 5), s.Clock.Now().Add(time.Minute))
		}
		var ops []table.Op
		for _, sk := range []string{"a", "b", "c", "d"} {
			ops = append(ops, put(gone(sk)))
		}
		s.write(ops...)
		s.fails(0, putIf(s.rec("p", "a"), table.NotExists, 0))
		s.Clock.Advance(time.Minute)

		// Absent for Exists and NotExists ...
		s.fails(0, putIf(s.rec("p", "a"), table.Exists, 0))
		s.fails(0, delIf(s.key("p", "a"), table.Exists, 0))
		s.fails(0, check(s.key("p", "a"), table.Exists, 0))
		s.write(check(s.key("p", "a"), table.NotExists, 0))
		s.write(putIf(s.rec("p", "a"), table.NotExists, 0))
		s.has(s.rec("p", "a"))
		s.write(putIf(s.rec("p", "b"), table.NotExists, 0), check(s.key("p", "c"), table.NotExists, 0))
		s.has(s.rec("p", "b"))

		// ... while its version still fences.
		s.fails(0, putIf(at(s.rec("p", "c"), 4), table.VerBelow, 4))
		s.write(putIf(at(s.rec("p", "c"), 6), table.VerEq, 5))
		s.has(at(s.rec("p", "c"), 6))
		s.write(putIf(at(s.rec("p", "d"), 6), table.VerBelow, 6))
		s.has(at(s.rec("p", "d"), 6))
	},
}
