package transfer

import (
	"bufio"
	"errors"
	"io"
)

// maxRecord bounds a record, in bytes: ten times the longest text there can be. It
// is also how far the end of a quoted value is looked for.
const maxRecord = 1 << 20

// records cuts a CSV file into records: lines, joined while a quoted value is open
// (RFC 4180, section 2). A quote in the wrong place costs the line that it is in
// and none behind it: what was read in search of its end is read once more.
type records struct {
	in    *bufio.Reader
	comma byte
	at    int      // the number of the line that comes next, from 1
	ahead [][]byte // lines to be read once more
}

// piece is one record without its line end, or what of it is wrong.
type piece struct {
	text   []byte
	line   int // its first
	reason string
	column int
	upTo   int // the last line that was looked at, where that is another
}

// The ways in which a record can be wrong.
const (
	wrongInside = `a quote (") inside a value that does not begin with one`
	wrongClosed = `a quote (") that nothing closes, or that is not doubled inside quotes`
	wrongLong   = "longer than any record can be"
)

func (r *records) next() (piece, error) {
	text, long, err := r.get()
	if err != nil {
		return piece{}, err
	}
	rec := piece{text: text, line: r.at}
	r.at++
	if long {
		rec.reason, rec.column = wrongLong, len(text)
		return rec, nil
	}
	var q quoting
	wrong := q.scan(r.comma, text)
	var more [][]byte
	for wrong < 0 && q == inside {
		l, long, err := r.get()
		if err != nil && err != io.EOF {
			return piece{}, err
		}
		if err == io.EOF || long || len(text)+len(l) >= maxRecord {
			if err == nil {
				more = append(more, l)
			}
			break
		}
		more = append(more, l)
		text = append(append(text[:len(text):len(text)], '\n'), l...)
		wrong = q.scan(r.comma, l)
	}
	switch {
	case wrong < 0 && q != inside:
		rec.text = text
		r.at += len(more)
		return rec, nil
	case wrong >= 0 && q == bare:
		rec.reason, rec.column = wrongInside, wrong+1
	default:
		rec.reason, rec.column = wrongClosed, max(wrong, 1)
	}
	if len(more) > 0 { // where it begins is of more use than where it ran out
		rec.column, rec.upTo = 1, rec.line+len(more)
		r.ahead = append(more, r.ahead...)
	}
	return rec, nil
}

// get reads a line without its end; of one longer than maxRecord the start.
func (r *records) get() (line []byte, long bool, err error) {
	if len(r.ahead) > 0 {
		line, r.ahead = r.ahead[0], r.ahead[1:]
		return line, len(line) > maxRecord, nil
	}
	for {
		part, err := r.in.ReadSlice('\n')
		if len(line) <= maxRecord {
			line = append(line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && (err != io.EOF || len(line) == 0) {
			return nil, false, err
		}
		return trimEnd(line), len(line) > maxRecord, nil
	}
}

func trimEnd(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line
}

// quoting is where in a record one is.
type quoting int

const (
	start   quoting = iota // of a value
	bare                   // in a value without quotes
	inside                 // in one with
	closing                // behind a quote that ends the value, or is the first of two
)

// scan goes through a line, and returns where it is wrong; -1 = nowhere.
func (q *quoting) scan(comma byte, line []byte) int {
	for i, c := range line {
		switch *q {
		case start, bare:
			switch {
			case c == comma:
				*q = start
			case c != '"':
				*q = bare
			case *q == start:
				*q = inside
			default:
				return i
			}
		case inside:
			if c == '"' {
				*q = closing
			}
		case closing:
			switch c {
			case '"':
				*q = inside
			case comma:
				*q = start
			default:
				return i
			}
		}
	}
	if *q != inside {
		*q = start
	}
	return -1
}
