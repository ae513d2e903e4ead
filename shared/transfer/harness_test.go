package transfer_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/projection"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/local"
	"groundswell/shared/transfer"
)

// desk is a portal on an empty file, the time its test runs at, and what was
// rejected.
type desk struct {
	ids map[string]string // see idOf
	*testing.T
	*transfer.Importer
	portal   *portal.Portal
	table    *local.Table
	counts   *projection.Consumer
	rejected []string
}

var now = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func newDesk(t *testing.T) *desk {
	t.Helper()
	clock := func() time.Time { return now }
	tab, err := local.Open(filepath.Join(t.TempDir(), "table.db"),
		local.Options{Clock: clock, NoSync: true, Consumers: []string{"projections", "test"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tab.Close() })
	s := &store.Store{Table: tab, Clock: clock}
	d := &desk{T: t, table: tab, counts: &projection.Consumer{Store: s, Clock: clock},
		portal: &portal.Portal{Store: s, Clock: clock, IDs: portal.IDs{Rand: rand.Reader},
			Categories: portal.DefaultCategories(), Locales: []string{"en"}}}
	d.Importer = &transfer.Importer{Store: s, Categories: d.portal.Categories, Clock: clock,
		Rejected: func(r transfer.Reject) { d.rejected = append(d.rejected, r.String()) }}
	return d
}

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// count lets the projections see every change.
func (d *desk) count() {
	d.Helper()
	ctx, stop := context.WithCancel(d.Context())
	done := make(chan error)
	go func() {
		done <- d.table.Follow(ctx, "projections", local.FollowOptions{Max: 50_000, Keep: projection.Reacts}, d.counts.Handle)
	}()
	err := d.table.Drained(ctx, "projections")
	stop()
	d.must(<-done)
	d.must(err)
}

// changes calls f for every change since the last time.
func (d *desk) changes(f func(table.Change)) {
	d.Helper()
	ctx, stop := context.WithCancel(d.Context())
	done := make(chan error)
	go func() {
		done <- d.table.Follow(ctx, "test", local.FollowOptions{}, func(_ context.Context, b []table.Change) error {
			for _, c := range b {
				f(c)
			}
			return nil
		})
	}()
	err := d.table.Drained(ctx, "test")
	stop()
	d.must(<-done)
	d.must(err)
}

// writes is the number of changes that f makes.
func (d *desk) writes(f func()) (n int) {
	d.Helper()
	d.changes(func(table.Change) {})
	f()
	d.changes(func(table.Change) { n++ })
	return n
}

// generic imports two files with the columns of the generic preset.
func (d *desk) generic(ideas, comments string) transfer.Report {
	d.Helper()
	r, err := d.tryGeneric(ideas, comments, nil)
	d.must(err)
	return r
}

func (d *desk) tryGeneric(ideas, comments string, change func(*transfer.Files)) (transfer.Report, error) {
	d.Helper()
	p, err := transfer.PresetNamed("generic")
	d.must(err)
	c := transfer.Files{Preset: p, Source: "other", Ideas: file("ideas.csv", ideas)}
	if comments != "" {
		c.Comments = file("comments.csv", comments)
	}
	if change != nil {
		change(&c)
	}
	return d.Files(d.Context(), c)
}

func file(name, s string) transfer.File {
	return transfer.File{Name: name, Size: int64(len(s)), Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(s)), nil }}
}

// ideas are all ideas, by title.
func (d *desk) ideas() map[string]portal.Idea {
	d.Helper()
	all := map[string]portal.Idea{}
	for after := ""; ; {
		page, err := d.table.Scan(d.Context(), after, 1000)
		d.must(err)
		for _, r := range page.Recs {
			if r.Kind == store.KindIdea {
				i, err := store.IdeaOf(r)
				d.must(err)
				all[i.Title] = i
			}
		}
		if after = page.Next; after == "" {
			return all
		}
	}
}

func (d *desk) page(title string) portal.IdeaPage {
	d.Helper()
	i, ok := d.ideas()[title]
	if !ok {
		d.Fatalf("no idea %q", title)
	}
	p, err := d.Store.IdeaPage(d.Context(), portal.IdeaQuery{ID: i.ID, Comments: 100, Fresh: true})
	d.must(err)
	return p
}

func (d *desk) export() string {
	d.Helper()
	var b bytes.Buffer
	_, err := transfer.Export(d.Context(), d.table, &b, true, nil)
	d.must(err)
	return b.String()
}

func (d *desk) lines(export string) transfer.Report {
	d.Helper()
	r, err := d.tryLines("export.jsonl", export)
	d.must(err)
	return r
}

func (d *desk) tryLines(name, export string) (transfer.Report, error) {
	return d.Lines(d.Context(), name, int64(len(export)), func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(export)), nil
	})
}

// member makes a member who can vote.
func (d *desk) member(n int) portal.Actor {
	d.Helper()
	m, err := d.portal.Grant(d.Context(), fmt.Sprintf("m%d@example.com", n), portal.RoleMember)
	d.must(err)
	return portal.Actor{Member: m}
}

// real opens a file of the real portal's export, which lies beside the checkout.
func real(t *testing.T, name string) transfer.File {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", "my-starbucks-idea", name)
	b, err := os.ReadFile(path)
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatalf("the real portal's export is needed beside the checkout: %v", err)
	case err != nil:
		t.Skipf("the real portal's export is not here: %v", err)
	}
	return file(name, string(b))
}

func opened(t *testing.T, f transfer.File) io.Reader {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	return r
}
