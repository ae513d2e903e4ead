package projection

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// The census counts the ideas by category, status and week, in three steps: an
// idea's own small row follows from the idea and its history, a bucket's census
// from the rows of its ideas, the sum from the censuses of the buckets. Each step
// is fenced as everything else here (see counter), and each reads strongly what
// the step before it has written, so an idea's last change is in the sum when the
// change has been worked off. A change costs its row and, once a batch, its bucket
// and the sum. Votes don't change the census and don't pay for it.

// standing writes what the census knows of the idea.
func (c *Consumer) standing(ctx context.Context, id string) error {
	return retry(ctx, func() (bool, error) {
		_, prev, err := c.Store.Standing(ctx, id)
		if err != nil {
			return false, err
		}
		idea, history, err := c.Store.IdeaWay(ctx, id)
		if portal.KindOf(err) == portal.NotFound {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		return won(c.Store.PutStanding(ctx, portal.StandingOf(idea, history), prev))
	})
}

// won says whether a fenced put is done, or has to be counted again.
func won(err error) (done bool, _ error) {
	if errors.Is(err, store.ErrLost) {
		return false, nil
	}
	return err == nil, err
}

// census counts the buckets again, then their sum.
func (c *Consumer) census(ctx context.Context, buckets map[int]bool) error {
	if len(buckets) == 0 {
		return nil
	}
	g, each := errgroup.WithContext(ctx)
	g.SetLimit(parallel)
	for b := range buckets {
		g.Go(func() error { return c.count(each, store.CensusOf(b), c.inBucket(b)) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return c.count(ctx, store.CensusOfAll, c.inAll)
}

// count writes a sum from what f finds.
func (c *Consumer) count(ctx context.Context, sum store.Sum, f func(context.Context) (portal.Census, error)) error {
	return retry(ctx, func() (bool, error) {
		_, prev, err := c.Store.StoredCensus(ctx, sum)
		if err != nil {
			return false, err
		}
		found, err := f(ctx)
		if err != nil {
			return false, err
		}
		return won(c.Store.PutCensus(ctx, sum, found, prev))
	})
}

func (c *Consumer) inBucket(bucket int) func(context.Context) (portal.Census, error) {
	return func(ctx context.Context) (sum portal.Census, err error) {
		now := c.Clock()
		err = c.Store.Standings(ctx, bucket, func(s portal.Standing) { sum.Add(s, now) })
		return sum, err
	}
}

func (c *Consumer) inAll(ctx context.Context) (sum portal.Census, err error) {
	now := c.Clock()
	err = c.Store.BucketCensuses(ctx, func(b portal.Census) { sum.Join(b, now) })
	return sum, err
}
