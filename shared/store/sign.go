package store

import (
	"context"
	"fmt"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// Sign puts the member's current name under comments and, once the account is
// deleted, in the place of the name in steps; until then a step keeps the name of
// its time. It reports whether any of them had another name. A comment that changed
// meanwhile is left to its own change.
func (s *Store) Sign(ctx context.Context, m portal.Member, comments []portal.Comment, steps []portal.HistoryEntry) (changed bool, err error) {
	var ops []table.Op
	for _, c := range comments {
		by := m.Author()
		if c.Deleted {
			by.Name = ""
		}
		if c.Author != by {
			c.Author, c.Version = by, c.Version+1
			ops = append(ops, table.Op{Rec: commentRecord(c), Cond: table.VerEq, N: c.Version - 1})
		}
	}
	for _, h := range steps {
		if m.Deleted() && h.By.ID == m.ID && (h.By.Name != m.Name || h.Entered.Words != "") {
			h.By.Name, h.Entered.Words = m.Name, ""
			ops = append(ops, table.Op{Rec: historyRecord(h), Cond: table.VerEq, N: h.Ver})
		}
	}
	for _, err := range s.Table.WriteEach(ctx, ops...) {
		if _, lost := table.FailedCond(err); err != nil && !lost {
			return true, fmt.Errorf("sign with another name: %w", err)
		}
	}
	return len(ops) > 0, nil
}

// SignAll is Sign for all that the member wrote.
func (s *Store) SignAll(ctx context.Context, m portal.Member) (changed bool, err error) {
	lists := []string{ownComments(m.ID)}
	if m.Deleted() {
		lists = append(lists, ownIdeas(m.ID), ownSteps(m.ID))
	}
	for _, list := range lists {
		for cursor := ""; ; {
			recs, next, err := s.own(ctx, list, cursor, portal.MaxLimit)
			if err != nil {
				return changed, err
			}
			wrote, err := s.signRecords(ctx, m, recs)
			changed = changed || wrote
			if err != nil {
				return changed, err
			}
			if cursor = next; cursor == "" {
				break
			}
		}
	}
	return changed, nil
}

func (s *Store) signRecords(ctx context.Context, m portal.Member, recs []table.Record) (bool, error) {
	var comments []portal.Comment
	var steps []portal.HistoryEntry
	for _, r := range recs {
		if r.Kind == KindComment {
			c, err := CommentOf(r)
			if err != nil {
				return false, err
			}
			comments = append(comments, c)
			continue
		}
		h, err := HistoryOf(r)
		if err != nil {
			return false, err
		}
		steps = append(steps, h)
	}
	return s.Sign(ctx, m, comments, steps)
}
