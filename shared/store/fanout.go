package store

import (
	"context"
	"fmt"
	"strconv"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// Pages of a fan-out have lines in the mail ledger as mails do: Event is the version of
// the step that is told of, To the page's number, both with leading zeros. The last
// page's line says so.

// LastPage is Why of a fan-out's last page.
const LastPage = "last"

// FanOutOf is the subject of the lines of an idea's fan-outs.
func FanOutOf(ideaID string) string { return ideaID + "#F" }

// FanOut implements portal.Store: one Query of one row, strongly.
func (s *Store) FanOut(ctx context.Context, ideaID string) (portal.FanOut, error) {
	page, err := s.Table.Query(ctx, table.Query{PK: ledgerPK(FanOutOf(ideaID)), Desc: true, Limit: 1, Consistent: true})
	if err != nil {
		return portal.FanOut{}, fmt.Errorf("query fan-out: %w", err)
	}
	if len(page.Recs) == 0 {
		return portal.FanOut{}, errNoDelivery
	}
	d, err := deliveryOf(page.Recs[0])
	if err != nil {
		return portal.FanOut{}, err
	}
	ver, _ := strconv.ParseInt(d.Event, 10, 64) // what is none tells of no step
	n, _ := strconv.Atoi(d.To)
	return portal.FanOut{Ver: ver, Pages: n + 1, Done: d.State == Sent && d.Why == LastPage, At: d.At}, nil
}
