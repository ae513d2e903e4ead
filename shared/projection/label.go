package projection

import (
	"context"
	"errors"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// relabelled are the ideas of a batch whose places in the team's lists may be other
// ones now: their dossier changed, or their status, or whether lists show them.
func relabelled(batch []table.Change) map[string]bool {
	ids := map[string]bool{}
	for _, ch := range batch {
		if ch.New == nil {
			continue
		}
		switch ch.Kind() {
		case store.KindDossier:
			if d, err := store.DossierOf(*ch.New); err == nil {
				ids[d.IdeaID] = true
			}
		case store.KindIdea:
			if i, err := store.IdeaOf(*ch.New); err == nil {
				ids[i.ID] = true
			}
		}
	}
	return ids
}

// retagged reports whether the batch has a change of the team's tags.
func retagged(batch []table.Change) bool {
	for _, ch := range batch {
		if ch.Kind() == store.KindTags && ch.New != nil {
			return true
		}
	}
	return false
}

// labels writes an idea's places in the team's lists as they follow from its dossier
// and from the idea; see counter for why that ends right: the sheet is the tally here.
// Most ideas have no dossier, and pay for one read: whoever writes the first one makes
// for a run that reads the idea after that.
//
// A dossier with a tag that was merged, or with an owner who has left, is mended first:
// it may have been written by somebody who did not know yet.
func (c *Consumer) labels(ctx context.Context, id string) error {
	if !portal.ValidTimedID(id) {
		return nil
	}
	if d, err := c.Store.Dossier(ctx, id); err != nil || d.Version == 1 {
		return err
	}
	return retry(ctx, func() (bool, error) {
		sheet, err := c.Store.Sheet(ctx, id)
		if err != nil {
			return false, err
		}
		d, err := c.mended(ctx, id)
		if portal.KindOf(err) == portal.Stale {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		idea, err := c.Store.Idea(ctx, id, true)
		if portal.KindOf(err) == portal.NotFound {
			return true, nil // to come: an import has its own order
		}
		if err != nil {
			return false, err
		}
		return won(c.Store.PutLabels(ctx, sheet, labelsOf(idea, d), idea.Status))
	})
}

// labelsOf are the places in the team's lists that an idea has by its dossier.
func labelsOf(i portal.Idea, d portal.Dossier) []portal.Label {
	if !listedIn(i) {
		return nil
	}
	return d.Labels()
}

// mended is an idea's dossier as it has to be by the tags and the members that there
// are; Stale if somebody else changed it meanwhile.
func (c *Consumer) mended(ctx context.Context, ideaID string) (portal.Dossier, error) {
	d, mended, changed, err := c.mend(ctx, ideaID)
	if err != nil || !changed {
		return d, err
	}
	mended.At = c.Clock()
	return mended, c.Store.PutDossier(ctx, portal.DossierUpdate{Dossier: mended, Prev: d.Version})
}

// mend reads an idea's dossier, and says what it has to be.
func (c *Consumer) mend(ctx context.Context, ideaID string) (d, mended portal.Dossier, changed bool, err error) {
	if d, err = c.Store.Dossier(ctx, ideaID); err != nil {
		return d, d, false, err
	}
	var tags portal.Tags
	if len(d.Tags) > 0 {
		if tags, err = c.Store.Tags(ctx); err != nil {
			return d, d, false, err
		}
	}
	gone := false
	if d.Owner != "" {
		m, err := c.Store.Member(ctx, d.Owner)
		if err != nil && portal.KindOf(err) != portal.NotFound {
			return d, d, false, err
		}
		gone = m.Deleted() // one who is not there is to come: see labels
	}
	mended, changed = d.Mend(tags, gone)
	return d, mended, changed, nil
}

// retag looks for ideas that have a tag that is gone. Whatever gets such a tag later is
// mended by labels, which reads the tags after that; what had it before is in the list
// of the tag. Only an index that is behind could hide it there: so each tag is looked
// for twice, and once more after each look that found something, by a new version of
// the tags, as in sweep.
func (c *Consumer) retag(ctx context.Context) error {
	tags, err := c.Store.Tags(ctx)
	if err != nil {
		return err
	}
	again := false
	for i, t := range tags.All {
		if t.Gone.IsZero() || t.Sweeps >= maxSweeps {
			continue
		}
		found, err := c.relabel(ctx, portal.Label{Tag: t.ID})
		if err != nil {
			return err
		}
		if found || t.Sweeps == 0 {
			tags.All[i].Sweeps++
			again = true
		}
	}
	if !again {
		return nil
	}
	if err := c.Store.PutTags(ctx, tags); portal.KindOf(err) != portal.Stale {
		return err
	}
	return nil // the newer version comes as a change of its own
}

// relabel runs labels for every idea in a list of the team's, and reports whether there
// was any.
func (c *Consumer) relabel(ctx context.Context, l portal.Label) (found bool, err error) {
	for cursor := ""; ; {
		ids, next, err := c.Store.Labelled(ctx, l, "", cursor, portal.MaxLimit)
		if err != nil {
			return found, err
		}
		for _, id := range ids {
			found = true
			if err := c.labels(ctx, id); err != nil {
				return found, err
			}
		}
		if cursor = next; cursor == "" {
			return found, nil
		}
	}
}

// disown takes a member who has left out of the dossiers, and forgets the lists that
// the member saved; found reports whether there was anything.
func (c *Consumer) disown(ctx context.Context, memberID string) (found bool, err error) {
	owned, err := c.relabel(ctx, portal.Label{Owner: memberID})
	saved, err2 := c.Store.DeleteFilters(ctx, memberID)
	return owned || saved, errors.Join(err, err2)
}
