package store

import (
	"context"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

type logRow struct {
	What    string   `json:"w"`
	By      string   `json:"by,omitempty"`
	Whose   string   `json:"a,omitempty"`
	Idea    string   `json:"i,omitempty"`
	Comment string   `json:"k,omitempty"`
	Reasons []string `json:"r,omitempty"`
	Note    string   `json:"n,omitempty"`
	From    string   `json:"f,omitempty"`
	To      string   `json:"t,omitempty"`
	Digest  string   `json:"d,omitempty"`
	Told    bool     `json:"m,omitempty"`
}

// logRecord has no version but its first: nothing replaces it.
func logRecord(e portal.LogEntry) table.Record {
	r := record(table.Key{PK: logPK, SK: e.ID}, KindLog, 1, logRow{What: e.What, By: e.By, Whose: e.Whose, Idea: e.Thing.IdeaID,
		Comment: e.Thing.CommentID, Reasons: e.Reasons, Note: e.Note, From: e.From, To: e.To, Digest: e.Digest, Told: e.Told})
	r.Idx[ixWhat-1] = table.IndexKey{P: logWhat(e.What), S: e.ID}
	if e.By != "" {
		r.Idx[ixBy-1] = table.IndexKey{P: logBy(e.By), S: e.ID}
	}
	if e.Whose != "" {
		r.Idx[ixWhose-1] = table.IndexKey{P: logWhose(e.Whose), S: e.ID}
	}
	return r
}

func logWhat(what string) string    { return logPK + "#w#" + what }
func logBy(member string) string    { return logPK + "#b#" + member }
func logWhose(member string) string { return logPK + "#m#" + member }

// logOps append lines to the audit log. There is no other write to it.
func logOps(es []portal.LogEntry) []table.Op {
	ops := make([]table.Op, len(es))
	for i, e := range es {
		ops[i] = table.Op{Rec: logRecord(e), Cond: table.NotExists}
	}
	return ops
}

// LogOf reads a line of the log from its record.
func LogOf(r table.Record) (portal.LogEntry, error) {
	row, err := unmarshal[logRow](r)
	return portal.LogEntry{ID: r.SK, What: row.What, By: row.By, Whose: row.Whose, Thing: portal.Thing{IdeaID: row.Idea, CommentID: row.Comment},
		Reasons: row.Reasons, Note: row.Note, From: row.From, To: row.To, Digest: row.Digest, Told: row.Told}, err
}

// LogEntry reads a line of the log.
func (s *Store) LogEntry(ctx context.Context, id string) (portal.LogEntry, error) {
	r, err := s.Table.Get(ctx, table.Key{PK: logPK, SK: id}, true)
	if err != nil {
		return portal.LogEntry{}, or(err, errNoEntry, "get log entry")
	}
	return LogOf(r)
}

var errNoEntry = notFound("no_entry", "There is no such line in the log.")

// Log implements portal.Store.
func (s *Store) Log(ctx context.Context, q portal.LogQuery) ([]portal.LogEntry, string, error) {
	tq := table.Query{PK: logPK, Desc: true}
	switch {
	case q.What != "":
		tq.Index, tq.PK = ixWhat, logWhat(q.What)
	case q.By != "":
		tq.Index, tq.PK = ixBy, logBy(q.By)
	case q.Whose != "":
		tq.Index, tq.PK = ixWhose, logWhose(q.Whose)
	}
	recs, next, err := s.page(ctx, tq.PK, tq, q.Cursor, q.Limit)
	if err != nil {
		return nil, "", err
	}
	es, err := readAll(recs, LogOf)
	return es, next, err
}
