package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"groundswell/shared/portal"
	"groundswell/shared/queue"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// Consumer turns changes of the table into jobs of the mail queue.
type Consumer struct {
	Ideas Ideas
	Queue queue.Queue
	Log   *slog.Logger
}

// Ideas is what Consumer reads; every portal.Store has it.
type Ideas = portal.IdeaReader

var _ table.Consumer = (&Consumer{}).Consume

// Consume is a table.Consumer. It looks at new history entries and new lines of the
// audit log alone: they are written once and tell everything that happened. A change that can't be dealt with
// does not keep the others of the batch from being dealt with, but the batch then
// comes again as a whole: jobs may be queued twice.
func (c *Consumer) Consume(ctx context.Context, batch []table.Change) error {
	var errs []error
	for _, ch := range batch {
		if ch.Old != nil || ch.New == nil {
			continue
		}
		if ch.New.Kind == store.KindLog {
			if err := c.decided(ctx, *ch.New); err != nil {
				errs = append(errs, fmt.Errorf("notify of %s: %w", ch.New.Key, err))
			}
			continue
		}
		if ch.New.Kind != store.KindHistory {
			continue
		}
		h, err := store.HistoryOf(*ch.New)
		if err != nil {
			// It would be no more readable the next time.
			c.Log.ErrorContext(ctx, "history_unreadable", "key", ch.New.Key.String(), "error", err)
			continue
		}
		if err := c.happened(ctx, h); err != nil {
			errs = append(errs, fmt.Errorf("notify of %s: %w", ch.New.Key, err))
		}
	}
	return errors.Join(errs...)
}

func (c *Consumer) happened(ctx context.Context, h portal.HistoryEntry) error {
	var bodies []string
	var err error
	if launch(h) {
		var to []string
		to, err = c.submitters(ctx, h)
		for _, id := range to {
			bodies = append(bodies, job{Kind: kindLaunched, Idea: h.IdeaID, Ver: h.Ver, To: id}.body())
		}
	}
	if h.Entered.By != "" && !h.Imported {
		bodies = append(bodies, job{Kind: kindEntered, Idea: h.IdeaID, Ver: h.Ver, To: h.By.ID}.body())
	}
	if h.Merged != "" && !h.Silent && !h.Imported {
		bodies, err = c.merged(ctx, h)
	}
	if h.Moves() && !h.Silent {
		bodies = append(bodies, job{Kind: kindFanOut, Idea: h.IdeaID, Ver: h.Ver}.body())
	}
	if len(bodies) > 0 {
		err = errors.Join(err, c.Queue.Send(ctx, bodies...))
	}
	return err
}

// launch reports whether h is the moment that an idea became real, and somebody
// has to hear of it.
func launch(h portal.HistoryEntry) bool { return h.Launch() && !h.Imported }

// submitters are the members who hear of the launch; see portal.Submitters.
func (c *Consumer) submitters(ctx context.Context, h portal.HistoryEntry) ([]string, error) {
	idea, err := c.Ideas.Idea(ctx, h.IdeaID, true)
	if portal.KindOf(err) == portal.NotFound {
		c.Log.WarnContext(ctx, "launched_idea_missing", "idea", h.IdeaID)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	owners, err := portal.Submitters(ctx, c.Ideas, idea, h)
	return portal.OwnersOnce(owners), err
}
