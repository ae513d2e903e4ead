package reconcile

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// finding is one difference.
type finding struct{ where, mark string }

// look compares everything that is stored of an idea's counts with what it is of.
// An idea that there is none of has nothing wrong. A card is compared with the
// tallies as they are stored: a tally that is wrong says so itself.
func (r *Reconciler) look(ctx context.Context, id string) ([]finding, error) {
	each := r.Each
	if each == 0 {
		each = 2 * time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, each)
	defer cancel()
	counted, err := r.Projections.Count(ctx, id)
	if portal.KindOf(err) == portal.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var found []finding
	add := func(what, m string) {
		where, _, _ := strings.Cut(what, ":") // behind it may stand a title, or a name
		found = append(found, finding{where, mark(m)})
	}
	for _, w := range counted.Wrong {
		add(w.What, w.Mark)
	}
	cards, version, err := r.Store.CardsAt(ctx, counted.Shown, counted.Listed)
	if err != nil {
		return nil, err
	}
	for _, d := range cards {
		add(d, fmt.Sprintf("%d %s", version, d))
	}
	return found, nil
}

// mark is what is kept of a difference: not its text, which may hold a title.
func mark(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:8])
}

func marksOf(found []finding) []string {
	marks := make([]string, len(found))
	for i, f := range found {
		marks[i] = f.mark
	}
	return marks
}

// suspects looks at those again whose time has come. What is still wrong in the
// same way is wrong.
func (r *Reconciler) suspects(ctx context.Context, all []store.Suspect, rep *report) error {
	grace := r.Grace
	if grace == 0 {
		grace = DefaultGrace
	}
	for _, s := range all {
		if r.Clock().Sub(s.Found) < grace {
			continue
		}
		if !r.time(ctx) {
			return nil
		}
		found, err := r.look(ctx, s.IdeaID)
		if err == nil {
			err = r.judge(ctx, s, found, rep)
		}
		if err != nil {
			if err := r.skip(ctx, s.IdeaID, err); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Reconciler) judge(ctx context.Context, s store.Suspect, found []finding, rep *report) error {
	var wrong []string
	left := slices.DeleteFunc(slices.Clone(found), func(f finding) bool {
		same := slices.Contains(s.Marks, f.mark)
		if same {
			wrong = append(wrong, f.where)
		}
		return same
	})
	if len(wrong) > 0 {
		if err := r.Projections.Recount(ctx, s.IdeaID); err != nil {
			return err
		}
		rep.add(&rep.differences)
		r.Log.ErrorContext(ctx, eventDifference, "idea", s.IdeaID, "found", s.Found, "wrong", wrong)
		return r.Store.DeleteSuspect(ctx, s) // what else differed was counted again with it
	}
	if len(left) == 0 {
		return r.Store.DeleteSuspect(ctx, s) // it was on its way
	}
	return r.Store.PutSuspect(ctx, store.Suspect{IdeaID: s.IdeaID, Found: r.Clock(), Marks: marksOf(left), Version: s.Version})
}
