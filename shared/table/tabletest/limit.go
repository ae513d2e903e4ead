package tabletest

import (
	"bytes"
	"errors"
	"strings"

	"groundswell/shared/table"
)

var limitCases = group{
	"keys at the limits": func(s *suite) {
		pk := strings.Repeat("p", table.MaxPK-len(s.prefix))
		r := s.rec(pk, strings.Repeat("s", table.MaxSK))
		r = inIndex(r, 1, s.prefix+pk, r.SK)
		s.write(put(r))
		s.has(r)
		s.lists(table.Query{PK: r.PK, Prefix: r.SK}, r.SK)
		q := table.Query{Index: 1, PK: r.PK, Limit: 1}
		s.lists(q, r.SK) // its cursor is the longest there is
	},
	"what no driver can carry out is refused": func(s *suite) {
		ok := s.rec("p", "s")
		with := func(f func(*table.Record)) table.Op { r := ok; f(&r); return put(r) }
		long := strings.Repeat("x", table.MaxPK+1)
		for name, ops := range map[string][]table.Op{
			"nothing to write":     {},
			"empty partition key":  {with(func(r *table.Record) { r.PK = "" })},
			"empty sort key":       {with(func(r *table.Record) { r.SK = "" })},
			"long partition key":   {with(func(r *table.Record) { r.PK = long })},
			"long sort key":        {with(func(r *table.Record) { r.SK = long[:table.MaxSK+1] })},
			"NUL":                  {with(func(r *table.Record) { r.SK = "a\x00b" })},
			"not UTF-8":            {with(func(r *table.Record) { r.PK = "a\xff" })},
			"half an index key":    {with(func(r *table.Record) { r.Idx[1].P = "x" })},
			"long index key":       {with(func(r *table.Record) { r.Idx[2] = table.IndexKey{P: "x", S: long} })},
			"negative TTL":         {with(func(r *table.Record) { r.TTL = -1 })},
			"body no object":       {with(func(r *table.Record) { r.Body = []byte(`[1]`) })},
			"body broken":          {with(func(r *table.Record) { r.Body = []byte(`{"a":`) })},
			"body twice":           {with(func(r *table.Record) { r.Body = []byte(`{}{}`) })},
			"body not UTF-8":       {with(func(r *table.Record) { r.Body = []byte("{\"a\":\"\xff\"}") })},
			"record too big":       {with(func(r *table.Record) { r.Body = bigBody(table.MaxRecord) })},
			"check of nothing":     {check(ok.Key, table.Always, 0)},
			"unknown mutation":     {{Mut: 9, Rec: ok}},
			"unknown condition":    {{Cond: 9, Rec: ok}},
			"one key twice":        {put(ok), check(ok.Key, table.NotExists, 0)},
			"too many operations":  make([]table.Op, table.MaxOps+1),
			"delete without a key": {del(table.Key{PK: "a"})},
		} {
			err := s.Table.Write(s.Context(), ops...)
			if !errors.Is(err, table.ErrInvalid) || len(err.Error()) > 200 {
				s.Errorf("%s: Write = %v; want a short ErrInvalid", name, err)
			}
		}
		s.missing(ok.Key)
		for name, q := range map[string]table.Query{
			"no partition":           {},
			"no such index":          {PK: "p", Index: table.Indexes + 1},
			"negative index":         {PK: "p", Index: -1},
			"consistent index":       {PK: "p", Index: 1, Consistent: true},
			"prefix and range":       {PK: "p", Prefix: "a", From: "b"},
			"limit above the limit":  {PK: "p", Limit: table.MaxLimit + 1},
			"negative limit":         {PK: "p", Limit: -1},
			"bound that is no key":   {PK: "p", To: "a\x00"},
			"partition that is none": {PK: "a\x00"},
		} {
			if _, err := s.Table.Query(s.Context(), q); !errors.Is(err, table.ErrInvalid) {
				s.Errorf("%s: Query = %v; want ErrInvalid", name, err)
			}
		}
		if _, err := s.Table.Get(s.Context(), table.Key{PK: "p"}, false); !errors.Is(err, table.ErrInvalid) {
			s.Errorf("Get without a sort key = %v; want ErrInvalid", err)
		}
		if _, err := s.Table.BatchGet(s.Context(), []table.Key{ok.Key, {}}, false); !errors.Is(err, table.ErrInvalid) {
			s.Errorf("BatchGet with an empty key = %v; want ErrInvalid", err)
		}
	},
	"a record may be large": func(s *suite) {
		r := s.rec("p", "s")
		r.Body = bigBody(390 << 10)
		s.write(put(r))
		s.has(r)
	},
}

func bigBody(n int) []byte {
	return []byte(`{"x":"` + string(bytes.Repeat([]byte("x"), n)) + `"}`)
}
