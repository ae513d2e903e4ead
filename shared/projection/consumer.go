package projection

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// Consumer turns changes into counts, cards and postings. Log may be nil.
type Consumer struct {
	Store *store.Store
	Clock func() time.Time
	Log   *slog.Logger

	marks marks
}

// parallel is how many ideas of a batch are counted at once.
const parallel = 16

// signed is what a batch says of one member: that the name or the role changed, and
// what bears the name.
type signed struct {
	changed  bool
	comments map[table.Key]portal.Comment // the newest versions
	steps    []portal.HistoryEntry
	excluded bool // whether the member's votes count changed
	said     bool // something to the team, in a report or in an answer, or in a text that a case keeps
}

// touched is what a batch says of one idea.
type touched struct {
	members  []string // whose votes changed
	comments []string
	recount  bool      // which votes belong to it changed
	release  bool      // it is removed, and still has duplicates
	cards    bool      // what its cards show may have changed
	words    *reworded // nil if it is found by what it was found by
	weeks    bool      // what happened to it by week, or came of it, may have changed
}

// Handle works a batch off; it is a table.Consumer. All ideas of the batch are
// tried, and are done when it returns; an error means that at least one has to be
// delivered again. A record that can't be read is logged and passed over: it would
// be as unreadable the next time, and must not hold up the others.
func (c *Consumer) Handle(ctx context.Context, batch []table.Change) error {
	ideas, members, moved := c.sort(batch)
	buckets := map[int]bool{} // whose ideas' standings are written
	var mu sync.Mutex
	var errs []error
	var g errgroup.Group
	g.SetLimit(parallel)
	try := func(id string, f func() error) {
		g.Go(func() error {
			if err := f(); err != nil {
				mu.Lock()
				errs = append(errs, fmt.Errorf("project %s: %w", id, err))
				mu.Unlock()
			}
			return nil
		})
	}
	try("marks", func() error { return c.mark(ctx, slices.Collect(maps.Keys(ideas))) })
	for id, t := range ideas {
		try(id, func() error { return c.idea(ctx, id, t) })
	}
	var unsettled []string
	for id, t := range ideas {
		if t.weeks || len(t.members) > 0 || len(t.comments) > 0 {
			unsettled = append(unsettled, id)
		}
	}
	try("weeks", func() error { return c.wait(ctx, unsettled) })
	for id, s := range members {
		try(id, func() error { return c.member(ctx, id, s) })
		if s.excluded {
			try(id, func() error { return c.recountVotesOf(ctx, id) })
		}
	}
	for id := range relabelled(batch) {
		try(id, func() error { return c.labels(ctx, id) })
	}
	if retagged(batch) {
		try("tags", func() error { return c.retag(ctx) })
	}
	for id := range moved {
		try(id, func() error {
			err := c.standing(ctx, id)
			if err == nil {
				mu.Lock()
				defer mu.Unlock()
				buckets[store.BucketOf(id)] = true
			}
			return err
		})
	}
	_ = g.Wait() // its errors are in errs
	if err := c.census(ctx, buckets); err != nil {
		errs = append(errs, fmt.Errorf("project census: %w", err))
	}
	return errors.Join(errs...)
}

// sort says what the batch is about: ideas whose cards it changes, members who bear
// another name, and ideas that may stand elsewhere now.
func (c *Consumer) sort(batch []table.Change) (ideas map[string]*touched, members map[string]*signed, moved map[string]bool) {
	ideas, members, moved = map[string]*touched{}, map[string]*signed{}, map[string]bool{}
	of := func(id string) *touched {
		if ideas[id] == nil {
			ideas[id] = &touched{}
		}
		return ideas[id]
	}
	by := func(id string) *signed {
		if members[id] == nil {
			members[id] = &signed{comments: map[table.Key]portal.Comment{}}
		}
		return members[id]
	}
	for _, ch := range batch {
		rec := ch.New
		if rec == nil {
			rec = ch.Old
		}
		var err error
		switch ch.Kind() {
		case store.KindVote:
			var v portal.Vote
			if v, err = store.VoteOf(*rec); err == nil && portal.ValidMemberID(v.MemberID) {
				t := of(v.IdeaID)
				t.cards = true
				t.members = append(t.members, v.MemberID)
			}
		case store.KindComment:
			var k portal.Comment
			if k, err = store.CommentOf(*rec); err == nil {
				t := of(k.IdeaID)
				t.cards = true
				t.comments = append(t.comments, k.ID)
				if s := by(k.Author.ID); ch.New != nil && k.Version > s.comments[rec.Key].Version {
					s.comments[rec.Key] = k
				}
			}
		case store.KindHistory:
			var h portal.HistoryEntry
			if h, err = store.HistoryOf(*rec); err == nil && ch.New != nil {
				s := by(h.By.ID)
				s.steps = append(s.steps, h)
				if portal.ValidTimedID(h.IdeaID) {
					moved[h.IdeaID] = true
				}
			}
		case store.KindIdea:
			err = sortIdea(ch, of, moved)
		case store.KindBody:
			err = sortBody(ch, of)
		case store.KindReport:
			var p portal.Report
			if p, err = store.ReportOf(*rec); err == nil && p.Words != "" {
				by(p.MemberID).said = true
			}
		case store.KindCase:
			var k portal.Case
			if k, err = store.CaseOf(*rec); err == nil && (k.Answer != "" || k.Earlier) {
				by(k.AuthorID).said = true
			}
		case store.KindExclusion:
			var x portal.Exclusion
			if x, err = store.ExclusionOf(*rec); err == nil && ch.New != nil {
				by(x.MemberID).excluded = true
			}
		case store.KindMember:
			if ch.Old == nil || ch.New == nil {
				continue
			}
			var before, m portal.Member
			before, _ = store.MemberOf(*ch.Old)
			if m, err = store.MemberOf(*ch.New); err == nil && (m.Deleted() || before.Author() != m.Author()) {
				by(m.ID).changed = true
			}
		}
		if err != nil && c.Log != nil {
			c.Log.Error("projection_unreadable", "kind", ch.Kind(), "source", ch.Source, "seq", ch.Seq)
		}
	}
	return ideas, members, moved
}

func sortIdea(ch table.Change, of func(string) *touched, moved map[string]bool) error {
	var before, i portal.Idea
	var err error
	if ch.Old != nil {
		if before, err = store.IdeaOf(*ch.Old); err != nil {
			return err
		}
	}
	if ch.New == nil {
		return nil
	}
	if i, err = store.IdeaOf(*ch.New); err == nil {
		t := of(i.ID)
		t.cards = true
		t.words = rewords(t.words, before, i, ch.Old == nil)
		t.recount = t.recount || !slices.Equal(before.MergedFrom, i.MergedFrom)
		t.release = t.release || freed(i)
		t.weeks = t.weeks || ch.Old == nil || before.Hidden() != i.Hidden() || before.Status == portal.Launched || i.Status == portal.Launched
		if portal.ValidTimedID(i.ID) {
			moved[i.ID] = true
		}
	}
	return err
}

func sortBody(ch table.Change, of func(string) *touched) error {
	if ch.New == nil {
		return nil
	}
	id, _, err := store.BodyOf(*ch.New)
	if err != nil {
		return err
	}
	t := of(id)
	t.words, err = rebodied(t.words, ch)
	return err
}

func (c *Consumer) counter(id string) counter {
	return counter{store: c.Store, now: c.Clock, id: id, newest: new(time.Time)}
}

func (c *Consumer) idea(ctx context.Context, id string, t *touched) error {
	k := c.counter(id)
	if t.release {
		if err := c.release(ctx, id); err != nil {
			return err
		}
	}
	if len(t.members) > 0 || t.recount {
		if err := k.votes(ctx, t.members, t.recount); err != nil {
			return err
		}
		if err := c.original(ctx, id, t.members); err != nil {
			return err
		}
	}
	if len(t.comments) > 0 {
		if err := k.talk(ctx, t.comments, false); err != nil {
			return err
		}
	}
	if t.cards {
		if err := k.cards(ctx); err != nil {
			return err
		}
	}
	if t.words == nil {
		return nil
	}
	return c.index(ctx, id, *t.words)
}

// original counts a duplicate's votes where they belong too: a vote may have been
// on its way when the idea was merged.
func (c *Consumer) original(ctx context.Context, id string, members []string) error {
	idea, err := c.Store.Idea(ctx, id, true)
	if portal.KindOf(err) == portal.NotFound || (err == nil && (idea.MergedInto == "" || len(members) == 0)) {
		return nil
	}
	if err != nil {
		return err
	}
	k := c.counter(idea.MergedInto)
	if err := k.votes(ctx, members, false); err != nil {
		return err
	}
	if err := k.cards(ctx); err != nil {
		return err
	}
	return c.wait(ctx, []string{idea.MergedInto})
}

// Recount counts everything of an idea again from the votes and comments
// themselves: the operator's repair, by the same means and as safe beside the
// running consumer. The sums over all ideas are RecountCensus's.
func (c *Consumer) Recount(ctx context.Context, ideaID string) error {
	k := c.counter(ideaID)
	k.whole = true
	if err := k.votes(ctx, nil, true); err != nil {
		return err
	}
	if err := k.talk(ctx, nil, true); err != nil {
		return err
	}
	if err := c.standing(ctx, ideaID); err != nil {
		return err
	}
	return k.cards(ctx)
}

// Reacts reports whether Handle does anything about the change: what the event
// filter in template.yaml lets through.
func Reacts(c table.Change) bool {
	switch c.Kind() {
	case store.KindVote, store.KindComment, store.KindIdea, store.KindBody, store.KindHistory, store.KindMember, store.KindExclusion, store.KindReport, store.KindCase,
		store.KindDossier, store.KindTags:
		return true
	}
	return false
}
