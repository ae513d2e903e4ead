package store

import (
	"context"
	"errors"
	"sync"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// turnoutRows is how many votes, and how many follows, of a lane of an idea are read
// for a turnout: some 32,000 an idea. Looking at a merge of an idea with a million
// votes must not cost 20,000 units.
const turnoutRows = 2000

// Turnout implements portal.Store: a Query for each lane of each idea, of its votes and
// of its follows, all lanes at once; 0.02 units a vote, half as many as a strong read.
func (s *Store) Turnout(ctx context.Context, one, other []string) (t portal.Turnout, err error) {
	var mu sync.Mutex
	var errs []error
	var wg sync.WaitGroup
	for lane := range Lanes {
		for _, side := range []struct {
			read laneReader
			sum  *portal.Overlap
		}{{s.Voters, &t.Votes}, {s.Followers, &t.Follows}} {
			wg.Go(func() {
				o, err := overlap(ctx, side.read, lane, one, other)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					errs = append(errs, err)
				}
				side.sum.One += o.One
				side.sum.Other += o.Other
				side.sum.Both += o.Both
				side.sum.More = side.sum.More || o.More
			})
		}
	}
	wg.Wait()
	return t, errors.Join(errs...)
}

// overlap counts the members of one lane.
func overlap(ctx context.Context, read laneReader, lane int, one, other []string) (o portal.Overlap, err error) {
	var members [2]map[string]bool
	for i, ids := range [][]string{one, other} {
		members[i] = map[string]bool{}
		for _, id := range ids {
			more, err := laneMembers(ctx, read, id, lane, members[i])
			if err != nil {
				return o, err
			}
			o.More = o.More || more
		}
	}
	o.One, o.Other = len(members[0]), len(members[1])
	for m := range members[0] {
		if members[1][m] {
			o.Both++
		}
	}
	return o, nil
}

type laneReader func(ctx context.Context, ideaID string, lane int, after string, limit int) (members []string, last string, err error)

// laneMembers adds who is in the lane; more says that not all were read.
func laneMembers(ctx context.Context, read laneReader, ideaID string, lane int, into map[string]bool) (more bool, err error) {
	after := ""
	for n := 0; n < turnoutRows; n += table.MaxLimit {
		ids, last, err := read(ctx, ideaID, lane, after, table.MaxLimit)
		if err != nil {
			return false, err
		}
		for _, id := range ids {
			into[id] = true
		}
		if after = last; after == "" {
			return false, nil
		}
	}
	return true, nil
}
