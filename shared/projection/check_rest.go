package projection

import (
	"context"
	"fmt"
	"slices"

	"groundswell/shared/portal"
	"groundswell/shared/search"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// What the operator's recount looks at beside what Count does: reconciliation leaves it
// alone, since none of it is a number that anybody sees.

// CheckRest says where an idea's dossier, its places in the team's lists, its postings
// and its duplicates are not what follows from it, in one line each; with repair, it
// puts that right. posted are the keys of the postings that it should have. NotFound if
// there is no idea.
func (c *Consumer) CheckRest(ctx context.Context, ideaID string, repair bool) (wrong []string, posted []search.Key, err error) {
	links, err := c.checkLinks(ctx, ideaID, repair)
	if err != nil {
		return nil, nil, err
	}
	labels, err := c.checkLabels(ctx, ideaID, repair)
	if err != nil {
		return nil, nil, err
	}
	words, posted, err := c.checkWords(ctx, ideaID, repair)
	return append(append(links, labels...), words...), posted, err
}

func (c *Consumer) checkLinks(ctx context.Context, id string, repair bool) ([]string, error) {
	i, err := c.Store.Idea(ctx, id, true)
	if err != nil || !freed(i) {
		return nil, err
	}
	if repair {
		err = c.release(ctx, id)
	}
	return []string{fmt.Sprintf("duplicates: %d of an idea that was removed", len(i.MergedFrom))}, err
}

func (c *Consumer) checkLabels(ctx context.Context, id string, repair bool) (wrong []string, err error) {
	err = retry(ctx, func() (bool, error) {
		wrong = nil
		idea, err := c.Store.Idea(ctx, id, true)
		if err != nil {
			return false, err
		}
		_, d, changed, err := c.mend(ctx, id)
		if err != nil {
			return false, err
		}
		sheet, diffs, err := c.Store.LabelDiffs(ctx, id, labelsOf(idea, d), idea.Status)
		if err != nil {
			return false, err
		}
		if changed {
			wrong = append(wrong, "dossier: has an owner or a tag that is gone")
		}
		if wrong = append(wrong, diffs...); len(wrong) == 0 || !repair {
			return true, nil
		}
		if _, err = c.mended(ctx, id); portal.KindOf(err) == portal.Stale {
			return false, nil
		} else if err != nil {
			return false, err
		}
		return won(c.Store.PutLabels(ctx, sheet, labelsOf(idea, d), idea.Status))
	})
	return wrong, err
}

func (c *Consumer) checkWords(ctx context.Context, id string, repair bool) (wrong []string, posted []search.Key, err error) {
	err = c.asWritten(ctx, id, func(idea portal.Idea, _ string, ps []search.Posting) error {
		posted = make([]search.Key, len(ps))
		for i, p := range ps {
			posted[i] = p.Key
		}
		n, err := c.Store.MendPostings(ctx, id, idea.Version, ps, repair)
		if n > 0 {
			wrong = []string{fmt.Sprintf("postings: %d of %d missing or wrong", n, len(ps))}
		}
		return err
	})
	return wrong, posted, err
}

// CheckPosting reports whether a stored posting, found by a scan, does not follow from
// its idea; with repair, it says there that it is gone.
func (c *Consumer) CheckPosting(ctx context.Context, r table.Record, repair bool) (wrong bool, err error) {
	k, ideaID, ok := store.IsPosting(r)
	if !ok {
		return false, nil
	}
	wrong, version, err := c.strange(ctx, k, ideaID)
	if err != nil || !wrong || !repair {
		return wrong, err
	}
	return true, c.Store.DropPosting(ctx, r, version)
}

// strange reports whether no posting under the key follows from the idea, as it is at
// the version. Of an idea that is not there nothing is said: an import has its own order.
func (c *Consumer) strange(ctx context.Context, k search.Key, ideaID string) (wrong bool, version int64, err error) {
	err = c.asWritten(ctx, ideaID, func(idea portal.Idea, _ string, ps []search.Posting) error {
		wrong, version = !slices.ContainsFunc(ps, func(p search.Posting) bool { return p.Key == k }), idea.Version
		return nil
	})
	return wrong, version, err
}
