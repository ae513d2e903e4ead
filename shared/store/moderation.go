package store

import (
	"context"
	"fmt"
	"strings"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// modRow is a decision, in the row of what it is about.
type modRow struct {
	State   string   `json:"s"`
	Reasons []string `json:"r,omitempty"`
	Note    string   `json:"n,omitempty"`
	At      int64    `json:"at,omitempty"`
	Appeal  string   `json:"ap,omitempty"`
	Since   int64    `json:"si,omitempty"`
}

// modRowOf is nil for what everybody may see.
func modRowOf(m portal.Moderation) *modRow {
	if m.Shown() {
		return nil
	}
	return &modRow{State: string(m.State), Reasons: m.Reasons, Note: m.Note, At: ms(m.At), Appeal: string(m.Appeal), Since: ms(m.Since)}
}

func (r *modRow) moderation() portal.Moderation {
	if r == nil {
		return portal.Moderation{}
	}
	return portal.Moderation{State: portal.Visibility(r.State), Reasons: r.Reasons, Note: r.Note, At: at(r.At), Appeal: portal.Appeal(r.Appeal), Since: at(r.Since)}
}

// Moderate implements portal.Store.
func (s *Store) Moderate(ctx context.Context, d portal.Deed) error {
	var ops []table.Op
	next := func(r table.Record) {
		op := table.Op{Rec: r, Cond: table.VerEq, N: r.Ver - 1}
		if r.Ver == 1 {
			op.Cond = table.NotExists
		}
		ops = append(ops, op)
	}
	if d.Idea != nil {
		ops = append(ops, updateOps(*d.Idea)...)
	}
	if d.Comment != nil {
		next(commentRecord(*d.Comment))
	}
	if d.Case != nil {
		next(caseRecord(*d.Case))
	}
	if d.Earlier != nil {
		ops = append(ops, table.Op{Rec: s.earlierRecord(*d.Earlier)})
	}
	if d.Report != nil {
		next(reportRecord(*d.Report))
	}
	if d.Votes != nil {
		next(voteCaseRecord(*d.Votes))
	}
	for _, m := range d.Members {
		next(memberRecord(m))
	}
	for _, x := range d.Exclude {
		next(exclusionRecord(x))
	}
	return stale(s.Table.Write(ctx, append(ops, logOps(d.Log)...)...), "moderate")
}

type exclusionRow struct {
	On     bool  `json:"on,omitempty"`
	At     int64 `json:"at"`
	Sweeps int   `json:"sw,omitempty"`
}

func exclusionRecord(x portal.Exclusion) table.Record {
	return record(exclusionKey(x.MemberID), KindExclusion, x.Version, exclusionRow{On: x.On, At: ms(x.At), Sweeps: x.Sweeps})
}

// ExclusionOf reads an exclusion from its record.
func ExclusionOf(r table.Record) (portal.Exclusion, error) {
	row, err := unmarshal[exclusionRow](r)
	return portal.Exclusion{MemberID: r.SK, On: row.On, At: at(row.At), Sweeps: row.Sweeps, Version: r.Ver}, err
}

// Exclusion implements portal.Store.
func (s *Store) Exclusion(ctx context.Context, memberID string) (portal.Exclusion, error) {
	return getOr(ctx, s, exclusionKey(memberID), true, "exclusion", portal.Exclusion{MemberID: memberID}, ExclusionOf)
}

// PutExclusion stores the next version of an exclusion: the projections' sweeps.
func (s *Store) PutExclusion(ctx context.Context, x portal.Exclusion) error {
	return stale(s.Table.Write(ctx, table.Op{Rec: exclusionRecord(x), Cond: table.VerEq, N: x.Version - 1}), "put exclusion")
}

// Names implements portal.Store.
func (s *Store) Names(ctx context.Context, ids []string) (map[string]string, error) {
	names := make(map[string]string, len(ids))
	keys := make([]table.Key, len(ids))
	for i, id := range ids {
		keys[i] = memberKey(id)
	}
	found, err := s.Table.BatchGet(ctx, keys, false)
	if err != nil {
		return nil, fmt.Errorf("get names: %w", err)
	}
	for _, r := range found {
		m, err := MemberOf(r)
		if err != nil {
			return nil, err
		}
		names[m.ID] = m.Name
	}
	return names, nil
}

// thingOf reads a thing from the partition of its case.
func thingOf(pk string) portal.Thing { return portal.ThingOf(strings.TrimPrefix(pk, "P#")) }
