package transfer

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// reader makes ideas, comments and votes of rows.
type reader struct {
	src        Files
	now        time.Time
	all        portal.Categories
	categories names[string]
	statuses   names[portal.Status]
	clock      *clock
	authors    *authors
	store      *store.Store
	look       *Look
	report     Report

	ideas  map[sum]ideaPlace      // by the other system's id
	talk   map[sum]talkPlace      // comments, likewise
	votes  map[sum]bool           // by idea and member
	voters map[sum]int32          // by the other system's id: how many votes of its own it has
	paths  []pathTo               // where ideas were, to be stored behind them
	asked  map[string][]talkPlace // the comments of ideas that one from another run was looked for in
	keys   []sum                  // of the ideas that are to be stored next
	cut    int                    // texts that were cut

	again   bool               // the row was taken by an earlier step; see pass
	was     map[string]timedID // ideas of earlier steps whose id is not the one that follows from the file, which it was
	unasked bool
}

// ideaPlace is where an idea of the file came to be.
type ideaPlace struct {
	line   int32 // 0: not in this file, but in one that was imported before
	id     timedID
	unsure bool // an earlier step stored it, maybe under another id
}

// talkPlace is where a comment came to be.
type talkPlace struct {
	line             int32
	id, idea, parent timedID // parent: the first-level comment it answers
}

type pathTo struct {
	path string
	idea sum
}

func newReader(im *Importer, src Files) (*reader, error) {
	r := &reader{src: src, now: im.Clock(), all: im.Categories, clock: newClock(src.Preset.Dates, src.Zone), store: im.Store, look: im.Look,
		ideas: map[sum]ideaPlace{}, talk: map[sum]talkPlace{}, votes: map[sum]bool{}, voters: map[sum]int32{}, asked: map[string][]talkPlace{}, was: map[string]timedID{}, unasked: im.Unasked}
	r.authors = newAuthors(im.Store, src.Source, &r.report.Members)
	r.authors.unasked = im.Unasked
	var err error
	if r.categories, err = src.Preset.categories(im.Categories); err != nil {
		return nil, err
	}
	r.statuses, err = src.Preset.statuses()
	return r, err
}

// complete reports what no row of the file can have.
func (r *reader) complete(s source, needed ...Field) error {
	for _, f := range needed {
		if !s.has(f) {
			return fmt.Errorf("%s has no column for the %s; it has %s", s.label(), f, listed(s.names()))
		}
	}
	if !s.has(FieldCreated) && r.src.Created.IsZero() {
		return fmt.Errorf("%s has no column for the time (%s), and no time is given for all lines", s.label(), FieldCreated)
	}
	return nil
}

// errSkip says that a row is to be left out, and nothing is wrong with it.
var errSkip = errors.New("left out")

func skipped(line row, conditions []string) bool {
	for _, c := range conditions {
		path, want, exact := strings.Cut(c, "=")
		for _, v := range line.members(path) {
			if v = strings.TrimSpace(v); exact && strings.EqualFold(v, want) || !exact && v != "" {
				return true
			}
		}
	}
	return false
}
