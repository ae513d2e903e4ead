package store

import (
	"context"
	"fmt"
	"strings"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

type followRow struct {
	At        int64 `json:"at"`
	Following bool  `json:"f,omitempty"`
	Muted     bool  `json:"m,omitempty"`
}

func followRecord(f portal.Follow) table.Record {
	r := record(followKey(f.IdeaID, f.MemberID), KindFollow, f.Version, followRow{At: ms(f.At), Following: f.Following, Muted: f.Muted})
	own := ownFollows(f.MemberID)
	if f.Muted {
		own = ownMutes(f.MemberID)
	}
	r.Idx[ixOwn-1] = table.IndexKey{P: own, S: f.IdeaID}
	return r
}

// FollowOf reads a follow from its record.
func FollowOf(r table.Record) (portal.Follow, error) {
	row, err := unmarshal[followRow](r)
	idea, _, ok := strings.Cut(strings.TrimPrefix(r.PK, "F#"), "#")
	if err == nil && !ok {
		err = fmt.Errorf("read follow row: key %q", r.PK)
	}
	return portal.Follow{IdeaID: idea, MemberID: r.SK, At: at(row.At), Following: row.Following, Muted: row.Muted, Version: r.Ver}, err
}

// Follow implements portal.Store. The read is strong.
func (s *Store) Follow(ctx context.Context, ideaID, memberID string) (portal.Follow, error) {
	return getOr(ctx, s, followKey(ideaID, memberID), true, "follow", portal.Follow{IdeaID: ideaID, MemberID: memberID}, FollowOf)
}

// TiesTo implements portal.Store: the member's ties to several ideas, by idea: those that there are. One
// strong BatchGet of two records an idea.
func (s *Store) TiesTo(ctx context.Context, memberID string, ideaIDs []string) (map[string]portal.Ties, error) {
	keys := make([]table.Key, 0, 2*len(ideaIDs))
	for _, id := range ideaIDs {
		keys = append(keys, voteKey(id, memberID), followKey(id, memberID))
	}
	found, err := s.Table.BatchGet(ctx, keys, true)
	if err != nil {
		return nil, fmt.Errorf("get votes and follows: %w", err)
	}
	out := make(map[string]portal.Ties, len(found))
	for _, r := range found {
		if r.Kind == KindVote {
			v, err := VoteOf(r)
			if err != nil {
				return nil, err
			}
			t := out[v.IdeaID]
			t.Vote = v
			out[v.IdeaID] = t
			continue
		}
		f, err := FollowOf(r)
		if err != nil {
			return nil, err
		}
		t := out[f.IdeaID]
		t.Follow = f
		out[f.IdeaID] = t
	}
	return out, nil
}

// PutFollow implements portal.Store.
func (s *Store) PutFollow(ctx context.Context, f portal.Follow, prev int64) error {
	op := table.Op{Rec: followRecord(f), Cond: table.VerEq, N: prev}
	if prev == 0 {
		op.Cond = table.NotExists
	}
	return stale(s.Table.Write(ctx, op), "put follow")
}

// DeleteFollow implements portal.Store.
func (s *Store) DeleteFollow(ctx context.Context, f portal.Follow) error {
	return stale(s.Table.Write(ctx, table.Op{Mut: table.Delete, Rec: table.Record{Key: followKey(f.IdeaID, f.MemberID)},
		Cond: table.VerEq, N: f.Version}), "delete follow")
}

// FollowsBy implements portal.Store.
func (s *Store) FollowsBy(ctx context.Context, memberID, cursor string, limit int) ([]portal.Follow, string, error) {
	return s.follows(ctx, ownFollows(memberID), cursor, limit)
}

// MutesBy implements portal.Store.
func (s *Store) MutesBy(ctx context.Context, memberID, cursor string, limit int) ([]portal.Follow, string, error) {
	return s.follows(ctx, ownMutes(memberID), cursor, limit)
}

func (s *Store) follows(ctx context.Context, partition, cursor string, limit int) ([]portal.Follow, string, error) {
	recs, next, err := s.own(ctx, partition, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	fs, err := readAll(recs, FollowOf)
	return fs, next, err
}

// DeleteFollows removes what a member follows and muted, and reports whether there
// was anything. It is the projections', after an account was deleted.
func (s *Store) DeleteFollows(ctx context.Context, memberID string) (found bool, err error) {
	for _, own := range []string{ownFollows(memberID), ownMutes(memberID)} {
		var ops []table.Op
		if err := s.each(ctx, table.Query{Index: ixOwn, PK: own}, func(r table.Record) error {
			ops = append(ops, table.Op{Mut: table.Delete, Rec: table.Record{Key: r.Key}})
			return nil
		}); err != nil {
			return false, err
		}
		for _, err := range s.Table.WriteEach(ctx, ops...) {
			if err != nil {
				return false, fmt.Errorf("delete follows: %w", err)
			}
		}
		found = found || len(ops) > 0
	}
	return found, nil
}

// Followers are members of one lane who follow the idea and have not muted it, in
// the order of their ids, after the one named; the last one read, or "" at the
// lane's end. One Query; it may find fewer than limit, even none, before the end.
func (s *Store) Followers(ctx context.Context, ideaID string, lane int, after string, limit int) (members []string, last string, err error) {
	return s.lane(ctx, followPK(ideaID, lane), after, limit, func(r table.Record) (bool, error) {
		f, err := FollowOf(r)
		return f.Stands(), err
	})
}

// Voters are members of one lane who voted for the idea, in the same way.
func (s *Store) Voters(ctx context.Context, ideaID string, lane int, after string, limit int) (members []string, last string, err error) {
	return s.lane(ctx, votePK(ideaID, lane), after, limit, func(table.Record) (bool, error) { return true, nil })
}

func (s *Store) lane(ctx context.Context, pk, after string, limit int, takes func(table.Record) (bool, error)) (members []string, last string, err error) {
	q := table.Query{PK: pk, Limit: limit}
	if after != "" {
		q.From = after + "\x01"
	}
	page, err := s.Table.Query(ctx, q)
	for err == nil && len(page.Recs) == 0 && page.Next != "" {
		q.After = page.Next
		page, err = s.Table.Query(ctx, q)
	}
	if err != nil {
		return nil, "", fmt.Errorf("query %s: %w", pk, err)
	}
	for _, r := range page.Recs {
		switch ok, err := takes(r); {
		case err != nil:
			return nil, "", err
		case ok:
			members = append(members, r.SK)
		}
	}
	if page.Next != "" {
		last = page.Recs[len(page.Recs)-1].SK
	}
	return members, last, nil
}

// Members are those members that there are, by id: one BatchGet, a hundred ids at
// most. The reads are not strong: whoever acts on what they say looks again.
func (s *Store) Members(ctx context.Context, ids []string) (map[string]portal.Member, error) {
	keys := make([]table.Key, len(ids))
	for i, id := range ids {
		keys[i] = memberKey(id)
	}
	found, err := s.Table.BatchGet(ctx, keys, false)
	if err != nil {
		return nil, fmt.Errorf("get members: %w", err)
	}
	out := make(map[string]portal.Member, len(found))
	for _, r := range found {
		m, err := MemberOf(r)
		if err != nil {
			return nil, err
		}
		out[m.ID] = m
	}
	return out, nil
}
