package projection

import (
	"context"
	"errors"
	"slices"

	"groundswell/shared/portal"
	"groundswell/shared/search"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// reworded is what a batch says of the words of an idea: that they, or whether lists
// show it, changed, and what it could be found by before.
type reworded struct {
	was      []search.Key // of titles and texts that are no more
	shadowed bool         // another title: what stood in the list for the text may stand there for the title
	left     bool         // lists do not show it any more
}

// rewords adds what the change of an idea's own record says about its postings; nil
// if it says nothing.
//
// Why every list ends right. A posting's key follows from the title alone or from the
// text alone (search.Key), and its version is that of the idea it was made from, so
// what is written at one version is always the same, and an older run never
// overwrites a newer one. Take a posting that should not be there, made at some
// version. Between then and now the title or the text lost the word, or the title got
// it and took it from the text, or the idea left the lists; take the last change that
// did so. Its delivery makes a run that reads the idea at that version or a later
// one, has the key in gone, and, as it is the last, does not have it among those to
// write: so it puts the mark that the posting is gone, under a version that no run
// before that change can get past. A posting that should be there is written by the
// run for the last change that brought it. The mark outlives whatever could still
// write the posting, and goes by itself (store.PutPostings).
func rewords(old *reworded, before, i portal.Idea, born bool) *reworded {
	was := !born && listedIn(before)
	switch {
	case born, before.Title != i.Title, before.Category != i.Category, before.Status != i.Status, was != listedIn(i):
	default:
		return old // a merge's other end, a new time
	}
	if old == nil {
		old = &reworded{}
	}
	if !born && before.Title != i.Title {
		old.shadowed = true
		old.was = append(old.was, search.TitleKeys(before.Title)...)
	}
	old.left = old.left || was && !listedIn(i)
	return old
}

// rebodied is rewords for the change of an idea's text.
func rebodied(old *reworded, ch table.Change) (*reworded, error) {
	if old == nil {
		old = &reworded{}
	}
	if ch.Old != nil {
		_, body, err := store.BodyOf(*ch.Old)
		if err != nil {
			return nil, err
		}
		old.was = append(old.was, search.BodyKeys(body)...)
	}
	return old, nil
}

// tagsOf are what search can be narrowed to.
func tagsOf(i portal.Idea) []string {
	return []string{search.Tag(portal.TagCategory, i.Category), search.Tag(portal.TagStatus, string(i.Status))}
}

// asWritten calls do with what search knows of an idea as it stands, and the postings
// that follow; none for what is in no list. Of an idea that is not there nothing is done.
func (c *Consumer) asWritten(ctx context.Context, id string, do func(i portal.Idea, body string, ps []search.Posting) error) error {
	return retry(ctx, func() (bool, error) {
		idea, body, err := c.Store.SearchText(ctx, id)
		switch {
		case errors.Is(err, store.ErrLost):
			return false, nil
		case portal.KindOf(err) == portal.NotFound:
			return true, nil
		case err != nil:
			return false, err
		}
		var ps []search.Posting
		if listedIn(idea) {
			ps = search.Doc{Title: idea.Title, Body: body, Tags: tagsOf(idea)}.Postings()
		}
		return true, do(idea, body, ps)
	})
}

// index writes the idea's postings as they follow from what it says now.
func (c *Consumer) index(ctx context.Context, id string, r reworded) error {
	return c.asWritten(ctx, id, func(idea portal.Idea, body string, ps []search.Posting) error {
		gone := slices.Clone(r.was)
		if r.left {
			gone = append(gone, search.TitleKeys(idea.Title)...)
		}
		if r.left || r.shadowed {
			gone = append(gone, search.BodyKeys(body)...)
		}
		return c.Store.PutPostings(ctx, id, idea.Version, ps, without(gone, ps))
	})
}

// without is keys, each once, less those of the postings.
func without(keys []search.Key, ps []search.Posting) []search.Key {
	seen := make(map[search.Key]bool, len(keys)+len(ps))
	for _, p := range ps {
		seen[p.Key] = true
	}
	return slices.DeleteFunc(keys, func(k search.Key) bool {
		again := seen[k]
		seen[k] = true
		return again
	})
}

// Index writes all postings of an idea, for an operator: what was written by another
// generation of terms is replaced, what is right stays.
func (c *Consumer) Index(ctx context.Context, ideaID string) error {
	return c.index(ctx, ideaID, reworded{})
}

// Unindex looks whether a stored posting follows from its idea, and if not says that
// it is gone. It is the operator's, after terms have changed.
func (c *Consumer) Unindex(ctx context.Context, k search.Key, ideaID string) (wrong bool, err error) {
	wrong, version, err := c.strange(ctx, k, ideaID)
	if err != nil || !wrong {
		return wrong, err
	}
	return true, c.Store.PutPostings(ctx, ideaID, version, nil, []search.Key{k})
}
