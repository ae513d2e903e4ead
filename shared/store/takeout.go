package store

import (
	"context"
	"fmt"
	"strconv"
	"sync"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// What the team takes away is read partition by partition, each by Queries, in an order
// that says nothing but stays: what is there all the while is in one part, and once.

// AllIdeas implements portal.Store: every idea has a standing, in one of the buckets. A
// call reads 64 partitions at most, less than one unit each of a small portal.
func (s *Store) AllIdeas(ctx context.Context, after string, limit int) (ids []string, next string, err error) {
	from, first := standingPrefix, 0
	if after != "" {
		from, first = standingPrefix+after+"\x01", BucketOf(after)
	}
	for bucket := first; bucket < Buckets; bucket++ {
		q := table.Query{PK: bucketPK(bucket), From: from, To: behind(standingPrefix), Limit: table.MaxLimit}
		from = standingPrefix
		for {
			page, err := s.Table.Query(ctx, q)
			if err != nil {
				return nil, "", fmt.Errorf("query ideas: %w", err)
			}
			for _, r := range page.Recs {
				if len(ids) == limit {
					return ids, ids[limit-1], nil
				}
				ids = append(ids, r.SK[len(standingPrefix):])
			}
			if q.After = page.Next; q.After == "" {
				break
			}
		}
	}
	return ids, "", nil
}

// behind is the end of the keys that begin with the prefix.
func behind(prefix string) string {
	last := len(prefix) - 1
	return prefix[:last] + string(prefix[last]+1)
}

// VotesFor implements portal.Store.
func (s *Store) VotesFor(ctx context.Context, ideaID, cursor string, limit int) ([]portal.Vote, string, error) {
	return inLanes(ctx, s, votePK, ideaID, cursor, limit, VoteOf)
}

// FollowsOf implements portal.Store.
func (s *Store) FollowsOf(ctx context.Context, ideaID, cursor string, limit int) ([]portal.Follow, string, error) {
	return inLanes(ctx, s, followPK, ideaID, cursor, limit, FollowOf)
}

// fewInLane is how many records of each lane are read at once, in the hope that these
// are all: most ideas have few.
const fewInLane = 50

// inLanes is a page of what is spread over an idea's lanes, lane after lane. The first
// page of an idea that has little is all of it, from all lanes at once; it may be longer
// than the limit.
func inLanes[T any](ctx context.Context, s *Store, pk func(string, int) string, ideaID, cursor string, limit int,
	read func(table.Record) (T, error)) (out []T, next string, err error) {
	place, err := portal.OpenCursor(pk(ideaID, 0), cursor)
	if err != nil {
		return nil, "", err
	}
	lane, from := 0, ""
	if place == "" {
		recs, whole, err := s.allLanes(ctx, pk, ideaID)
		if err != nil {
			return nil, "", err
		}
		if whole {
			out, err = readAll(recs, read)
			return out, "", err
		}
	} else {
		n, err := strconv.ParseUint(place[:1], 16, 8)
		if err != nil {
			return nil, "", fmt.Errorf("read cursor: %w", err)
		}
		lane, from = int(n), place[1:]+"\x01"
	}
	for ; lane < Lanes; lane++ {
		q := table.Query{PK: pk(ideaID, lane), From: from}
		for from = ""; ; {
			q.Limit = min(limit-len(out), table.MaxLimit)
			page, err := s.Table.Query(ctx, q)
			if err != nil {
				return nil, "", fmt.Errorf("query %s: %w", q.PK, err)
			}
			some, err := readAll(page.Recs, read)
			if err != nil {
				return nil, "", err
			}
			if out = append(out, some...); len(out) == limit {
				return out, portal.SealCursor(pk(ideaID, 0), fmt.Sprintf("%x%s", lane, page.Recs[len(page.Recs)-1].SK)), nil
			}
			if q.After = page.Next; q.After == "" {
				break
			}
		}
	}
	return out, "", nil
}

// allLanes reads a little of each lane at once; whole reports whether that was all.
func (s *Store) allLanes(ctx context.Context, pk func(string, int) string, ideaID string) (recs []table.Record, whole bool, err error) {
	var pages [Lanes]table.Page
	var errs [Lanes]error
	var wg sync.WaitGroup
	for lane := range Lanes {
		wg.Go(func() {
			pages[lane], errs[lane] = s.Table.Query(ctx, table.Query{PK: pk(ideaID, lane), Limit: fewInLane})
		})
	}
	wg.Wait()
	for lane, page := range pages {
		switch {
		case errs[lane] != nil:
			return nil, false, fmt.Errorf("query %s: %w", pk(ideaID, lane), errs[lane])
		case page.Next != "":
			return nil, false, nil
		}
		recs = append(recs, page.Recs...)
	}
	return recs, true, nil
}

// Memos implements portal.Store.
func (s *Store) Memos(ctx context.Context, ideaID, cursor string, limit int) ([]portal.Memo, string, error) {
	recs, next, err := s.page(ctx, memoPrefix+ideaID, table.Query{PK: teamPK(ideaID), From: memoPrefix, To: behind(memoPrefix)}, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	ms, err := readAll(recs, MemoOf)
	return ms, next, err
}

// everybodyIn is the index partition of the members of a lane.
func everybodyIn(lane int) string { return fmt.Sprintf("U#all#%x", lane) }

// everybodyIndex lists the members, so that all of them can be read; not those who left.
func everybodyIndex(m portal.Member) table.IndexKey {
	if m.Deleted() || !portal.ValidMemberID(m.ID) {
		return table.IndexKey{}
	}
	return table.IndexKey{P: everybodyIn(laneOf(m.ID)), S: m.ID}
}

// AllMembers implements portal.Store: lane after lane of an index. Members from before
// there was that index are in it after the next change of theirs, or a recount.
func (s *Store) AllMembers(ctx context.Context, after string, limit int) (ms []portal.Member, next string, err error) {
	from, lane := "", 0
	if after != "" {
		from, lane = after+"\x01", laneOf(after)
	}
	for ; lane < Lanes; lane++ {
		q := table.Query{Index: ixOwn, PK: everybodyIn(lane), From: from, Limit: table.MaxLimit}
		from = ""
		for {
			page, err := s.Table.Query(ctx, q)
			if err != nil {
				return nil, "", fmt.Errorf("query members: %w", err)
			}
			for _, r := range page.Recs {
				if len(ms) == limit {
					return ms, ms[limit-1].ID, nil
				}
				m, err := MemberOf(r)
				if err != nil {
					return nil, "", err
				}
				ms = append(ms, m)
			}
			if q.After = page.Next; q.After == "" {
				break
			}
		}
	}
	return ms, "", nil
}

// Contributions implements portal.Store: three Queries for most members.
func (s *Store) Contributions(ctx context.Context, memberID string) (w portal.Contributions, err error) {
	for _, of := range []struct {
		partition string
		n         *int
	}{{ownIdeas(memberID), &w.Ideas}, {ownComments(memberID), &w.Comments}, {ownVotes(memberID), &w.Votes}} {
		err := s.each(ctx, table.Query{Index: ixOwn, PK: of.partition, Limit: table.MaxLimit}, func(table.Record) error {
			*of.n++
			return nil
		})
		if err != nil {
			return w, err
		}
	}
	return w, nil
}
