package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// reader makes ideas, comments and votes of rows.
type reader struct {
	src        Files
	now        time.Time
	all        portal.Categories
	categories names[string]
	statuses   names[portal.Status]
	clock      *clock
	authors    *authors
	store      *store.Store
	look       *Look
	report     Report

	ideas  map[sum]ideaPlace      // by the other system's id
	talk   map[sum]talkPlace      // comments, likewise
	votes  map[sum]bool           // by idea and member
	voters map[sum]int32          // by the other system's id: how many votes of its own it has
	paths  []pathTo               // where ideas were, to be stored behind them
	asked  map[string][]talkPlace // the comments of ideas that one from another run was looked for in
	keys   []sum                  // of the ideas that are to be stored next
	cut    int                    // texts that were cut
}

// ideaPlace is where an idea of the file came to be.
type ideaPlace struct {
	line int32 // 0: not in this file, but in one that was imported before
	id   timedID
}

// talkPlace is where a comment came to be.
type talkPlace struct {
	line             int32
	id, idea, parent timedID // parent: the first-level comment it answers
}

type pathTo struct {
	path string
	idea sum
}

func newReader(im *Importer, src Files) (*reader, error) {
	r := &reader{src: src, now: im.Clock(), all: im.Categories, clock: newClock(src.Preset.Dates, src.Zone), store: im.Store, look: im.Look,
		ideas: map[sum]ideaPlace{}, talk: map[sum]talkPlace{}, votes: map[sum]bool{}, voters: map[sum]int32{}, asked: map[string][]talkPlace{}}
	r.authors = newAuthors(im.Store, src.Source, &r.report.Members)
	var err error
	if r.categories, err = src.Preset.categories(im.Categories); err != nil {
		return nil, err
	}
	r.statuses, err = src.Preset.statuses()
	return r, err
}

// complete reports what no row of the file can have.
func (r *reader) complete(s source, needed ...Field) error {
	for _, f := range needed {
		if !s.has(f) {
			return fmt.Errorf("%s has no column for the %s; it has %q", s.label(), f, s.names())
		}
	}
	if !s.has(FieldCreated) && r.src.Created.IsZero() {
		return fmt.Errorf("%s has no column for the time (%s), and no time is given for all lines", s.label(), FieldCreated)
	}
	return nil
}

// errSkip says that a row is to be left out, and nothing is wrong with it.
var errSkip = errors.New("left out")

func skipped(line row, conditions []string) bool {
	for _, c := range conditions {
		path, want, exact := strings.Cut(c, "=")
		for _, v := range line.members(path) {
			if v = strings.TrimSpace(v); exact && strings.EqualFold(v, want) || !exact && v != "" {
				return true
			}
		}
	}
	return false
}

func (r *reader) idea(ctx context.Context, line row) (store.Unit, []Reject, error) {
	if skipped(line, r.src.Preset.Skip) {
		return store.Unit{}, nil, errSkip
	}
	bad := line.notText()
	d := portal.ImportedIdea{Source: r.src.Source, Title: line.get(FieldTitle)}
	d.Body = r.text(line, FieldBody, portal.MaxBody)
	d.Note = r.text(line, FieldNote, portal.MaxNote)
	d.CreatedAt = r.time(line, FieldCreated, &bad)
	d.MovedAt = r.time(line, FieldMoved, &bad)
	d.Votes = r.votesOf(line, &bad)
	d.Category = r.category(line, &bad)
	status := line.get(FieldStatus)
	var ok bool
	if d.Status, ok = r.statuses.get(status); !ok {
		r.look.unmapped(FieldStatus, status)
		bad = append(bad, line.wrong(FieldStatus, fmt.Sprintf("there is no status %q; it can be said which of ours it is", short(status))))
	}
	if len(bad) > 0 {
		return store.Unit{}, bad, nil
	}
	d.Key = r.key(line, d.CreatedAt, d.Title, line.get(FieldBody))
	key := sumOf("idea", d.Key)
	if p, twice := r.ideas[key]; twice {
		if r.src.Preset.Repeats {
			return store.Unit{}, nil, errSkip // one more voter
		}
		return store.Unit{}, []Reject{twiceIn(line, p.line)}, nil
	}
	if n := int(r.voters[key]); n > 0 { // they come one by one
		if d.Votes -= n; d.Votes > -n { // a total below zero had its base there, too
			d.Votes = max(0, d.Votes)
		}
	}
	author, bad, err := r.author(ctx, line, d.CreatedAt)
	if err != nil || len(bad) > 0 {
		return store.Unit{}, bad, err
	}
	d.Author = author.Author
	var team writer
	if d.Status != portal.New {
		if team, err = r.authors.team(line.get(FieldTeam)); err != nil {
			return store.Unit{}, reasons(line, err, map[string]Field{"author": FieldTeam}), nil
		}
		d.MovedBy = team.Author
	}
	t, err := d.Take(r.all, r.now)
	if err != nil {
		return store.Unit{}, reasons(line, err, nil), nil
	}
	r.authors.wrote(author, team)
	r.ideas[key] = ideaPlace{line: int32(line.line()), id: timedIDOf(t.Idea.ID)}
	r.keys = append(r.keys, key)
	for _, address := range r.addresses(line) {
		if path := portal.OldPath(address); path != "" {
			r.paths = append(r.paths, pathTo{strings.Clone(path), key})
		}
	}
	r.look.sample(t, d.Author.Name)
	return store.IdeaUnit(t), nil, nil
}

// category is the first of the names in the row that is known.
func (r *reader) category(line row, bad *[]Reject) string {
	said := line.get(FieldCategory)
	name := r.src.Preset.category(said)
	if id, ok := r.categories.known(name); ok {
		return id
	}
	if r.src.Preset.Commas {
		for one := range strings.SplitSeq(name, ",") {
			if id, ok := r.categories.known(one); ok {
				return id
			}
		}
	}
	if r.categories.rest != nil {
		return *r.categories.rest
	}
	r.look.unmapped(FieldCategory, name)
	*bad = append(*bad, line.wrong(FieldCategory, fmt.Sprintf("there is no category %q; it can be said which of ours it is", short(name))))
	return ""
}

// text is a field as Markdown and, if that is wanted, not longer than it may be.
func (r *reader) text(line row, f Field, max int) string {
	s := r.src.Preset.HTML.markdown(line.get(f))
	if r.src.Preset.Cut {
		if t := portal.CutText(s, max); t != s {
			r.cut++
			return t
		}
	}
	return s
}

// addresses are those that the idea had elsewhere.
func (r *reader) addresses(line row) []string {
	var all []string
	if u := strings.TrimSpace(line.get(FieldURL)); u != "" {
		all = append(all, u)
	}
	for _, pattern := range r.src.Preset.URLs {
		if u, ok := fill(pattern, line); ok {
			all = append(all, u)
		}
	}
	return all
}

// fill puts the row's values in place of the columns' names in braces.
func fill(pattern string, line row) (string, bool) {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(pattern, "{")
		b.WriteString(before)
		name, behind, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			return b.String(), true
		}
		v := line.members(name)
		if len(v) == 0 || strings.TrimSpace(v[0]) == "" {
			return "", false
		}
		b.WriteString(url.PathEscape(strings.TrimSpace(v[0])))
		pattern = behind
	}
}

// ideaOf is the idea that a comment or vote belongs to; one that another run brought
// is as good.
func (r *reader) ideaOf(ctx context.Context, line row, bad *[]Reject) (string, error) {
	said := strings.TrimSpace(line.get(FieldIdea))
	key := sumOf("idea", said)
	p, ok := r.ideas[key]
	if !ok && said != "" {
		id, err := r.store.IdeaFrom(ctx, r.src.Source, said)
		if err != nil && portal.KindOf(err) != portal.NotFound {
			return "", fmt.Errorf("look for an idea: %w", err)
		}
		p = ideaPlace{id: timedIDOf(id)}
		r.ideas[key] = p // "" too: it is asked for once
	}
	if p.id == (timedID{}) {
		*bad = append(*bad, line.wrong(FieldIdea, fmt.Sprintf("no idea of %s that was taken has the id %q", r.src.Ideas.Name, short(said))))
	}
	return p.id.String(), nil
}

func (r *reader) comment(ctx context.Context, line row) (store.Unit, []Reject, error) {
	if skipped(line, r.src.Preset.SkipComments) {
		return store.Unit{}, nil, errSkip
	}
	bad := line.notText()
	d := portal.ImportedComment{Source: r.src.Source, NoText: !line.has(FieldBody)}
	d.Body = r.text(line, FieldBody, portal.MaxComment)
	d.CreatedAt = r.time(line, FieldCreated, &bad)
	var err error
	if d.IdeaID, err = r.ideaOf(ctx, line, &bad); err != nil {
		return store.Unit{}, nil, err
	}
	if d.Parent, err = r.parent(ctx, line, d.IdeaID, &bad); err != nil || len(bad) > 0 {
		return store.Unit{}, bad, err
	}
	d.Key = r.key(line, d.CreatedAt, d.IdeaID, line.get(FieldBody))
	key := sumOf("comment", d.Key)
	if p, twice := r.talk[key]; twice && p.line > 0 {
		return store.Unit{}, []Reject{twiceIn(line, p.line)}, nil
	}
	author, bad, err := r.author(ctx, line, d.CreatedAt)
	if err != nil || len(bad) > 0 {
		return store.Unit{}, bad, err
	}
	d.Author = author.Author
	c, err := d.Take(r.now)
	if err != nil {
		return store.Unit{}, reasons(line, err, nil), nil
	}
	r.authors.wrote(author)
	r.talk[key] = talkPlace{line: int32(line.line()), id: timedIDOf(c.ID), idea: timedIDOf(c.IdeaID), parent: timedIDOf(c.Parent)}
	return store.CommentUnit(c), nil, nil
}

// parent is the comment of ours that the row's comment answers; "" = it answers the
// idea.
func (r *reader) parent(ctx context.Context, line row, ideaID string, bad *[]Reject) (string, error) {
	said := strings.TrimSpace(line.get(FieldParent))
	if said == "" || ideaID == "" {
		return "", nil
	}
	p, ok := r.talk[sumOf("comment", said)]
	if !ok {
		var err error
		if p, ok, err = r.before(ctx, ideaID, said); err != nil {
			return "", err
		}
	}
	if !ok || p.idea.String() != ideaID {
		*bad = append(*bad, line.wrong(FieldParent, fmt.Sprintf("no comment before it on the same idea has the id %q", short(said))))
		return "", nil
	}
	if parent := p.parent.String(); parent != "" {
		return parent, nil // a reply to a reply answers the first comment
	}
	return p.id.String(), nil
}

// before looks for a comment that another run brought.
func (r *reader) before(ctx context.Context, ideaID, key string) (talkPlace, bool, error) {
	places, ok := r.asked[ideaID]
	for cursor := ""; !ok; ok = cursor == "" {
		some, next, err := r.store.Comments(ctx, ideaID, cursor, portal.MaxLimit)
		if err != nil {
			return talkPlace{}, false, fmt.Errorf("look for a comment: %w", err)
		}
		for _, c := range some {
			places = append(places, talkPlace{id: timedIDOf(c.ID), idea: timedIDOf(ideaID), parent: timedIDOf(c.Parent)})
		}
		cursor = next
	}
	r.asked[ideaID] = places
	for _, p := range places {
		if portal.FromKey(p.id.String(), r.src.Source, key) {
			return p, true, nil
		}
	}
	return talkPlace{}, false, nil
}

// vote is the vote that a row tells of, by whom it says; errSkip if it says nobody.
func (r *reader) vote(ctx context.Context, line row) (store.Unit, []Reject, error) {
	if !voted(line) {
		return store.Unit{}, nil, errSkip
	}
	bad := line.notText()
	v := portal.Vote{At: r.timeOr(line, FieldCreated, &bad)}
	var err error
	if v.IdeaID, err = r.ideaOf(ctx, line, &bad); err != nil || len(bad) > 0 {
		return store.Unit{}, bad, err
	}
	if v.At.IsZero() {
		v.At = portal.IDTime(v.IdeaID)
	}
	if v.At.Sub(r.now) > 24*time.Hour || v.At.UnixMilli() < 0 {
		return store.Unit{}, []Reject{line.wrong(FieldCreated, "Must be a time since 1970 that is not in the future.")}, nil
	}
	author, bad, err := r.author(ctx, line, v.At)
	if err != nil || len(bad) > 0 {
		return store.Unit{}, bad, err
	}
	v.MemberID = author.ID
	once := sumOf("vote", v.IdeaID, v.MemberID)
	if r.votes[once] {
		return store.Unit{}, nil, errSkip
	}
	r.votes[once] = true
	r.authors.wrote(author)
	return store.VoteUnit(v), nil, nil
}

func voted(line row) bool {
	return strings.TrimSpace(line.get(FieldEmail)+line.get(FieldAuthor)) != ""
}

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

// votesOf is what the column says, divided by what a vote is worth; a rest is
// dropped.
func (r *reader) votesOf(line row, bad *[]Reject) int {
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
