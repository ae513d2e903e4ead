package store

import (
	"context"
	"fmt"
	"strings"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// What the team keeps about an idea has a partition of its own, which no public page
// reads: the dossier, then the notes, so that one Query reads both; the labels, which
// follow from the dossier, are apart. See label.go.
func teamPK(idea string) string { return teamPrefix + idea }

const (
	teamPrefix = "G#"
	dossierSK  = "M"
	memoPrefix = "M#"
)

func dossierKey(idea string) table.Key  { return table.Key{PK: teamPK(idea), SK: dossierSK} }
func memoKey(idea, id string) table.Key { return table.Key{PK: teamPK(idea), SK: memoPrefix + id} }

type dossierRow struct {
	Owner string   `json:"o,omitempty"`
	Tags  []string `json:"t,omitempty"`
	By    string   `json:"by,omitempty"`
	At    int64    `json:"at"`
}

func dossierRecord(d portal.Dossier) table.Record {
	return record(dossierKey(d.IdeaID), KindDossier, d.Version, dossierRow{Owner: d.Owner, Tags: d.Tags, By: d.By, At: ms(d.At)})
}

// DossierOf reads a dossier from its record.
func DossierOf(r table.Record) (portal.Dossier, error) {
	row, err := unmarshal[dossierRow](r)
	return portal.Dossier{IdeaID: strings.TrimPrefix(r.PK, teamPrefix), Owner: row.Owner, Tags: row.Tags, By: row.By, At: at(row.At), Version: r.Ver}, err
}

// noDossier is that of an idea that nothing is kept about yet.
func noDossier(idea string) portal.Dossier { return portal.Dossier{IdeaID: idea, Version: 1} }

// Dossier implements portal.Store.
func (s *Store) Dossier(ctx context.Context, ideaID string) (portal.Dossier, error) {
	return getOr(ctx, s, dossierKey(ideaID), true, "dossier", noDossier(ideaID), DossierOf)
}

// PutDossier implements portal.Store.
func (s *Store) PutDossier(ctx context.Context, u portal.DossierUpdate) error {
	prev := u.Prev
	if prev == 1 { // see noDossier
		prev = 0
	}
	ops := []table.Op{versioned(dossierRecord(u.Dossier), prev)}
	switch {
	case u.Tags == nil:
	case u.Changed:
		ops = append(ops, tagsOp(*u.Tags))
	case u.Tags.Version > 0:
		ops = append(ops, table.Op{Mut: table.Check, Rec: table.Record{Key: tagsKey}, Cond: table.VerEq, N: u.Tags.Version})
	}
	return stale(s.Table.Write(ctx, append(ops, logOps(u.Log)...)...), "put dossier")
}

// versioned puts a record if the stored version is prev; 0 = there is none.
func versioned(r table.Record, prev int64) table.Op {
	if prev == 0 {
		return table.Op{Rec: r, Cond: table.NotExists}
	}
	return table.Op{Rec: r, Cond: table.VerEq, N: prev}
}

// Dossiers implements portal.Store.
func (s *Store) Dossiers(ctx context.Context, ids []string) (map[string]portal.Dossier, error) {
	keys := make([]table.Key, len(ids))
	for i, id := range ids {
		keys[i] = dossierKey(id)
	}
	out := map[string]portal.Dossier{}
	if len(keys) == 0 {
		return out, nil
	}
	recs, err := s.Table.BatchGet(ctx, keys, false)
	if err != nil {
		return nil, fmt.Errorf("get dossiers: %w", err)
	}
	for _, r := range recs {
		d, err := DossierOf(r)
		if err != nil {
			return nil, err
		}
		out[d.IdeaID] = d
	}
	return out, nil
}

// Desk implements portal.Store. Read backwards, the newest notes come first and the
// dossier last; where there are more notes it is read by itself.
func (s *Store) Desk(ctx context.Context, ideaID string, memos int) (portal.Dossier, []portal.Memo, error) {
	d, ms := noDossier(ideaID), []portal.Memo(nil)
	page, err := s.Table.Query(ctx, table.Query{PK: teamPK(ideaID), Prefix: dossierSK, Desc: true, Limit: memos + 1, Consistent: true})
	if err != nil {
		return d, nil, fmt.Errorf("query desk: %w", err)
	}
	found := false
	for _, r := range page.Recs {
		switch {
		case r.Kind == KindDossier:
			found = true
			if d, err = DossierOf(r); err != nil {
				return d, nil, err
			}
		case len(ms) < memos:
			m, err := MemoOf(r)
			if err != nil {
				return d, nil, err
			}
			ms = append(ms, m)
		}
	}
	if !found && page.Next != "" {
		d, err = s.Dossier(ctx, ideaID)
	}
	return d, ms, err
}

type memoRow struct {
	Body   string `json:"b"`
	By     string `json:"by"`
	At     int64  `json:"at"`
	Edited int64  `json:"ed,omitempty"`
}

func memoRecord(m portal.Memo) table.Record {
	return record(memoKey(m.IdeaID, m.ID), KindMemo, m.Version, memoRow{Body: m.Body, By: m.By, At: ms(m.CreatedAt), Edited: ms(m.EditedAt)})
}

// MemoOf reads a note among the team from its record.
func MemoOf(r table.Record) (portal.Memo, error) {
	row, err := unmarshal[memoRow](r)
	return portal.Memo{ID: strings.TrimPrefix(r.SK, memoPrefix), IdeaID: strings.TrimPrefix(r.PK, teamPrefix), Body: row.Body, By: row.By,
		CreatedAt: at(row.At), EditedAt: at(row.Edited), Version: r.Ver}, err
}

// Memo implements portal.Store.
func (s *Store) Memo(ctx context.Context, ideaID, id string) (portal.Memo, error) {
	r, err := s.Table.Get(ctx, memoKey(ideaID, id), true)
	if err != nil {
		return portal.Memo{}, or(err, errNoMemo, "get memo")
	}
	return MemoOf(r)
}

var errNoMemo = notFound("no_memo", "There is no such note.")

// PutMemo implements portal.Store.
func (s *Store) PutMemo(ctx context.Context, m portal.Memo, prev int64, log ...portal.LogEntry) error {
	return stale(s.Table.Write(ctx, append(logOps(log), versioned(memoRecord(m), prev))...), "put memo")
}

// DeleteMemo implements portal.Store: the text goes at once, and the row, expired, with
// the next sweep. What deletes in one write with a line of the log would need IAM to tell
// one key of a transaction from the other: see AuditLogPolicy in template.yaml.
func (s *Store) DeleteMemo(ctx context.Context, m portal.Memo, log ...portal.LogEntry) error {
	r := record(memoKey(m.IdeaID, m.ID), KindMemo, m.Version+1, memoRow{})
	r.TTL = s.Clock().Unix()
	return stale(s.Table.Write(ctx, append(logOps(log), versioned(r, m.Version))...), "delete memo")
}
