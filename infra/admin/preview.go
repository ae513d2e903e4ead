package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"

	"groundswell/shared/portal"
	"groundswell/shared/transfer"
)

// previewed is how many ideas a preview shows, and namesShown how many names that
// are mapped to nothing.
const (
	previewed  = 5
	namesShown = 20
)

// preview shows what an import would make of its files.
func preview(w io.Writer, l *transfer.Look) {
	for _, f := range l.Files {
		fmt.Fprintf(w, "%s\n", printable(f.Name))
		for _, field := range slices.Sorted(maps.Keys(f.Found)) {
			fmt.Fprintf(w, "  %-9s from %s\n", field, printable(f.Found[field]))
		}
		if len(f.Ignored) > 0 {
			fmt.Fprintf(w, "  not read: %s\n", printable(strings.Join(f.Ignored, ", ")))
		}
	}
	if len(l.Ideas) > 0 {
		fmt.Fprintln(w, "the first ideas")
	}
	for _, i := range l.Ideas {
		fmt.Fprintf(w, "  %s\n    by %s on %s, in %s, %s, %d votes\n", printable(i.Idea.Title), printable(i.Author),
			i.Idea.CreatedAt.Format("2006-01-02 15:04"), i.Idea.Category, i.Idea.Status, i.Idea.BaseVotes)
		if i.Idea.Excerpt != "" {
			fmt.Fprintf(w, "    %s\n", printable(portal.Excerpt(i.Idea.Excerpt, 100)))
		}
	}
	for _, u := range []struct {
		field transfer.Field
		hint  string
	}{{transfer.FieldCategory, "-category NAME=ID, or '*=ID' for all of them"}, {transfer.FieldStatus, "-status NAME=STATUS"}} {
		names := l.Often(u.field)
		if len(names) == 0 {
			continue
		}
		fmt.Fprintf(w, "%s names that are none of ours: %s\n", u.field, u.hint)
		for i, name := range names {
			if i == namesShown {
				fmt.Fprintf(w, "  ... and %d more\n", len(names)-i)
				break
			}
			fmt.Fprintf(w, "  %6d %q\n", l.Unmapped[u.field][name], name)
		}
	}
}

// printable keeps what a file says from moving the cursor of a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) && r != ' ' {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
