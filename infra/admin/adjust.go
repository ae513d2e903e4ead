package main

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"strings"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/transfer"
)

// adjust chooses the preset and changes it as the mapping and the flags say.
func (o *importFlags) adjust(c *transfer.Files) (err error) {
	var m transfer.Mapping
	if o.mapping != "" {
		if m, err = readMapping(o.mapping); err != nil {
			return fmt.Errorf("%s: %w", o.mapping, err)
		}
	}
	m.Preset = cmp.Or(o.preset, m.Preset)
	if c.Preset, err = m.Apply(); err != nil {
		return usageError{err}
	}
	c.Source = cmp.Or(o.source, m.Source, c.Preset.Name)
	if err := o.change(&c.Preset); err != nil {
		return usageError{err}
	}
	if o.zone != "" {
		if c.Zone, err = time.LoadLocation(o.zone); err != nil {
			return usagef("-zone: %w", err)
		}
	}
	if o.created != "" {
		if c.Created, err = transfer.ParseTime(o.created, c.Preset.Dates, c.Zone); err != nil {
			return usagef("-created: %w", err)
		}
	}
	return nil
}

func readMapping(name string) (transfer.Mapping, error) {
	f, err := os.Open(name)
	if err != nil {
		return transfer.Mapping{}, err
	}
	defer f.Close()
	return transfer.ReadMapping(f)
}

// change makes the flags' changes to the preset.
func (o *importFlags) change(p *transfer.Preset) (err error) {
	for _, c := range []struct {
		flag   string
		said   repeated
		parse  func(string) (transfer.Columns, error)
		to     *transfer.Columns
		strict *bool // what is mapped by hand has to be there
	}{
		{"map", o.maps, transfer.ParseIdeaColumns, &p.Ideas, &p.StrictIdeas},
		{"map-comments", o.mapTalk, transfer.ParseCommentColumns, &p.Comments, &p.StrictComments},
		{"map-votes", o.mapVotes, transfer.ParseVoteColumns, &p.Votes, &p.StrictVotes},
	} {
		if len(c.said) == 0 {
			continue
		}
		if *c.to, err = c.parse(strings.Join(c.said, ",")); err != nil {
			return fmt.Errorf("-%s: %w", c.flag, err)
		}
		*c.strict = true
	}
	p.Categories, p.Statuses = maps.Clone(p.Categories), maps.Clone(p.Statuses)
	for _, pair := range o.categories {
		name, id, err := cutPair(pair)
		if err != nil {
			return fmt.Errorf("-category: %w", err)
		}
		put(&p.Categories, name, id)
	}
	for _, pair := range o.statuses {
		name, id, err := cutPair(pair)
		if err != nil {
			return fmt.Errorf("-status: %w", err)
		}
		put(&p.Statuses, name, portal.Status(id))
	}
	p.Encoding = cmp.Or(transfer.Encoding(strings.ToLower(o.encoding)), p.Encoding)
	p.Dates = cmp.Or(transfer.Dates(strings.ToLower(o.dates)), p.Dates)
	p.HTML = cmp.Or(transfer.HTML(strings.ToLower(o.html)), p.HTML)
	p.Points = cmp.Or(o.points, p.Points)
	p.Cut = p.Cut || o.cut
	if len(o.urls) > 0 {
		p.URLs = o.urls
	}
	return nil
}

func cutPair(s string) (name, id string, err error) {
	i := strings.LastIndexByte(s, '=')
	if i < 1 || i == len(s)-1 {
		return "", "", fmt.Errorf("%q is not NAME=ID", s)
	}
	return s[:i], s[i+1:], nil
}

func put[V any](m *map[string]V, k string, v V) {
	if *m == nil {
		*m = map[string]V{}
	}
	(*m)[k] = v
}
