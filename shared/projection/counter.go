package projection

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// deepLane is the number of votes past which a lane's cells go one character
// deeper: 4,000 votes are some 130 a cell, read again for each new vote.
const deepLane = 4000

// Spans of a discussion are split where they grow past longSpan, into pieces of
// about shortSpan.
const (
	longSpan  = 32
	shortSpan = 16
)

// tries bounds how often a lost race is run again before the batch is handed back.
const tries = 25

// counter counts one idea again.
//
// Why it is exact. Let T be a tally with version v, and w the write of version v.
// Each put says "if the version is still v" of a version that was read before
// the counting began, and every count reads the votes strongly. So whatever is in
// a committed tally was counted after w was committed. Take the last change of a
// cell's votes, c. Its delivery makes some run count that cell after c; if that
// run's put wins, the tally holds c, and every later put was counted later still.
// If the put loses, the run starts again, behind the write that it lost to. If the
// run dies, c is delivered again. A put is never skipped because the number came
// out the same: the version it would have left behind is what stops an older count.
type counter struct {
	store *store.Store
	now   func() time.Time
	id    string

	newest *time.Time // of the votes that were counted; nil where no card is written
	whole  bool       // all votes were: newest stands without what the card said before
}

// votes counts the touched cells again: all cells of the members' lanes that hold
// the members' votes, or with all, every cell of every lane.
func (c counter) votes(ctx context.Context, members []string, all bool) error {
	pending := map[int]bool{}
	if all {
		for lane := range store.Lanes {
			pending[lane] = true
		}
	}
	for _, m := range members {
		pending[store.LaneOf(m)] = true
	}
	return retry(ctx, func() (bool, error) {
		counts, err := c.store.Counts(ctx, c.id)
		if err != nil {
			return false, err
		}
		idea, err := c.store.Idea(ctx, c.id, true)
		if portal.KindOf(err) == portal.NotFound {
			return true, nil // votes of nothing count for nothing
		}
		if err != nil {
			return false, err
		}
		sources := append([]string{c.id}, idea.MergedFrom...)
		for lane := range pending {
			t, err := c.lane(ctx, counts.Lanes[lane], sources, members, all)
			if err != nil {
				return false, err
			}
			switch err := c.store.PutTally(ctx, t); {
			case errors.Is(err, store.ErrLost):
			case err != nil:
				return false, err
			default:
				delete(pending, lane)
			}
		}
		return len(pending) == 0, nil
	})
}

// lane is the lane's tally with the touched cells counted again.
func (c counter) lane(ctx context.Context, t store.Tally, sources, members []string, all bool) (store.Tally, error) {
	t.Cells = slices.Clone(t.Cells)
	if !all {
		touched := map[int]bool{}
		for _, m := range members {
			if store.LaneOf(m) == t.Lane {
				touched[t.CellOf(m)] = true
			}
		}
		for cell := range touched {
			if err := c.cell(ctx, &t, cell, sources); err != nil {
				return t, err
			}
		}
		if t.Depth == store.MaxDepth || t.Votes() <= deepLane {
			return t, nil
		}
	}
	// Depth only grows: a lane that shrank keeps its small cells.
	depth := t.Depth
	if depth < store.MaxDepth && t.Votes() > deepLane {
		depth++
	}
	fresh := store.NewTally(c.id, t.Lane, depth)
	fresh.Version = t.Version
	err := c.cell(ctx, &fresh, -1, sources)
	return fresh, err
}

// cell counts one cell, or with -1 all of the lane's. A member who voted for the
// idea and for a duplicate of it counts once, with the later vote: all votes of a
// member are in the same lane and cell. So is the exclusion of a member whose votes
// don't count; it is read behind the version, as the votes are.
func (c counter) cell(ctx context.Context, t *store.Tally, cell int, sources []string) error {
	uncounted, err := c.store.Uncounted(ctx, *t, cell)
	if err != nil {
		return fmt.Errorf("count votes: %w", err)
	}
	last := map[string]int64{}
	for _, id := range sources {
		err := c.store.CellVotes(ctx, id, *t, cell, func(v portal.Vote) {
			if !uncounted[v.MemberID] {
				last[v.MemberID] = max(last[v.MemberID], v.At.UnixMilli())
			}
		})
		if err != nil {
			return fmt.Errorf("count votes: %w", err)
		}
	}
	members := make([]string, 0, len(last))
	for m, at := range last {
		if t := time.UnixMilli(at).UTC(); c.newest != nil && t.After(*c.newest) {
			*c.newest = t
		}
		members = append(members, m)
	}
	slices.Sort(members) // the same votes give the same sum, to the last bit
	sums := map[int]float64{}
	if cell >= 0 {
		t.Cells[cell] = store.Cell{}
	}
	for _, m := range members {
		i := t.CellOf(m)
		sum, seen := sums[i]
		if !seen {
			sum = nothing
		}
		sums[i] = logSum(sum, weight(time.UnixMilli(last[m])))
		t.Cells[i].N++
	}
	for i, sum := range sums {
		t.Cells[i].Trend = cellTrend(sum)
	}
	return nil
}

// talk counts the spans again that hold the comments, or with all, every span.
func (c counter) talk(ctx context.Context, comments []string, all bool) error {
	return retry(ctx, func() (bool, error) {
		counts, err := c.store.Counts(ctx, c.id)
		if err != nil {
			return false, err
		}
		t := counts.Talk
		var spans []store.Span
		for i, s := range t.Spans {
			to := ""
			if i+1 < len(t.Spans) {
				to = t.Spans[i+1].From
			}
			if !all && !slices.ContainsFunc(comments, func(id string) bool { return id >= s.From && (to == "" || id < to) }) {
				spans = append(spans, s)
				continue
			}
			again, err := c.span(ctx, s.From, to)
			if err != nil {
				return false, err
			}
			spans = append(spans, again...)
		}
		t.Spans = spans
		err = c.store.PutTalk(ctx, t)
		if errors.Is(err, store.ErrLost) {
			return false, nil
		}
		return err == nil, err
	})
}

// span counts one span, and splits it where it has grown long. Deleted comments
// keep their rows, so they count for the length and not for the number.
func (c counter) span(ctx context.Context, from, to string) ([]store.Span, error) {
	type comment struct {
		id   string
		live int
	}
	var cs []comment
	err := c.store.SpanComments(ctx, c.id, from, to, func(id string, deleted bool) {
		live := 1
		if deleted {
			live = 0
		}
		cs = append(cs, comment{id, live})
	})
	if err != nil {
		return nil, fmt.Errorf("count comments: %w", err)
	}
	piece := max(len(cs), 1)
	if len(cs) > longSpan {
		piece = shortSpan
	}
	spans := []store.Span{{From: from}}
	for i, k := range cs {
		if i > 0 && i%piece == 0 && len(cs)-i >= piece/2 {
			spans = append(spans, store.Span{From: k.id})
		}
		spans[len(spans)-1].N += k.live
	}
	return spans, nil
}

// cards writes the idea's cards from the tallies, in the same way: the version of
// the cards is read first, then what they show.
//
// They say up to which vote they count, so that somebody who voted just now is not
// shown a number without that vote. That is the newest vote that has been counted, and
// not the time of this writing: a comment, or another title, comes here too while a
// vote's change is still on its way, and counts none. A recount of all votes believes
// no card: what it finds is the newest, and a vote that the consumer counts meanwhile is
// at worst shown once too often to its own voter, for some seconds.
func (c counter) cards(ctx context.Context) error {
	return retry(ctx, func() (bool, error) {
		prev, asOf, err := c.store.CardVersion(ctx, c.id)
		if err != nil {
			return false, err
		}
		if c.newest != nil && (c.whole || c.newest.After(asOf)) {
			asOf = *c.newest
		}
		idea, err := c.store.Idea(ctx, c.id, true)
		if portal.KindOf(err) == portal.NotFound {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		card, err := c.card(ctx, idea)
		if err != nil {
			return false, err
		}
		card.AsOf = asOf
		err = c.store.PutCards(ctx, card, listedIn(idea), prev)
		if errors.Is(err, store.ErrLost) {
			return false, nil
		}
		return err == nil, err
	})
}

func (c counter) card(ctx context.Context, idea portal.Idea) (portal.Card, error) {
	counts, err := c.store.Counts(ctx, c.id)
	if err != nil {
		return portal.Card{}, err
	}
	return c.cardFrom(ctx, idea, counts)
}

func (c counter) cardFrom(ctx context.Context, idea portal.Idea, counts store.Counts) (portal.Card, error) {
	author := portal.Author{ID: idea.AuthorID}
	switch m, err := c.store.Member(ctx, idea.AuthorID); {
	case err == nil:
		author = m.Author()
	case portal.KindOf(err) != portal.NotFound:
		return portal.Card{}, err
	}
	base, err := c.base(ctx, idea)
	if err != nil {
		return portal.Card{}, err
	}
	votes := base
	for _, t := range counts.Lanes {
		votes += t.Votes()
	}
	// Rounding below a millionth keeps the text of the number short in the row.
	h := math.Round(trend(idea, base, counts.Lanes[:])*1e6) / 1e6
	return portal.Card{ID: idea.ID, Title: idea.Title, Excerpt: idea.Excerpt, Category: idea.Category, Status: idea.Status,
		Author: author, Votes: votes, Comments: counts.Talk.Comments(), Trend: h, CreatedAt: idea.CreatedAt, Published: idea.Published, UpdatedAt: idea.UpdatedAt,
		LaunchedAt: idea.LaunchedAt, Version: idea.Version, MergedInto: idea.MergedInto, MergedFrom: idea.MergedFrom, Hidden: idea.Hidden()}, nil
}

// base are the votes that the idea and its duplicates were imported with.
func (c counter) base(ctx context.Context, idea portal.Idea) (int, error) {
	base := idea.BaseVotes
	for _, id := range idea.MergedFrom {
		child, err := c.store.Idea(ctx, id, true)
		if err != nil {
			return 0, err
		}
		base += child.BaseVotes
	}
	return base, nil
}

// listedIn reports whether lists show the idea.
func listedIn(i portal.Idea) bool { return i.MergedInto == "" && !i.Hidden() }

var errContended = errors.New("projection: counted over and over by others; the batch comes again")

// retry runs f until it is done, with growing pauses: f says false where another
// count was faster.
func retry(ctx context.Context, f func() (done bool, err error)) error {
	pause := time.Millisecond
	for range tries {
		done, err := f()
		if done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(rand.N(pause)):
			pause = min(pause*2, 250*time.Millisecond)
		}
	}
	return errContended
}
