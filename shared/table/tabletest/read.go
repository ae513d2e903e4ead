package tabletest

import (
	"context"
	"errors"
	"fmt"

	"groundswell/shared/table"
)

var readCases = group{
	"get finds what is there": func(s *suite) {
		r := s.rec("a", "b")
		s.write(put(r))
		s.has(r)
		s.missing(s.key("a", "c"))
		s.missing(s.key("b", "b"))
		if _, err := s.Table.Get(s.Context(), r.Key, false); err != nil {
			s.Errorf("Get without consistency: %v", err)
		}
	},
	"batch get takes any number of keys": func(s *suite) {
		var ops []table.Op
		var keys []table.Key
		for i := range 120 {
			r := s.rec("a", fmt.Sprintf("%03d", i))
			if keys = append(keys, r.Key); i < table.MaxOps {
				ops = append(ops, put(r))
			}
		}
		s.write(ops...)
		got, err := s.Table.BatchGet(s.Context(), keys, true)
		if err != nil {
			s.Fatalf("BatchGet: %v", err)
		}
		if len(got) != table.MaxOps {
			s.Errorf("%d records; want %d, the missing ones absent", len(got), table.MaxOps)
		}
		for _, op := range ops {
			if d := diff(op.Rec, got[op.Rec.Key]); d != "" {
				s.Errorf("%s (-want +got):\n%s", op.Rec.Key, d)
			}
		}
		if got, err := s.Table.BatchGet(s.Context(), nil, true); err != nil || len(got) != 0 {
			s.Errorf("BatchGet of nothing = %v, %v", got, err)
		}
	},
	"a call whose context has ended does nothing": func(s *suite) {
		ctx, cancel := context.WithCancel(s.Context())
		cancel()
		r := s.rec("a", "b")
		if err := s.Table.Write(ctx, put(r)); !errors.Is(err, context.Canceled) {
			s.Errorf("Write = %v; want context.Canceled", err)
		}
		if _, err := s.Table.Get(ctx, r.Key, true); !errors.Is(err, context.Canceled) {
			s.Errorf("Get = %v; want context.Canceled", err)
		}
		s.missing(r.Key)
	},
	"a scan lists every record once": func(s *suite) {
		sc, ok := s.Table.(table.Scanner)
		if !ok {
			s.Fatalf("%T is no table.Scanner", s.Table)
		}
		gone := withTTL(s.rec("b", "gone"), s.Clock.Now())
		s.write(put(s.rec("a", "1")), put(s.rec("a", "2")), put(s.rec("b", "1")), put(gone))
		seen := map[table.Key]int{}
		for after, pages := "", 0; ; pages++ {
			p, err := sc.Scan(s.Context(), after, 50)
			if err != nil || pages > 100 {
				s.Fatalf("Scan, page %d: %v", pages, err)
			}
			for _, r := range p.Recs {
				seen[r.Key]++
			}
			if after = p.Next; after == "" {
				break
			}
		}
		for _, k := range []table.Key{s.key("a", "1"), s.key("a", "2"), s.key("b", "1")} {
			if seen[k] != 1 {
				s.Errorf("%s listed %d times; want once", k, seen[k])
			}
		}
		if seen[gone.Key] != 0 {
			s.Errorf("%s is expired, yet listed", gone.Key)
		}
		if _, err := sc.Scan(s.Context(), "forged", 10); !errors.Is(err, table.ErrBadCursor) {
			s.Errorf("Scan with a forged cursor = %v; want ErrBadCursor", err)
		}
	},
}
