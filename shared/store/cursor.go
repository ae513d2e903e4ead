package store

import (
	"context"
	"fmt"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// page reads a page of a partition in the order that q says. The cursor is the last
// record's place in that order, which no other record shares: the next page is what
// lies behind it. One record more than the page is read, so that a page knows
// whether it is the last.
func (s *Store) page(ctx context.Context, list string, q table.Query, cursor string, limit int) ([]table.Record, string, error) {
	last, err := portal.OpenCursor(list, cursor)
	if err != nil {
		return nil, "", err
	}
	switch {
	case last == "":
	case q.Desc:
		q.To = last
	default:
		q.From = last + "\x01"
	}
	var recs []table.Record
	for len(recs) <= limit {
		q.Limit = min(limit+1-len(recs), table.MaxLimit)
		page, err := s.Table.Query(ctx, q)
		if err != nil {
			return nil, "", fmt.Errorf("query %s: %w", list, err)
		}
		if recs == nil {
			recs = page.Recs // the usual case: this is all of it
		} else {
			recs = append(recs, page.Recs...)
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	if len(recs) <= limit {
		return recs, "", nil
	}
	recs = recs[:limit]
	place := recs[limit-1].SK
	if q.Index > 0 {
		place = recs[limit-1].Idx[q.Index-1].S
	}
	return recs, portal.SealCursor(list, place), nil
}
