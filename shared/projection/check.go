package projection

import (
	"context"
	"fmt"
	"slices"

	"groundswell/shared/portal"
)

// Counted is what the votes and comments of an idea come to.
type Counted struct {
	Card   portal.Card // that Recount would write
	Listed bool        // whether lists show it
	Wrong  []string    // stored tallies that say something else, a line each
}

// Count counts everything of an idea from the votes and comments themselves, as
// Recount does, but writes nothing. NotFound if there is no idea. While people
// vote, a tally that is seconds behind looks wrong.
func (c *Consumer) Count(ctx context.Context, ideaID string) (Counted, error) {
	k := counter{store: c.Store, now: c.Clock, id: ideaID}
	idea, err := c.Store.Idea(ctx, ideaID, true)
	if err != nil {
		return Counted{}, err
	}
	counts, err := c.Store.Counts(ctx, ideaID)
	if err != nil {
		return Counted{}, err
	}
	out := Counted{Listed: listedIn(idea)}
	sources := append([]string{ideaID}, idea.MergedFrom...)
	for i, was := range counts.Lanes {
		t, err := k.lane(ctx, was, sources, nil, true)
		if err != nil {
			return Counted{}, err
		}
		if t.Votes() != was.Votes() || t.Depth == was.Depth && !slices.Equal(t.Cells, was.Cells) {
			out.Wrong = append(out.Wrong, fmt.Sprintf("tally of lane %d: %d votes, counted %d", i, was.Votes(), t.Votes()))
		}
		counts.Lanes[i] = t
	}
	was := counts.Talk.Comments()
	if counts.Talk.Spans, err = k.span(ctx, "", ""); err != nil {
		return Counted{}, err
	}
	if n := counts.Talk.Comments(); n != was {
		out.Wrong = append(out.Wrong, fmt.Sprintf("tally of comments: %d, counted %d", was, n))
	}
	out.Card, err = k.cardFrom(ctx, idea, counts)
	return out, err
}
