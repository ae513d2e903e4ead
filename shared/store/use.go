package store

import (
	"context"
	"errors"
	"fmt"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

type useRow struct {
	N int `json:"n"`
}

// useTries bounds the races for one window's counter; a subject that loses that
// many is asking too often by any measure.
const useTries = 20

// CountUse implements portal.Store: read, then put under the version read.
func (s *Store) CountUse(ctx context.Context, u portal.Use) (bool, error) {
	k := useKey(u.Name, u.Subject, u.Window)
	for range useTries {
		op := table.Op{Cond: table.NotExists}
		row := useRow{}
		r, err := s.Table.Get(ctx, k, true)
		switch {
		case err == nil:
			if row, err = unmarshal[useRow](r); err != nil {
				return false, err
			}
			op.Cond, op.N = table.VerEq, r.Ver
		case !errors.Is(err, table.ErrNotFound):
			return false, fmt.Errorf("get use: %w", err)
		}
		if row.N >= u.Limit {
			return false, nil
		}
		row.N++
		op.Rec = record(k, KindUse, op.N+1, row)
		op.Rec.TTL = u.Until.Unix()
		err = s.Table.Write(ctx, op)
		if err == nil {
			return true, nil
		}
		if _, lost := table.FailedCond(err); !lost && !errors.Is(err, table.ErrConflict) {
			return false, fmt.Errorf("put use: %w", err)
		}
	}
	return false, nil
}
