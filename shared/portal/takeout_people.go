package portal

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// writersAtOnce is how many members are counted at a time.
const writersAtOnce = 16

// GatherMembers adds to members how much they have written. Like Gather it asks nobody's
// leave. Of those who left there is nothing to be told.
func GatherMembers(ctx context.Context, s Store, ms []Member) (Takeout, error) {
	t := Takeout{Members: slices.DeleteFunc(slices.Clone(ms), Member.Deleted), Contributions: map[string]Contributions{}}
	var mu sync.Mutex
	var errs []error
	var wg sync.WaitGroup
	free := make(chan struct{}, writersAtOnce)
	for _, m := range t.Members {
		free <- struct{}{}
		wg.Go(func() {
			defer func() { <-free }()
			w, err := s.Contributions(ctx, m.ID)
			mu.Lock()
			defer mu.Unlock()
			t.Contributions[m.ID] = w
			errs = append(errs, err)
		})
	}
	wg.Wait()
	return t, errors.Join(errs...)
}

// people reads whom the rows speak of, each once; who has left is in it without a name.
func (t *Takeout) people(ctx context.Context, s Store) (err error) {
	seen := map[string]bool{}
	var ids []string
	add := func(all ...string) {
		for _, id := range all {
			if !seen[id] && ValidMemberID(id) {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	for _, i := range t.Ideas {
		add(i.Idea.AuthorID)
	}
	for _, c := range t.Comments {
		add(c.Author.ID)
	}
	for _, v := range t.Votes {
		add(v.MemberID)
	}
	for _, f := range t.Follows {
		add(f.MemberID)
	}
	for _, d := range t.Dossiers {
		add(d.Owner, d.By)
	}
	for _, m := range t.Notes {
		add(m.By)
	}
	for _, m := range t.Mails {
		add(m.To)
	}
	for _, e := range t.Log {
		add(e.By, e.Whose)
	}
	t.People, err = s.Members(ctx, ids)
	return err
}

// GatherMails adds to lines of the mail ledger whom they speak of. Like Gather it asks
// nobody's leave.
func GatherMails(ctx context.Context, s Store, lines []MailLine) (Takeout, error) {
	t := Takeout{Mails: lines}
	return t, t.people(ctx, s)
}
