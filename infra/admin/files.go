package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"groundswell/shared/transfer"
)

// inFiles is what to import, and what was found out about it.
type inFiles struct {
	transfer.Files
	archive *transfer.Archive // nil = files of their own
	folder  string            // "" = none
	spelled []string          // how files spell characters
}

func (in *inFiles) close() {
	if in.archive != nil {
		in.archive.Close() // only read
	}
}

// say tells how the files spell characters.
func (in *inFiles) say(w io.Writer) {
	for _, s := range in.spelled {
		fmt.Fprintln(w, s)
	}
}

// files turns flags and arguments into what transfer imports.
func (o *importFlags) files(args []string) (_ *inFiles, err error) {
	in := &inFiles{}
	if err := o.adjust(&in.Files); err != nil {
		return nil, err
	}
	switch {
	case len(args) > 1 || len(args) == 1 && o.ideas != "":
		return nil, usagef("too many arguments: %q", args)
	case len(args) == 0 && o.ideas == "":
		return nil, usagef("it takes a folder, a ZIP, -ideas FILE, or an export's FILE.jsonl; -h says more")
	case len(args) == 0:
	case isZIP(args[0]):
		if in.archive, err = transfer.OpenArchive(args[0]); err != nil {
			return nil, err
		}
	case isFolder(args[0]):
		in.folder = args[0]
	default:
		o.ideas = args[0]
	}
	p := in.Preset
	for _, f := range []struct {
		into         *transfer.File
		flag, names  string
		cs           transfer.Columns
		mapBy        string
		mayBeMissing bool
	}{
		{&in.Ideas, o.ideas, p.IdeasFile, p.Ideas, "-map", false},
		{&in.Comments, o.comments, p.CommentsFile, p.Comments, "-map-comments", p.Loose},
		{&in.Votes, o.votes, p.VotesFile, p.Votes, "-map-votes", true},
	} {
		if f.flag != "" && len(f.cs) == 0 {
			err = usagef("the preset %s has no columns for it; say %s", p.Name, f.mapBy)
		} else {
			*f.into, err = in.find(f.flag, f.names, f.mayBeMissing)
		}
		if err != nil {
			in.close()
			return nil, err
		}
	}
	for _, t := range p.Tables {
		f, err := in.find("", t.File, true)
		if err == nil && f.Open != nil {
			in.Tables = append(in.Tables, f)
		}
	}
	return in, in.detect(o.encoding != "" || p.Encoding != "")
}

// find opens the file that a flag names, or the first of several in the folder or
// the archive.
func (in *inFiles) find(flag, names string, mayBeMissing bool) (transfer.File, error) {
	if flag != "" {
		return file(flag)
	}
	if names == "" || in.archive == nil && in.folder == "" {
		return transfer.File{}, nil
	}
	all := strings.Split(names, "|")
	for _, name := range all {
		if in.archive != nil {
			if f, ok := in.archive.File(name); ok {
				return f, nil
			}
			continue
		}
		if _, err := os.Stat(filepath.Join(in.folder, name)); err == nil {
			return file(filepath.Join(in.folder, name))
		}
	}
	switch {
	case mayBeMissing:
		return transfer.File{}, nil
	case in.archive != nil:
		return transfer.File{}, fmt.Errorf("the archive has no %s", strings.Join(all, " or "))
	}
	return file(filepath.Join(in.folder, all[0]))
}

// detect looks how each file spells characters, where nobody said so.
func (in *inFiles) detect(said bool) error {
	seen := map[string]bool{}
	for _, f := range []*transfer.File{&in.Ideas, &in.Comments, &in.Votes} {
		if f.Open == nil || said {
			continue
		}
		e, how, err := transfer.Detect(*f)
		if err != nil {
			return err
		}
		if f.Encoding = e; how != "" && !seen[f.Name] {
			seen[f.Name] = true
			in.spelled = append(in.spelled, f.Name+": "+how)
		}
	}
	return nil
}

// isFolder is true for what is missing, too: the error then names the file in it.
func isFolder(name string) bool {
	st, err := os.Stat(name)
	return err != nil || st.IsDir()
}

func isZIP(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 4)
	_, err = io.ReadFull(f, head)
	return err == nil && bytes.HasPrefix(head, []byte("PK"))
}

func file(name string) (transfer.File, error) {
	st, err := os.Stat(name)
	if err != nil {
		return transfer.File{}, fmt.Errorf("open %s: %w", name, err.(*os.PathError).Err)
	}
	if st.IsDir() {
		return transfer.File{}, fmt.Errorf("%s is a folder", name)
	}
	return transfer.File{Name: filepath.Base(name), Size: st.Size(), Open: func() (io.ReadCloser, error) { return os.Open(name) }}, nil
}
