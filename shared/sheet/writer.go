package sheet

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"
)

// Format is how a table is written.
type Format string

// The formats.
const (
	CSV   Format = "csv"
	JSONL Format = "jsonl"
)

// Valid reports whether f is one of the formats.
func (f Format) Valid() bool { return f == CSV || f == JSONL }

// ContentType is the media type of a file in the format.
func (f Format) ContentType() string {
	if f == JSONL {
		return "application/jsonl; charset=utf-8"
	}
	return "text/csv; charset=utf-8; header=present"
}

// Options say how a table is written.
type Options struct {
	Format Format

	// Mark puts a byte order mark before CSV: Excel takes a file without one for
	// whatever encoding its computer is set to.
	Mark bool
}

// Writer writes the rows of one table.
type Writer struct {
	to      io.Writer
	format  Format
	columns []string
	csv     *csv.Writer
	line    bytes.Buffer
}

// NewWriter writes what stands before the rows.
func NewWriter(to io.Writer, k Kind, o Options) (*Writer, error) {
	w := &Writer{to: to, format: o.Format, columns: k.Columns}
	if o.Format == JSONL {
		return w, nil
	}
	if o.Mark {
		if _, err := io.WriteString(to, "\xEF\xBB\xBF"); err != nil {
			return nil, err
		}
	}
	w.csv = csv.NewWriter(to)
	w.csv.UseCRLF = true // RFC 4180
	return w, w.csv.Write(w.columns)
}

// Put writes a row: a string, an int, a bool or a time for each column. A zero time
// is empty in CSV and null in JSON.
func (w *Writer) Put(row Row) error {
	if len(row) != len(w.columns) {
		return fmt.Errorf("sheet: %d values for %d columns", len(row), len(w.columns))
	}
	if w.format == JSONL {
		return w.object(row)
	}
	cells := make([]string, len(row))
	for i, v := range row {
		cells[i] = cell(v)
	}
	return w.csv.Write(cells)
}

// Flush writes out what is left.
func (w *Writer) Flush() error {
	if w.csv == nil {
		return nil
	}
	w.csv.Flush()
	return w.csv.Error()
}

func cell(v any) string {
	switch v := v.(type) {
	case string:
		return Guard(v)
	case int:
		return strconv.Itoa(v)
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return stamp(v)
	}
	panic(fmt.Sprintf("sheet: a %T in a row", v)) // a bug: rows.go makes them all
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z07:00") }

// object writes the row as an object with its members in the columns' order.
func (w *Writer) object(row Row) error {
	w.line.Reset()
	w.line.WriteByte('{')
	e := json.NewEncoder(&w.line)
	e.SetEscapeHTML(false)
	for i, v := range row {
		if i > 0 {
			w.line.WriteByte(',')
		}
		w.line.WriteString(strconv.Quote(w.columns[i]) + ":")
		if t, ok := v.(time.Time); ok {
			v = stamp(t)
			if t.IsZero() {
				v = nil
			}
		}
		if err := e.Encode(v); err != nil {
			return fmt.Errorf("sheet: column %s: %w", w.columns[i], err)
		}
		w.line.Truncate(w.line.Len() - 1) // its newline
	}
	w.line.WriteString("}\n")
	_, err := w.to.Write(w.line.Bytes())
	return err
}
