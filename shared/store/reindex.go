package store

import (
	"context"
	"errors"
	"fmt"

	"groundswell/shared/search"
	"groundswell/shared/table"
)

// reindexRow says how far an operator's rewriting of the postings has come.
type reindexRow struct {
	Generation int    `json:"g"`
	After      string `json:"a,omitempty"` // a place in a scan; "" = through
}

var reindexKey = table.Key{PK: "X#reindex", SK: "0"}

// ReindexedTo is where an interrupted rewriting of the postings stands, in this
// build's generation of terms; "" if there is none.
func (s *Store) ReindexedTo(ctx context.Context) (after string, err error) {
	r, err := s.Table.Get(ctx, reindexKey, true)
	if errors.Is(err, table.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("get progress: %w", err)
	}
	row, err := unmarshal[reindexRow](r)
	if row.Generation != search.Generation {
		return "", err
	}
	return row.After, err
}

// PutReindexedTo writes down how far the rewriting has come; "" says that it is
// through.
func (s *Store) PutReindexedTo(ctx context.Context, after string) error {
	r := record(reindexKey, KindReindex, 1, reindexRow{search.Generation, after})
	if err := s.Table.Write(ctx, table.Op{Rec: r}); err != nil {
		return fmt.Errorf("put progress: %w", err)
	}
	return nil
}
