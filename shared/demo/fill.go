package demo

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

//go:embed en.txt zh.txt
var texts embed.FS

// languages are those of the texts; the first one's team runs the place.
var languages = []string{"en", "zh"}

// ErrNotEmpty is Fill's answer to a portal that holds ideas.
var ErrNotEmpty = errors.New("the portal holds ideas already")

// Options says where the community moves in. All of it has to be set.
type Options struct {
	Store      *store.Store
	Scan       table.Scanner // of the store's table
	Categories portal.Categories
	Now        time.Time
	TeamEmail  string // address that the first of the team signs in with
}

// Filled is how much Fill wrote.
type Filled struct{ Ideas, Votes, Comments, Members int }

// Fill writes the community, as what happened before the portal was there. Nothing
// is counted yet: the change log's consumers do that, as for any other change.
// ErrNotEmpty means that nothing was written. The ideas come last: what is cut
// short holds none, and can be filled again.
func Fill(ctx context.Context, o Options) (Filled, error) {
	if err := empty(ctx, o.Scan); err != nil {
		return Filled{}, err
	}
	scripts, err := load()
	if err != nil {
		return Filled{}, err
	}
	c, err := newCast(ctx, o, scripts)
	if err != nil {
		return Filled{}, err
	}
	st := stage{cast: c, categories: o.Categories, now: o.Now}
	all, err := st.scenes(scripts)
	if err != nil {
		return Filled{}, err
	}
	units := c.units()
	f := Filled{Ideas: len(all), Members: len(units)}
	for _, sc := range all {
		for _, k := range sc.comments {
			units = append(units, store.CommentUnit(k))
		}
		for _, v := range sc.votes {
			units = append(units, store.VoteUnit(v))
		}
		f.Comments += len(sc.comments)
		f.Votes += len(sc.votes)
	}
	for _, sc := range all {
		units = append(units, store.IdeaUnit(sc.TakenIdea))
	}
	return f, put(ctx, o.Store.Table, units)
}

func load() ([]script, error) {
	var out []script
	for _, lang := range languages {
		src, err := texts.ReadFile(lang + ".txt")
		if err != nil {
			return nil, err
		}
		s, err := parse(lang, string(src))
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

func empty(ctx context.Context, scan table.Scanner) error {
	for after := ""; ; {
		page, err := scan.Scan(ctx, after, table.MaxLimit)
		if err != nil {
			return fmt.Errorf("look for ideas: %w", err)
		}
		for _, r := range page.Recs {
			if _, ok := store.IsIdea(r); ok {
				return ErrNotEmpty
			}
		}
		if after = page.Next; after == "" {
			return nil
		}
	}
}

// put writes all units at once, which on one file is a handful of commits.
func put(ctx context.Context, tab table.Table, units []store.Unit) error {
	var ops []table.Op
	for _, u := range units {
		ops = append(ops, u.Ops()...)
	}
	for i, err := range tab.WriteEach(ctx, ops...) {
		if err != nil {
			return fmt.Errorf("put %s: %w", ops[i].Rec.Kind, err)
		}
	}
	return nil
}
