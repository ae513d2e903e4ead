package store

import (
	"context"
	"errors"
	"fmt"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// What the whole team has in common: its tags and its saved lists are one record each,
// its members a list in the first index.
var tagsKey = table.Key{PK: "G#team", SK: "tags"}

const (
	filtersPK     = "G#filters"
	sharedFilters = "team"
	rosterP       = "G#team" // of ix1
	maxTeam       = 200
)

func filtersKey(owner string) table.Key {
	if owner == "" {
		owner = sharedFilters
	}
	return table.Key{PK: filtersPK, SK: owner}
}

type tagRow struct {
	ID     string `json:"i"`
	Name   string `json:"n"`
	Colour int    `json:"c"`
	Into   string `json:"to,omitempty"`
	Gone   int64  `json:"g,omitempty"`
	Sweeps int    `json:"sw,omitempty"`
}

type tagsRow struct {
	Tags []tagRow `json:"t"`
}

// tagsOp replaces the tags if their version is still the stored one.
func tagsOp(ts portal.Tags) table.Op {
	row := tagsRow{Tags: make([]tagRow, len(ts.All))}
	for i, t := range ts.All {
		row.Tags[i] = tagRow{t.ID, t.Name, t.Colour, t.Into, ms(t.Gone), t.Sweeps}
	}
	return versioned(record(tagsKey, KindTags, ts.Version+1, row), ts.Version)
}

// TagsOf reads the team's tags from their record.
func TagsOf(r table.Record) (portal.Tags, error) {
	row, err := unmarshal[tagsRow](r)
	ts := portal.Tags{Version: r.Ver}
	for _, t := range row.Tags {
		if t.Colour < 1 || t.Colour > portal.TagColours {
			t.Colour = 1
		}
		ts.All = append(ts.All, portal.Tag{ID: t.ID, Name: t.Name, Colour: t.Colour, Into: t.Into, Gone: at(t.Gone), Sweeps: t.Sweeps})
	}
	return ts, err
}

// Tags implements portal.Store.
func (s *Store) Tags(ctx context.Context) (portal.Tags, error) {
	return getOr(ctx, s, tagsKey, true, "tags", portal.Tags{}, TagsOf)
}

// PutTags implements portal.Store.
func (s *Store) PutTags(ctx context.Context, ts portal.Tags, log ...portal.LogEntry) error {
	return stale(s.Table.Write(ctx, append(logOps(log), tagsOp(ts))...), "put tags")
}

type filterRow struct {
	ID    string `json:"i"`
	Name  string `json:"n"`
	Query string `json:"q,omitempty"`
	By    string `json:"by"`
	At    int64  `json:"at"`
}

type filtersRow struct {
	Filters []filterRow `json:"f"`
}

func filtersOf(r table.Record) (portal.FilterSet, error) {
	row, err := unmarshal[filtersRow](r)
	fs := portal.FilterSet{Owner: r.SK, Version: r.Ver}
	if fs.Owner == sharedFilters {
		fs.Owner = ""
	}
	for _, f := range row.Filters {
		fs.All = append(fs.All, portal.Filter{ID: f.ID, Name: f.Name, Query: f.Query, By: f.By, At: at(f.At)})
	}
	return fs, err
}

// Filters implements portal.Store: one BatchGet of two records.
func (s *Store) Filters(ctx context.Context, memberID string) (portal.Filters, error) {
	out := portal.Filters{Own: portal.FilterSet{Owner: memberID}}
	recs, err := s.Table.BatchGet(ctx, []table.Key{filtersKey(memberID), filtersKey("")}, true)
	if err != nil {
		return out, fmt.Errorf("get filters: %w", err)
	}
	for _, r := range recs {
		fs, err := filtersOf(r)
		if err != nil {
			return out, err
		}
		if fs.Owner == "" {
			out.Shared = fs
		} else {
			out.Own = fs
		}
	}
	return out, nil
}

// PutFilters implements portal.Store.
func (s *Store) PutFilters(ctx context.Context, fs portal.FilterSet, log ...portal.LogEntry) error {
	row := filtersRow{Filters: make([]filterRow, len(fs.All))}
	for i, f := range fs.All {
		row.Filters[i] = filterRow{f.ID, f.Name, f.Query, f.By, ms(f.At)}
	}
	op := versioned(record(filtersKey(fs.Owner), KindFilters, fs.Version+1, row), fs.Version)
	return stale(s.Table.Write(ctx, append(logOps(log), op)...), "put filters")
}

// DeleteFilters removes a member's saved lists, and reports whether there were any. It
// is the projections', after an account was deleted.
func (s *Store) DeleteFilters(ctx context.Context, memberID string) (found bool, err error) {
	k := filtersKey(memberID)
	if _, err := s.Table.Get(ctx, k, true); errors.Is(err, table.ErrNotFound) {
		return false, nil
	} else if err != nil {
		return false, fmt.Errorf("get filters: %w", err)
	}
	if err := s.Table.Write(ctx, table.Op{Mut: table.Delete, Rec: table.Record{Key: k}}); err != nil {
		return true, fmt.Errorf("delete filters: %w", err)
	}
	return true, nil
}

// rosterIndex lists the members of the team.
func rosterIndex(m portal.Member) table.IndexKey {
	if m.Deleted() || !m.Author().Team {
		return table.IndexKey{}
	}
	return table.IndexKey{P: rosterP, S: m.ID}
}

// Team implements portal.Store.
func (s *Store) Team(ctx context.Context) ([]portal.Member, error) {
	page, err := s.Table.Query(ctx, table.Query{Index: ixTop, PK: rosterP, Limit: maxTeam})
	if err != nil {
		return nil, fmt.Errorf("query team: %w", err)
	}
	return readAll(page.Recs, MemberOf)
}
