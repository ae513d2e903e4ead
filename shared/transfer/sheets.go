package transfer

import (
	"context"
	"fmt"
	"io"
	"net/url"

	"groundswell/shared/portal"
	sheets "groundswell/shared/sheet"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// Sheets writes what the portal keeps as tables for people.
type Sheets struct {
	Store     *store.Store
	Options   sheets.Options
	Addresses bool   // of members; whoever asks for them has it written down first
	BaseURL   string // the portal's address, for links to ideas; "" = none

	// Create makes the file of a kind; kinds that it returns nil for are left out.
	Create   func(k sheets.Kind) (io.WriteCloser, error)
	Progress func(Progress)
}

// atOnce is how many ideas, or members, are read together: what is kept in mind at
// once are their rows, or portal.Gather's part of them.
const atOnce = 100

// sheetWriter is an export under way.
type sheetWriter struct {
	Sheets
	out    map[portal.TakeKind]*sheets.Writer
	counts map[portal.TakeKind]int

	ideas   []string
	members []portal.Member
	mails   []portal.MailLine
}

// Export writes everything, and returns how many rows of each kind. Ideas, members and
// mails are found by a scan, and so are all there, whatever has been counted or not;
// what belongs to an idea is read by its own Queries. What a deleted member left is by
// nobody.
func (s Sheets) Export(ctx context.Context, from table.Scanner) (counts map[portal.TakeKind]int, err error) {
	w := sheetWriter{Sheets: s, out: map[portal.TakeKind]*sheets.Writer{}, counts: map[portal.TakeKind]int{}}
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
		w.counts[k.Name] = 0
		if w.out[k.Name], err = sheets.NewWriter(f, s.kind(k), s.Options); err != nil {
			return nil, err
		}
	}
	n := 0
	for after := ""; ; {
		page, err := from.Scan(ctx, after, table.MaxLimit)
		if err != nil {
			return w.counts, fmt.Errorf("read records: %w", err)
		}
		for _, r := range page.Recs {
			n++
			if err := w.found(ctx, r); err != nil {
				return w.counts, err
			}
		}
		if s.Progress != nil {
			s.Progress(Progress{"export", int64(n), -1})
		}
		if after = page.Next; after == "" {
			break
		}
	}
	for _, last := range []func(context.Context) error{w.ofIdeas, w.ofMembers, w.ofMails, w.ofLog} {
		if err := last(ctx); err != nil {
			return w.counts, err
		}
	}
	for _, o := range w.out {
		if err := o.Flush(); err != nil {
			return w.counts, err
		}
	}
	return w.counts, nil
}

func (s Sheets) kind(k sheets.Kind) sheets.Kind {
	if s.Addresses {
		return k.WithAddresses()
	}
	return k
}

// found keeps what a record begins until there is enough of it.
func (w *sheetWriter) found(ctx context.Context, r table.Record) error {
	switch r.Kind {
	case store.KindIdea:
		id, _ := store.IsIdea(r)
		if w.ideas = append(w.ideas, id); len(w.ideas) == atOnce {
			return w.ofIdeas(ctx)
		}
	case store.KindMember:
		m, err := store.MemberOf(r)
		if err != nil {
			return fmt.Errorf("read members: %w", err)
		}
		if w.members = append(w.members, m); len(w.members) == atOnce {
			return w.ofMembers(ctx)
		}
	case store.KindMail:
		m, err := store.MailLineOf(r)
		if err != nil {
			return fmt.Errorf("read mails: %w", err)
		}
		if !portal.ValidMemberID(m.To) {
			return nil // a page of a fan-out
		}
		if w.mails = append(w.mails, m); len(w.mails) == atOnce {
			return w.ofMails(ctx)
		}
	}
	return nil
}

// ofIdeas writes what there is of the ideas found.
func (w *sheetWriter) ofIdeas(ctx context.Context) error {
	for _, k := range sheets.Kinds {
		switch k.Name {
		case portal.TakeMembers, portal.TakeMails, portal.TakeLog:
			continue
		}
		if w.out[k.Name] == nil {
			continue
		}
		for place := (portal.TakePlace{}); ; {
			t, rest, err := portal.Gather(ctx, w.Store, k.Name, w.ideas, place)
			if err != nil {
				return fmt.Errorf("read %s: %w", k.Name, err)
			}
			if err := w.put(k, t); err != nil {
				return err
			}
			if place = rest; place.Idea == "" {
				break
			}
		}
	}
	w.ideas = w.ideas[:0]
	return nil
}

func (w *sheetWriter) ofMembers(ctx context.Context) error {
	ms := w.members
	w.members = nil
	if w.out[portal.TakeMembers] == nil {
		return nil
	}
	t, err := portal.GatherMembers(ctx, w.Store, ms)
	if err != nil {
		return fmt.Errorf("read members: %w", err)
	}
	return w.put(sheets.Members, t)
}

func (w *sheetWriter) ofMails(ctx context.Context) error {
	ms := w.mails
	w.mails = nil
	if w.out[portal.TakeMails] == nil {
		return nil
	}
	t, err := portal.GatherMails(ctx, w.Store, ms)
	if err != nil {
		return fmt.Errorf("read mails: %w", err)
	}
	return w.put(sheets.Mails, t)
}

func (w *sheetWriter) ofLog(ctx context.Context) error {
	if w.out[portal.TakeLog] == nil {
		return nil
	}
	for cursor := ""; ; {
		t, next, err := portal.GatherLog(ctx, w.Store, cursor)
		if err != nil {
			return fmt.Errorf("read the log: %w", err)
		}
		if err := w.put(sheets.Log, t); err != nil {
			return err
		}
		if cursor = next; cursor == "" {
			return nil
		}
	}
}

func (w *sheetWriter) put(k sheets.Kind, t portal.Takeout) error {
	for _, r := range w.kind(k).Rows(t, w.address) {
		w.counts[k.Name]++
		if err := w.out[k.Name].Put(r); err != nil {
			return fmt.Errorf("write %s: %w", k.Name, err)
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
