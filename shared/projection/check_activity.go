package projection

import (
	"context"
	"fmt"

	"groundswell/shared/store"
)

// CountActivity counts the votes and comments by week of the ideas again, calls wrong
// for each idea that something else is stored of, and for each sum, with "" for the
// idea; with repair, it writes what it counted. An idea that Settle is still to count
// is not wrong.
func (c *Consumer) CountActivity(ctx context.Context, ids []string, repair bool, wrong func(ideaID, difference string)) error {
	waiting := map[string]bool{}
	for list := range store.WaitLists {
		waits, err := c.Store.Waits(ctx, list)
		if err != nil {
			return err
		}
		for _, w := range waits {
			waiting[w.IdeaID] = true
		}
	}
	check := func(id, name string, sum store.Sum, count counting) error {
		was, _, err := c.Store.StoredActivity(ctx, sum)
		if err != nil {
			return err
		}
		is, err := count(ctx)
		if err != nil || is.Equal(was, c.Clock()) {
			return err
		}
		wrong(id, fmt.Sprintf("%s: %d votes and %d comments, counted %d and %d", name, was.AllVotes, was.AllComments, is.AllVotes, is.AllComments))
		if !repair {
			return nil
		}
		return c.sum(ctx, sum, count)
	}
	for _, id := range ids {
		if waiting[id] {
			continue
		}
		if err := check(id, "activity", store.ActivityOn(id), c.onIdea(id, nil)); err != nil {
			return err
		}
	}
	for b := range store.Buckets {
		if err := check("", fmt.Sprintf("activity of bucket %02x", b), store.ActivityOf(b), c.onBucket(b)); err != nil {
			return err
		}
	}
	return check("", "activity", store.ActivityOfAll, c.onAll)
}
