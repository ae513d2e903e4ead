package store

import (
	"context"
	"errors"
	"fmt"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

type activityRow struct {
	Votes       portal.Weeks `json:"v,omitempty"`
	Fresh       portal.Weeks `json:"f,omitempty"`
	Comments    portal.Weeks `json:"c,omitempty"`
	AllVotes    int          `json:"n,omitempty"`
	AllComments int          `json:"m,omitempty"`

	// Of launched ideas, by category and year: how many, their votes, their days.
	Real map[string]map[int]launchedCell `json:"r,omitempty"`
}

type launchedCell struct {
	Ideas int           `json:"n"`
	Votes int           `json:"v,omitempty"`
	Days  portal.Spread `json:"d,omitempty"`
}

func activityRecord(sum Sum, a portal.Activity, ver int64) table.Record {
	row := activityRow{Votes: a.Votes, Fresh: a.Fresh, Comments: a.Comments, AllVotes: a.AllVotes, AllComments: a.AllComments}
	for category, years := range a.Real {
		cells := make(map[int]launchedCell, len(years))
		for y, l := range years {
			cells[y] = launchedCell(l)
		}
		if row.Real == nil {
			row.Real = map[string]map[int]launchedCell{}
		}
		row.Real[category] = cells
	}
	return record(sum.key, KindActivity, ver, row)
}

func activityOf(r table.Record) (portal.Activity, error) {
	row, err := unmarshal[activityRow](r)
	a := portal.Activity{Votes: row.Votes, Fresh: row.Fresh, Comments: row.Comments, AllVotes: row.AllVotes, AllComments: row.AllComments}
	for category, cells := range row.Real {
		years := make(map[int]portal.LaunchedIdeas, len(cells))
		for y, l := range cells {
			years[y] = portal.LaunchedIdeas(l)
		}
		if a.Real == nil {
			a.Real = portal.Launches{}
		}
		a.Real[category] = years
	}
	return a, err
}

// ActivityOfAll is the activity of all ideas.
var ActivityOfAll = Sum{table.Key{PK: sums, SK: activityPrefix}}

// ActivityOf is the activity of one bucket's ideas, ActivityOn that of one idea.
func ActivityOf(bucket int) Sum {
	return Sum{table.Key{PK: tallies, SK: bucketSK(activityPrefix, bucket)}}
}

// ActivityOn is the activity on one idea.
func ActivityOn(ideaID string) Sum {
	return Sum{table.Key{PK: bucketPK(BucketOf(ideaID)), SK: activityPrefix + "#" + ideaID}}
}

// StoredActivity reads an activity and its version, strongly; 0 if it is not
// counted yet. One that can't be read is as wrong as any other.
func (s *Store) StoredActivity(ctx context.Context, sum Sum) (portal.Activity, int64, error) {
	r, err := s.Table.Get(ctx, sum.key, true)
	if errors.Is(err, table.ErrNotFound) {
		return portal.Activity{}, 0, nil
	}
	if err != nil {
		return portal.Activity{}, 0, fmt.Errorf("get activity: %w", err)
	}
	a, err := activityOf(r)
	if err != nil {
		a = portal.Activity{}
	}
	return a, r.Ver, nil
}

// PutActivity replaces an activity if its version is still prev; else ErrLost.
func (s *Store) PutActivity(ctx context.Context, sum Sum, a portal.Activity, prev int64) error {
	return s.fenced(ctx, activityRecord(sum, a, prev+1), prev)
}

// BucketActivities calls f for the activity on every idea of the bucket, strongly.
func (s *Store) BucketActivities(ctx context.Context, bucket int, f func(portal.Activity)) error {
	return s.activities(ctx, bucketPK(bucket), f)
}

// Activities calls f for the activity of every bucket, strongly.
func (s *Store) Activities(ctx context.Context, f func(portal.Activity)) error {
	return s.activities(ctx, tallies, f)
}

func (s *Store) activities(ctx context.Context, pk string, f func(portal.Activity)) error {
	q := table.Query{PK: pk, Prefix: activityPrefix, Limit: table.MaxLimit, Consistent: true}
	return s.each(ctx, q, func(r table.Record) error {
		a, err := activityOf(r)
		if err == nil {
			f(a)
		}
		return err
	})
}

// Wait says that something happened to an idea that its activity does not know yet.
// Mark tells one such note from another.
type Wait struct {
	IdeaID string
	Mark   int64
}

// WaitLists is the number of partitions that the notes are spread over.
const WaitLists = 8

func waitKey(id string) table.Key {
	return table.Key{PK: waitPK(BucketOf(id) % WaitLists), SK: id}
}

// PutWaits writes the notes, each in the place of one about the same idea.
func (s *Store) PutWaits(ctx context.Context, waits []Wait) error {
	ops := make([]table.Op, len(waits))
	for i, w := range waits {
		ops[i] = table.Op{Rec: record(waitKey(w.IdeaID), KindWait, w.Mark, struct{}{})}
	}
	return errors.Join(s.Table.WriteEach(ctx, ops...)...)
}

// Waits are up to table.MaxLimit notes of a list, from 0 to WaitLists-1.
func (s *Store) Waits(ctx context.Context, list int) ([]Wait, error) {
	page, err := s.Table.Query(ctx, table.Query{PK: waitPK(list), Limit: table.MaxLimit})
	if err != nil {
		return nil, fmt.Errorf("query waits: %w", err)
	}
	out := make([]Wait, len(page.Recs))
	for i, r := range page.Recs {
		out[i] = Wait{r.SK, r.Ver}
	}
	return out, nil
}

// DeleteWaits takes the notes away, but none that was written anew.
func (s *Store) DeleteWaits(ctx context.Context, waits []Wait) error {
	ops := make([]table.Op, len(waits))
	for i, w := range waits {
		ops[i] = table.Op{Mut: table.Delete, Rec: table.Record{Key: waitKey(w.IdeaID)}, Cond: table.VerEq, N: w.Mark}
	}
	var errs []error
	for _, err := range s.Table.WriteEach(ctx, ops...) {
		if _, other := table.FailedCond(err); err != nil && !other {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Activity implements portal.Store.
func (s *Store) Activity(ctx context.Context) (portal.Activity, error) {
	return getOr(ctx, s, ActivityOfAll.key, false, "activity", portal.Activity{}, activityOf)
}

// Charts implements portal.Store.
func (s *Store) Charts(ctx context.Context) (c portal.Charts, err error) {
	recs, err := s.Table.BatchGet(ctx, []table.Key{CensusOfAll.key, ActivityOfAll.key}, false)
	if err != nil {
		return c, fmt.Errorf("get sums: %w", err)
	}
	if r, ok := recs[CensusOfAll.key]; ok {
		if c.Census, err = censusOf(r); err != nil {
			return c, err
		}
	}
	if r, ok := recs[ActivityOfAll.key]; ok {
		c.Activity, err = activityOf(r)
	}
	return c, err
}

// checkWait also looks at the place.
func checkWait(r table.Record) error {
	if !portal.ValidTimedID(r.SK) || r.Key != waitKey(r.SK) {
		return errors.New("it is not in its idea's list")
	}
	return readAs[struct{}](r)
}

func waitPK(list int) string { return fmt.Sprintf("%s%d", waitPrefix, list) }
