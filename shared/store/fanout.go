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

// MissedOf is the subject of the notes of what was not told of an idea while it was not
// public: Event says what, To is ToAll, and State is Skipped, or Sent once it was told.
func MissedOf(ideaID string) string { return ideaID + "#H" }

// ToAll is To of lines that are about nobody alone.
const ToAll = "all"

// Missed are an idea's notes: one Query, a strong one.
func (s *Store) Missed(ctx context.Context, ideaID string) (ds []Delivery, err error) {
	err = s.each(ctx, table.Query{PK: ledgerPK(MissedOf(ideaID)), Consistent: true}, func(r table.Record) error {
		d, err := deliveryOf(r)
		ds = append(ds, d)
		return err
	})
	return ds, err
}
