package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// reader makes ideas and comments of lines.
type reader struct {
	src        CSV
	now        time.Time
	all        portal.Categories
	categories names[string]
	statuses   names[portal.Status]
	clock      *clock
	authors    *authors
	report     Report

	ideas map[string]place // by the other system's id
	talk  map[string]place // comments, likewise
}

// place is where something of the file came to be.
type place struct {
	line   int
	id     string // ours
	idea   string // comments: whose
	parent string // comments: the first-level comment it answers, ours
}

func newReader(im *Importer, src CSV) (*reader, error) {
	r := &reader{src: src, now: im.Clock(), all: im.Categories, clock: newClock(src.Preset.Dates, src.Zone),
		ideas: map[string]place{}, talk: map[string]place{}}
	r.authors = newAuthors(im.Store, src.Source, &r.report.Members)
	var err error
	if r.categories, err = src.Preset.categories(im.Categories); err != nil {
		return nil, err
	}
	r.statuses, err = src.Preset.statuses()
	return r, err
}

// complete reports what no line of the file can have.
func (r *reader) complete(s *sheet, needed ...Field) error {
	for _, f := range needed {
		if !s.has(f) {
			return fmt.Errorf("%s has no column for the %s; it has %q", s.name, f, s.header)
		}
	}
	if !s.has(FieldCreated) && r.src.Created.IsZero() {
		return fmt.Errorf("%s has no column for the time (%s), and no time is given for all lines", s.name, FieldCreated)
	}
	return nil
}

func (r *reader) idea(ctx context.Context, line row) (store.Unit, []Reject, error) {
	bad := line.notText(r.src.Preset.Encoding)
	d := portal.ImportedIdea{Source: r.src.Source, Title: line.get(FieldTitle), Body: line.get(FieldBody), Note: line.get(FieldNote)}
	d.CreatedAt = r.time(line, FieldCreated, &bad)
	d.MovedAt = r.time(line, FieldMoved, &bad)
	d.Votes = r.votes(line, &bad)
	var ok bool
	category := r.src.Preset.category(line.get(FieldCategory))
	if d.Category, ok = r.categories.get(category); !ok {
		bad = append(bad, line.wrong(FieldCategory, fmt.Sprintf("there is no category %q; it can be said which of ours it is", short(category))))
	}
	if d.Status, ok = r.statuses.get(line.get(FieldStatus)); !ok {
		bad = append(bad, line.wrong(FieldStatus, fmt.Sprintf("there is no status %q; it can be said which of ours it is", short(line.get(FieldStatus)))))
	}
	if len(bad) > 0 {
		return store.Unit{}, bad, nil
	}
	key := r.key(line, d.CreatedAt, d.Title, d.Body)
	if p, twice := r.ideas[key]; twice {
		return store.Unit{}, []Reject{line.twice(p)}, nil
	}
	var err error
	if d.Author, bad, err = r.author(ctx, line, d.CreatedAt); err != nil || len(bad) > 0 {
		return store.Unit{}, bad, err
	}
	if d.Status != portal.New {
		if d.MovedBy, err = r.authors.team(line.get(FieldTeam)); err != nil {
			return store.Unit{}, line.reasons(err, map[string]Field{"author": FieldTeam}), nil
		}
	}
	d.Key = key
	t, err := d.Take(r.all, r.now)
	if err != nil {
		return store.Unit{}, line.reasons(err, nil), nil
	}
	r.authors.wrote(d.Author, d.MovedBy)
	r.ideas[key] = place{line: line.line(), id: t.Idea.ID}
	return store.IdeaUnit(t), nil, nil
}

func (r *reader) comment(ctx context.Context, line row) (store.Unit, []Reject, error) {
	bad := line.notText(r.src.Preset.Encoding)
	d := portal.ImportedComment{Source: r.src.Source, Body: line.get(FieldBody), NoText: !line.has(FieldBody)}
	d.CreatedAt = r.time(line, FieldCreated, &bad)
	idea, ok := r.ideas[strings.TrimSpace(line.get(FieldIdea))]
	if !ok {
		bad = append(bad, line.wrong(FieldIdea, fmt.Sprintf("no idea of %s that was taken has the id %q", r.src.Ideas.Name, short(line.get(FieldIdea)))))
	}
	d.IdeaID = idea.id
	if parent := strings.TrimSpace(line.get(FieldParent)); parent != "" {
		switch p, ok := r.talk[parent]; {
		case !ok || p.idea != idea.id:
			bad = append(bad, line.wrong(FieldParent, fmt.Sprintf("no comment before it on the same idea has the id %q", short(parent))))
		case p.parent != "":
			d.Parent = p.parent // a reply to a reply answers the first comment
		default:
			d.Parent = p.id
		}
	}
	if len(bad) > 0 {
		return store.Unit{}, bad, nil
	}
	d.Key = r.key(line, d.CreatedAt, idea.id, d.Body)
	if p, twice := r.talk[d.Key]; twice {
		return store.Unit{}, []Reject{line.twice(p)}, nil
	}
	var err error
	if d.Author, bad, err = r.author(ctx, line, d.CreatedAt); err != nil || len(bad) > 0 {
		return store.Unit{}, bad, err
	}
	c, err := d.Take(r.now)
	if err != nil {
		return store.Unit{}, line.reasons(err, nil), nil
	}
	r.authors.wrote(d.Author)
	r.talk[d.Key] = place{line: line.line(), id: c.ID, idea: c.IdeaID, parent: c.Parent}
	return store.CommentUnit(c), nil, nil
}

func (r *reader) author(ctx context.Context, line row, first time.Time) (portal.Author, []Reject, error) {
	a, err := r.authors.find(ctx, line.get(FieldAuthor), line.get(FieldEmail), first)
	if portal.KindOf(err) == portal.Invalid {
		return a, line.reasons(err, nil), nil
	}
	return a, nil, err
}

// time reads a field; only the time something was created is needed.
func (r *reader) time(line row, f Field, bad *[]Reject) time.Time {
	t, err := r.clock.read(line.get(f))
	if err != nil {
		*bad = append(*bad, line.wrong(f, fmt.Sprintf("%q is %v", short(line.get(f)), err)))
	}
	if t.IsZero() && err == nil && f == FieldCreated {
		if t = r.src.Created; t.IsZero() {
			*bad = append(*bad, line.wrong(f, "Must not be empty."))
		}
	}
	return t
}

// votes are what the column says, divided by what a vote is worth; a rest is
// dropped.
func (r *reader) votes(line row, bad *[]Reject) int {
	s := strings.TrimSpace(line.get(FieldVotes))
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		*bad = append(*bad, line.wrong(FieldVotes, fmt.Sprintf("%q is not a whole number", short(s))))
	}
	n /= int64(r.src.Preset.points())
	// Out of range stays out of range, whatever the size of an int.
	return int(max(-portal.MaxImportedVotes-1, min(n, portal.MaxImportedVotes+1)))
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

func (r row) line() int {
	line, _ := r.csv.FieldPos(0)
	return line + r.skip
}

func (r row) twice(p place) Reject {
	return r.wrong(FieldID, fmt.Sprintf("line %d has the same", p.line))
}

// reasons are rejects for what the portal says is wrong. Its fields are named as
// ours, but for those in other.
func (r row) reasons(err error, other map[string]Field) (bad []Reject) {
	var e *portal.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return []Reject{r.reject(0, "", err.Error())}
	}
	for _, f := range e.Fields {
		field := Field(f.Name)
		if o, ok := other[f.Name]; ok {
			field = o
		}
		bad = append(bad, r.wrong(field, f.Msg))
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
