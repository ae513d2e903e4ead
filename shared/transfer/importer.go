package transfer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// Importer brings data into a portal. Store, Categories and Clock have to be set.
type Importer struct {
	Store      *store.Store
	Categories portal.Categories
	Clock      func() time.Time

	DryRun   bool           // look, count and report, but write nothing
	Rejected func(Reject)   // called for each thing that is wrong
	Progress func(Progress) // called now and then

	// RejectedRow is called once for each row that was left out because of what is
	// wrong with it, so that it can be corrected and imported again: see [RowWriter].
	RejectedRow func(RejectedRow)

	// Look, where it is set, is told what becomes of the files.
	Look *Look

	// Unasked leaves out whose an address is here already. It is for a look at the files
	// alone: with DryRun what is told of members is too high then.
	Unasked bool

	Steps
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

// Files is another system's export.
type Files struct {
	Preset   Preset
	Source   string         // names the other system for ever: ids follow from it
	Ideas    File           // Open nil = they were imported before
	Comments File           // Open nil = none
	Votes    File           // likewise
	Tables   []File         // that the preset's paths lead to
	Zone     *time.Location // of times without one; nil = UTC
	Created  time.Time      // of rows without a time; zero = they are rejected
}

// part is one of an export's files, and what becomes of its rows.
type part struct {
	n      int // see Place
	file   File
	open   func() (source, error)
	tally  *Tally
	needed Field
	take   func(context.Context, row) (store.Unit, []Reject, error)
}

// Files imports another system's export. An error means that it ended early; what
// is stored then stays, and the next run goes on from there. What is wrong with a
// row is no error; what is wrong with a file, or with what is said of it, is a
// *FileError.
func (im *Importer) Files(ctx context.Context, src Files) (Report, error) {
	r, parts, err := im.prepare(src)
	if err != nil {
		return Report{}, fileError(err)
	}
	for _, part := range parts {
		if part.n == placeVotes {
			if err := r.countVoters(ctx, part); err != nil {
				return Report{}, err
			}
		}
	}
	for _, part := range parts {
		if err = im.part(ctx, part, r); err != nil || r.report.Next != nil {
			break
		}
	}
	r.report.Cut = r.cut
	return r.report, err
}

// prepare looks at the files' beginnings: a wrong name should cost no time.
func (im *Importer) prepare(src Files) (*reader, []part, error) {
	if err := src.Preset.check(); err != nil {
		return nil, nil, err
	}
	if src.Source == "" {
		return nil, nil, errors.New("no name for the source: ids follow from it")
	}
	var err error
	if src.Preset.tables, err = loadTables(src); err != nil {
		return nil, nil, err
	}
	if err := src.inside(); err != nil {
		return nil, nil, err
	}
	r, err := newReader(im, src)
	if err != nil {
		return nil, nil, err
	}
	p := src.Preset
	var parts []part
	if src.Ideas.given() {
		parts = append(parts, part{placeIdeas, src.Ideas, opener(src.Ideas, p, p.Ideas, p.List, p.StrictIdeas), &r.report.Ideas, FieldTitle, r.idea})
	}
	if src.Votes.given() {
		parts = append(parts, part{placeVotes, src.Votes, opener(src.Votes, p, p.Votes, p.VotesList, p.StrictVotes), &r.report.Votes, FieldIdea, r.vote})
	}
	if src.Comments.given() {
		parts = append(parts, part{placeComments, src.Comments, opener(src.Comments, p, p.Comments, p.CommentsList, p.StrictComments), &r.report.Comments, FieldIdea, r.comment})
	}
	if len(parts) == 0 {
		return nil, nil, errors.New("there is no file to import")
	}
	for _, part := range parts {
		if err := r.header(part); err != nil {
			return nil, nil, err
		}
	}
	return r, parts, nil
}

func opener(f File, p Preset, cs Columns, list string, strict bool) func() (source, error) {
	return func() (source, error) { return openSource(f, p, cs, list, p.Loose && !strict) }
}

// inside finds the comments and the voters that the file of ideas holds itself.
func (src *Files) inside() error {
	p := &src.Preset
	if !src.Ideas.given() {
		return nil
	}
	if !src.Votes.given() && p.Repeats && len(p.Votes) > 0 {
		s, err := openSource(src.Ideas, *p, p.Votes, p.VotesList, true)
		if err != nil {
			return err
		}
		if s.has(FieldEmail) || s.has(FieldAuthor) {
			src.Votes = src.Ideas
		}
		s.Close() // only read
	}
	if src.Comments.given() || p.InnerComments == "" {
		return nil
	}
	s, err := openSource(src.Ideas, *p, p.Ideas, p.List, true)
	if err != nil {
		return err
	}
	defer s.Close()
	line, err := s.next()
	if err != nil {
		return nil // whatever it is, who reads the ideas says so
	}
	if _, ok := line.nested(p.InnerComments); ok {
		src.Comments, p.CommentsList = src.Ideas, p.List+"."+p.InnerComments
	}
	return nil
}

// header reports what no row of the part can have.
func (r *reader) header(p part) error {
	s, err := p.open()
	if err != nil {
		return err
	}
	defer s.Close()
	if p.needed == FieldIdea && p.tally == &r.report.Votes {
		if !s.has(FieldIdea) {
			return fmt.Errorf("%s has no column for the %s; it has %s", s.label(), FieldIdea, listed(s.names()))
		}
		return nil // a vote without a time is as old as its idea
	}
	if err := r.complete(s, p.needed); err != nil {
		return err
	}
	if p.needed == FieldTitle && r.categories.rest == nil && !s.has(FieldCategory) {
		if _, ok := r.categories.known(""); !ok {
			return fmt.Errorf("%s has no column for the %s, and no category is given for all lines", s.label(), FieldCategory)
		}
	}
	return nil
}

// countVoters counts the votes that come one by one: an idea brings along only the
// others.
func (r *reader) countVoters(ctx context.Context, p part) error {
	s, err := p.open()
	if err != nil {
		return err
	}
	defer s.Close()
	for ctx.Err() == nil {
		line, err := s.next()
		var bad *badLine
		switch {
		case err == io.EOF:
			return nil
		case errors.As(err, &bad):
			continue
		case err != nil:
			return fileError(err)
		}
		if voted(line) {
			r.voters[sumOf("idea", strings.TrimSpace(line.get(FieldIdea)))]++
		}
	}
	return ctx.Err()
}

// part stores what take makes of the rows, chunk after chunk, authors first.
func (im *Importer) part(ctx context.Context, p part, r *reader) error {
	s, err := p.open()
	if err != nil {
		return err
	}
	defer s.Close()
	defer func() { im.Look.file(s, p) }()
	chunk := cmp.Or(im.Chunk, usualChunk)
	var units []store.Unit
	flush := func() error {
		if _, err := im.put(ctx, r.authors.fresh, &r.report.Members); err != nil {
			return err
		}
		r.authors.fresh = r.authors.fresh[:0]
		found, err := im.put(ctx, units, p.tally)
		if err == nil && p.needed == FieldTitle {
			err = im.places(ctx, r, units, found)
		}
		units = units[:0]
		im.progress(s.label(), s.done(), p.file.Size)
		return err
	}
	last := im.before(p)
	for at := 1; ; at++ {
		if at-1 > last && (at-1-last)%chunk == 0 {
			if err := flush(); err != nil || im.enough() {
				r.report.Next = &Place{p.n, at - 1}
				return err
			}
		}
		line, err := s.next()
		if err == io.EOF {
			return flush()
		}
		var bad *badLine
		if at <= last && (err == nil || errors.As(err, &bad)) {
			if err == nil {
				if err := r.pass(ctx, p, line); err != nil {
					return err
				}
			}
			continue
		}
		if errors.As(err, &bad) {
			p.tally.Read++
			im.reject(p.tally, s, nil, bad.text, bad.r)
			continue
		}
		if err != nil {
			return fileError(err)
		}
		if p.tally.Read++; p.tally.Read%100 == 0 {
			im.progress(s.label(), s.done(), p.file.Size)
		}
		unit, rejects, err := p.take(ctx, line)
		switch {
		case errors.Is(err, errSkip):
			p.tally.Skipped++
			continue
		case err != nil:
			return err
		case len(rejects) > 0:
			slices.SortStableFunc(rejects, func(a, b Reject) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
			im.reject(p.tally, s, line, line.raw(), rejects...)
			continue
		}
		units = append(units, unit)
	}
}

func (im *Importer) reject(t *Tally, s source, line row, text []byte, rs ...Reject) {
	t.Rejected++
	im.rejected(rs...)
	if im.RejectedRow != nil {
		im.RejectedRow(RejectedRow{s, line, text, rs})
	}
}

// places looks at which of the ideas were known, under an id that may be another:
// their time was told otherwise. Then it stores where they were.
func (im *Importer) places(ctx context.Context, r *reader, units []store.Unit, found map[table.Key]table.Record) error {
	for i, u := range units {
		rec, known := found[u.Key()]
		if !known {
			continue
		}
		id, err := store.OriginOf(rec)
		if err != nil {
			return err
		}
		p := r.ideas[r.keys[i]]
		p.id = timedIDOf(id)
		r.ideas[r.keys[i]] = p
	}
	paths, seen := make([]store.Unit, 0, len(r.paths)), map[table.Key]bool{}
	for _, p := range r.paths {
		u := store.PathUnit(p.path, r.ideas[p.idea].id.String())
		if !seen[u.Key()] {
			seen[u.Key()] = true
			paths = append(paths, u)
			r.report.Paths.Read++
		}
	}
	r.keys, r.paths = r.keys[:0], r.paths[:0]
	_, err := im.put(ctx, paths, &r.report.Paths)
	return err
}
