package transfer_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"groundswell/shared/table"
)

// memory is as much of a table as an import needs, without a file: fuzzing wants
// many of them.
type memory struct {
	table.Table
	mu   sync.Mutex
	recs map[table.Key]table.Record
}

func (m *memory) Get(_ context.Context, k table.Key, _ bool) (table.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.recs[k]
	if !ok {
		return r, table.ErrNotFound
	}
	return r, nil
}

func (m *memory) BatchGet(_ context.Context, keys []table.Key, _ bool) (map[table.Key]table.Record, error) {
	found := map[table.Key]table.Record{}
	for _, k := range keys {
		if r, err := m.Get(context.Background(), k, true); err == nil {
			found[k] = r
		}
	}
	return found, nil
}

func (m *memory) Write(_ context.Context, ops ...table.Op) error {
	if err := table.ValidateWrite(ops); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, op := range ops {
		r, found := m.recs[op.Rec.Key]
		if !op.Cond.Met(op.N, found, r.Expired(now), r.Ver) {
			return &table.CondError{Op: i}
		}
	}
	for _, op := range ops {
		m.recs[op.Rec.Key] = op.Rec
	}
	return nil
}

func (m *memory) WriteEach(ctx context.Context, ops ...table.Op) []error {
	errs := make([]error, len(ops))
	for i, op := range ops {
		errs[i] = m.Write(ctx, op)
	}
	return errs
}

func (m *memory) Scan(context.Context, string, int) (table.Page, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	keys := slices.SortedFunc(maps.Keys(m.recs), func(a, b table.Key) int {
		return strings.Compare(a.PK+"\x00"+a.SK, b.PK+"\x00"+b.SK)
	})
	var page table.Page
	for _, k := range keys {
		if r := m.recs[k]; !r.Expired(now) {
			page.Recs = append(page.Recs, r)
		}
	}
	return page, nil
}
