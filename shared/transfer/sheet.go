package transfer

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// File is an open file to read, and its size for the progress.
type File struct {
	Name string
	io.Reader
	Size int64
}

// sheet reads a CSV file as they are found in the wild: RFC 4180 with any of four
// delimiters, byte order marks, and lines that are longer or shorter than the
// header. A quote in the wrong place costs its line.
type sheet struct {
	name   string
	csv    *csv.Reader
	header []string
	at     map[Field]int
	skip   int // lines before the header that csv does not see
	read   *counter
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

// delimiters that a file may have, the usual first.
var delimiters = []rune{',', ';', '\t', '|'}

// headBytes is as much of a file as is looked at to find its delimiter.
const headBytes = 64 << 10

func openSheet(f File, e Encoding, cs Columns, loose bool) (*sheet, error) {
	s := &sheet{name: f.Name, read: &counter{r: f.Reader}}
	text, err := decode(s.read, e)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.Name, err)
	}
	b := bufio.NewReaderSize(text, headBytes)
	head, err := b.Peek(headBytes)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("read %s: %w", f.Name, err)
	}
	comma := rune(0)
	// Excel's own way of saying it: a first line "sep=;".
	if first, _, _ := bytes.Cut(head, []byte("\n")); len(bytes.TrimRight(first, "\r")) == 5 && bytes.HasPrefix(first, []byte("sep=")) {
		comma, s.skip = rune(first[4]), 1
		_, _ = b.Discard(min(len(first)+1, len(head))) // it was peeked at
	} else {
		comma = delimiter(head, cs)
	}
	s.csv = csv.NewReader(b)
	s.csv.FieldsPerRecord = -1
	s.csv.Comma = comma
	s.header, err = s.csv.Read()
	switch {
	case err == io.EOF:
		return nil, fmt.Errorf("%s is empty", f.Name)
	case err != nil:
		return nil, fmt.Errorf("read the header of %s: %w", f.Name, err)
	case !utf8.ValidString(strings.Join(s.header, "")):
		return nil, fmt.Errorf("read the header of %s: it is not UTF-8; try another encoding", f.Name)
	}
	if s.at, err = cs.find(s.header, loose); err != nil {
		return nil, fmt.Errorf("read the header of %s: %w", f.Name, err)
	}
	return s, nil
}

// delimiter is the one by which the header names the most of the wanted columns,
// or has the most columns.
func delimiter(head []byte, cs Columns) rune {
	best, score := delimiters[0], -1
	for _, d := range delimiters {
		r := csv.NewReader(bytes.NewReader(head))
		r.Comma, r.LazyQuotes = d, true
		header, err := r.Read()
		if err != nil {
			continue
		}
		found, _ := cs.find(header, true)
		if n := len(found)<<16 + len(header); n > score {
			best, score = d, n
		}
	}
	return best
}

// row is one line of a sheet, good until the next is read.
type row struct {
	*sheet
	fields []string
}

// next reads a line. io.EOF is the end, a *badLine a line that has to be left out,
// and any other error ends the reading.
func (s *sheet) next() (row, error) {
	for {
		fields, err := s.csv.Read()
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			return row{}, &badLine{s.quotes(bad)}
		}
		if err != nil {
			if err != io.EOF {
				err = fmt.Errorf("read %s: %w", s.name, err)
			}
			return row{}, err
		}
		last := len(fields)
		for last > 0 && strings.TrimSpace(fields[last-1]) == "" {
			last--
		}
		if last == 0 {
			continue // a line of nothing but delimiters: spreadsheets leave them
		}
		r := row{s, fields}
		if last > len(s.header) {
			return row{}, &badLine{r.reject(len(s.header), "", fmt.Sprintf("%d columns, the header has %d", last, len(s.header)))}
		}
		return r, nil
	}
}

// badLine is a line that can't be read.
type badLine struct{ r Reject }

func (b *badLine) Error() string { return b.r.String() }

func (s *sheet) quotes(e *csv.ParseError) Reject {
	r := Reject{File: s.name, Line: e.StartLine + s.skip, Column: e.Column, Reason: e.Err.Error()}
	switch e.Err {
	case csv.ErrBareQuote:
		r.Reason = `a quote (") inside a value that does not begin with one`
	case csv.ErrQuote:
		r.Reason = `a quote (") that nothing closes, or that is not doubled inside quotes`
	}
	if e.Line != e.StartLine { // where it begins is of more use than where it ran out
		r.Column = 1
		r.Reason += fmt.Sprintf("; read up to line %d", e.Line+s.skip)
	}
	return r
}

// get is the field's value, "" if the line or the file has none.
func (r row) get(f Field) string {
	if i, ok := r.at[f]; ok && i < len(r.fields) {
		return r.fields[i]
	}
	return ""
}

func (s *sheet) has(f Field) bool { _, ok := s.at[f]; return ok }

// wrong is a reject of the field, or of the line if the file has no such column.
func (r row) wrong(f Field, reason string) Reject {
	i, ok := r.at[f]
	if !ok {
		return r.reject(0, string(f), reason)
	}
	return r.reject(i, strings.TrimSpace(r.header[i]), reason)
}

// reject points at column i, or at the last if the line is shorter.
func (r row) reject(i int, field, reason string) Reject {
	line, col := r.csv.FieldPos(min(i, len(r.fields)-1))
	return Reject{File: r.name, Line: line + r.skip, Column: col, Field: field, Reason: reason}
}

// notText are rejects of wanted fields that are not UTF-8, or were not in the
// encoding that they were said to be in.
func (r row) notText(e Encoding) (bad []Reject) {
	for f := range r.at {
		v := r.get(f)
		switch i := badByte(v); {
		case i >= 0:
			bad = append(bad, r.wrong(f, fmt.Sprintf("byte 0x%X is not UTF-8; if many lines have some, try another encoding", v[i])))
		case e == Windows1252 && strings.ContainsRune(v, utf8.RuneError):
			bad = append(bad, r.wrong(f, "a byte that Windows-1252 does not have"))
		}
	}
	return bad
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
