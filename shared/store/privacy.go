package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// DeleteMember implements portal.Store. Codes are found by an index: one that was
// asked for within the last second may be missed, and is gone within ten minutes.
// Sessions past what one write can hold are worth nothing, and DeleteSessions'.
func (s *Store) DeleteMember(ctx context.Context, was, left portal.Member) error {
	ops := []table.Op{{Rec: memberRecord(left), Cond: table.VerEq, N: was.Version}}
	remove := func(r table.Record) error {
		if len(ops) < table.MaxOps {
			ops = append(ops, table.Op{Mut: table.Delete, Rec: table.Record{Key: r.Key}})
		}
		return nil
	}
	if was.Email != "" {
		_ = remove(table.Record{Key: addressKey(was.Email)})
		_ = remove(table.Record{Key: suppressionKey(was.Email)})
		if err := s.each(ctx, table.Query{Index: ixOwn, PK: codesFor(was.Email)}, remove); err != nil {
			return err
		}
	}
	in, err := s.Intake(ctx, was.ID)
	if err != nil {
		return err
	}
	if in.Version > 0 {
		_ = remove(table.Record{Key: intakeKey(was.ID)})
	}
	if err := s.each(ctx, sessionsOf(was.ID), remove); err != nil {
		return err
	}
	if err := s.Table.Write(ctx, ops...); err != nil {
		return stale(err, "delete member")
	}
	return s.dropFiles(ctx, in.ID, "") // nobody finds it any more, and what is left goes within the day
}

func sessionsOf(memberID string) table.Query {
	return table.Query{PK: memberKey(memberID).PK, Prefix: sessionPrefix, Consistent: true}
}

// DeleteSessions ends all of a member's sessions, and reports whether there were
// any. It is the projections', after an account was deleted.
func (s *Store) DeleteSessions(ctx context.Context, memberID string) (found bool, err error) {
	var ops []table.Op
	err = s.each(ctx, sessionsOf(memberID), func(r table.Record) error {
		ops = append(ops, table.Op{Mut: table.Delete, Rec: table.Record{Key: r.Key}})
		return nil
	})
	if err != nil {
		return false, err
	}
	for _, err := range s.Table.WriteEach(ctx, ops...) {
		if err != nil {
			return false, fmt.Errorf("delete sessions: %w", err)
		}
	}
	return len(ops) > 0, nil
}

// EraseTexts takes away the words of all that a member wrote, and reports whether
// there were any. It is the projections', after somebody left with their words. What
// changes meanwhile is left to the next look.
func (s *Store) EraseTexts(ctx context.Context, memberID string, at time.Time) (found bool, err error) {
	for cursor := ""; ; {
		ids, next, err := s.IdeasBy(ctx, memberID, cursor, portal.MaxLimit)
		if err != nil {
			return found, err
		}
		for _, id := range ids {
			erased, err := s.eraseIdea(ctx, id, at)
			if err != nil {
				return found, err
			}
			found = found || erased
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	var ops []table.Op
	err = s.each(ctx, table.Query{Index: ixOwn, PK: ownComments(memberID)}, func(r table.Record) error {
		c, err := CommentOf(r)
		if err == nil {
			ops = append(ops, table.Op{Rec: commentRecord(c.Erased(at)), Cond: table.VerEq, N: c.Version})
		}
		return err
	})
	if err != nil {
		return found, err
	}
	for _, err := range s.Table.WriteEach(ctx, ops...) {
		if _, lost := table.FailedCond(err); err != nil && !lost {
			return true, fmt.Errorf("erase comments: %w", err)
		}
	}
	return found || len(ops) > 0, nil
}

func (s *Store) eraseIdea(ctx context.Context, id string, at time.Time) (bool, error) {
	i, err := s.Idea(ctx, id, true)
	if err != nil || i.Mod.State == portal.Removed {
		return false, err
	}
	err = s.UpdateIdea(ctx, portal.IdeaUpdate{Idea: i.Erased(at), Prev: i.Version, Body: new(string)})
	if portal.KindOf(err) == portal.Stale {
		err = nil
	}
	return true, err
}

// StepsBy implements portal.Store.
func (s *Store) StepsBy(ctx context.Context, memberID, cursor string, limit int) ([]portal.HistoryEntry, string, error) {
	recs, next, err := s.own(ctx, ownSteps(memberID), cursor, limit)
	if err != nil {
		return nil, "", err
	}
	hs, err := readAll(recs, HistoryOf)
	return hs, next, err
}

// MailsTo implements portal.Store.
func (s *Store) MailsTo(ctx context.Context, memberID, cursor string, limit int) ([]portal.MailLine, string, error) {
	recs, next, err := s.own(ctx, ownMails(memberID), cursor, limit)
	if err != nil {
		return nil, "", err
	}
	ms, err := readAll(recs, func(r table.Record) (portal.MailLine, error) {
		d, err := deliveryOf(r)
		return mailLine(d), err
	})
	return ms, next, err
}

func readAll[T any](recs []table.Record, read func(table.Record) (T, error)) ([]T, error) {
	out := make([]T, 0, len(recs))
	for _, r := range recs {
		v, err := read(r)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// textsAtOnce is how many ideas TextsOf reads at a time.
const textsAtOnce = 8

// TextsOf implements portal.Store.
func (s *Store) TextsOf(ctx context.Context, ids []string) ([]portal.IdeaText, error) {
	all, errs := make([]portal.IdeaText, len(ids)), make([]error, len(ids))
	var wg sync.WaitGroup
	free := make(chan struct{}, textsAtOnce)
	for i, id := range ids {
		free <- struct{}{}
		wg.Go(func() {
			defer func() { <-free }()
			all[i], errs[i] = s.textOf(ctx, id)
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	found := all[:0]
	for _, t := range all {
		if t.Idea.ID != "" {
			found = append(found, t)
		}
	}
	return found, nil
}

// textOf reads an idea's rows up to its cards.
func (s *Store) textOf(ctx context.Context, id string) (t portal.IdeaText, err error) {
	err = s.each(ctx, table.Query{PK: ideaPK(id), From: "0", To: cardPrefix}, func(r table.Record) (err error) {
		switch r.Kind {
		case KindBody:
			var row bodyRow
			row, err = unmarshal[bodyRow](r)
			t.Body = row.Body
		case KindIdea:
			t.Idea, err = IdeaOf(r)
		case KindHistory:
			var h portal.HistoryEntry
			h, err = HistoryOf(r)
			t.History = append(t.History, h)
		}
		return err
	})
	return t, err
}
