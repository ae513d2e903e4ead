package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// Buckets is the number of partitions that what the statistics know of the ideas
// is spread over, by the random end of an idea's id: a change makes one of them be
// counted again. With 20,000 ideas that is some 300 small rows.
const Buckets = 64

// BucketOf is the bucket of an idea.
func BucketOf(ideaID string) int {
	const low = "0123456789abcdefghjkmnpqrstvwxyz"
	n := len(ideaID)
	return strings.IndexByte(low, ideaID[n-1]) | strings.IndexByte(low, ideaID[n-2])&1<<5
}

// standingRow has short names: each change of an idea reads a bucket of them.
type standingRow struct {
	Category string `json:"c"`
	Status   string `json:"s"`
	Listed   bool   `json:"l,omitempty"`
	Hidden   bool   `json:"h,omitempty"`
	Base     int    `json:"b,omitempty"`
	Arrived  []int  `json:"a,omitempty"`
}

func standingRecord(s portal.Standing, ver int64) table.Record {
	return record(standingKey(s.IdeaID), KindStanding, ver, standingRow{Category: s.Category, Status: string(s.Status), Listed: s.Listed,
		Hidden: s.Hidden, Base: s.BaseVotes, Arrived: s.Arrived})
}

func standingOf(r table.Record) (portal.Standing, error) {
	row, err := unmarshal[standingRow](r)
	id := strings.TrimPrefix(r.SK, standingPrefix)
	if err == nil && (!portal.ValidTimedID(id) || r.PK != bucketPK(BucketOf(id)) || len(row.Arrived) >= len(portal.Way)) {
		err = errors.New("read standing row: not in its idea's bucket, or too long a way")
	}
	return portal.Standing{IdeaID: id, Category: row.Category, Status: portal.Status(row.Status), Listed: row.Listed, Hidden: row.Hidden,
		BaseVotes: row.Base, Arrived: row.Arrived}, err
}

// Standing reads an idea's stored standing, strongly, and its version: 0 if there
// is none.
func (s *Store) Standing(ctx context.Context, ideaID string) (portal.Standing, int64, error) {
	r, err := s.Table.Get(ctx, standingKey(ideaID), true)
	if errors.Is(err, table.ErrNotFound) {
		return portal.Standing{}, 0, nil
	}
	if err != nil {
		return portal.Standing{}, 0, fmt.Errorf("get standing: %w", err)
	}
	st, err := standingOf(r)
	if err != nil {
		st = portal.Standing{} // wrong as any other that is not the idea's
	}
	return st, r.Ver, nil
}

// IdeaWay reads an idea and its history, strongly, in one Query; NotFound if there
// is no idea.
func (s *Store) IdeaWay(ctx context.Context, ideaID string) (portal.Idea, []portal.HistoryEntry, error) {
	var idea portal.Idea
	var history []portal.HistoryEntry
	q := table.Query{PK: ideaPK(ideaID), From: ideaKey(ideaID).SK, To: cardPrefix, Consistent: true}
	err := s.each(ctx, q, func(r table.Record) (err error) {
		switch r.Kind {
		case KindIdea:
			idea, err = IdeaOf(r)
		case KindHistory:
			var h portal.HistoryEntry
			h, err = HistoryOf(r)
			history = append(history, h)
		}
		return err
	})
	if err == nil && idea.ID == "" {
		err = errNoIdea
	}
	return idea, history, err
}

// PutStanding replaces an idea's standing if its version is still prev; else ErrLost.
func (s *Store) PutStanding(ctx context.Context, st portal.Standing, prev int64) error {
	return s.fenced(ctx, standingRecord(st, prev+1), prev)
}

// Standings calls f for the standing of every idea in the bucket, strongly.
func (s *Store) Standings(ctx context.Context, bucket int, f func(portal.Standing)) error {
	q := table.Query{PK: bucketPK(bucket), Prefix: standingPrefix, Limit: table.MaxLimit, Consistent: true}
	return s.each(ctx, q, func(r table.Record) error {
		st, err := standingOf(r)
		if err == nil {
			f(st)
		}
		return err
	})
}

type censusRow struct {
	Ideas   map[string][]int `json:"i"`
	Born    portal.Weeks     `json:"w"`
	Base    int              `json:"b"`
	Reached [5]int           `json:"r"`
	Took    [4]portal.Spread `json:"t"`
	Whole   portal.Spread    `json:"d"`
}

func censusRecord(k table.Key, c portal.Census, ver int64) table.Record {
	return record(k, KindCensus, ver, censusRow{c.Ideas, c.Born, c.BaseVotes, c.Reached, c.Took, c.Whole})
}

func censusOf(r table.Record) (portal.Census, error) {
	row, err := unmarshal[censusRow](r)
	return portal.Census{Ideas: row.Ideas, Born: row.Born, BaseVotes: row.Base, Reached: row.Reached, Took: row.Took, Whole: row.Whole}, err
}

// A Sum names one of the rows that the statistics add up in.
type Sum struct{ key table.Key }

// CensusOf is the census of one bucket's ideas, CensusOfAll of all ideas.
func CensusOf(bucket int) Sum { return Sum{table.Key{PK: tallies, SK: bucketSK(censusPrefix, bucket)}} }

// CensusOfAll is the sum that pages read.
var CensusOfAll = Sum{table.Key{PK: sums, SK: censusPrefix}}

// StoredCensus reads a census and its version, strongly; 0 if it is not counted yet.
func (s *Store) StoredCensus(ctx context.Context, sum Sum) (portal.Census, int64, error) {
	r, err := s.Table.Get(ctx, sum.key, true)
	if errors.Is(err, table.ErrNotFound) {
		return portal.Census{}, 0, nil
	}
	if err != nil {
		return portal.Census{}, 0, fmt.Errorf("get census: %w", err)
	}
	c, err := censusOf(r)
	if err != nil {
		c = portal.Census{}
	}
	return c, r.Ver, nil
}

// PutCensus replaces a census if its version is still prev; else ErrLost.
func (s *Store) PutCensus(ctx context.Context, sum Sum, c portal.Census, prev int64) error {
	return s.fenced(ctx, censusRecord(sum.key, c, prev+1), prev)
}

// BucketCensuses calls f for the census of every bucket, strongly: one Query.
func (s *Store) BucketCensuses(ctx context.Context, f func(portal.Census)) error {
	q := table.Query{PK: tallies, Prefix: censusPrefix, Limit: Buckets, Consistent: true}
	return s.each(ctx, q, func(r table.Record) error {
		c, err := censusOf(r)
		if err == nil {
			f(c)
		}
		return err
	})
}

// Census implements portal.Store.
func (s *Store) Census(ctx context.Context) (portal.Census, error) {
	return getOr(ctx, s, CensusOfAll.key, false, "census", portal.Census{}, censusOf)
}
