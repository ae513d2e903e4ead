package tabletest

import (
	"fmt"
	"time"

	"groundswell/shared/table"
)

// summary is old and new version of each change, "-" for none.
func summary(cs []table.Change) string {
	side := func(r *table.Record) string {
		if r == nil {
			return "-"
		}
		return fmt.Sprint(r.Ver)
	}
	out := ""
	for _, c := range cs {
		out += " " + c.Key().SK + ":" + side(c.Old) + ">" + side(c.New)
	}
	return out
}

func (s *suite) emits(want string) {
	s.Helper()
	if got := summary(s.changes()); got != want {
		s.Errorf("changes%s; want%s", got, want)
	}
}

var feedCases = group{
	"a change carries both images": func(s *suite) {
		start := s.Clock.Now()
		one := inIndex(withTTL(s.rec("p", "s"), start.Add(time.Hour)), 2, s.prefix+"x", "1")
		two := at(s.rec("p", "s"), 2)
		s.write(put(one))
		s.write(put(two))
		s.write(del(two.Key))
		want := []table.Change{{New: &one}, {Old: &one, New: &two}, {Old: &two}}
		got := s.changes()
		var last table.Change
		for i, c := range got {
			if c.Source == "" || c.At.IsZero() || c.At.Location() != time.UTC {
				s.Errorf("change %d: source %q, at %v; want both set, UTC", i, c.Source, c.At)
			}
			if i > 0 && (c.Source != last.Source || table.CompareSeq(c.Seq, last.Seq) <= 0) {
				s.Errorf("change %d: %s %s after %s %s; want a growing sequence", i, c.Source, c.Seq, last.Source, last.Seq)
			}
			last = c
			got[i].Source, got[i].Seq, got[i].At = "", "", time.Time{}
		}
		if d := diff(want, got); d != "" {
			s.Errorf("changes (-want +got):\n%s", d)
		}
	},
	"what changes nothing emits nothing": func(s *suite) {
		r := s.rec("p", "s")
		r.Body = []byte(`{"a":1,"b":[true,{"c":"x"}]}`)
		s.write(put(r))
		s.write(put(r))
		r.Body = []byte(`{ "b":[true,{"c":"x"}], "a":1 }`)
		s.write(put(r), put(s.rec("p", "t")))
		s.write(del(s.key("p", "none")))
		s.write(check(r.Key, table.Exists, 0))
		s.fails(0, putIf(at(r, 2), table.NotExists, 0))
		s.fails(1, put(at(r, 3)), check(s.key("p", "none"), table.Exists, 0))
		s.emits(" s:->1 t:->1")
	},
	"the changes of a key are a chain": func(s *suite) {
		r := s.rec("p", "s")
		together(4, func(int) {
			for v := int64(0); v < 4; {
				if got, err := s.Table.Get(s.Context(), r.Key, true); err == nil {
					v = got.Ver
				}
				cond := table.VerEq
				if v == 0 {
					cond = table.NotExists
				}
				if v < 4 {
					_ = s.retry(putIf(at(r, v+1), cond, v))
				}
			}
		})
		s.emits(" s:->1 s:1>2 s:2>3 s:3>4")
	},
	"a put over an expired record replaces it": func(s *suite) {
		s.write(put(withTTL(at(s.rec("p", "s"), 5), s.Clock.Now().Add(time.Minute))))
		s.Clock.Advance(time.Minute)
		s.write(putIf(s.rec("p", "s"), table.NotExists, 0))
		s.emits(" s:->5 s:5>1")
	},
}
