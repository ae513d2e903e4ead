package store

import (
	"context"
	"errors"
	"fmt"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

type digestRow struct {
	At   portal.DigestPlace `json:"at"`
	Last portal.DigestPlace `json:"last"`
	Mv   int64              `json:"m,omitempty"`
	Done bool               `json:"d,omitempty"`
}

func digestKey(w portal.DigestWeek) table.Key {
	return table.Key{PK: digestPrefix + string(w), SK: "0"}
}

const digestPrefix = "Y#"

// subscribersIn is the index partition of the members of a lane who get the weekly
// summary; stepsIn that of the steps that ideas took in a week.
func subscribersIn(lane int) string         { return fmt.Sprintf("Y#s%x", lane) }
func stepsIn(week portal.DigestWeek) string { return "Y#" + string(week) }
func stepIndex(h portal.HistoryEntry) table.IndexKey {
	if h.Imported || h.From == "" || h.From == h.To || h.At.IsZero() {
		return table.IndexKey{} // submitted, merged, or before our time
	}
	return table.IndexKey{P: stepsIn(portal.DigestWeekOf(h.At)), S: fmt.Sprintf("%013d#%s#%06d", ms(h.At), h.IdeaID, h.Ver)}
}

func subscriberIndex(m portal.Member) table.IndexKey {
	if !m.WantsDigest() {
		return table.IndexKey{}
	}
	return table.IndexKey{P: subscribersIn(laneOf(m.ID)), S: m.ID}
}

// DigestRun reads how far the week's summaries have come, strongly; Version 0 = they
// have not begun.
func (s *Store) DigestRun(ctx context.Context, w portal.DigestWeek) (portal.DigestRun, error) {
	r, err := s.Table.Get(ctx, digestKey(w), true)
	if errors.Is(err, table.ErrNotFound) {
		return portal.DigestRun{Week: w}, nil
	}
	if err != nil {
		return portal.DigestRun{}, fmt.Errorf("get digest run: %w", err)
	}
	row, err := unmarshal[digestRow](r)
	return portal.DigestRun{Week: w, At: row.At, Last: row.Last, Moved: at(row.Mv), Done: row.Done, Version: r.Ver}, err
}

// PutDigestRun writes it under Version prev+1 if its stored version is prev; Stale if
// it is not. It is forgotten after a quarter.
func (s *Store) PutDigestRun(ctx context.Context, d portal.DigestRun, prev int64) error {
	r := record(digestKey(d.Week), KindDigest, prev+1, digestRow{At: d.At, Last: d.Last, Mv: ms(d.Moved), Done: d.Done})
	r.TTL = d.Week.Start().AddDate(0, 0, 91).Unix()
	op := table.Op{Rec: r, Cond: table.VerEq, N: prev}
	if prev == 0 {
		op.Cond = table.NotExists
	}
	return stale(s.Table.Write(ctx, op), "put digest run")
}

// Subscribers is a page of the members of a lane who get the weekly summary, in the
// order of ids.
func (s *Store) Subscribers(ctx context.Context, lane int, cursor string, limit int) (ids []string, next string, err error) {
	pk := subscribersIn(lane)
	recs, next, err := s.page(ctx, pk, table.Query{Index: ixSubscribers, PK: pk}, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	for _, r := range recs {
		ids = append(ids, r.Idx[ixSubscribers-1].S)
	}
	return ids, next, nil
}

// StepsIn is a page of the changes of status in a week, the last first.
func (s *Store) StepsIn(ctx context.Context, w portal.DigestWeek, cursor string, limit int) ([]portal.HistoryEntry, string, error) {
	pk := stepsIn(w)
	recs, next, err := s.page(ctx, pk, table.Query{Index: ixSteps, PK: pk, Desc: true}, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	hs, err := readAll(recs, HistoryOf)
	return hs, next, err
}
