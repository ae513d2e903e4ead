package projection

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// Votes and comments by week, and what launched ideas come to, are not counted with
// each batch: the time of a vote is in the vote alone, so an idea's votes have to be
// read, all of them. Handle leaves a
// note that something happened to the idea, one write a batch whatever the batch
// holds of it, and [Consumer.Settle], which is called every few minutes, counts the
// ideas with a note, their buckets and the sum, as the census is counted.
//
// Why it ends exact. A note is written behind the change that it is about, and bears
// a new mark each time. Settle reads the note before it counts, and takes it away
// under that mark, behind the last of its writes: a change that it did not count has
// written another mark, or is going to. Who dies in between leaves the note.
//
// Counting an idea with a million votes reads 30,000 units; at six times an hour that
// is a hundredth of what the votes cost that make it worth counting.

// wait leaves a note about each idea.
func (c *Consumer) wait(ctx context.Context, ids []string) error {
	waits := make([]store.Wait, len(ids))
	for i, id := range ids {
		waits[i] = store.Wait{IdeaID: id, Mark: rand.Int64()}
	}
	return c.Store.PutWaits(ctx, waits)
}

// Settle counts votes and comments by week for the ideas with a note, looks at what is
// odd about their votes (see suspect.go), and returns their number. It is safe beside
// another one. An error leaves the notes that it is about for next time, and the others
// are settled; so does a time that is nearly up, which is no error: who calls has more
// to do.
//
// The notes of all lists are taken together, so that the sum has all that is new before
// votes are compared with it: on a small portal a part of it could say that everybody
// is new there.
func (c *Consumer) Settle(ctx context.Context) (settled int, err error) {
	var errs []error
	var waits []store.Wait
	for list := range store.WaitLists {
		some, err := c.Store.Waits(ctx, list)
		if err != nil {
			errs = append(errs, err)
		}
		waits = append(waits, some...)
	}
	for some := range slices.Chunk(waits, manyWaits) {
		if end, limited := ctx.Deadline(); limited && end.Sub(c.Clock()) < spareTime {
			break
		}
		if err := c.settle(ctx, some); err != nil {
			errs = append(errs, fmt.Errorf("settle: %w", err))
		} else {
			settled += len(some)
		}
	}
	return settled, errors.Join(errs...)
}

// manyWaits is after how many ideas the buckets and the sum are counted: a settling
// that dies repeats no more than these.
const manyWaits = 200

// spareTime is what Settle leaves of the context's time.
const spareTime = 2 * time.Minute

func (c *Consumer) settle(ctx context.Context, waits []store.Wait) error {
	buckets, lately := map[int]bool{}, map[string][]portal.Vote{}
	var mu sync.Mutex
	g, each := errgroup.WithContext(ctx)
	g.SetLimit(parallel)
	for _, w := range waits {
		buckets[store.BucketOf(w.IdeaID)] = true
		g.Go(func() error {
			var votes []portal.Vote
			err := c.sum(each, store.ActivityOn(w.IdeaID), c.onIdea(w.IdeaID, &votes))
			mu.Lock()
			defer mu.Unlock()
			lately[w.IdeaID] = votes
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	g, each = errgroup.WithContext(ctx)
	g.SetLimit(parallel)
	for b := range buckets {
		g.Go(func() error { return c.sum(each, store.ActivityOf(b), c.onBucket(b)) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if err := c.sum(ctx, store.ActivityOfAll, c.onAll); err != nil {
		return err
	}
	failed, oddErr := c.suspect(ctx, lately)
	waits = slices.DeleteFunc(slices.Clone(waits), func(w store.Wait) bool { return failed[w.IdeaID] })
	return errors.Join(oddErr, c.Store.DeleteWaits(ctx, waits))
}

type counting func(context.Context) (portal.Activity, error)

// sum writes an activity as it is counted.
func (c *Consumer) sum(ctx context.Context, sum store.Sum, count counting) error {
	return retry(ctx, func() (bool, error) {
		_, prev, err := c.Store.StoredActivity(ctx, sum)
		if err != nil {
			return false, err
		}
		a, err := count(ctx)
		if err != nil {
			return false, err
		}
		return won(c.Store.PutActivity(ctx, sum, a, prev))
	})
}

// onIdea counts the votes and comments on the idea, and what its launch comes to; of
// one that is hidden, or is none, nothing. Unless lately is nil, it gets the votes that
// are young enough to be looked at.
func (c *Consumer) onIdea(id string, lately *[]portal.Vote) counting {
	return func(ctx context.Context) (a portal.Activity, err error) {
		if lately != nil {
			*lately = nil
		}
		idea, err := c.Store.Idea(ctx, id, true)
		if portal.KindOf(err) == portal.NotFound || err == nil && idea.Hidden() {
			return a, nil
		}
		if err != nil {
			return a, err
		}
		now := c.Clock()
		for lane := range store.Lanes {
			err := c.laneVotes(ctx, id, lane, func(v portal.Vote) {
				a.AllVotes++
				a.Votes.Add(v.At, 1, now)
				if v.Fresh() {
					a.Fresh.Add(v.At, 1, now)
				}
				if lately != nil && c.lately(v) {
					*lately = append(*lately, v)
				}
			})
			if err != nil {
				return a, err
			}
		}
		if idea.Status == portal.Launched && listedIn(idea) {
			votes, err := c.wanted(ctx, idea, a.AllVotes)
			if err != nil {
				return a, err
			}
			a.Real.Add(idea, votes)
		}
		return a, c.Store.SpanComments(ctx, id, "", "", func(comment string, deleted bool) {
			if !deleted {
				a.AllComments++
				a.Comments.Add(portal.IDTime(comment), 1, now)
			}
		})
	}
}

// laneVotes calls f for each vote of a lane that counts.
func (c *Consumer) laneVotes(ctx context.Context, id string, lane int, f func(portal.Vote)) error {
	t := store.NewTally(id, lane, 1)
	uncounted, err := c.Store.Uncounted(ctx, t, -1)
	if err != nil {
		return err
	}
	return c.Store.CellVotes(ctx, id, t, -1, func(v portal.Vote) {
		if !uncounted[v.MemberID] {
			f(v)
		}
	})
}

// wanted is how many voted for the idea, which has own votes itself, or for a
// duplicate of it; who voted for several counts once.
func (c *Consumer) wanted(ctx context.Context, idea portal.Idea, own int) (int, error) {
	k := counter{store: c.Store, now: c.Clock, id: idea.ID}
	votes, err := k.base(ctx, idea)
	if err != nil || len(idea.MergedFrom) == 0 {
		return votes + own, err
	}
	for lane := range store.Lanes {
		t := store.NewTally(idea.ID, lane, 1)
		if err := k.cell(ctx, &t, -1, append([]string{idea.ID}, idea.MergedFrom...)); err != nil {
			return 0, err
		}
		votes += t.Votes()
	}
	return votes, nil
}

func (c *Consumer) onBucket(bucket int) counting {
	return func(ctx context.Context) (a portal.Activity, err error) {
		now := c.Clock()
		err = c.Store.BucketActivities(ctx, bucket, func(one portal.Activity) { a.Join(one, now) })
		return a, err
	}
}

func (c *Consumer) onAll(ctx context.Context) (a portal.Activity, err error) {
	now := c.Clock()
	err = c.Store.Activities(ctx, func(one portal.Activity) { a.Join(one, now) })
	return a, err
}
