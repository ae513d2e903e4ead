package transfer

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// File is a file to read, as often as it takes: a first time to see how it spells
// characters, a second to read it.
type File struct {
	Name string
	Size int64 // in bytes, for the progress

	// Encoding is the file's own; "" = the preset's.
	Encoding Encoding
	Open     func() (io.ReadCloser, error)
}

func (f File) given() bool { return f.Open != nil }

// source is a file of rows, whichever way it writes them.
type source interface {
	// next reads a row, good until the next is read. io.EOF is the end, a *badLine
	// something that has to be left out, and any other error ends the reading.
	next() (row, error)
	has(Field) bool
	label() string    // the file's name
	names() []string  // what its columns are called, as far as that is known
	done() int64      // bytes read
	head() []byte     // what has to stand before rows that are written back
	kind() fileKind   // how such rows are written
	columns() Columns // by which name each field was found
	Close() error
}

// row is one line of a sheet, one object of a JSON file.
type row interface {
	get(Field) string
	has(Field) bool // whether the file has it
	line() int
	raw() []byte                              // as it stands in the file, as UTF-8
	wrong(f Field, reason string) Reject      // of a field, or of the row where the file has no such column
	whole(reason string) Reject               // of the row
	notText() []Reject                        // fields that are not in the file's encoding
	members(path string) (names []string)     // values of a path, all of them
	nested(path string) (rows []row, ok bool) // objects inside of this one
}

// fileKind is how rows are written.
type fileKind int

const (
	kindCSV fileKind = iota
	kindJSON
)

// badLine is a line that can't be read, with all that is known of it.
type badLine struct {
	r    Reject
	text []byte
}

func (b *badLine) Error() string { return b.r.String() }

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

// headBytes is as much of a file as is looked at to find out what it is.
const headBytes = 64 << 10

// input is an open file as UTF-8, and what it begins with.
type input struct {
	*bufio.Reader
	io.Closer
	read *counter
	head []byte
	enc  Encoding
}

func openInput(f File, e Encoding) (*input, error) {
	e = cmp.Or(f.Encoding, e)
	file, err := f.Open()
	if err != nil {
		return nil, err
	}
	in := &input{Closer: file, read: &counter{r: file}, enc: e}
	text, err := decode(in.read, e)
	if err == nil {
		in.Reader = bufio.NewReaderSize(text, headBytes)
		if in.head, err = in.Peek(headBytes); err == io.EOF {
			err = nil
		}
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("read %s: %w", f.Name, err)
	}
	return in, nil
}

// openSource opens a file as what it is: JSON begins with a brace or a bracket,
// and no header of a sheet does.
func openSource(f File, p Preset, cs Columns, list string, loose bool) (source, error) {
	in, err := openInput(f, p.Encoding)
	if err != nil {
		return nil, err
	}
	var s source
	if first := bytes.TrimLeft(in.head, " \t\r\n"); len(first) > 0 && (first[0] == '{' || first[0] == '[') {
		s, err = openObjects(f.Name, in, cs, list, p.tables)
	} else {
		s, err = openSheet(f.Name, in, cs, loose)
	}
	if err != nil {
		in.Close()
		return nil, err
	}
	return s, nil
}

// badByte is where s stops being UTF-8; -1 if it is.
func badByte(s string) int {
	for i, c := range s {
		if c == utf8.RuneError && !strings.HasPrefix(s[i:], string(utf8.RuneError)) {
			return i
		}
	}
	return -1
}

// notSaid are the rejects of a value that is not in its file's encoding.
func notSaid(v string, e Encoding, wrong func(reason string) Reject) []Reject {
	switch i := badByte(v); {
	case i >= 0:
		return []Reject{wrong(fmt.Sprintf("byte 0x%X is not UTF-8; if many lines have some, try another encoding", v[i]))}
	case e == Windows1252 && strings.ContainsRune(v, utf8.RuneError):
		return []Reject{wrong("a byte that Windows-1252 does not have")}
	}
	return nil
}
