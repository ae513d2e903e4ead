package tabletest

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"groundswell/shared/table"
)

var writeCases = group{
	"a record comes back as it was put": func(s *suite) {
		r := s.rec("a", "b")
		r.Ver, r.TTL = math.MaxInt64, s.Clock.Now().Unix()+3600
		r.Idx = [3]table.IndexKey{{P: s.prefix + "x", S: "1"}, {}, {P: s.prefix + "y", S: "2"}}
		r.Body, _ = json.Marshal(map[string]any{
			"text": "Ünïcödé <b>&amp;</b> \u2028\u0000\"\\", "empty": "", "int": math.MaxInt64, "neg": -7,
			"float": 0.1, "score": 20454.123456789013, "small": 5e-9, "big": 1e21, "yes": true, "no": false, "nil": nil,
			"list": []any{}, "map": map[string]any{}, "deep": map[string]any{"l": []any{1, "2", nil, map[string]any{"x": 1.5}}},
		})
		s.write(put(r))
		got, err := s.Table.Get(s.Context(), r.Key, true)
		if err != nil {
			s.Fatalf("Get: %v", err)
		}
		var want, back map[string]any
		if err := json.Unmarshal(r.Body, &want); err != nil {
			s.Fatal(err)
		}
		if err := json.Unmarshal(got.Body, &back); err != nil {
			s.Fatalf("body %q: %v", got.Body, err)
		}
		if d := diff(want, back); d != "" {
			s.Errorf("body (-want +got):\n%s", d)
		}
		if !strings.Contains(string(got.Body), "9223372036854775807") {
			s.Errorf("body %s: the largest int64 lost digits", got.Body)
		}
		got.Body, r.Body = nil, nil
		if d := diff(r, got); d != "" {
			s.Errorf("record (-want +got):\n%s", d)
		}
	},
	"a body may be empty, an empty object too": func(s *suite) {
		none, object := s.rec("a", "none"), s.rec("a", "object")
		none.Body, object.Body = nil, []byte(`{}`)
		none.Kind, none.Ver = "", 0
		s.write(put(none), put(object))
		s.has(none)
		s.has(object)
	},
	"a put replaces all of a record": func(s *suite) {
		r := inIndex(s.rec("a", "b"), 1, s.prefix+"x", "1")
		s.write(put(r))
		r = table.Record{Key: r.Key, Kind: "other", Ver: 7, Body: []byte(`{"y":1}`)}
		s.write(put(r))
		s.has(r)
	},
	"the caller's and the table's bytes are apart": func(s *suite) {
		r := s.rec("a", "b")
		s.write(put(r))
		want := string(r.Body)
		r.Body[2] = 'X'
		got, err := s.Table.Get(s.Context(), r.Key, true)
		if err != nil || string(got.Body) != want {
			s.Fatalf("Get = %q, %v; want %q", got.Body, err, want)
		}
		got.Body[2] = 'Y'
		if got, err = s.Table.Get(s.Context(), r.Key, true); err != nil || string(got.Body) != want {
			s.Errorf("Get = %q, %v; want %q", got.Body, err, want)
		}
	},
	"a delete removes, also nothing": func(s *suite) {
		r := s.rec("a", "b")
		s.write(put(r))
		s.write(del(r.Key))
		s.missing(r.Key)
		s.write(del(r.Key))
	},
	"a write of many is all or nothing": func(s *suite) {
		a, b, c := s.rec("a", "1"), s.rec("b", "2"), s.rec("a", "3")
		s.write(put(a))
		s.fails(2, put(b), del(a.Key), putIf(c, table.Exists, 0))
		s.has(a)
		s.missing(b.Key)
		s.write(put(b), del(a.Key), putIf(c, table.NotExists, 0))
		s.has(b)
		s.has(c)
		s.missing(a.Key)
	},
	"a write holds 100 operations": func(s *suite) {
		var ops []table.Op
		for i := range table.MaxOps {
			ops = append(ops, put(s.rec("many", fmt.Sprintf("%03d", i))))
		}
		s.write(ops...)
		if got := s.all(table.Query{PK: s.prefix + "many", Consistent: true}); len(got) != table.MaxOps {
			s.Errorf("%d records; want %d", len(got), table.MaxOps)
		}
	},
	"a write of each is independent": func(s *suite) {
		a, b, c, d := s.rec("a", "1"), s.rec("a", "2"), s.rec("a", "3"), s.rec("a", "4")
		s.write(put(a), put(d))
		bad := s.rec("a", "")
		errs := s.Table.WriteEach(s.Context(), put(b), putIf(at(d, 2), table.NotExists, 0), put(bad),
			check(s.key("b", "1"), table.Exists, 0), putIf(c, table.VerBelow, 5), delIf(a.Key, table.VerEq, 1))
		if len(errs) != 6 {
			s.Fatalf("%d errors; want one an operation", len(errs))
		}
		for i, want := range []string{"ok", "cond", "invalid", "cond", "ok", "ok"} {
			if got := outcome(errs[i]); got != want {
				s.Errorf("operation %d: %v; want %s", i, errs[i], want)
			}
		}
		for i, err := range errs {
			if op, ok := table.FailedCond(err); ok && op != 0 {
				s.Errorf("operation %d names operation %d; each is a write of its own", i, op)
			}
		}
		s.missing(a.Key)
		s.has(b)
		s.has(c)
		s.has(d)
		if errs := s.Table.WriteEach(s.Context()); len(errs) != 0 {
			s.Errorf("WriteEach of nothing = %v", errs)
		}
	},
}
