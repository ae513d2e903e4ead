package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"groundswell/shared/portal"
)

func (r *reader) author(ctx context.Context, line row, first time.Time) (writer, []Reject, error) {
	w, err := r.authors.find(ctx, line.get(FieldAuthor), line.get(FieldEmail), first)
	if portal.KindOf(err) == portal.Invalid {
		return w, reasons(line, err, nil), nil
	}
	return w, nil, err
}

// timeOr reads a field that may be empty.
func (r *reader) timeOr(line row, f Field, bad *[]Reject) time.Time {
	t, err := r.clock.read(line.get(f))
	if err != nil {
		*bad = append(*bad, line.wrong(f, fmt.Sprintf("%q is %v", short(line.get(f)), err)))
		return r.now // it is rejected; nothing more is to be said of it
	}
	return t
}

// time reads a field; only the time something was created is needed.
func (r *reader) time(line row, f Field, bad *[]Reject) time.Time {
	t := r.timeOr(line, f, bad)
	if t.IsZero() && f == FieldCreated {
		if t = r.src.Created; t.IsZero() {
			*bad = append(*bad, line.wrong(f, "Must not be empty."))
		}
	}
	return t
}

// key is the other system's id or, where it has none, one that follows from what
// makes the line.
func (r *reader) key(line row, parts ...any) string {
	if id := strings.TrimSpace(line.get(FieldID)); id != "" {
		return id
	}
	h := sha256.New()
	for _, p := range append(parts, line.get(FieldAuthor), line.get(FieldEmail)) {
		if t, ok := p.(time.Time); ok {
			p = t.UnixMilli()
		}
		fmt.Fprintf(h, "%v\x00", p)
	}
	return "\x00" + hex.EncodeToString(h.Sum(nil)[:16])
}

func twiceIn(line row, before int32) Reject {
	return line.wrong(FieldID, fmt.Sprintf("line %d has the same", before))
}

// reasons are rejects for what the portal says is wrong. Its fields are named as
// ours, but for those in other.
func reasons(line row, err error, other map[string]Field) (bad []Reject) {
	var e *portal.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return []Reject{line.whole(err.Error())}
	}
	for _, f := range e.Fields {
		field := Field(f.Name)
		if o, ok := other[f.Name]; ok {
			field = o
		}
		bad = append(bad, line.wrong(field, f.Msg))
	}
	return bad
}

// short keeps a message on one line.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
