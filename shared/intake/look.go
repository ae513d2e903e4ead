package intake

import (
	"context"
	"errors"
	"slices"
	"strings"

	"groundswell/shared/portal"
	"groundswell/shared/transfer"
)

// What a look shows at most.
const (
	ideasShown   = 5
	rejectsShown = 20
	namesShown   = 50
)

// Look implements portal.IntakeReader.
func (r *Reader) Look(ctx context.Context, in portal.Intake, data []byte) (portal.IntakeLook, error) {
	var l portal.IntakeLook
	src, err := r.files(in, data)
	if err == nil {
		l.Files, err = r.heads(src)
	}
	if err == nil {
		err = r.rows(ctx, src, &l)
	}
	var bad *transfer.FileError
	if errors.As(err, &bad) {
		l.Problem, err = bad.Error(), nil
	}
	return l, err
}

func (r *Reader) rows(ctx context.Context, src transfer.Files, l *portal.IntakeLook) error {
	im := r.importer(0)
	seen := &transfer.Look{Rows: ideasShown}
	im.DryRun, im.Unasked, im.Look = true, true, seen
	im.Rejected = func(j transfer.Reject) {
		if len(l.Rejects) == rejectsShown {
			l.More++
			return
		}
		l.Rejects = append(l.Rejects, portal.IntakeReject(j))
	}
	report, err := im.Files(ctx, src)
	if err != nil {
		return err
	}
	l.Partial = report.Next != nil
	l.Rows = add(nil, report)
	delete(l.Rows, "members") // who is here already is not asked for
	for _, i := range seen.Ideas {
		l.Ideas = append(l.Ideas, portal.IntakeIdea{TakenIdea: i.TakenIdea, Author: i.Author})
	}
	l.Categories, l.Statuses = unmapped(seen, transfer.FieldCategory), unmapped(seen, transfer.FieldStatus)
	return nil
}

func unmapped(l *transfer.Look, f transfer.Field) (out []portal.IntakeName) {
	for i, name := range l.Often(f) {
		if i == namesShown {
			break
		}
		out = append(out, portal.IntakeName{Name: name, N: l.Unmapped[f][name]})
	}
	return out
}

// heads tells which column of each file is what.
func (r *Reader) heads(src transfer.Files) ([]portal.IntakeFile, error) {
	heads, err := src.Heads()
	var out []portal.IntakeFile
	for i, part := range []struct {
		name   string
		fields []transfer.Field
	}{{"ideas", transfer.IdeaFields()}, {"votes", transfer.VoteFields()}, {"comments", transfer.CommentFields()}} {
		h := heads[i]
		if h == nil {
			continue
		}
		f := portal.IntakeFile{Part: part.name, Name: h.Name, JSON: h.JSON, Columns: clean(h.Names), Found: map[string]string{}}
		for _, field := range part.fields {
			f.Fields = append(f.Fields, string(field))
		}
		for field, name := range h.Found {
			f.Found[string(field)] = name
		}
		if !h.JSON {
			for _, name := range f.Columns {
				if !found(f.Found, name) {
					f.Ignored = append(f.Ignored, name)
				}
			}
		}
		out = append(out, f)
	}
	return out, err
}

// clean are the columns that can be named: those with a name.
func clean(names []string) (out []string) {
	for _, n := range names {
		if n = strings.TrimSpace(n); n != "" && !slices.Contains(out, n) && len(out) < maxColumns {
			out = append(out, n)
		}
	}
	return out
}

// maxColumns bounds what a form offers.
const maxColumns = 200

func found(in map[string]string, name string) bool {
	for _, n := range in {
		if n == name {
			return true
		}
	}
	return false
}
