package transfer

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	sheets "groundswell/shared/sheet"
)

// sheet reads a CSV file as they are found in the wild: RFC 4180 with any of four
// delimiters, byte order marks, and lines that are longer or shorter than the
// header.
type sheet struct {
	name   string
	in     *input
	recs   *records
	feed   *bytes.Reader // the record that csv is to read
	csv    *csv.Reader
	header []string
	first  []byte // the header's line
	at     map[Field]int
	found  Columns
	broken int // the line of a wrong quote whose record may go on; 0 = none
}

// delimiters that a file may have, the usual first.
var delimiters = []rune{',', ';', '\t', '|'}

func openSheet(name string, in *input, cs Columns, loose bool) (*sheet, error) {
	s := &sheet{name: name, in: in, recs: &records{in: in.Reader, at: 1}}
	comma := rune(0)
	// Excel's own way of saying it: a first line "sep=;".
	if first, _, _ := bytes.Cut(in.head, []byte("\n")); len(bytes.TrimRight(first, "\r")) == 5 && bytes.HasPrefix(first, []byte("sep=")) {
		comma, s.recs.at = rune(first[4]), 2
		_, _ = in.Discard(min(len(first)+1, len(in.head))) // it was peeked at
	} else {
		comma = delimiter(in.head, cs)
	}
	s.recs.comma = byte(comma)
	s.reset()
	var err error
	if s.header, err = s.readHeader(); err != nil {
		return nil, err
	}
	if s.at, err = cs.find(s.header, loose); err != nil {
		return nil, fmt.Errorf("read the header of %s: %w", name, err)
	}
	s.found = Columns{}
	for f, i := range s.at {
		s.found[f] = strings.TrimSpace(s.header[i])
	}
	return s, nil
}

func (s *sheet) reset() {
	s.feed = bytes.NewReader(nil)
	s.csv = csv.NewReader(s.feed)
	s.csv.FieldsPerRecord, s.csv.Comma = -1, rune(s.recs.comma)
}

func (s *sheet) readHeader() ([]string, error) {
	for {
		rec, err := s.recs.next()
		switch {
		case err == io.EOF:
			return nil, fmt.Errorf("%s is empty", s.name)
		case err != nil:
			return nil, fmt.Errorf("read the header of %s: %w", s.name, err)
		case rec.reason != "":
			return nil, fmt.Errorf("read the header of %s: line %d: %s", s.name, rec.line, rec.reason)
		case len(rec.text) == 0:
			continue
		}
		header, err := s.parse(rec)
		if err != nil {
			return nil, fmt.Errorf("read the header of %s: %w", s.name, err)
		}
		if !utf8.ValidString(strings.Join(header, "")) {
			return nil, fmt.Errorf("read the header of %s: it is not UTF-8; try another encoding", s.name)
		}
		s.first = rec.text
		return header, nil
	}
}

// parse lets the standard library read a record that is known to be right.
func (s *sheet) parse(rec piece) ([]string, error) {
	s.feed.Reset(append(rec.text[:len(rec.text):len(rec.text)], '\n'))
	fields, err := s.csv.Read()
	if err != nil {
		s.reset() // what it has left over must not get into the next
	}
	return fields, err
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

func (s *sheet) next() (row, error) {
	for {
		rec, err := s.recs.next()
		if err != nil {
			if err != io.EOF {
				err = fmt.Errorf("read %s: %w", s.name, err)
			}
			return nil, err
		}
		if rec.reason != "" {
			return nil, s.bad(rec)
		}
		if len(rec.text) == 0 {
			continue
		}
		fields, err := s.parse(rec)
		if err != nil {
			var e *csv.ParseError
			if errors.As(err, &e) {
				err = e.Err
			}
			rec.reason, rec.column = err.Error(), 1
			return nil, s.bad(rec)
		}
		last := len(fields)
		for last > 0 && strings.TrimSpace(fields[last-1]) == "" {
			last--
		}
		if last == 0 {
			continue // a line of nothing but delimiters: spreadsheets leave them
		}
		base, _ := s.csv.FieldPos(0)
		r := &line{sheet: s, fields: fields, first: rec.line, base: base, text: rec.text}
		if last > len(s.header) {
			return nil, &badLine{r.at(len(s.header), "", fmt.Sprintf("%d columns, the header has %d", last, len(s.header))), rec.text}
		}
		if s.broken > 0 && len(fields) != len(s.header) {
			// It could be the rest of a record: taken as one it would be made up.
			return nil, &badLine{r.at(0, "", fmt.Sprintf("it has %d columns of %d, and may belong to line %d, where a quote (\") is wrong",
				len(fields), len(s.header), s.broken)), rec.text}
		}
		s.broken = 0
		return r, nil
	}
}

func (s *sheet) bad(rec piece) *badLine {
	r := Reject{File: s.name, Line: rec.line, Column: max(rec.column, 1), Reason: rec.reason}
	if rec.upTo > 0 {
		r.Reason += fmt.Sprintf("; read up to line %d", rec.upTo)
		if s.broken == 0 {
			s.broken = rec.line
		}
	}
	return &badLine{r, rec.text}
}

func (s *sheet) has(f Field) bool { _, ok := s.at[f]; return ok }
func (s *sheet) label() string    { return s.name }
func (s *sheet) names() []string  { return s.header }
func (s *sheet) done() int64      { return s.in.read.n }
func (s *sheet) head() []byte     { return s.first }
func (s *sheet) kind() fileKind   { return kindCSV }
func (s *sheet) columns() Columns { return s.found }
func (s *sheet) Close() error     { return s.in.Close() }

// line is one line of a sheet.
type line struct {
	*sheet
	fields []string
	first  int // its number
	base   int // the same, as csv counts
	text   []byte
}

func (l *line) get(f Field) string {
	if i, ok := l.sheet.at[f]; ok && i < len(l.fields) {
		return sheets.Unguard(l.fields[i])
	}
	return ""
}

func (l *line) line() int   { return l.first }
func (l *line) raw() []byte { return l.text }

func (l *line) wrong(f Field, reason string) Reject {
	i, ok := l.sheet.at[f]
	if !ok {
		return l.at(0, string(f), reason)
	}
	return l.at(i, strings.TrimSpace(l.header[i]), reason)
}

func (l *line) whole(reason string) Reject { return l.at(0, "", reason) }

// at points at column i, or at the last if the line is shorter.
func (l *line) at(i int, field, reason string) Reject {
	n, col := l.csv.FieldPos(min(i, len(l.fields)-1))
	return Reject{File: l.name, Line: l.first + n - l.base, Column: col, Field: field, Reason: reason}
}

func (l *line) notText() (bad []Reject) {
	for f := range l.sheet.at {
		bad = append(bad, notSaid(l.get(f), l.in.enc, func(reason string) Reject { return l.wrong(f, reason) })...)
	}
	return bad
}

// members are the values of a column, by its name.
func (l *line) members(name string) []string {
	i := slices.IndexFunc(l.header, func(h string) bool { return plain(h) == plain(name) })
	if i < 0 || i >= len(l.fields) {
		return nil
	}
	return []string{l.fields[i]}
}

func (l *line) nested(string) ([]row, bool) { return nil, false }
