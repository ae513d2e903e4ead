package transfer

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"groundswell/shared/table"
)

// An export is JSON Lines: the header, then a record a line. Keys come first and
// the header sorts before them, so `LC_ALL=C sort` puts the lines of an export
// from DynamoDB, which come in no order, into one.

// formatVersion grows when a program that reads older exports would misread.
const formatVersion = 1

type header struct {
	Export string `json:"export"` // "groundswell"
	Format int    `json:"format"`

	// CaughtUp says that what follows from the other records was complete: no
	// consumer had anything left to do.
	CaughtUp bool `json:"caught_up"`
}

const exportName = "groundswell"

type record struct {
	PK   string          `json:"pk"`
	SK   string          `json:"sk"`
	Kind string          `json:"kind"`
	Ver  int64           `json:"ver"`
	TTL  int64           `json:"ttl,omitempty"`
	Idx  []*[2]string    `json:"idx,omitempty"` // partition and sort key in each index, or null
	Body json.RawMessage `json:"body,omitempty"`
}

// marshalLine writes v without the escapes that HTML would need, and a newline.
func marshalLine(b *bytes.Buffer, v any) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// appendRecord writes a record as one line. The drivers spell a body differently;
// here its keys are sorted, so that the same data gives the same bytes.
func appendRecord(b *bytes.Buffer, r table.Record) error {
	l := record{PK: r.PK, SK: r.SK, Kind: r.Kind, Ver: r.Ver, TTL: r.TTL}
	if r.Idx != ([table.Indexes]table.IndexKey{}) {
		l.Idx = make([]*[2]string, table.Indexes)
		for i, x := range r.Idx {
			if x != (table.IndexKey{}) {
				l.Idx[i] = &[2]string{x.P, x.S}
			}
		}
	}
	if len(r.Body) > 0 {
		d := json.NewDecoder(bytes.NewReader(r.Body))
		d.UseNumber()
		var body map[string]any
		if err := d.Decode(&body); err != nil {
			return fmt.Errorf("body of %s: %w", r.Key, err)
		}
		var sorted bytes.Buffer
		if err := marshalLine(&sorted, body); err != nil {
			return fmt.Errorf("body of %s: %w", r.Key, err)
		}
		l.Body = bytes.TrimSpace(sorted.Bytes())
	}
	return marshalLine(b, l)
}

// parseRecord reads a line. column is where a mistake was found, from 1.
func parseRecord(line []byte) (r table.Record, column int, err error) {
	var l record
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return r, columnOf(len(line), d, err), jsonReason(err)
	}
	if rest := bytes.TrimLeft(line[d.InputOffset():], " \t\r\n"); len(rest) > 0 {
		return r, len(line) - len(rest) + 1, errors.New("there is more after the record")
	}
	r = table.Record{Key: table.Key{PK: l.PK, SK: l.SK}, Kind: l.Kind, Ver: l.Ver, TTL: l.TTL, Body: l.Body}
	if len(l.Idx) > table.Indexes {
		return r, 1, fmt.Errorf("%d indexes, there are %d", len(l.Idx), table.Indexes)
	}
	for i, x := range l.Idx {
		if x != nil {
			r.Idx[i] = table.IndexKey{P: x[0], S: x[1]}
		}
	}
	return r, 1, nil
}

func columnOf(end int, d *json.Decoder, err error) int {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return end
	case errors.As(err, &syntax):
		return max(int(syntax.Offset), 1)
	case errors.As(err, &kind):
		return max(int(kind.Offset), 1)
	}
	return int(d.InputOffset()) + 1
}

func jsonReason(err error) error {
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind):
		return fmt.Errorf("%s must not be a JSON %s", kind.Field, kind.Value)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the line is cut off")
	}
	return errors.New(strings.TrimPrefix(err.Error(), "json: "))
}

// maxLine bounds a line: a record of the greatest size, each byte as \u00XX.
const maxLine = 6*table.MaxRecord + 1<<10

// lines reads a file line by line; a longer one than maxLine is cut, so that it
// can't be read as a record.
type lines struct {
	r    *bufio.Reader
	n    int // of the line that next returned
	long bool
}

func newLines(r io.Reader) *lines { return &lines{r: bufio.NewReaderSize(r, 64<<10)} }

// next returns a line without its end. The slice is good until the next call.
func (l *lines) next() ([]byte, error) {
	l.n++
	l.long = false
	var line []byte
	for {
		part, err := l.r.ReadSlice('\n')
		if len(line)+len(part) <= maxLine {
			line = append(line, part...)
		} else {
			l.long = true
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err == io.EOF && (len(line) > 0 || l.long) {
			err = nil
		}
		return bytes.TrimRight(line, "\r\n"), err
	}
}
