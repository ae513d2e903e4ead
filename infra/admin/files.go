package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/transfer"
)

// csvFiles is what to import, with its open files.
type csvFiles struct {
	transfer.CSV
	open []*os.File
}

func (c *csvFiles) close() {
	for _, f := range c.open {
		f.Close() // only read
	}
}

// files turns flags and arguments into what transfer imports.
func (o *importFlags) files(args []string) (_ *csvFiles, err error) {
	if o.preset == "" {
		o.preset = "generic"
	}
	c := &csvFiles{}
	if c.Preset, err = transfer.PresetNamed(o.preset); err != nil {
		return nil, usageError{err}
	}
	if err := o.adjust(&c.CSV); err != nil {
		return nil, usageError{err}
	}
	ideas, comments := o.ideas, o.comments
	switch {
	case len(args) > 1 || len(args) == 1 && ideas != "":
		return nil, usagef("too many arguments: %q", args)
	case len(args) == 0 && ideas == "":
		return nil, usagef("it takes a folder, -ideas FILE, or an export's FILE.jsonl; -h says more")
	case len(args) == 1 && !isFolder(args[0]):
		ideas = args[0]
	case len(args) == 1:
		ideas = filepath.Join(args[0], c.Preset.IdeasFile)
		if file := c.Preset.CommentsFile; comments == "" && file != "" {
			comments = filepath.Join(args[0], file)
			if _, err := os.Stat(comments); err != nil && c.Preset.Loose {
				comments = ""
			}
		}
	}
	if comments != "" && len(c.Preset.Comments) == 0 {
		return nil, usagef("the preset %s has no comments; say -map-comments", o.preset)
	}
	if c.Ideas, err = c.file(ideas); err == nil && comments != "" {
		c.Comments, err = c.file(comments)
	}
	if err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// isFolder is true for what is missing, too: the error then names the file in it.
func isFolder(name string) bool {
	st, err := os.Stat(name)
	return err != nil || st.IsDir()
}

func (c *csvFiles) file(name string) (transfer.File, error) {
	f, err := os.Open(name)
	if err != nil {
		return transfer.File{}, err
	}
	c.open = append(c.open, f)
	st, err := f.Stat()
	if err != nil {
		return transfer.File{}, err
	}
	if st.IsDir() {
		return transfer.File{}, fmt.Errorf("%s is a folder", name)
	}
	return transfer.File{Name: filepath.Base(name), Reader: f, Size: st.Size()}, nil
}

// adjust changes the preset as the flags say.
func (o *importFlags) adjust(c *transfer.CSV) (err error) {
	p := &c.Preset
	if c.Source = o.source; c.Source == "" {
		c.Source = p.Name
	}
	// What is mapped by hand has to be there.
	if len(o.maps) > 0 {
		if p.Ideas, err = transfer.ParseIdeaColumns(strings.Join(o.maps, ",")); err != nil {
			return fmt.Errorf("-map: %w", err)
		}
		p.Loose = false
	}
	if len(o.mapTalk) > 0 {
		if p.Comments, err = transfer.ParseCommentColumns(strings.Join(o.mapTalk, ",")); err != nil {
			return fmt.Errorf("-map-comments: %w", err)
		}
	}
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
	if o.encoding != "" {
		p.Encoding = transfer.Encoding(strings.ToLower(o.encoding))
	}
	if o.dates != "" {
		p.Dates = transfer.Dates(strings.ToLower(o.dates))
	}
	if o.points != 0 {
		p.Points = o.points
	}
	if o.zone != "" {
		if c.Zone, err = time.LoadLocation(o.zone); err != nil {
			return fmt.Errorf("-zone: %w", err)
		}
	}
	if o.created != "" {
		if c.Created, err = transfer.ParseTime(o.created, p.Dates, c.Zone); err != nil {
			return fmt.Errorf("-created: %w", err)
		}
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
