package projection

import (
	"context"
	"slices"
	"sync"

	"groundswell/shared/store"
)

// maxMarks bounds what a process remembers of a day; past it, it forgets all and
// writes some marks again.
const maxMarks = 10_000

// marks are the ideas that this process has marked as active today, so that a
// popular one costs one write a day and process, and not one a batch.
type marks struct {
	mu   sync.Mutex
	day  string
	seen map[string]bool
}

// mark writes down which ideas the batch is about, for shared/reconcile. It stands
// beside the counting and not behind it: a batch that can't be counted, and is given
// up in the end, is what reconciliation is there for.
func (c *Consumer) mark(ctx context.Context, ids []string) error {
	day := store.Day(c.Clock())
	c.marks.mu.Lock()
	if c.marks.day != day || len(c.marks.seen) > maxMarks {
		c.marks.day, c.marks.seen = day, map[string]bool{}
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return c.marks.seen[id] })
	c.marks.mu.Unlock()
	if len(ids) == 0 {
		return nil
	}
	if err := c.Store.MarkActive(ctx, day, ids); err != nil {
		return err
	}
	c.marks.mu.Lock()
	defer c.marks.mu.Unlock()
	if c.marks.day == day {
		for _, id := range ids {
			c.marks.seen[id] = true
		}
	}
	return nil
}
