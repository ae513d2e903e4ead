package transfer

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// Reject is one thing wrong with one line of a file.
type Reject struct {
	File   string
	Line   int    // from 1, where the record starts if it has several
	Column int    // byte of the line, from 1, as compilers count
	Field  string // the column's name in the file; "" if the whole line is wrong
	Reason string
}

func (r Reject) String() string {
	if r.Field == "" {
		return fmt.Sprintf("%s:%d:%d: %s", r.File, r.Line, r.Column, r.Reason)
	}
	return fmt.Sprintf("%s:%d:%d: %s: %s", r.File, r.Line, r.Column, r.Field, r.Reason)
}

// RejectWriter writes rejects as CSV with a header.
type RejectWriter struct{ w *csv.Writer }

// NewRejectWriter writes the header to w.
func NewRejectWriter(w io.Writer) *RejectWriter {
	rw := &RejectWriter{csv.NewWriter(w)}
	_ = rw.w.Write([]string{"file", "line", "column", "field", "reason"}) // Flush tells
	return rw
}

// Put writes one reject.
func (w *RejectWriter) Put(r Reject) {
	_ = w.w.Write([]string{r.File, strconv.Itoa(r.Line), strconv.Itoa(r.Column), r.Field, r.Reason})
}

// Flush writes out what is left and returns the first error there was.
func (w *RejectWriter) Flush() error {
	w.w.Flush()
	return w.w.Error()
}

// Tally says what became of the lines of a kind; Read = New + Known + Rejected +
// Skipped.
type Tally struct {
	Read     int
	New      int // stored, or in a dry run: would be
	Known    int // there already, and left as they are
	Rejected int
	Skipped  int // left out, as the preset says: a pull request among issues, a second line of an idea
}

func (t Tally) String() string {
	s := fmt.Sprintf("%d read, %d new, %d known, %d rejected", t.Read, t.New, t.Known, t.Rejected)
	if t.Skipped > 0 {
		s += fmt.Sprintf(", %d left out", t.Skipped)
	}
	return s
}

// Report is what an import did.
type Report struct {
	Ideas, Comments Tally
	Votes           Tally // that came one by one
	Members         Tally // authors; read = distinct ones
	Paths           Tally // addresses of old that lead to ideas now
	Records         Tally // of Lines
	Cut             int   // texts that were cut because they were too long

	// Next is where Steps ended the import before the files did; nil = they are done.
	Next *Place

	// CaughtUp says that the imported export holds all derived records too.
	CaughtUp bool
}

// Progress is how far a stage has come, in bytes or whatever it counts.
type Progress struct {
	Stage       string
	Done, Total int64
}
