package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// ActiveDays is for how many days it is known which ideas were active: as long as
// reconciliation may be out of order without missing one.
const ActiveDays = 8

// Day is the day of t that MarkActive and Active go by.
func Day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// activeRow says when the mark was made. A row without a body would do, but for
// DynamoDB Local, whose stream can't tell an empty map from none.
type activeRow struct {
	At int64 `json:"at"`
}

// MarkActive writes down that something happened to the ideas on the day; again is
// as good as once.
func (s *Store) MarkActive(ctx context.Context, day string, ids []string) error {
	begun, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return fmt.Errorf("mark active ideas: %w", err)
	}
	ops := make([]table.Op, len(ids))
	for i, id := range ids {
		r := record(table.Key{PK: activePK(day), SK: id}, KindActive, 1, activeRow{ms(s.Clock())})
		r.TTL = begun.AddDate(0, 0, ActiveDays).Unix()
		ops[i] = table.Op{Rec: r, Cond: table.NotExists}
	}
	for _, err := range s.Table.WriteEach(ctx, ops...) {
		if _, there := table.FailedCond(err); err != nil && !there {
			return fmt.Errorf("mark active idea: %w", err)
		}
	}
	return nil
}

// Active are the ids of up to limit ideas that were active on the day, in order,
// from behind the id after; fewer than limit are the last.
func (s *Store) Active(ctx context.Context, day, after string, limit int) (ids []string, err error) {
	q := table.Query{PK: activePK(day), Limit: limit}
	if after != "" {
		q.From = after + "\x01"
	}
	err = s.each(ctx, q, func(r table.Record) error {
		if len(ids) < limit {
			ids = append(ids, r.SK)
		}
		return nil
	})
	return ids, err
}

// Rules numbers the rules by which records are in indexes and sums. It grows where
// those of older records are not by the rules any more, and a look at all records
// (admin recount) puts them right:
//
//	1  the team, and all members, are lists; ideas have labels of the team's
const Rules = 1

// Round is how far reconciliation has come: through the day up to the idea After.
type Round struct {
	Day     string // "" before the first
	After   string
	Done    bool // with the day
	Rules   int  // that all records are by; of a table from before they were numbered, 0
	Version int64
}

type roundRow struct {
	Day   string `json:"d"`
	After string `json:"a,omitempty"`
	Done  bool   `json:"z,omitempty"`
	Rules int    `json:"ru,omitempty"`
}

// Suspect is an idea whose counts were found wrong at Found, and by which marks that
// difference would be known again.
type Suspect struct {
	IdeaID  string
	Found   time.Time
	Marks   []string
	Version int64
}

type suspectRow struct {
	Found int64    `json:"t"`
	Marks []string `json:"m"`
}

func suspectOf(r table.Record) (Suspect, error) {
	row, err := unmarshal[suspectRow](r)
	return Suspect{IdeaID: strings.TrimPrefix(r.SK, suspectPrefix), Found: at(row.Found), Marks: row.Marks, Version: r.Ver}, err
}

// Reconciliation reads the round and all suspects, strongly, in one Query.
func (s *Store) Reconciliation(ctx context.Context) (round Round, suspects []Suspect, err error) {
	err = s.each(ctx, table.Query{PK: roundPK, Limit: table.MaxLimit, Consistent: true}, func(r table.Record) error {
		switch r.Kind {
		case KindRound:
			row, err := unmarshal[roundRow](r)
			round = Round{row.Day, row.After, row.Done, row.Rules, r.Ver}
			return err
		case KindSuspect:
			s, err := suspectOf(r)
			suspects = append(suspects, s)
			return err
		}
		return nil
	})
	return round, suspects, err
}

// PutRound stores how far the round has come, if its version is still r.Version;
// ErrLost if another run is at it. It returns the round with its new version.
func (s *Store) PutRound(ctx context.Context, r Round) (Round, error) {
	err := s.fenced(ctx, record(table.Key{PK: roundPK, SK: "0"}, KindRound, r.Version+1, roundRow{r.Day, r.After, r.Done, r.Rules}), r.Version)
	r.Version++
	return r, err
}

// PutRules notes that all records are by the current Rules.
func (s *Store) PutRules(ctx context.Context) error {
	for {
		r, _, err := s.Reconciliation(ctx)
		if err != nil || r.Rules == Rules {
			return err
		}
		r.Rules = Rules
		if _, err = s.PutRound(ctx, r); !errors.Is(err, ErrLost) {
			return err
		}
	}
}

// PutSuspect stores a suspect, whatever was known of the idea before.
func (s *Store) PutSuspect(ctx context.Context, x Suspect) error {
	r := record(suspectKey(x.IdeaID), KindSuspect, x.Version+1, suspectRow{ms(x.Found), x.Marks})
	r.TTL = x.Found.AddDate(0, 0, ActiveDays).Unix()
	return or(s.Table.Write(ctx, table.Op{Rec: r}), nil, "put suspect")
}

// DeleteSuspect forgets the suspect unless it was found anew meanwhile.
func (s *Store) DeleteSuspect(ctx context.Context, x Suspect) error {
	err := s.Table.Write(ctx, table.Op{Mut: table.Delete, Rec: table.Record{Key: suspectKey(x.IdeaID)}, Cond: table.VerEq, N: x.Version})
	if _, other := table.FailedCond(err); other {
		return nil
	}
	return or(err, nil, "delete suspect")
}

func suspectKey(ideaID string) table.Key { return table.Key{PK: roundPK, SK: suspectPrefix + ideaID} }

// CardsAt are the idea's differences from its cards as CardDiffs has them, with the
// fencing version that the cards had before: under another version, they are others.
func (s *Store) CardsAt(ctx context.Context, want portal.Card, listed bool) (diffs []string, version int64, err error) {
	if version, _, err = s.CardVersion(ctx, want.ID); err != nil {
		return nil, 0, err
	}
	diffs, err = s.CardDiffs(ctx, want, listed)
	return diffs, version, err
}
