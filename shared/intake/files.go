package intake

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/transfer"
)

// files is what transfer imports, made of the file that came and what was said of it.
// The error is a *transfer.FileError.
func (r *Reader) files(in portal.Intake, data []byte) (transfer.Files, error) {
	var src transfer.Files
	m := transfer.Mapping{Preset: in.Setup.Preset, Ideas: columns(in.Setup.Ideas), Comments: columns(in.Setup.Comments), Votes: columns(in.Setup.Votes),
		Categories: in.Setup.Categories, Statuses: in.Setup.Statuses, Cut: in.Setup.Cut}
	if in.Setup.DayFirst {
		m.Dates = transfer.DayFirst
	}
	var err error
	if src.Preset, err = m.Apply(); err != nil {
		return src, &transfer.FileError{Err: err}
	}
	src.Source = in.Setup.Source
	if in.Setup.Day != "" {
		src.Created, _ = time.Parse(time.DateOnly, in.Setup.Day) // checked when it was said
	}
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		err = unpack(&src, in.File, data)
	} else if bytes.HasPrefix(data, []byte(`{"export":"groundswell"`)) {
		err = errors.New("this is a backup of a whole portal; the operator's tool takes it back (admin import)")
	} else {
		src.Ideas = transfer.File{Name: in.File, Size: int64(len(data)), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
		if p := src.Preset; partOf(p, in.File) == 1 {
			src.Ideas, src.Comments = transfer.File{}, src.Ideas
		} else if partOf(p, in.File) == 2 {
			src.Ideas, src.Votes = transfer.File{}, src.Ideas
		}
	}
	if err == nil {
		err = detect(&src)
	}
	var bad *transfer.FileError
	if err != nil && !errors.As(err, &bad) {
		err = &transfer.FileError{Err: err}
	}
	return src, err
}

// partOf is 1 for a file that the preset knows as one of comments alone, 2 for votes:
// rows that were rejected come back alone.
func partOf(p transfer.Preset, name string) int {
	names := func(all string) bool { return slices.Contains(strings.Split(all, "|"), strings.ToLower(name)) }
	switch {
	case names(p.IdeasFile):
		return 0
	case names(p.CommentsFile) && len(p.Comments) > 0:
		return 1
	case names(p.VotesFile) && len(p.Votes) > 0:
		return 2
	}
	return 0
}

// unpack takes the preset's files out of a ZIP. One with a single file of another name
// holds ideas.
func unpack(src *transfer.Files, name string, data []byte) error {
	a, err := transfer.ReadArchive(bytes.NewReader(data), int64(len(data)), name, portal.MaxUnpacked)
	if err != nil {
		return err
	}
	p := src.Preset
	for _, f := range []struct {
		into  *transfer.File
		names string
		cs    transfer.Columns
	}{{&src.Ideas, p.IdeasFile, p.Ideas}, {&src.Comments, p.CommentsFile, p.Comments}, {&src.Votes, p.VotesFile, p.Votes}} {
		for one := range strings.SplitSeq(f.names, "|") {
			if file, ok := a.File(one); ok && len(f.cs) > 0 && one != "" {
				*f.into = file
				break
			}
		}
	}
	for _, t := range p.Tables {
		if file, ok := a.File(t.File); ok {
			src.Tables = append(src.Tables, file)
		}
	}
	if src.Ideas.Open == nil && src.Comments.Open == nil && src.Votes.Open == nil {
		names := a.Names()
		if len(names) != 1 {
			return fmt.Errorf("%s has no %s; it has %q", name, strings.ReplaceAll(p.IdeasFile, "|", " or "), names)
		}
		src.Ideas, _ = a.File(names[0])
	}
	return nil
}

// detect looks how each file spells characters, where the preset does not say.
func detect(src *transfer.Files) error {
	for _, f := range []*transfer.File{&src.Ideas, &src.Comments, &src.Votes} {
		if f.Open == nil || src.Preset.Encoding != "" {
			continue
		}
		e, _, err := transfer.Detect(*f)
		if err != nil {
			return err
		}
		f.Encoding = cmp.Or(e, transfer.UTF8)
	}
	return nil
}

func columns(m map[string]string) transfer.Columns {
	cs := transfer.Columns{}
	for field, name := range m {
		if name != "" {
			cs[transfer.Field(field)] = name
		}
	}
	return cs
}
