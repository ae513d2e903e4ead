package transfer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// Importer brings data into a portal. All but DryRun, Rejected and Progress has to
// be set.
type Importer struct {
	Store      *store.Store
	Categories portal.Categories
	Clock      func() time.Time

	DryRun   bool           // look, count and report, but write nothing
	Rejected func(Reject)   // called for each thing that is wrong
	Progress func(Progress) // called now and then
}

func (im *Importer) rejected(r ...Reject) {
	for _, r := range r {
		if im.Rejected != nil {
			im.Rejected(r)
		}
	}
}

func (im *Importer) progress(stage string, done, total int64) {
	if im.Progress != nil {
		im.Progress(Progress{stage, min(done, total), total})
	}
}

// CSV is another system's export.
type CSV struct {
	Preset   Preset
	Source   string // names the other system for ever: ids follow from it
	Ideas    File
	Comments File           // Reader nil = none
	Zone     *time.Location // of times without one; nil = UTC
	Created  time.Time      // of lines without a time; zero = they are rejected
}

// chunk is how many lines are stored at once.
const chunk = 4000

// CSV imports another system's export. An error means that it ended early; what is
// stored then stays, and the next run goes on from there. What is wrong with a
// line is no error.
func (im *Importer) CSV(ctx context.Context, src CSV) (Report, error) {
	if err := src.Preset.check(); err != nil {
		return Report{}, err
	}
	if src.Source == "" {
		return Report{}, errors.New("no name for the source: ids follow from it")
	}
	r, err := newReader(im, src)
	if err != nil {
		return Report{}, err
	}
	ideas, err := openSheet(src.Ideas, src.Preset.Encoding, src.Preset.Ideas, src.Preset.Loose)
	if err != nil {
		return Report{}, err
	}
	var comments *sheet // opened now: a wrong name should cost no time
	if src.Comments.Reader != nil {
		if comments, err = openSheet(src.Comments, src.Preset.Encoding, src.Preset.Comments, src.Preset.Loose); err != nil {
			return Report{}, err
		}
		if err := r.complete(comments, FieldIdea); err != nil {
			return Report{}, err
		}
	}
	if err := r.complete(ideas, FieldTitle); err != nil {
		return Report{}, err
	}
	if _, ok := r.categories.get(""); !ok && !ideas.has(FieldCategory) {
		return Report{}, fmt.Errorf("%s has no column for the %s, and no category is given for all lines", ideas.name, FieldCategory)
	}
	err = im.sheet(ctx, ideas, src.Ideas.Size, &r.report.Ideas, r, r.idea)
	if err == nil && comments != nil {
		err = im.sheet(ctx, comments, src.Comments.Size, &r.report.Comments, r, r.comment)
	}
	return r.report, err
}

// sheet stores what take makes of the lines, chunk after chunk, authors first.
func (im *Importer) sheet(ctx context.Context, s *sheet, size int64, t *Tally, r *reader,
	take func(context.Context, row) (store.Unit, []Reject, error)) error {
	var units []store.Unit
	flush := func() error {
		if err := im.put(ctx, r.authors.fresh, &r.report.Members); err != nil {
			return err
		}
		r.authors.fresh = r.authors.fresh[:0]
		err := im.put(ctx, units, t)
		units = units[:0]
		im.progress(s.name, s.read.n, size)
		return err
	}
	for {
		line, err := s.next()
		if err == io.EOF {
			return flush()
		}
		var bad *badLine
		if errors.As(err, &bad) {
			t.Read++
			t.Rejected++
			im.rejected(bad.r)
			continue
		}
		if err != nil {
			return err
		}
		if t.Read++; t.Read%100 == 0 {
			im.progress(s.name, s.read.n, size)
		}
		unit, rejects, err := take(ctx, line)
		if err != nil {
			return err
		}
		if len(rejects) > 0 {
			t.Rejected++
			slices.SortStableFunc(rejects, func(a, b Reject) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
			im.rejected(rejects...)
			continue
		}
		if units = append(units, unit); len(units) == chunk {
			if err := flush(); err != nil {
				return err
			}
		}
	}
}
