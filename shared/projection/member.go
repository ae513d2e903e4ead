package projection

import (
	"context"

	"golang.org/x/sync/errgroup"

	"groundswell/shared/portal"
)

// member puts the current name, of a member who has left none, on what the member
// wrote.
//
// Why no old name stays. Whatever bears a name is looked at twice: when it changes
// itself, whichever request wrote it and whatever name that request had read, and
// when the member changes. The first look comes after the write and reads the
// member strongly; what was written before that is in the index that the second
// look goes through. Only an index that is behind could hide it, and for a member
// who has left, sweep looks until there is nothing more to find. Every look writes
// under the version that it saw, and each write makes for a next look, so the last
// one saw the member as it is.
func (c *Consumer) member(ctx context.Context, id string, s *signed) error {
	if !portal.ValidMemberID(id) {
		return nil
	}
	m, err := c.Store.Member(ctx, id)
	if portal.KindOf(err) == portal.NotFound {
		return nil // an import has its own order
	}
	if err != nil {
		return err
	}
	comments := make([]portal.Comment, 0, len(s.comments))
	for _, k := range s.comments {
		comments = append(comments, k)
	}
	if _, err := c.Store.Sign(ctx, m, comments, s.steps); err != nil {
		return err
	}
	if s.said && m.Deleted() {
		if _, err := c.Store.ForgetWords(ctx, m.ID); err != nil {
			return err
		}
	}
	erased := false
	if m.Erase { // also what a request on its way has brought since
		if erased, err = c.Store.EraseTexts(ctx, m.ID, m.DeletedAt); err != nil {
			return err
		}
	}
	if !s.changed {
		return nil
	}
	if err := c.signCards(ctx, m.ID); err != nil {
		return err
	}
	changed, err := c.Store.SignAll(ctx, m)
	if err != nil || !m.Deleted() {
		return err
	}
	return c.sweep(ctx, m, changed || erased)
}

// signCards refreshes the cards of the member's ideas: each is made anew, with the
// name that its author has now.
func (c *Consumer) signCards(ctx context.Context, memberID string) error {
	for cursor := ""; ; {
		ids, next, err := c.Store.IdeasBy(ctx, memberID, cursor, portal.MaxLimit)
		if err != nil {
			return err
		}
		g, ctx := errgroup.WithContext(ctx)
		g.SetLimit(parallel)
		for _, id := range ids {
			k := c.counter(id)
			g.Go(func() error { return k.cards(ctx) })
		}
		if err := g.Wait(); err != nil {
			return err
		}
		if cursor = next; cursor == "" {
			return nil
		}
	}
}

// maxSweeps bounds the sweeps after one member: an index that takes so long to
// catch up is broken.
const maxSweeps = 20

// sweep ends what is left of a deleted account, and asks for another look: always
// for a second one, and for one more after each that found something. The request
// is a new version of the member, which comes back as a change after the stream's
// delay, time enough for an index to catch up.
func (c *Consumer) sweep(ctx context.Context, m portal.Member, changed bool) error {
	found, err := c.Store.DeleteSessions(ctx, m.ID)
	if err != nil {
		return err
	}
	follows, err := c.Store.DeleteFollows(ctx, m.ID)
	if err != nil {
		return err
	}
	words, err := c.Store.ForgetWords(ctx, m.ID)
	if err != nil {
		return err
	}
	owned, err := c.disown(ctx, m.ID)
	if found = found || follows || words || owned; err != nil || !found && !changed && m.Sweeps > 0 {
		return err
	}
	if m.Sweeps >= maxSweeps {
		if c.Log != nil {
			c.Log.ErrorContext(ctx, "projection_sweeps_without_end", "member", m.ID)
		}
		return nil
	}
	m.Sweeps++
	m.Version++
	if err := c.Store.UpdateMember(ctx, m, m.Version-1); portal.KindOf(err) != portal.Stale {
		return err
	}
	return nil // another delivery of the same change has asked already
}
