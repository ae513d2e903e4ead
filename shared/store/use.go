package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// useRow is the bucket of a quota: when it is full again.
type useRow struct {
	Full int64 `json:"f"`
}

// useTries bounds the races for one bucket; a subject that loses that many is asking
// too often by any measure.
const useTries = 20

// CountUse implements portal.Store: read, then put under the version read. A bucket
// that is full again is as good as none, so its record goes then.
func (s *Store) CountUse(ctx context.Context, u portal.Use) (wait time.Duration, err error) {
	k := useKey(u.Name, u.Subject)
	for range useTries {
		op := table.Op{Cond: table.NotExists}
		row := useRow{}
		r, err := s.Table.Get(ctx, k, true)
		switch {
		case err == nil:
			if row, err = unmarshal[useRow](r); err != nil {
				return 0, err
			}
			op.Cond, op.N = table.VerEq, r.Ver
		case !errors.Is(err, table.ErrNotFound):
			return 0, fmt.Errorf("get use: %w", err)
		}
		full, wait := u.Take(at(row.Full))
		if wait > 0 {
			return wait, nil
		}
		op.Rec = record(k, KindUse, op.N+1, useRow{ms(full)})
		op.Rec.TTL = full.Unix() + 1
		err = s.Table.Write(ctx, op)
		if err == nil {
			return 0, nil
		}
		if _, lost := table.FailedCond(err); !lost && !errors.Is(err, table.ErrConflict) {
			return 0, fmt.Errorf("put use: %w", err)
		}
	}
	return time.Second, nil
}

// networkKeysPK is the partition of the keys that networks are hashed with.
const networkKeysPK = "W#network"

type networkKeyRow struct {
	Secret []byte `json:"s"`
}

// NetworkKey implements portal.Store: the key that is there, else fresh, which is put
// there; of two who put one at the same moment both use the first.
func (s *Store) NetworkKey(ctx context.Context, week int64, fresh []byte, until time.Time) ([]byte, error) {
	k := table.Key{PK: networkKeysPK, SK: fmt.Sprintf("%06d", week)}
	for _, put := range []bool{true, false} {
		r, err := s.Table.Get(ctx, k, true)
		if err == nil {
			row, err := unmarshal[networkKeyRow](r)
			return row.Secret, err
		}
		if !errors.Is(err, table.ErrNotFound) {
			return nil, fmt.Errorf("get network key: %w", err)
		}
		if !put {
			break
		}
		r = record(k, KindNetworkKey, 1, networkKeyRow{fresh})
		r.TTL = until.Unix()
		err = s.Table.Write(ctx, table.Op{Rec: r, Cond: table.NotExists})
		if err == nil {
			return fresh, nil
		}
		if _, there := table.FailedCond(err); !there {
			return nil, fmt.Errorf("put network key: %w", err)
		}
	}
	return nil, errors.New("network key: neither there nor to be put there")
}
