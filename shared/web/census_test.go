package web_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"groundswell/shared/table"
)

// TestCounts: the numbers of ideas follow within seconds, on the page and in JSON,
// and each is the number of what its link leads to.
func TestCounts(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada, team := s.reader().signIn("ada@example.com"), s.reader().signIn("team@example.com")
	visitor := s.reader()
	visitor.open("/").want(200).sees("All categories 0 0 ideas", "Launched (0)")
	first, second := ada.newIdea("Oat milk"), ada.newIdea("Soy milk")
	ada.browser.post("/ideas", `{"title": "Free refills", "category": "food"}`).want(201)
	later := func() {
		t.Helper()
		s.settle()
		s.clock.pass(3 * time.Second)
	}
	later()
	visitor.open("/").want(200).sees("All categories 3 3 ideas", "Tea & other drinks 2 2 ideas", "Food 1 1 idea", "Merchandise & music 0 0 ideas", "New (3)", "Coming soon (0)")
	team.browser.post("/ideas/"+first+"/status", `{"status": "planned"}`).want(200)
	later()
	visitor.open("/?category=tea").want(200).sees("Category: Tea & other drinks (2)", "New (1)", "Coming soon (1)", "Food 1 1 idea")
	visitor.open("/?status=planned").want(200).sees("All categories 1 1 idea", "Tea & other drinks 1 1 idea", "Food 0 0 ideas")
	visitor.open("/?q=milk").want(200).seesNot("Launched (0)", "1 idea")
	api := s.visitor()
	api.get("/categories").want(200).is("categories.2.id", "tea").is("categories.2.ideas", 2).is("categories.0.ideas", 0)
	api.get("/statuses").want(200).is("statuses.0.ideas", 2).is("statuses.2.ideas", 1)

	// A duplicate is in no list; what is taken apart again is.
	team.browser.post("/ideas/"+second+"/merge", `{"into": "`+first+`"}`).want(200)
	later()
	visitor.open("/").sees("Tea & other drinks 1 1 idea")
	team.browser.delete("/ideas/" + second + "/merge").want(200)
	later()
	visitor.open("/").sees("Tea & other drinks 2 2 ideas")
	ada.browser.patch("/ideas/"+second, `{"category": "food"}`).want(200)
	later()
	visitor.open("/").sees("Tea & other drinks 1 1 idea", "Food 2 2 ideas")
	visitor.open("/", "Accept-Language", "zh").sees("食品 2 2 个点子", "全部分类 3 3 个点子")
}

// uncounted is a table that can't say how many ideas there are.
type uncounted struct {
	table.Table
	broken *bool
}

func (u uncounted) Get(ctx context.Context, k table.Key, consistent bool) (table.Record, error) {
	if *u.broken && strings.HasPrefix(k.PK, "N#") {
		return table.Record{}, errors.New("no answer")
	}
	return u.Table.Get(ctx, k, consistent)
}

// TestCountsMissing: a page without its numbers is better than no page.
func TestCountsMissing(t *testing.T) {
	t.Parallel()
	broken := true
	s := newPages(t, options{wrap: func(tab table.Table) table.Table { return uncounted{tab, &broken} }})
	s.reader().signIn("ada@example.com").newIdea("Oat milk")
	s.settle()
	visitor := s.reader()
	visitor.open("/").want(200).sees("Oat milk", "Food", "Launched").seesNot("Launched (", "1 idea")
	s.visitor().get("/categories").want(200).is("categories.0.ideas", nil)
	s.visitor().get("/statuses").want(200).is("statuses.0.ideas", nil)
	if n := strings.Count(s.log.String(), `"not_counted"`); n != 1 {
		t.Errorf("the failure was told %d times", n)
	}
	broken = false
	s.clock.pass(3 * time.Second)
	visitor.open("/").want(200).sees("Tea & other drinks 1 1 idea")
	broken = true
	s.clock.pass(3 * time.Second)
	visitor.open("/").want(200).sees("Tea & other drinks 1 1 idea") // as it was last known
}
