package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/projection"
	"groundswell/shared/store"
	"groundswell/shared/table/tabletest"
)

// library is a portal whose ideas are indexed as soon as they are there.
type library struct {
	*portal.Portal
	t     *testing.T
	st    *store.Store
	index *projection.Consumer
	now   time.Time
}

func newLibrary(t *testing.T) *library {
	tab, clock := tabletest.OpenLocal(t)
	st := &store.Store{Table: tab, Clock: clock.Now}
	return &library{t: t, st: st, now: clock.Now(), index: &projection.Consumer{Store: st, Clock: clock.Now},
		Portal: &portal.Portal{Store: st, Clock: clock.Now, Categories: portal.DefaultCategories(), Locales: []string{"en"}}}
}

// add puts an idea on the shelf, each newer than the one before.
func (l *library) add(title, body string, change ...func(*portal.Idea)) string {
	l.t.Helper()
	l.now = l.now.Add(time.Second)
	i := portal.Idea{ID: portal.ImportedAt(l.now, "t", title+body), Title: title, Excerpt: portal.Excerpt(body, 140), Category: "coffee", Status: portal.New,
		AuthorID: portal.ImportedMember("t", "a"), CreatedAt: l.now, UpdatedAt: l.now, Version: 1}
	for _, c := range change {
		c(&i)
	}
	must(l.t, l.st.CreateIdea(l.t.Context(), portal.NewIdea{Idea: i, Body: body, History: portal.HistoryEntry{IdeaID: i.ID, Ver: 1, At: l.now, To: portal.New}}))
	must(l.t, l.index.Recount(l.t.Context(), i.ID))
	must(l.t, l.index.Index(l.t.Context(), i.ID))
	return i.ID
}

func (l *library) titles(q portal.SearchQuery) string {
	l.t.Helper()
	found, err := l.Search(l.t.Context(), portal.Actor{}, q)
	must(l.t, err)
	return titles(found.Cards)
}

func titles(cards []portal.Card) string {
	var out []string
	for _, c := range cards {
		out = append(out, c.Title)
	}
	return strings.Join(out, "; ")
}

func votes(n int) func(*portal.Idea) { return func(i *portal.Idea) { i.BaseVotes = n } }

func TestSearch(t *testing.T) {
	t.Parallel()
	l := newLibrary(t)
	l.add("Oat milk", "", votes(3))
	l.add("Oat milk for lattes", "Without a surcharge.", votes(900))
	l.add("Milk from nearby farms", "Grass fed, no oats.", votes(50))
	l.add("Free refills", "A mug once paid for.", func(i *portal.Idea) { i.Category, i.Status = "card", portal.Launched })
	l.add("Refills of water, free of charge", "")
	l.add("抹茶拿铁", "希望冬天也有。")
	l.add("Oat milk in secret", "", func(i *portal.Idea) { i.Mod.State = portal.Hidden })
	l.add("Reusable cups", "Somebody said “free refills” to me once.")
	for _, c := range []struct {
		name string
		q    portal.SearchQuery
		want string
	}{
		{"both words before one", portal.SearchQuery{Words: "oat milk"}, "Oat milk for lattes; Oat milk; Milk from nearby farms"},
		{"stems", portal.SearchQuery{Words: "OATS"}, "Oat milk for lattes; Oat milk; Milk from nearby farms"},
		{"a word of the text", portal.SearchQuery{Words: "surcharges"}, "Oat milk for lattes"},
		{"a word nobody used", portal.SearchQuery{Words: "oat zebra"}, "Oat milk for lattes; Oat milk; Milk from nearby farms"},
		{"words", portal.SearchQuery{Words: "free refills"}, "Free refills; Refills of water, free of charge; Reusable cups"},
		{"a phrase", portal.SearchQuery{Words: `"free refills"`}, "Free refills; Reusable cups"},
		{"a phrase and a word", portal.SearchQuery{Words: `"free refills" mug`}, "Free refills"},
		{"a word that goes on", portal.SearchQuery{Words: "refi*"}, "Free refills; Refills of water, free of charge"},
		{"longer than the lists", portal.SearchQuery{Words: "reusabl*"}, "Reusable cups"},
		{"longer, but another word", portal.SearchQuery{Words: "reusably*"}, ""},
		{"Chinese", portal.SearchQuery{Words: "抹茶"}, "抹茶拿铁"},
		{"one character", portal.SearchQuery{Words: "茶"}, "抹茶拿铁"},
		{"Chinese in the text", portal.SearchQuery{Words: "冬天"}, "抹茶拿铁"},
		{"category", portal.SearchQuery{Words: "refills", Category: "card"}, "Free refills"},
		{"status", portal.SearchQuery{Words: "refills", Status: portal.Launched}, "Free refills"},
		{"both", portal.SearchQuery{Words: "refills", Category: "coffee", Status: portal.Launched}, ""},
		{"nothing but stop words", portal.SearchQuery{Words: "of the"}, ""},
		{"signs", portal.SearchQuery{Words: `"*?`}, ""},
	} {
		if got := l.titles(c.q); got != c.want {
			t.Errorf("%s: %+v finds %s; want %s", c.name, c.q, got, c.want)
		}
	}
	for _, q := range []portal.SearchQuery{{}, {Words: strings.Repeat("a", 256)}, {Words: "a", Category: "beer"}, {Words: "a", Status: "gone"}, {Words: "a", Limit: 101}} {
		if _, err := l.Search(t.Context(), portal.Actor{}, q); portal.KindOf(err) != portal.Invalid {
			t.Errorf("%+v: %v", q, err)
		}
	}
}

// TestSearchPages: the pages of a search have each answer once, and the better ones
// first; a cursor is that of its query.
func TestSearchPages(t *testing.T) {
	t.Parallel()
	l := newLibrary(t)
	for i := range 150 {
		l.add(fmt.Sprintf("Coffee number%d", i), "", votes(i%7*100))
	}
	q := portal.SearchQuery{Words: "coffee", Limit: 20}
	seen := map[string]bool{}
	var first string
	for pages := 0; ; pages++ {
		found, err := l.Search(t.Context(), portal.Actor{}, q)
		must(t, err)
		for i, c := range found.Cards {
			if seen[c.ID] {
				t.Errorf("%s comes twice", c.Title)
			}
			if i > 0 && c.Votes > found.Cards[i-1].Votes {
				t.Errorf("page %d: %d votes behind %d", pages, c.Votes, found.Cards[i-1].Votes)
			}
			seen[c.ID] = true
		}
		if q.Cursor = found.Next; q.Cursor == "" {
			break
		}
		if first == "" {
			first = q.Cursor
		}
		if pages > 20 {
			t.Fatal("pages without end")
		}
	}
	if len(seen) != 150 {
		t.Errorf("%d of 150 ideas were found", len(seen))
	}
	for name, q := range map[string]portal.SearchQuery{
		"cut":           {Words: "coffee", Cursor: first[:len(first)-1]},
		"another query": {Words: "tea", Cursor: first},
		"another list":  {Words: "coffee", Status: portal.New, Cursor: first},
	} {
		var e *portal.Error
		if _, err := l.Search(t.Context(), portal.Actor{}, q); !errors.As(err, &e) || e.Code != "bad_cursor" {
			t.Errorf("a cursor %s: %v", name, err)
		}
	}
}

func TestSimilar(t *testing.T) {
	t.Parallel()
	l := newLibrary(t)
	wifi := l.add("Free wifi in all stores", "Let me read while I sip.")
	l.add("Free Wi-Fi without a password", "")
	l.add("Longer opening hours", "The stores close early.")
	l.add("Oat milk", "")
	for title, want := range map[string]string{
		"wifi for free":        "Free wifi in all stores; Free Wi-Fi without a password",
		"open longer":          "Longer opening hours",
		"":                     "",
		"the":                  "",
		"nothing of this kind": "",
		"A big red dog":        "",
	} {
		cards, err := l.Similar(t.Context(), title, "")
		must(t, err)
		if got := titles(cards); got != want {
			t.Errorf("%q is like %q, want %q", title, got, want)
		}
	}
	cards, err := l.Related(t.Context(), wifi)
	must(t, err)
	if diff := cmp.Diff("Free Wi-Fi without a password; Longer opening hours", titles(cards)); diff != "" {
		t.Error(diff)
	}
	for _, id := range []string{"x", portal.ImportedAt(l.now, "t", "none")} {
		if _, err := l.Related(t.Context(), id); portal.KindOf(err) != portal.NotFound {
			t.Errorf("related to %s: %v", id, err)
		}
	}
}
