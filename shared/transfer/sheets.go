package transfer

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"

	"groundswell/shared/portal"
	sheets "groundswell/shared/sheet"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// Sheets writes what the portal keeps as tables for people.
type Sheets struct {
	Store   *store.Store
	Options sheets.Options
	BaseURL string // the portal's address, for links to ideas; "" = none

	// Create makes the file of a kind; kinds that it returns nil for are left out.
	Create   func(k sheets.Kind) (io.WriteCloser, error)
	Progress func(Progress)
}

// ideasAtOnce is how many ideas are read together.
const ideasAtOnce = 100

// Export writes everything, and returns how many rows of each kind. Ideas are read
// by their own queries, and so are complete in whatever order the scan finds them.
// People are in members alone by their address; what a deleted member left is by
// nobody.
func (s Sheets) Export(ctx context.Context, from table.Scanner) (counts map[string]int, err error) {
	out := map[string]*sheets.Writer{}
	counts = map[string]int{}
	for _, k := range sheets.Kinds {
		f, err := s.Create(k)
		if err != nil {
			return nil, err
		}
		if f == nil {
			continue
		}
		defer func() {
			if e := f.Close(); err == nil {
				err = e
			}
		}()
		counts[k.Name] = 0
		if out[k.Name], err = sheets.NewWriter(f, k, s.Options); err != nil {
			return nil, err
		}
	}
	put := func(k sheets.Kind, row func() (sheets.Row, error)) error {
		w := out[k.Name]
		if w == nil {
			return nil
		}
		r, err := row()
		if err != nil {
			return fmt.Errorf("read %s: %w", k.Name, err)
		}
		counts[k.Name]++
		return w.Put(r)
	}
	var ids []string
	flush := func() error {
		err := s.ideas(ctx, ids, func(r sheets.Row) error { return put(sheets.Ideas, func() (sheets.Row, error) { return r, nil }) })
		ids = ids[:0]
		return err
	}
	n := 0
	for after := ""; ; {
		page, err := from.Scan(ctx, after, table.MaxLimit)
		if err != nil {
			return counts, fmt.Errorf("read records: %w", err)
		}
		for _, r := range page.Recs {
			n++
			if id, ok := store.IsIdea(r); ok && out[sheets.Ideas.Name] != nil {
				if ids = append(ids, id); len(ids) == ideasAtOnce {
					err = flush()
				}
			} else {
				err = standing(r, put)
			}
			if err != nil {
				return counts, err
			}
		}
		if s.Progress != nil {
			s.Progress(Progress{"export", int64(n), -1})
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if err := flush(); err != nil {
		return counts, err
	}
	for _, w := range out {
		if err := w.Flush(); err != nil {
			return counts, err
		}
	}
	return counts, nil
}

// standing writes a record of the kinds that stand for themselves.
func standing(r table.Record, put func(sheets.Kind, func() (sheets.Row, error)) error) error {
	switch r.Kind {
	case store.KindComment:
		return put(sheets.Comments, rowOf(r, store.CommentOf, sheets.Comment))
	case store.KindVote:
		return put(sheets.Votes, rowOf(r, store.VoteOf, sheets.Vote))
	case store.KindHistory:
		return put(sheets.History, rowOf(r, store.HistoryOf, sheets.Step))
	case store.KindMember:
		return put(sheets.Members, rowOf(r, store.MemberOf, sheets.Member))
	case store.KindMail:
		if m, err := store.MailLineOf(r); err == nil && !portal.ValidMemberID(m.To) {
			return nil // a page of a fan-out
		}
		return put(sheets.Mails, rowOf(r, store.MailLineOf, sheets.Mail))
	}
	return nil
}

func rowOf[T any](r table.Record, read func(table.Record) (T, error), row func(T) sheets.Row) func() (sheets.Row, error) {
	return func() (sheets.Row, error) {
		v, err := read(r)
		if err != nil {
			return nil, err
		}
		return row(v), nil
	}
}

func (s Sheets) ideas(ctx context.Context, ids []string, put func(sheets.Row) error) error {
	if len(ids) == 0 {
		return nil
	}
	texts, err := s.Store.TextsOf(ctx, ids)
	if err != nil {
		return err
	}
	cards, err := s.Store.CardsOf(ctx, ids)
	if err != nil {
		return err
	}
	for _, t := range texts {
		i := slices.IndexFunc(cards, func(c portal.Card) bool { return c.ID == t.Idea.ID })
		c := portal.Card{Votes: t.Idea.BaseVotes}
		if i >= 0 {
			c = cards[i]
		}
		if err := put(sheets.Idea(t, c, s.address(t.Idea))); err != nil {
			return err
		}
	}
	return nil
}

func (s Sheets) address(i portal.Idea) string {
	if s.BaseURL == "" {
		return ""
	}
	return s.BaseURL + "/ideas/" + url.PathEscape(i.ID)
}
