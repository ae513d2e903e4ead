package main

import (
	"errors"
	"fmt"
	"os"

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
}

func newRejects(s streams, file string) (*rejects, error) {
	r := &rejects{s: s}
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
		r.bar.line(r.s.err, "%v", j)
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
	if r.w == nil {
		return nil
	}
	if err := errors.Join(r.w.Flush(), r.file.Close()); err != nil {
		return fmt.Errorf("write rejects: %w", err)
	}
	return nil
}
