package projection

import (
	"context"

	"groundswell/shared/portal"
)

// release takes the duplicates of an idea that was removed for good out of it: what
// others wrote and voted for is not to go with it, whether the team removed it or its
// author left with their words. Each becomes an idea of its own again, as if the team
// had undone the merge, in one write of both ends, its step and its line in the log,
// which say that nobody did it. Hidden ideas keep their duplicates: that can be undone.
//
// It ends right since the idea can't gather any more: each look takes one link away
// under the versions that it read, and begins anew where somebody was faster.
func (c *Consumer) release(ctx context.Context, id string) error {
	return retry(ctx, func() (bool, error) {
		gone, err := c.Store.Idea(ctx, id, true)
		if portal.KindOf(err) == portal.NotFound {
			return true, nil
		}
		if err != nil || gone.Mod.State != portal.Removed || len(gone.MergedFrom) == 0 {
			return err == nil, err
		}
		for _, from := range gone.MergedFrom {
			u, err := c.released(ctx, gone, from)
			if err == nil {
				err = c.Store.UpdateIdea(ctx, u)
			}
			if portal.KindOf(err) == portal.Stale {
				return false, nil
			}
			if err != nil {
				return false, err
			}
			gone = u.Other.Idea
		}
		return true, nil
	})
}

// released is what takes the duplicate out of the idea.
func (c *Consumer) released(ctx context.Context, gone portal.Idea, from string) (portal.IdeaUpdate, error) {
	dup, err := c.Store.Idea(ctx, from, true)
	if err != nil {
		return portal.IdeaUpdate{}, err
	}
	return portal.Released(dup, gone, c.Clock()), nil
}

// freed reports whether a change asks for release.
func freed(i portal.Idea) bool { return i.Mod.State == portal.Removed && len(i.MergedFrom) > 0 }
