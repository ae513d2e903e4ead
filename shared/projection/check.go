package projection

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"groundswell/shared/portal"
	"groundswell/shared/store"
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
	if err := c.checkStanding(ctx, ideaID, &out); err != nil {
		return Counted{}, err
	}
	out.Card, err = k.cardFrom(ctx, idea, counts)
	return out, err
}

func (c *Consumer) checkStanding(ctx context.Context, id string, out *Counted) error {
	was, ver, err := c.Store.Standing(ctx, id)
	if err != nil {
		return err
	}
	idea, history, err := c.Store.IdeaWay(ctx, id)
	if err != nil {
		return err
	}
	if s := portal.StandingOf(idea, history); ver == 0 || !reflect.DeepEqual(was, s) {
		out.Wrong = append(out.Wrong, fmt.Sprintf("standing: %+v, is %+v", was, s))
	}
	return nil
}

// CountCensus counts the ideas by category, status and week again from what is
// known of each, and calls wrong for each sum that says something else; with
// repair, it writes what it counted. The ideas themselves are Count's and Recount's,
// and come first.
func (c *Consumer) CountCensus(ctx context.Context, repair bool, wrong func(difference string)) error {
	check := func(name string, sum store.Sum, count func(context.Context) (portal.Census, error)) error {
		was, _, err := c.Store.StoredCensus(ctx, sum)
		if err != nil {
			return err
		}
		is, err := count(ctx)
		if err != nil || is.Equal(was, c.Clock()) {
			return err
		}
		wrong(fmt.Sprintf("%s: %d ideas, counted %d", name, was.Count("", ""), is.Count("", "")))
		if !repair {
			return nil
		}
		return c.count(ctx, sum, count)
	}
	for b := range store.Buckets {
		if err := check(fmt.Sprintf("census of bucket %02x", b), store.CensusOf(b), c.inBucket(b)); err != nil {
			return err
		}
	}
	return check("census", store.CensusOfAll, c.inAll)
}
