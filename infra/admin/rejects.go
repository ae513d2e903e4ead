package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"groundswell/shared/transfer"
)

// shown is how many rejects are printed; a file takes all of them.
const shown = 20

// rejects reports what could not be imported.
type rejects struct {
	s    streams
	bar  *bar
	n    int
	file *os.File
	w    *transfer.RejectWriter
	rows *transfer.RowWriter // nil = nobody wants the rows
}

func newRejects(s streams, file, folder string) (*rejects, error) {
	r := &rejects{s: s}
	if folder != "" {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return nil, err
		}
		r.rows = &transfer.RowWriter{Create: func(name string) (io.WriteCloser, error) {
			// Never over the file that is being read.
			return os.OpenFile(filepath.Join(folder, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		}}
	}
	if file != "" {
		f, err := os.Create(file)
		if err != nil {
			return nil, err
		}
		r.file, r.w = f, transfer.NewRejectWriter(f)
	}
	return r, nil
}

func (r *rejects) put(j transfer.Reject) {
	r.n++
	if r.w != nil {
		r.w.Put(j)
	}
	if r.n <= shown {
		r.bar.line(r.s.err, "%s", printable(j.String()))
	}
}

func (r *rejects) row(j transfer.RejectedRow) {
	if r.rows != nil {
		r.rows.Put(j)
	}
}

func (r *rejects) close() error {
	if r.n > shown {
		hint := "; -rejects FILE writes all of them"
		if r.w != nil {
			hint = "; " + r.file.Name() + " has all of them"
		}
		fmt.Fprintf(r.s.err, "... and %d more%s\n", r.n-shown, hint)
	}
	var rows error
	if r.rows != nil {
		rows = r.rows.Close()
	}
	if r.w == nil {
		return rows
	}
	if err := errors.Join(r.w.Flush(), r.file.Close()); err != nil {
		return errors.Join(rows, fmt.Errorf("write rejects: %w", err))
	}
	return rows
}
