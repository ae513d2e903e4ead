package projection

import (
	"context"

	"golang.org/x/sync/errgroup"

	"groundswell/shared/portal"
)

// recountVotesOf counts everything again that the member voted for, after the team
// took the member's votes out of the counts, or back in.
//
// Why it is exact. Every count reads the exclusions of its cell behind the version that
// it replaces, as it reads the votes (see counter). So a vote that is cast later is
// counted right by its own change, and for one that was cast earlier there is this
// look, through the index of the member's votes. An index that is behind could hide a
// vote whose own count came before the exclusion: therefore there is a second look, a
// new version of the exclusion, which comes back after the stream's delay.
func (c *Consumer) recountVotesOf(ctx context.Context, memberID string) error {
	if !portal.ValidMemberID(memberID) {
		return nil
	}
	for cursor := ""; ; {
		votes, next, err := c.Store.VotesBy(ctx, memberID, cursor, portal.MaxLimit)
		if err != nil {
			return err
		}
		g, each := errgroup.WithContext(ctx)
		g.SetLimit(parallel)
		ideas := make([]string, len(votes))
		for i, v := range votes {
			ideas[i] = v.IdeaID
			g.Go(func() error {
				return c.idea(each, v.IdeaID, &touched{members: []string{memberID}, cards: true})
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
		if err := c.wait(ctx, ideas); err != nil {
			return err
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	x, err := c.Store.Exclusion(ctx, memberID)
	if err != nil || x.Version == 0 || x.Sweeps > 0 {
		return err
	}
	x.Sweeps++
	x.Version++
	if err := c.Store.PutExclusion(ctx, x); portal.KindOf(err) != portal.Stale {
		return err
	}
	return nil // decided anew meanwhile, or another delivery has asked already
}
