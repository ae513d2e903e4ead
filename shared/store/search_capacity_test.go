package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/search"
	"groundswell/shared/store"
	"groundswell/shared/table/dynamo"
	"groundswell/shared/table/dynamo/dynamotest"
)

// TestSearchCapacity holds search to its price: three words whose lists are longer
// than what is read of them, of ideas with the largest signatures there are, cost a
// read unit each, and half of one where similar ideas are looked for. Longer lists,
// as of 20,000 ideas, cost the same: the limit is what is paid for.
func TestSearchCapacity(t *testing.T) {
	m := &meter{}
	tab, _ := dynamotest.Open(t, dynamo.Options{Observe: m.observe})
	s := &store.Store{Table: tab, Clock: time.Now}
	r, terms := rand.New(rand.NewPCG(1, 1)), []string{"frappuccino", "birthday", "reward"}
	signature := make(search.Signature, 48)
	for i := range 80 {
		for k := range signature {
			signature[k] = byte(r.Uint32())
		}
		var ps []search.Posting
		for _, term := range terms {
			ps = append(ps, search.Posting{Key: search.Key{Term: term, Level: search.InTitle}, Weight: .5, Signature: signature})
		}
		must(t, s.PutPostings(t.Context(), portal.ImportedAt(time.Now(), "t", fmt.Sprint(i)), 9, ps, nil))
	}
	for _, c := range []struct {
		name string
		rows int
		most float64
	}{{"search", portal.UnitRows, 3}, {"similar", portal.UnitRows / 2, 1.5}} {
		var lists []search.List
		calls, units := m.cost(func() {
			var err error
			lists, err = s.Postings(t.Context(), terms, c.rows)
			must(t, err)
		})
		t.Logf("%s: %d calls, %.1f units", c.name, calls, units)
		for _, l := range lists {
			if len(l.Postings) != c.rows || l.Whole {
				t.Errorf("%s: %d postings of %s, whole %v", c.name, len(l.Postings), l.Term, l.Whole)
			}
		}
		if calls != len(terms) || units > c.most || units == 0 {
			t.Errorf("%s: %d calls and %.1f units; want %d and at most %.1f", c.name, calls, units, len(terms), c.most)
		}
	}
}
