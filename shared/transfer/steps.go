package transfer

import (
	"context"
	"errors"
	"math"
)

// Place is how far an import has come.
type Place struct {
	Part int // of ideas, votes and comments, in this order
	Row  int // of its rows, those that can't be read included
}

// The parts of a Place.
const (
	placeIdeas = iota
	placeVotes
	placeComments
)

// Steps lets an import go on where an earlier one ended, so that each of several is
// short. What is before From is read again, to know its rows as they were, but asks for
// nothing, stores nothing and is not told of. The steps together do and say what one
// run would; but a row that comes a second time, whose idea is in no file of this
// import, counts as known instead of as rejected.
type Steps struct {
	From Place

	// Chunk is how many rows are stored at once; 0 = 4000. Behind each chunk Enough is
	// asked, where it is set, whether to end there; Report.Next then says where.
	Chunk  int
	Enough func() bool
}

// usualChunk is as many rows as share a commit of a file.
const usualChunk = 4000

func (s Steps) enough() bool { return s.Enough != nil && s.Enough() }

// before is the last row of the part that an earlier step took.
func (s Steps) before(p part) int {
	switch {
	case p.n < s.From.Part:
		return math.MaxInt
	case p.n == s.From.Part:
		return s.From.Row
	}
	return 0
}

// pass reads a row that an earlier step took: what follows from it for later rows is
// kept, and nothing else.
func (r *reader) pass(ctx context.Context, p part, line row) error {
	report, cut, look := r.report, r.cut, r.look
	r.again, r.authors.unasked, r.look = true, true, nil
	_, _, err := p.take(ctx, line)
	r.again, r.authors.unasked, r.look = false, r.unasked, look
	r.report, r.cut = report, cut
	r.authors.fresh, r.keys, r.paths = r.authors.fresh[:0], r.keys[:0], r.paths[:0]
	if errors.Is(err, errSkip) {
		return nil
	}
	return err
}

// FileError says what is wrong with a file, or with what is said of it, so that no row
// can be taken. Its text is for whoever brought the file.
type FileError struct{ Err error }

func (e *FileError) Error() string { return e.Err.Error() }

// Unwrap returns what was wrong.
func (e *FileError) Unwrap() error { return e.Err }

func fileError(err error) error { return &FileError{err} }
