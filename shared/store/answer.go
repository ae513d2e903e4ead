package store

import (
	"context"
	"strings"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// The pinned answer is a neighbour of the idea, so that its page stays one Query. What
// is unpinned keeps its row, without content, and its version.
const answerSK = "1A"

func answerKey(idea string) table.Key { return table.Key{PK: ideaPK(idea), SK: answerSK} }

type answerRow struct {
	Comment string `json:"c,omitempty"`
	Body    string `json:"b,omitempty"`
	By      string `json:"by"`
	At      int64  `json:"at"`
}

func answerOf(r table.Record) (portal.Answer, error) {
	row, err := unmarshal[answerRow](r)
	return portal.Answer{IdeaID: strings.TrimPrefix(r.PK, "I#"), Comment: row.Comment, Body: row.Body, By: row.By, At: at(row.At), Version: r.Ver}, err
}

// Answer implements portal.Store.
func (s *Store) Answer(ctx context.Context, ideaID string) (portal.Answer, error) {
	return getOr(ctx, s, answerKey(ideaID), true, "answer", portal.Answer{IdeaID: ideaID}, answerOf)
}

// PutAnswer implements portal.Store.
func (s *Store) PutAnswer(ctx context.Context, a portal.Answer, prev int64, log ...portal.LogEntry) error {
	r := record(answerKey(a.IdeaID), KindAnswer, a.Version, answerRow{Comment: a.Comment, Body: a.Body, By: a.By, At: ms(a.At)})
	return stale(s.Table.Write(ctx, append(logOps(log), versioned(r, prev))...), "put answer")
}
