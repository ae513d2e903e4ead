package projection

import (
	"context"
	"fmt"
	"reflect"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// Counted is what the votes and comments of an idea come to.
type Counted struct {
	Card   portal.Card // that Recount would write
	Shown  portal.Card // that follows from the tallies as they are stored
	Listed bool        // whether lists show it
	Wrong  []Wrong     // stored tallies that say something else
}

// Wrong is a part of a tally that does not say what there is.
type Wrong struct {
	What string // for the operator, in one line
	// Mark tells this difference from any other, now or later: what is stored, what
	// was counted, and when the last of it came.
	Mark string
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
	if out.Shown, err = k.cardFrom(ctx, idea, counts); err != nil {
		return Counted{}, err
	}
	sources := append([]string{ideaID}, idea.MergedFrom...)
	for i, was := range counts.Lanes {
		t, err := k.lane(ctx, was, sources, nil, true)
		if err != nil {
			return Counted{}, err
		}
		out.Wrong = append(out.Wrong, laneDiffs(was, t)...)
		counts.Lanes[i] = t
	}
	wrong, err := k.talkDiffs(ctx, counts.Talk)
	if err != nil {
		return Counted{}, err
	}
	out.Wrong = append(out.Wrong, wrong...)
	if counts.Talk.Spans, err = k.span(ctx, "", ""); err != nil {
		return Counted{}, err
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
		what := fmt.Sprintf("standing: %+v, is %+v", was, s)
		out.Wrong = append(out.Wrong, Wrong{what, fmt.Sprintf("%s at version %d", what, ver)})
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

// laneDiffs compares cell by cell. A trend follows from the times of all votes of a
// cell, so a mark with it does not come back by chance. Cells of another depth
// can't be compared; a lane is counted at a new depth as a whole.
func laneDiffs(was, is store.Tally) (ds []Wrong) {
	if was.Depth != is.Depth {
		if was.Votes() == is.Votes() {
			return nil
		}
		what := fmt.Sprintf("tally of lane %d: %d votes, counted %d", is.Lane, was.Votes(), is.Votes())
		return []Wrong{{what, fmt.Sprintf("%s at depth %d, version %d", what, was.Depth, was.Version)}}
	}
	for i, a := range was.Cells {
		if b := is.Cells[i]; a != b {
			what := fmt.Sprintf("tally of lane %d, cell %d: %d votes, counted %d", is.Lane, i, a.N, b.N)
			if a.N == b.N {
				what = fmt.Sprintf("tally of lane %d, cell %d: trend %d, counted %d", is.Lane, i, a.Trend, b.Trend)
			}
			ds = append(ds, Wrong{what, fmt.Sprintf("%s, trends %d and %d", what, a.Trend, b.Trend)})
		}
	}
	return ds
}

// talkDiffs compares span by span. A span that got or lost a comment has another
// last comment, or had.
func (c counter) talkDiffs(ctx context.Context, t store.Talk) (ds []Wrong, err error) {
	live, last := make([]int, len(t.Spans)), make([]string, len(t.Spans))
	span, total := 0, 0
	err = c.store.SpanComments(ctx, c.id, "", "", func(id string, deleted bool) {
		for span+1 < len(t.Spans) && id >= t.Spans[span+1].From {
			span++
		}
		if last[span] = id; !deleted {
			live[span]++
			total++
		}
	})
	if err != nil {
		return nil, fmt.Errorf("count comments: %w", err)
	}
	for i, s := range t.Spans {
		if s.N != live[i] {
			ds = append(ds, Wrong{fmt.Sprintf("tally of comments: %d, counted %d", t.Comments(), total),
				fmt.Sprintf("comments from %s to %s: %d, counted %d", s.From, last[i], s.N, live[i])})
		}
	}
	return ds, nil
}
