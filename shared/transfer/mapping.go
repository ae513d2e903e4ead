package transfer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"groundswell/shared/portal"
)

// Mapping is a file of JSON that says how another system's export is to be read:
// what differs from a preset, which is generic unless the file names another.
type Mapping struct {
	Preset       string                   `json:"preset"`
	Source       string                   `json:"source"`
	Ideas        Columns                  `json:"ideas"`    // field to column, or path
	Comments     Columns                  `json:"comments"` // likewise
	Votes        Columns                  `json:"votes"`
	List         string                   `json:"list"`
	CommentsList string                   `json:"comments_list"`
	VotesList    string                   `json:"votes_list"`
	Categories   map[string]string        `json:"categories"` // their name to our id; "*" = all others
	Statuses     map[string]portal.Status `json:"statuses"`
	Skip         []string                 `json:"skip"`
	SkipComments []string                 `json:"skip_comments"`
	URLs         []string                 `json:"urls"`
	Repeats      bool                     `json:"repeats"`
	Commas       bool                     `json:"commas"`
	Encoding     Encoding                 `json:"encoding"`
	Dates        Dates                    `json:"dates"`
	HTML         HTML                     `json:"html"`
	Cut          bool                     `json:"cut"`
	Points       int                      `json:"points"`
}

// maxMapping bounds a mapping, in bytes.
const maxMapping = 1 << 20

// ReadMapping reads a mapping. An error names what is wrong in it.
func ReadMapping(r io.Reader) (m Mapping, err error) {
	b, err := io.ReadAll(io.LimitReader(r, maxMapping+1))
	if err != nil {
		return m, err
	}
	if len(b) > maxMapping {
		return m, errors.New("it is longer than a mapping can be")
	}
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF"))))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return m, jsonReason(err)
	}
	for name, part := range map[string]struct {
		cs    Columns
		known []Field
	}{"ideas": {m.Ideas, ideaFields}, "comments": {m.Comments, commentFields}, "votes": {m.Votes, voteFields}} {
		for f := range part.cs {
			if !slices.Contains(part.known, f) {
				return m, fmt.Errorf("%s: there is no field %q; the fields are %v", name, f, part.known)
			}
		}
	}
	return m, nil
}

// Apply is the preset that the mapping names, changed as it says.
func (m Mapping) Apply() (Preset, error) {
	name := m.Preset
	if name == "" {
		name = generic.Name
	}
	p, err := PresetNamed(name)
	if err != nil {
		return p, err
	}
	for _, c := range []struct {
		from Columns
		to   *Columns
	}{{m.Ideas, &p.Ideas}, {m.Comments, &p.Comments}, {m.Votes, &p.Votes}} {
		if len(c.from) > 0 {
			*c.to = c.from
		}
	}
	for _, s := range []struct {
		from string
		to   *string
	}{{m.List, &p.List}, {m.CommentsList, &p.CommentsList}, {m.VotesList, &p.VotesList}, {string(m.Encoding), (*string)(&p.Encoding)},
		{string(m.Dates), (*string)(&p.Dates)}, {string(m.HTML), (*string)(&p.HTML)}} {
		if s.from != "" {
			*s.to = s.from
		}
	}
	for _, l := range []struct {
		from []string
		to   *[]string
	}{{m.Skip, &p.Skip}, {m.SkipComments, &p.SkipComments}, {m.URLs, &p.URLs}} {
		if l.from != nil {
			*l.to = l.from
		}
	}
	p.Categories, p.Statuses = with(p.Categories, m.Categories), with(p.Statuses, m.Statuses)
	p.Repeats, p.Commas, p.Cut = p.Repeats || m.Repeats, p.Commas || m.Commas, p.Cut || m.Cut
	if m.Points != 0 {
		p.Points = m.Points
	}
	// What is mapped by hand has to be there.
	p.StrictIdeas, p.StrictComments, p.StrictVotes = len(m.Ideas) > 0, len(m.Comments) > 0, len(m.Votes) > 0
	return p, p.check()
}

// with is a copy of a with the entries of b.
func with[K comparable, V any](a, b map[K]V) map[K]V {
	all := make(map[K]V, len(a)+len(b))
	for k, v := range a {
		all[k] = v
	}
	for k, v := range b {
		all[k] = v
	}
	return all
}
