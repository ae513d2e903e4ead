package transfer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"groundswell/shared/store"
	"groundswell/shared/table"
)

// Lines imports what Export wrote. Records that are there already stay as they
// are. open is called twice: what tells of things that happened is stored last,
// because consumers act on it, when the mail ledger says already what was sent.
func (im *Importer) Lines(ctx context.Context, name string, size int64, open func() (io.ReadCloser, error)) (Report, error) {
	var report Report
	for pass := range 2 {
		f, err := open()
		if err != nil {
			return report, err
		}
		l := restore{im: im, name: name, size: size, last: pass == 1, report: &report}
		if err := errors.Join(l.read(ctx, f), f.Close()); err != nil {
			return report, err
		}
	}
	return report, nil
}

// restore is one pass over an export.
type restore struct {
	im     *Importer
	name   string
	size   int64
	last   bool // the pass of history entries and of the log: mails follow from both
	report *Report
	units  []store.Unit
}

func (l *restore) read(ctx context.Context, r io.Reader) error {
	read := &counter{r: r}
	in := newLines(read)
	if err := l.header(in); err != nil {
		return err
	}
	for {
		line, err := in.next()
		if err == io.EOF {
			return l.flush(ctx)
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", l.name, err)
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		rec, column, err := l.record(in, line)
		if err != nil {
			l.reject(Reject{File: l.name, Line: in.n, Column: column, Reason: err.Error()})
			continue
		}
		if l.last != (rec.Kind == store.KindHistory || rec.Kind == store.KindLog) {
			continue
		}
		l.report.Records.Read++
		if l.units = append(l.units, store.RecordUnit(rec)); len(l.units) == usualChunk {
			done := read.n / 2
			if l.last {
				done += l.size / 2
			}
			l.im.progress(l.name, done, l.size)
			if err := l.flush(ctx); err != nil {
				return err
			}
		}
	}
}

func (l *restore) record(in *lines, line []byte) (table.Record, int, error) {
	if in.long {
		return table.Record{}, maxLine, errors.New("the line is longer than any record")
	}
	if i := badByte(string(line)); i >= 0 {
		return table.Record{}, i + 1, fmt.Errorf("byte 0x%X is not UTF-8", line[i])
	}
	r, column, err := parseRecord(line)
	if err == nil {
		err = store.CheckRecord(r)
	}
	return r, column, err
}

// reject reports a line once, though it is read twice.
func (l *restore) reject(r Reject) {
	if l.last {
		return
	}
	l.report.Records.Read++
	l.report.Records.Rejected++
	l.im.rejected(r)
}

func (l *restore) flush(ctx context.Context) error {
	_, err := l.im.put(ctx, l.units, &l.report.Records)
	l.units = l.units[:0]
	return err
}

func (l *restore) header(in *lines) error {
	line, err := in.next()
	if err != nil && err != io.EOF {
		return fmt.Errorf("read %s: %w", l.name, err)
	}
	var h header
	line = bytes.TrimPrefix(line, []byte("\xEF\xBB\xBF"))
	if json.Unmarshal(line, &h) != nil || h.Export != exportName {
		return fmt.Errorf("%s is not an export: its first line is not an export's header", l.name)
	}
	if h.Format != formatVersion {
		return fmt.Errorf("%s has format %d, this program reads %d", l.name, h.Format, formatVersion)
	}
	l.report.CaughtUp = h.CaughtUp
	return nil
}
