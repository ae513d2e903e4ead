package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

type voteRow struct {
	At     int64  `json:"at"`
	Crowd  string `json:"c,omitempty"`
	Joined int64  `json:"j,omitempty"`
}

func (r voteRow) vote(idea, member string) portal.Vote {
	return portal.Vote{IdeaID: idea, MemberID: member, At: at(r.At), Crowd: r.Crowd, Joined: at(r.Joined)}
}

func voteRecord(v portal.Vote) table.Record {
	r := record(voteKey(v.IdeaID, v.MemberID), KindVote, 1, voteRow{At: ms(v.At), Crowd: v.Crowd, Joined: ms(v.Joined)})
	r.Idx[ixOwn-1] = table.IndexKey{P: ownVotes(v.MemberID), S: v.IdeaID}
	return r
}

// VoteOf reads a vote from its record.
func VoteOf(r table.Record) (portal.Vote, error) {
	row, err := unmarshal[voteRow](r)
	idea, _, ok := strings.Cut(strings.TrimPrefix(r.PK, "V#"), "#")
	if err == nil && !ok {
		err = fmt.Errorf("read vote row: key %q", r.PK)
	}
	return row.vote(idea, r.SK), err
}

// PutVote implements portal.Store. A retried put that had been stored already
// reports false; that is as good: the vote stands.
func (s *Store) PutVote(ctx context.Context, v portal.Vote) (bool, error) {
	err := s.Table.Write(ctx, table.Op{Rec: voteRecord(v), Cond: table.NotExists})
	if _, stands := table.FailedCond(err); stands {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("put vote: %w", err)
	}
	return true, nil
}

// DeleteVote implements portal.Store.
func (s *Store) DeleteVote(ctx context.Context, v portal.Vote) (bool, error) {
	err := s.Table.Write(ctx, table.Op{Mut: table.Delete, Rec: table.Record{Key: voteKey(v.IdeaID, v.MemberID)}, Cond: table.Exists})
	if _, gone := table.FailedCond(err); gone {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("delete vote: %w", err)
	}
	return true, nil
}

// Vote implements portal.Store. The read is strong: a member sees the own vote at
// once.
func (s *Store) Vote(ctx context.Context, ideaID, memberID string) (portal.Vote, bool, error) {
	r, err := s.Table.Get(ctx, voteKey(ideaID, memberID), true)
	if errors.Is(err, table.ErrNotFound) {
		return portal.Vote{}, false, nil
	}
	if err != nil {
		return portal.Vote{}, false, fmt.Errorf("get vote: %w", err)
	}
	v, err := VoteOf(r)
	return v, err == nil, err
}

// fewVotes is how many votes of a member are read at once to mark a list: more,
// and looking the ideas up one by one is cheaper.
const fewVotes = 200

// VotesOn implements portal.Store: one Query of the member's votes, or for the few
// members with very many a BatchGet of those asked for.
func (s *Store) VotesOn(ctx context.Context, memberID string, ideaIDs []string) (map[string]portal.Vote, error) {
	found := make(map[string]portal.Vote, len(ideaIDs))
	page, err := s.Table.Query(ctx, table.Query{Index: ixOwn, PK: ownVotes(memberID), Desc: true, Limit: fewVotes})
	if err != nil {
		return nil, fmt.Errorf("query own votes: %w", err)
	}
	recs := page.Recs
	if page.Next != "" {
		keys := make([]table.Key, len(ideaIDs))
		for i, id := range ideaIDs {
			keys[i] = voteKey(id, memberID)
		}
		byKey, err := s.Table.BatchGet(ctx, keys, false)
		if err != nil {
			return nil, fmt.Errorf("get own votes: %w", err)
		}
		recs = recs[:0]
		for _, r := range byKey {
			recs = append(recs, r)
		}
	}
	for _, r := range recs {
		v, err := VoteOf(r)
		if err != nil {
			return nil, err
		}
		found[v.IdeaID] = v
	}
	return found, nil
}

// VotesBy implements portal.Store.
func (s *Store) VotesBy(ctx context.Context, memberID, cursor string, limit int) ([]portal.Vote, string, error) {
	recs, next, err := s.own(ctx, ownVotes(memberID), cursor, limit)
	votes := make([]portal.Vote, 0, len(recs))
	for _, r := range recs {
		v, err := VoteOf(r)
		if err != nil {
			return nil, "", err
		}
		votes = append(votes, v)
	}
	return votes, next, err
}
