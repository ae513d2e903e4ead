package transfer

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"groundswell/shared/portal"
	"groundswell/shared/projection"
	"groundswell/shared/search"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// Recounter compares derived numbers with what they are derived from, and repairs
// them.
type Recounter struct {
	Store       *store.Store
	Projections *projection.Consumer

	DryRun   bool                            // only compare
	Found    func(ideaID, difference string) // called for each difference, one at a time; ideaID is "" for a sum over ideas
	Progress func(Progress)

	mu     sync.Mutex
	posted []uint64 // hashes of the postings that the ideas of Run should have
}

// recounters is how many ideas are counted at once.
const recounters = 16

// Ideas are the ids of all ideas, by a look at every record there is.
func (rc *Recounter) Ideas(ctx context.Context, from table.Scanner) (ids []string, err error) {
	for after := ""; ; {
		page, err := from.Scan(ctx, after, table.MaxLimit)
		if err != nil {
			return nil, fmt.Errorf("look for ideas: %w", err)
		}
		for _, r := range page.Recs {
			if id, ok := store.IsIdea(r); ok {
				ids = append(ids, id)
			}
		}
		if after = page.Next; after == "" {
			return ids, nil
		}
	}
}

// Run counts the ideas, looks at what else follows from each, and returns how many had
// differences. On a portal in use a
// card that is seconds behind differs too: what a second run still finds is wrong.
func (rc *Recounter) Run(ctx context.Context, ids []string) (differing int, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(recounters)
	var mu sync.Mutex
	done := 0
	for _, id := range ids {
		g.Go(func() error {
			diffs, err := rc.one(ctx, id)
			if err != nil {
				return fmt.Errorf("recount %s: %w", id, err)
			}
			mu.Lock()
			defer mu.Unlock()
			if len(diffs) > 0 {
				differing++
			}
			if rc.Found != nil {
				for _, d := range diffs {
					rc.Found(id, d)
				}
			}
			if done++; rc.Progress != nil {
				rc.Progress(Progress{"recount", int64(done), int64(len(ids))})
			}
			return nil
		})
	}
	return differing, g.Wait()
}

func (rc *Recounter) one(ctx context.Context, id string) ([]string, error) {
	counted, err := rc.Projections.Count(ctx, id)
	if portal.KindOf(err) == portal.NotFound {
		return nil, errors.New("there is no such idea")
	}
	if err != nil {
		return nil, err
	}
	cards, err := rc.Store.CardDiffs(ctx, counted.Card, counted.Listed)
	if err != nil {
		return nil, err
	}
	diffs := make([]string, 0, len(counted.Wrong)+len(cards))
	for _, w := range counted.Wrong {
		diffs = append(diffs, w.What)
	}
	diffs = append(diffs, cards...)
	if !rc.DryRun && len(diffs) > 0 { // what is right need not be paid for
		if err := rc.Projections.Recount(ctx, id); err != nil {
			return nil, err
		}
	}
	rest, posted, err := rc.Projections.CheckRest(ctx, id, !rc.DryRun)
	rc.mu.Lock()
	defer rc.mu.Unlock()
	for _, k := range posted {
		rc.posted = append(rc.posted, postingSum(k, id))
	}
	return append(diffs, rest...), err
}

// postingSum tells postings apart in eight bytes: there may be sixty an idea.
func postingSum(k search.Key, ideaID string) uint64 {
	h := fnv.New64a()
	io.WriteString(h, k.Term)
	h.Write([]byte{0, k.Level})
	io.WriteString(h, ideaID)
	return h.Sum64()
}

// Strays looks at every record for what no idea leads to, and returns how much was
// wrong: postings of words that an idea does not have, and members who are missing in
// lists of members. Run over all ideas comes first: a posting that it has seen to needs
// no second look.
func (rc *Recounter) Strays(ctx context.Context, from table.Scanner) (differing int, err error) {
	found := func(id, d string) {
		if differing++; rc.Found != nil {
			rc.Found(id, d)
		}
	}
	slices.Sort(rc.posted)
	n := 0
	for after := ""; ; {
		page, err := from.Scan(ctx, after, table.MaxLimit)
		if err != nil {
			return differing, fmt.Errorf("look for strays: %w", err)
		}
		for _, r := range page.Recs {
			n++
			switch r.Kind {
			case store.KindPosting:
				k, id, ok := store.IsPosting(r)
				if !ok {
					continue
				}
				if _, known := slices.BinarySearch(rc.posted, postingSum(k, id)); known {
					continue
				}
				wrong, err := rc.Projections.CheckPosting(ctx, r, !rc.DryRun)
				if err != nil {
					return differing, err
				}
				if wrong {
					found(id, fmt.Sprintf("posting of %q: does not follow from the idea", k.Term))
				}
			case store.KindMember:
				wrong, err := rc.Store.MendMember(ctx, r, !rc.DryRun)
				if err != nil {
					return differing, err
				}
				if wrong {
					found("", "member: not in the lists of members, or in others")
				}
			}
		}
		if rc.Progress != nil {
			rc.Progress(Progress{"recount", int64(n), -1})
		}
		if after = page.Next; after == "" {
			return differing, nil
		}
	}
}

// Sums counts again what all ideas come to, and what happened to those by week, and
// returns how much of it differed. The sums follow from what Run repairs, so Run
// comes first.
func (rc *Recounter) Sums(ctx context.Context, ids []string) (differing int, err error) {
	found := func(id, d string) {
		if differing++; rc.Found != nil {
			rc.Found(id, d)
		}
	}
	if !rc.DryRun {
		if _, err := rc.Projections.Settle(ctx); err != nil {
			return 0, fmt.Errorf("recount sums: %w", err)
		}
	}
	err = rc.Projections.CountCensus(ctx, !rc.DryRun, func(d string) { found("", d) })
	if err == nil {
		err = rc.Projections.CountActivity(ctx, ids, !rc.DryRun, found)
	}
	if err != nil {
		return differing, fmt.Errorf("recount sums: %w", err)
	}
	return differing, nil
}
