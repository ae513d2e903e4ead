package transfer

import (
	"context"
	"fmt"
	"strings"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// authors are the people of the other system, each met once. What is kept of them
// meanwhile is little: there may be as many as lines.
type authors struct {
	store  *store.Store
	source string
	here   map[sum]portal.Author // by address: who signed in here before
	first  map[sum]string        // by id: the first spelling of the name
	done   map[sum]bool          // by id: went to fresh
	fresh  []store.Unit          // profiles to be stored before what they wrote
	tally  *Tally

	unasked bool // nobody is looked for by address
}

func newAuthors(s *store.Store, source string, t *Tally) *authors {
	return &authors{store: s, source: source, tally: t, here: map[sum]portal.Author{}, first: map[sum]string{}, done: map[sum]bool{}}
}

// writer is an author, and the profile to be stored if something of theirs is
// taken; nil for somebody who is a member here.
type writer struct {
	portal.Author
	profile *portal.Member
}

// find is the author with the name or, with an address, the member it belongs to:
// somebody who signed in here before the import stays one person. An Invalid error
// says what is wrong with the name or the address.
func (a *authors) find(ctx context.Context, name, email string, first time.Time) (writer, error) {
	m, err := portal.ImportedAuthor(a.source, name, email, first)
	if err != nil {
		return writer{}, err
	}
	if m.Email == "" || a.unasked {
		return a.meet(m), nil
	}
	key := sumOf("email", m.Email)
	known, asked := a.here[key]
	if !asked {
		m, err := a.store.MemberByEmail(ctx, m.Email)
		if err != nil && portal.KindOf(err) != portal.NotFound {
			return writer{}, fmt.Errorf("look for an author: %w", err)
		}
		if err == nil {
			known = m.Author()
		}
		a.here[key] = known
	}
	if known.ID != "" && known.ID != m.ID {
		return writer{Author: known}, nil // theirs stays as it is
	}
	return a.meet(m), nil
}

// team is who moved an idea there.
func (a *authors) team(name string) (writer, error) {
	m, err := portal.ImportedTeam(a.source, name)
	if err != nil {
		return writer{}, err
	}
	return a.meet(m), nil
}

// meet gives them the first of several spellings of one person.
func (a *authors) meet(m portal.Member) writer {
	id := sumOf("id", m.ID)
	if first, ok := a.first[id]; ok {
		m.Name = first
	} else {
		a.first[id] = strings.Clone(m.Name) // not the line that it stands in
	}
	return writer{m.Author(), &m}
}

// wrote says that something of theirs was taken: their profiles are to be stored.
func (a *authors) wrote(them ...writer) {
	for _, w := range them {
		if w.profile == nil || a.done[sumOf("id", w.ID)] {
			continue
		}
		a.done[sumOf("id", w.ID)] = true
		a.fresh = append(a.fresh, store.MemberUnit(*w.profile))
		a.tally.Read++
	}
}
