package transfer

import (
	"errors"
	"io"
)

// Head is what a file says of itself, whether or not it can be imported as it is said
// to be read.
type Head struct {
	Name  string
	JSON  bool     // columns are paths, and Names the members of the first object
	Names []string // of its columns
	Found Columns  // by which column a field would be read
}

// Heads are those of the ideas, the votes and the comments, in the order of a Place; a
// nil one is not given, or can't be read at all, which err says then. No row is read.
func (src Files) Heads() (heads [3]*Head, err error) {
	if err := src.inside(); err != nil {
		return heads, fileError(err)
	}
	for i, f := range src.readings() {
		if !f.file.given() {
			continue
		}
		h, err := headOf(f.file, src.Preset, f.cs, f.list)
		if err != nil {
			return heads, fileError(err)
		}
		heads[i] = h
	}
	return heads, nil
}

// reading is one of the files, and how its rows are read.
type reading struct {
	file File
	cs   Columns
	list string
}

// readings are the files in the order in which they are imported.
func (src Files) readings() [3]reading {
	p := src.Preset
	return [3]reading{{src.Ideas, p.Ideas, p.List}, {src.Votes, p.Votes, p.VotesList}, {src.Comments, p.Comments, p.CommentsList}}
}

func headOf(f File, p Preset, cs Columns, list string) (*Head, error) {
	s, err := openSource(f, p, cs, list, true)
	if err != nil {
		return nil, err
	}
	defer s.Close() // only read
	if s.kind() == kindJSON {
		_, _ = s.next() // to know its members; what is wrong with it is told of its row
	}
	h := &Head{Name: s.label(), JSON: s.kind() == kindJSON, Names: s.names(), Found: Columns{}}
	for field, name := range s.columns() {
		if h.JSON || s.has(field) {
			h.Found[field] = name
		}
	}
	return h, nil
}

// Rows counts the rows of all files, those that can't be read included.
func (src Files) Rows() (n int, err error) {
	if err := src.inside(); err != nil {
		return 0, fileError(err)
	}
	for _, f := range src.readings() {
		if !f.file.given() {
			continue
		}
		s, err := openSource(f.file, src.Preset, f.cs, f.list, true)
		if err != nil {
			return 0, fileError(err)
		}
		more, err := count(s)
		if err != nil {
			return 0, fileError(err)
		}
		n += more
	}
	return n, nil
}

func count(s source) (n int, err error) {
	defer s.Close() // only read
	for {
		_, err := s.next()
		var bad *badLine
		switch {
		case err == io.EOF:
			return n, nil
		case err != nil && !errors.As(err, &bad):
			return n, err
		}
		n++
	}
}

// IdeaFields are the fields of ideas, in the order in which people are asked for them;
// CommentFields and VoteFields those of comments and of votes.
func IdeaFields() []Field { return ideaFields }

// CommentFields are the fields of comments.
func CommentFields() []Field { return commentFields }

// VoteFields are the fields of votes.
func VoteFields() []Field { return voteFields }
