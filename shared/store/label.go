package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// A label is an idea's place in one of the team's lists: a small row in the team's
// partition of the idea, whose index entries are the list (ix3) and the list by status
// (ix1). They are written all at once under the version of the idea's label sheet,
// which names them: so they can be deleted, although they are derived. Whoever is late
// loses the sheet, and with it everything.
const (
	sheetSK     = "L"
	labelPrefix = "L#"
)

func sheetKey(idea string) table.Key { return table.Key{PK: teamPK(idea), SK: sheetSK} }
func labelKey(idea, list string) table.Key {
	return table.Key{PK: teamPK(idea), SK: labelPrefix + list}
}

// labelList names the list in keys.
func labelList(l portal.Label) string {
	var parts []string
	if l.Owner != "" {
		parts = append(parts, "o="+l.Owner)
	}
	if l.Tag != "" {
		parts = append(parts, "t="+l.Tag)
	}
	return strings.Join(parts, "&")
}

// labelScope is the index partition of a list, of all ideas or of those with a status.
func labelScope(list, status string) string {
	if status != "" {
		list += "&s=" + status
	}
	return teamPrefix + list
}

type sheetRow struct {
	Lists []string `json:"l,omitempty"`
}

type labelRow struct {
	Status string `json:"s"`
}

// Sheet says which labels an idea has, as they were written last.
type Sheet struct {
	IdeaID  string
	Lists   []string
	Version int64 // 0 = not written yet
}

func sheetOf(r table.Record) (Sheet, error) {
	row, err := unmarshal[sheetRow](r)
	return Sheet{IdeaID: strings.TrimPrefix(r.PK, teamPrefix), Lists: row.Lists, Version: r.Ver}, err
}

// Sheet reads an idea's label sheet, strongly.
func (s *Store) Sheet(ctx context.Context, ideaID string) (Sheet, error) {
	return getOr(ctx, s, sheetKey(ideaID), true, "label sheet", Sheet{IdeaID: ideaID}, sheetOf)
}

func labelRecord(ideaID, list string, status portal.Status, ver int64) table.Record {
	r := record(labelKey(ideaID, list), KindLabel, ver, labelRow{Status: string(status)})
	r.Idx[ixNew-1] = table.IndexKey{P: labelScope(list, ""), S: ideaID}
	r.Idx[ixTop-1] = table.IndexKey{P: labelScope(list, string(status)), S: ideaID}
	return r
}

// LabelDiffs says where the stored labels of an idea are not those that it should have,
// in one line each, from one strong Query. The sheet that it returns names what really
// is there, too, so that PutLabels puts an end to that.
func (s *Store) LabelDiffs(ctx context.Context, ideaID string, want []portal.Label, status portal.Status) (Sheet, []string, error) {
	is, stored := Sheet{IdeaID: ideaID}, map[string]table.Record{}
	err := s.each(ctx, table.Query{PK: teamPK(ideaID), From: sheetSK, To: behind(labelPrefix), Consistent: true}, func(r table.Record) (err error) {
		if r.Kind == KindSheet {
			is, err = sheetOf(r)
			return err
		}
		stored[strings.TrimPrefix(r.SK, labelPrefix)] = r
		return nil
	})
	if err != nil {
		return is, nil, err
	}
	var diffs []string
	wanted := make([]string, len(want))
	for i, l := range want {
		wanted[i] = labelList(l)
		should := labelRecord(ideaID, wanted[i], status, 0)
		switch r, ok := stored[wanted[i]]; {
		case !ok:
			diffs = append(diffs, fmt.Sprintf("label %s: missing", wanted[i]))
		case string(r.Body) != string(should.Body) || r.Idx != should.Idx:
			diffs = append(diffs, fmt.Sprintf("label %s: in the wrong place of a list", wanted[i]))
		}
	}
	if !slices.Equal(is.Lists, wanted) {
		diffs = append(diffs, fmt.Sprintf("labels: %q, should be %q", is.Lists, wanted))
	}
	for _, list := range slices.Sorted(maps.Keys(stored)) {
		if !slices.Contains(wanted, list) {
			diffs = append(diffs, fmt.Sprintf("label %s: should not be there", list))
		}
		if !slices.Contains(is.Lists, list) {
			is.Lists = append(slices.Clip(is.Lists), list)
		}
	}
	return is, diffs, nil
}

// PutLabels puts the labels of an idea with the status in the place of those that the
// sheet names, if its version is still the stored one; else ErrLost.
func (s *Store) PutLabels(ctx context.Context, was Sheet, labels []portal.Label, status portal.Status) error {
	lists := make([]string, len(labels))
	stays := map[string]bool{}
	ops := make([]table.Op, 1, 1+len(labels)+len(was.Lists))
	for i, l := range labels {
		lists[i] = labelList(l)
		stays[lists[i]] = true
		ops = append(ops, table.Op{Rec: labelRecord(was.IdeaID, lists[i], status, was.Version+1)})
	}
	for _, list := range was.Lists {
		if !stays[list] {
			ops = append(ops, table.Op{Mut: table.Delete, Rec: table.Record{Key: labelKey(was.IdeaID, list)}})
		}
	}
	ops[0] = versioned(record(sheetKey(was.IdeaID), KindSheet, was.Version+1, sheetRow{lists}), was.Version)
	err := s.Table.Write(ctx, ops...)
	if _, failed := table.FailedCond(err); failed || errors.Is(err, table.ErrConflict) {
		return ErrLost
	}
	if err != nil {
		return fmt.Errorf("put labels: %w", err)
	}
	return nil
}

// Labelled implements portal.Store: one Query of one index.
func (s *Store) Labelled(ctx context.Context, l portal.Label, status portal.Status, cursor string, limit int) ([]string, string, error) {
	q := table.Query{Index: ixNew, PK: labelScope(labelList(l), string(status)), Desc: true}
	if status != "" {
		q.Index = ixTop
	}
	recs, next, err := s.page(ctx, q.PK, q, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	ids := make([]string, len(recs))
	for i, r := range recs {
		ids[i] = strings.TrimPrefix(r.PK, teamPrefix)
	}
	return ids, next, nil
}
