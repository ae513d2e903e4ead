package intake

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"strings"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/transfer"
)

// Reader reads and stores files. Store, Categories and Clock have to be set.
type Reader struct {
	Store      *store.Store
	Categories portal.Categories
	Clock      func() time.Time

	// A step ends behind the chunk of rows in which it has lasted Span, a look likewise; or
	// took Most. Zeros are 200 rows, 8 s and 4,000 rows: an HTTP API waits 30 s at most.
	Chunk, Most int
	Span        time.Duration
}

var _ portal.IntakeReader = (*Reader)(nil)

// The usual sizes of a step.
const (
	usualChunk = 200
	usualMost  = 4000
	usualSpan  = 8 * time.Second
)

// Presets implements portal.IntakeReader.
func (r *Reader) Presets() []string {
	var names []string
	for _, p := range transfer.Presets() {
		if p.Name != "generic" {
			names = append(names, p.Name)
		}
	}
	return append([]string{"generic"}, names...)
}

// importer ends behind most rows or the usual time.
func (r *Reader) importer(most int) *transfer.Importer {
	chunk, span, start, rows := r.Chunk, r.Span, r.Clock(), 0
	if chunk == 0 {
		chunk = usualChunk
	}
	if span == 0 {
		span = usualSpan
	}
	im := &transfer.Importer{Store: r.Store, Categories: r.Categories, Clock: r.Clock}
	im.Chunk = chunk
	im.Enough = func() bool {
		rows += chunk
		return most > 0 && rows >= most || r.Clock().Sub(start) >= span
	}
	return im
}

// Step implements portal.IntakeReader.
func (r *Reader) Step(ctx context.Context, in portal.Intake, data []byte) (portal.Intake, error) {
	src, err := r.files(in, data)
	if err != nil {
		return in, refuse(err)
	}
	if in.Total == 0 {
		if in.Total, err = src.Rows(); err != nil {
			return in, refuse(err)
		}
	}
	most := r.Most
	if most == 0 {
		most = usualMost
	}
	im := r.importer(most)
	im.From = transfer.Place{Part: in.Part, Row: in.Row}
	report, err := im.Files(ctx, src)
	if err != nil {
		return in, refuse(err)
	}
	in.State, in.Rows = portal.IntakeRuns, add(in.Rows, report)
	if report.Next == nil {
		in.State = portal.IntakeDone
	} else {
		in.Part, in.Row = report.Next.Part, report.Next.Row
	}
	return in, nil
}

// refuse turns what is wrong with a file into an error for whoever brought it.
func refuse(err error) error {
	var bad *transfer.FileError
	if !errors.As(err, &bad) {
		return err
	}
	return &portal.Error{Kind: portal.Conflict, Code: "intake_unread", Msg: bad.Error()}
}

// add counts what a step did to what was counted before.
func add(before map[string]portal.IntakeTally, rep transfer.Report) map[string]portal.IntakeTally {
	sums := map[string]portal.IntakeTally{}
	for name, t := range map[string]transfer.Tally{"ideas": rep.Ideas, "comments": rep.Comments, "votes": rep.Votes, "members": rep.Members, "addresses": rep.Paths} {
		if sum := before[name].Sum(portal.IntakeTally(t)); sum.Read > 0 {
			sums[name] = sum
		}
	}
	return sums
}

// Left implements portal.IntakeReader. Of several files with such rows it makes a ZIP.
func (r *Reader) Left(ctx context.Context, in portal.Intake, data []byte) (string, []byte, error) {
	src, err := r.files(in, data)
	if err != nil {
		return "", nil, refuse(err)
	}
	var names []string
	files := map[string]*bytes.Buffer{}
	rows := &transfer.RowWriter{Create: func(name string) (io.WriteCloser, error) {
		names, files[name] = append(names, name), &bytes.Buffer{}
		return open{files[name]}, nil
	}}
	im := r.importer(0)
	im.DryRun, im.Unasked, im.Enough, im.RejectedRow = true, true, nil, rows.Put
	if _, err := im.Files(ctx, src); err != nil {
		return "", nil, refuse(err)
	}
	if err := rows.Close(); err != nil || len(names) == 0 {
		return "", nil, err
	}
	if len(names) == 1 {
		return names[0], files[names[0]].Bytes(), nil
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range names {
		w, err := z.Create(name)
		if err != nil {
			return "", nil, err
		}
		if _, err := w.Write(files[name].Bytes()); err != nil {
			return "", nil, err
		}
	}
	if err := z.Close(); err != nil {
		return "", nil, err
	}
	return strings.TrimSuffix(in.File, path.Ext(in.File)) + "-left.zip", b.Bytes(), nil
}

// open is a file in memory.
type open struct{ *bytes.Buffer }

func (open) Close() error { return nil }
