package transfer

import (
	"context"
	"fmt"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// authors are the people of the other system, each met once.
type authors struct {
	store  *store.Store
	source string
	seen   map[[2]string]portal.Author // by name and address
	met    map[string]portal.Member    // by id: profiles of ours to be, of whom nothing was taken yet
	fresh  []store.Unit                // profiles to be stored before what they wrote
	done   map[string]bool             // ids that went to fresh
	tally  *Tally
}

func newAuthors(s *store.Store, source string, t *Tally) *authors {
	return &authors{store: s, source: source, tally: t,
		seen: map[[2]string]portal.Author{}, met: map[string]portal.Member{}, done: map[string]bool{}}
}

// find is the author with the name or, with an address, the member it belongs to:
// somebody who signed in here before the import stays one person. An Invalid error
// says what is wrong with the name or the address.
func (a *authors) find(ctx context.Context, name, email string, first time.Time) (portal.Author, error) {
	as := [2]string{name, email}
	if author, ok := a.seen[as]; ok {
		return author, nil
	}
	m, err := portal.ImportedAuthor(a.source, name, email, first)
	if err != nil {
		return portal.Author{}, err
	}
	if m.Email != "" {
		switch known, err := a.store.MemberByEmail(ctx, m.Email); {
		case err == nil && known.ID != m.ID:
			a.seen[as] = known.Author() // theirs stays as it is
			return a.seen[as], nil
		case err != nil && portal.KindOf(err) != portal.NotFound:
			return portal.Author{}, fmt.Errorf("look for an author: %w", err)
		}
	}
	a.seen[as] = a.meet(m)
	return a.seen[as], nil
}

// team is who moved an idea there.
func (a *authors) team(name string) (portal.Author, error) {
	m, err := portal.ImportedTeam(a.source, name)
	if err != nil {
		return portal.Author{}, err
	}
	return a.meet(m), nil
}

// meet returns the first of several spellings of one person.
func (a *authors) meet(m portal.Member) portal.Author {
	if first, ok := a.met[m.ID]; ok {
		return first.Author()
	}
	a.met[m.ID] = m
	return m.Author()
}

// wrote says that something of theirs was taken: their profiles are to be stored.
func (a *authors) wrote(them ...portal.Author) {
	for _, author := range them {
		m, ok := a.met[author.ID]
		if !ok || a.done[m.ID] {
			continue
		}
		a.done[m.ID] = true
		a.fresh = append(a.fresh, store.MemberUnit(m))
		a.tally.Read++
	}
}
