package transfer

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	sheets "groundswell/shared/sheet"
)

// RejectedRow is a row that was left out, and why.
type RejectedRow struct {
	src  source
	line row // nil if it could not be read
	text []byte
	why  []Reject
}

// The columns that are put before a rejected row. Nothing is read from them.
const (
	rejectedLine   = "rejected_line"
	rejectedColumn = "rejected_column"
	rejectedReason = "rejected_reason"
)

// RowWriter writes rejected rows into files of the same names and the same format as
// those that they were read from, each with its line, its column and what is wrong
// in front: corrected there, they can be imported as they are.
type RowWriter struct {
	// Create makes a file with a name.
	Create func(name string) (io.WriteCloser, error)

	files map[string]io.WriteCloser
	err   error
}

// Put writes one row.
func (w *RowWriter) Put(r RejectedRow) {
	if w.err != nil {
		return
	}
	f, ok := w.files[r.name()]
	if !ok {
		if f, w.err = w.Create(r.name()); w.err != nil {
			return
		}
		if w.files == nil {
			w.files = map[string]io.WriteCloser{}
		}
		w.files[r.name()] = f
		if _, w.err = f.Write(r.header()); w.err != nil {
			return
		}
	}
	_, w.err = f.Write(r.bytes())
}

// Close closes the files, and returns the first error there was.
func (w *RowWriter) Close() error {
	for _, f := range w.files {
		if err := f.Close(); w.err == nil {
			w.err = err
		}
	}
	if w.err != nil {
		return fmt.Errorf("write rejected rows: %w", w.err)
	}
	return nil
}

// name is the file's, without a path; what is JSON comes one object a line.
func (r RejectedRow) name() string {
	name := filepath.Base(filepath.ToSlash(r.src.label()))
	if o, ok := r.src.(*objects); ok && o.inner != "" {
		name = o.inner // they were in a file of something else
	}
	if ext := filepath.Ext(name); r.src.kind() == kindJSON && ext != ".jsonl" {
		name = strings.TrimSuffix(name, ext) + ".json"
	}
	return name
}

// header begins a file: a byte order mark says UTF-8 to spreadsheets.
func (r RejectedRow) header() []byte {
	if r.src.kind() == kindJSON {
		return nil
	}
	s := r.src.(*sheet)
	d := string(s.csv.Comma)
	if s.again() {
		return []byte("\xEF\xBB\xBF" + string(s.first) + "\r\n")
	}
	return []byte("\xEF\xBB\xBF" + strings.Join([]string{rejectedLine, rejectedColumn, rejectedReason, string(s.first)}, d) + "\r\n")
}

func (r RejectedRow) bytes() []byte {
	var reasons []string
	for _, j := range r.why {
		reason := j.Reason
		if j.Field != "" {
			reason = j.Field + ": " + reason
		}
		reasons = append(reasons, reason)
	}
	line, col, reason := r.why[0].Line, r.why[0].Column, strings.Join(reasons, "; ")
	if r.src.kind() == kindJSON {
		return r.object(line, col, reason)
	}
	s := r.src.(*sheet)
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = s.csv.Comma
	_ = w.Write([]string{strconv.Itoa(line), strconv.Itoa(col), sheets.Guard(reason)}) // a buffer takes all
	w.Flush()
	front, text := bytes.TrimRight(b.Bytes(), "\n"), r.text
	if s.again() {
		text = s.behind(text)
	}
	return append(append(append(front, byte(s.csv.Comma)), text...), '\r', '\n')
}

// again reports whether the file is one of rejected rows itself.
func (s *sheet) again() bool {
	return len(s.header) > 3 && s.header[0] == rejectedLine && s.header[1] == rejectedColumn && s.header[2] == rejectedReason
}

// behind is a line without the three columns in front.
func (s *sheet) behind(text []byte) []byte {
	var q quoting
	left := 3
	for i := range text {
		if q.scan(s.recs.comma, text[i:i+1]); text[i] == s.recs.comma && q == start {
			if left--; left == 0 {
				return text[i+1:]
			}
		}
	}
	return text
}

// object is the row as one line of JSON, with what is wrong as its first member and,
// of one that was nested in another, what it knows of that.
func (r RejectedRow) object(line, col int, reason string) []byte {
	front := map[string]any{"line": line, "column": col, "reason": reason}
	var body bytes.Buffer
	o, ok := r.line.(*object)
	if !ok || json.Compact(&body, o.text) != nil || o.value == nil {
		front["text"] = string(r.text)
		body.Reset()
		body.WriteString("{}")
	}
	var b bytes.Buffer
	_ = marshalLine(&b, front) // it has nothing that can't be marshalled
	out := append([]byte(`{"rejected":`), bytes.TrimSpace(b.Bytes())...)
	if ok && o.parent != nil {
		b.Reset()
		_ = marshalLine(&b, o.above())
		out = append(append(out, `,"^":`...), bytes.TrimSpace(b.Bytes())...)
	}
	rest := bytes.TrimPrefix(body.Bytes(), []byte("{"))
	if len(rest) > 1 {
		out = append(out, ',')
	}
	return append(append(out, rest...), '\n')
}

// above is what the paths of the file say of the object around.
func (o *object) above() map[string]any {
	all, kept := o.parent.(map[string]any), map[string]any{}
	for _, paths := range o.cs {
		for one := range strings.SplitSeq(paths, "|") {
			if path, ok := strings.CutPrefix(one, "^"); ok {
				name, _, _ := strings.Cut(path, ".")
				if v, ok := all[name]; ok {
					kept[name] = v
				}
			}
		}
	}
	return kept
}
