package web_test

import (
	"fmt"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/projection"
	"groundswell/shared/store"
)

// More launches than one Query reads are all in the totals once they are counted;
// until then the page says what its totals are of.
func TestManyLaunches(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	db := &store.Store{Table: s.table, Clock: s.clock.Now}
	author := portal.ImportedMember("test", "author")
	for i := range 130 {
		born := time.Date(2024, 1, 1, 0, 0, i, 0, time.UTC)
		launched := time.Date(2024+i%2, 3, 1, 0, 0, i, 0, time.UTC)
		id := portal.ImportedAt(born, "test", fmt.Sprint(i))
		idea := portal.Idea{ID: id, Title: fmt.Sprint("Idea ", i), Category: "tea", Status: portal.Launched, AuthorID: author, CreatedAt: born, UpdatedAt: launched, LaunchedAt: launched, Version: 1, BaseVotes: 2}
		first := portal.HistoryEntry{IdeaID: id, Ver: 1, At: launched, To: portal.Launched, By: portal.Author{ID: author}}
		if err := db.CreateIdea(t.Context(), portal.NewIdea{Idea: idea, History: first}); err != nil {
			t.Fatal(err)
		}
	}
	s.settle()
	r := s.reader()
	r.open("/in-action").want(200).sees("latest 100 launches", "ideas became real 100", "votes for them 200")
	counts := &projection.Consumer{Store: db, Clock: s.clock.Now}
	if n, err := counts.Settle(t.Context()); n != 130 || err != nil {
		t.Fatalf("%d ideas settled, %v", n, err)
	}
	s.clock.pass(time.Minute)
	r.open("/in-action").want(200).sees("ideas so far 130", "ideas became real 130", "votes for them 260", "2024", "2025").seesNot("latest 100 launches")
	// Counted from one Query: 60 days. Else to the month: 420 for 425.
	r.open("/in-action?year=2024").want(200).sees("ideas became real 65", "days from idea to launch, at the median 60").seesNot("latest 100 launches")
	r.open("/in-action?category=tea").want(200).sees("ideas became real 130", "days from idea to launch, at the median 420")
}
