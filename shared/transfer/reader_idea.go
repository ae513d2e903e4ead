package transfer

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

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
	r.ideas[key] = ideaPlace{line: int32(line.line()), id: timedIDOf(t.Idea.ID), unsure: r.again}
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
