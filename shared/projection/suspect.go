package projection

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// Odd votes are looked for where an idea's weeks are settled: there all its votes are
// read anyway, and an idea that got none is not looked at. So a vote costs nothing more
// than it did, and a look at an idea costs, beside what settling reads:
//
//   - nothing, unless six of its new members voted within an hour: a vote says itself
//     from which network it came and how old its member's account was;
//   - with six, what the newest sixty of them else voted for, 0.5 RRU each, and the
//     votes on at most three ideas that many of those share and that have no more than
//     5,000: 17 to 150 RRU each;
//   - of an idea with odd votes, its case, 1 RRU for 4 KB, and the sum of all ideas; and
//     1 WRU a KB, twice, where the case says more than before. Two hundred members are
//     16 KB.
//
// What is found is put down as a case for the team (portal.VoteCase), which only gains
// votes until it is decided. So it does not matter how often, in which order or
// beside whom this runs, and it needs no fence but the case's own version. The note
// that settles the idea goes away behind it.

// What a look may read.
const (
	mostNewcomers  = 60
	mostOwn        = 40
	mostCompanions = 3
	mostVotes      = 5000
)

// suspect looks at the votes that ideas got lately, and tells the team what is odd. It
// returns the ideas that could not be looked at.
func (c *Consumer) suspect(ctx context.Context, lately map[string][]portal.Vote) (failed map[string]bool, err error) {
	failed = map[string]bool{}
	var mu sync.Mutex
	var errs []error
	fail := func(id string, err error) {
		mu.Lock()
		defer mu.Unlock()
		failed[id] = true
		errs = append(errs, fmt.Errorf("look at votes on %s: %w", id, err))
	}
	all := maps.Clone(lately)
	var g errgroup.Group
	g.SetLimit(parallel)
	for id, votes := range lately {
		if newVoters := portal.NewVoters(votes, mostNewcomers); len(newVoters) > 0 {
			g.Go(func() error {
				found, err := c.companions(ctx, votes, newVoters, lately)
				if err != nil {
					fail(id, err)
				}
				mu.Lock()
				defer mu.Unlock()
				maps.Copy(all, found)
				return nil
			})
		}
	}
	_ = g.Wait() // its errors are in errs
	votes := slices.Concat(slices.Collect(maps.Values(all))...)
	odd := portal.Suspect(votes, portal.Influx{})
	if len(odd) > 0 { // what everybody does may explain it, and nothing else comes of it
		everywhere, _, err := c.Store.StoredActivity(ctx, store.ActivityOfAll)
		if err != nil {
			for id := range lately {
				failed[id] = true
			}
			return failed, err
		}
		odd = portal.Suspect(votes, everywhere.Lately(c.Clock()))
	}
	found := map[string][]portal.Suspicion{}
	for _, s := range odd {
		if _, asked := lately[s.IdeaID]; asked {
			found[s.IdeaID] = append(found[s.IdeaID], s)
		}
	}
	for id, some := range found {
		if err := c.flag(ctx, id, some); err != nil {
			fail(id, err)
		}
	}
	return failed, errors.Join(errs...)
}

// companions are the votes on other ideas that the new voters of an idea share.
func (c *Consumer) companions(ctx context.Context, votes []portal.Vote, newVoters []string, known map[string][]portal.Vote) (map[string][]portal.Vote, error) {
	own := map[string][]portal.Vote{}
	for _, m := range newVoters {
		vs, _, err := c.Store.VotesBy(ctx, m, "", mostOwn)
		if err != nil {
			return nil, err
		}
		own[m] = vs
	}
	found := map[string][]portal.Vote{}
	for _, id := range portal.Companions(votes, own, mostCompanions) {
		if _, there := known[id]; there {
			continue
		}
		if a, _, err := c.Store.StoredActivity(ctx, store.ActivityOn(id)); err != nil || a.AllVotes > mostVotes {
			return found, err
		}
		for lane := range store.Lanes {
			err := c.laneVotes(ctx, id, lane, func(v portal.Vote) {
				if c.lately(v) {
					found[id] = append(found[id], v)
				}
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// lately reports whether a vote is young enough to be looked at.
func (c *Consumer) lately(v portal.Vote) bool { return c.Clock().Sub(v.At) < portal.SuspectFor }

// flag tells the team what is odd, unless it knows: one write of the case and, when it
// opens, of a line of the log.
func (c *Consumer) flag(ctx context.Context, id string, found []portal.Suspicion) error {
	return retry(ctx, func() (bool, error) {
		was, err := c.Store.VoteCase(ctx, id, true)
		if err != nil {
			return false, err
		}
		now := c.Clock().UTC()
		next, news := was.Examine(found, now)
		if !news {
			return true, nil
		}
		deed := portal.Deed{Votes: &next}
		if !was.Open {
			entry := portal.LogEntry{What: portal.LogSuspect, Thing: portal.Thing{IdeaID: id}, Reasons: next.Why()}
			if entry.ID, err = (portal.IDs{Rand: rand.Reader}).At(now); err != nil {
				return false, err
			}
			deed.Log = []portal.LogEntry{entry}
		}
		err = c.Store.Moderate(ctx, deed)
		if portal.KindOf(err) == portal.Stale {
			return false, nil
		}
		return err == nil, err
	})
}
