package tabletest

import (
	"errors"

	"groundswell/shared/table"
)

// letters puts one record for each sort key.
func (s *suite) letters(pk string, sks ...string) {
	s.Helper()
	var ops []table.Op
	for _, sk := range sks {
		ops = append(ops, put(s.rec(pk, sk)))
	}
	s.write(ops...)
}

var queryCases = group{
	"order, prefix, range and direction": func(s *suite) {
		s.letters("p", "a", "a#1", "a#2", "a#é", "b", "b#1", "z")
		s.letters("p2", "a#0")
		p := s.prefix + "p"
		for _, tc := range []struct {
			q    table.Query
			want string
		}{
			{table.Query{}, "a a#1 a#2 a#é b b#1 z"},
			{table.Query{Desc: true}, "z b#1 b a#é a#2 a#1 a"},
			{table.Query{Prefix: "a#"}, "a#1 a#2 a#é"},
			{table.Query{Prefix: "a#", Desc: true}, "a#é a#2 a#1"},
			{table.Query{Prefix: "c"}, ""},
			{table.Query{From: "a#2"}, "a#2 a#é b b#1 z"},
			{table.Query{From: "a#2", To: "b#1"}, "a#2 a#é b"},
			{table.Query{From: "a#2", To: "b#1", Desc: true, Limit: 1}, "b a#é a#2"},
			{table.Query{To: "a#2"}, "a a#1"},
			{table.Query{To: "b", Desc: true}, "a#é a#2 a#1 a"},
			{table.Query{From: "b", To: "a"}, ""},
			{table.Query{From: "b", To: "b"}, ""},
			{table.Query{From: "zz"}, ""},
		} {
			tc.q.PK, tc.q.Consistent = p, true
			s.lists(tc.q, tc.want)
		}
		s.lists(table.Query{PK: s.prefix + "none"}, "")
	},
	"pages, both ways": func(s *suite) {
		s.letters("p", "a", "b", "c", "d")
		for _, desc := range []bool{false, true} {
			want := "a b c d"
			if desc {
				want = "d c b a"
			}
			q := table.Query{PK: s.prefix + "p", Limit: 2, Desc: desc}
			p := s.page(q)
			if got := sortKeys(p.Recs); got != want[:3] || p.Next == "" {
				s.Errorf("first page = %q, next %q; want %q and more", got, p.Next, want[:3])
			}
			s.lists(q, want) // the last page may be empty
		}
		s.lists(table.Query{PK: s.prefix + "p", Prefix: "c", Limit: 1}, "c")
	},
	"a cursor outlives the record it stands on": func(s *suite) {
		s.letters("p", "a", "b", "c")
		q := table.Query{PK: s.prefix + "p", Limit: 1, Consistent: true}
		q.After = s.page(q).Next
		s.write(del(s.key("p", "a")))
		if got := sortKeys(s.page(q).Recs); got != "b" {
			s.Errorf("second page = %q; want b", got)
		}
	},
	"an index is sparse and follows its records": func(s *suite) {
		x, y := s.prefix+"x", s.prefix+"y"
		a, b := inIndex(s.rec("1", "a"), 1, x, "2"), inIndex(s.rec("2", "b"), 1, x, "1")
		a = inIndex(a, 2, x, "9")
		s.write(put(a), put(b), put(s.rec("3", "c")))
		s.lists(table.Query{Index: 1, PK: x}, "b a")
		s.lists(table.Query{Index: 2, PK: x}, "a")
		s.lists(table.Query{Index: 3, PK: x}, "")
		if got := s.page(table.Query{Index: 1, PK: x, Desc: true, Limit: 1}).Recs; len(got) != 1 || diff(a, got[0]) != "" {
			s.Errorf("index page = %+v; want the whole record %+v", got, a)
		}
		s.write(put(inIndex(a, 1, x, "0")), put(inIndex(b, 1, y, "1")))
		s.lists(table.Query{Index: 1, PK: x}, "a")
		s.lists(table.Query{Index: 1, PK: y}, "b")
		s.write(put(inIndex(a, 1, "", "")), del(b.Key))
		s.lists(table.Query{Index: 1, PK: x}, "")
		s.lists(table.Query{Index: 1, PK: y}, "")
		s.lists(table.Query{Index: 2, PK: x}, "a")
	},
	"pages, prefix and range in an index": func(s *suite) {
		x := s.prefix + "x"
		var ops []table.Op
		for _, v := range []string{"1a", "1b", "2c", "2d", "3e"} {
			ops = append(ops, put(inIndex(s.rec("p"+v, v[1:]), 3, x, v[:1])))
		}
		s.write(ops...)
		s.lists(table.Query{Index: 3, PK: x, From: "2"}, sortKeys(s.all(table.Query{Index: 3, PK: x, From: "2", Limit: 1})))
		s.lists(table.Query{Index: 3, PK: x, Prefix: "3"}, "e")
		for _, q := range []table.Query{{From: "2", To: "3"}, {From: "2", To: "3", Limit: 1, Desc: true}, {Prefix: "2", Limit: 1}} {
			q.Index, q.PK = 3, x
			// Equal sort keys come in any order.
			if got := sortKeys(s.all(q)); got != "c d" && got != "d c" {
				s.Errorf("Query(%+v) = %q; want c and d", q, got)
			}
		}
	},
	"a bad cursor is refused": func(s *suite) {
		s.letters("p", "a", "b", "c")
		p := s.prefix + "p"
		next := s.page(table.Query{PK: p, Limit: 2}).Next
		for name, q := range map[string]table.Query{
			"forged":            {PK: p, After: "forged"},
			"cut":               {PK: p, After: next[:len(next)-2]},
			"altered":           {PK: p, After: next[:len(next)-1] + "~"},
			"another partition": {PK: p + "2", After: next},
			"an index":          {PK: p, Index: 1, After: next},
			"outside the range": {PK: p, Prefix: "c", After: next},
		} {
			if got, err := s.Table.Query(s.Context(), q); !errors.Is(err, table.ErrBadCursor) {
				s.Errorf("%s: Query = %v, %v; want ErrBadCursor", name, got, err)
			}
		}
	},
}
