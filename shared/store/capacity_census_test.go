package store_test

import (
	"fmt"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/projection"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/dynamo"
	"groundswell/shared/table/dynamo/dynamotest"
)

// manyIdeas is the size of portal that the statistics are priced for.
const manyIdeas = 20_000

// TestCapacityOfCensus prices the statistics of a portal with manyIdeas ideas, each
// with its standing, of all categories and statuses, over ten years: what the page
// reads, and what a status change makes be counted again.
func TestCapacityOfCensus(t *testing.T) {
	m := &meter{}
	tab, _ := dynamotest.Open(t, dynamo.Options{Observe: m.observe})
	s := &store.Store{Table: tab, Clock: time.Now}
	ctx, now := t.Context(), time.Now().UTC().Truncate(time.Millisecond)
	idea := portal.Idea{Title: "Oat milk", Category: "tea", Status: portal.UnderReview, AuthorID: portal.ImportedMember("t", "m"), CreatedAt: now, UpdatedAt: now, Version: 2}
	idea.ID = portal.ImportedAt(now, "t", "the one")
	must(t, s.CreateIdea(ctx, portal.NewIdea{Idea: idea, Body: "b", History: portal.HistoryEntry{IdeaID: idea.ID, Ver: 1, At: now, To: portal.New, By: portal.Author{ID: idea.AuthorID}}}))

	var censuses [store.Buckets]portal.Census
	categories, here := portal.DefaultCategories(), 0
	for n := range manyIdeas - 1 {
		born := now.Add(-time.Duration(n) * 10 * 365 * 24 * time.Hour / manyIdeas)
		st := portal.Standing{IdeaID: portal.ImportedAt(born, "t", fmt.Sprint(n)), Category: categories[n%len(categories)].ID, Status: portal.Statuses[n/7%7], Listed: true}
		for step := range n / 7 % 5 {
			st.Arrived = append(st.Arrived, (step+1)*(n%9000))
		}
		b := store.BucketOf(st.IdeaID)
		censuses[b].Add(st, now)
		if b == store.BucketOf(idea.ID) {
			here++
			must(t, s.PutStanding(ctx, st, 0))
		}
	}
	for b, c := range censuses {
		must(t, s.PutCensus(ctx, store.CensusOf(b), c, 0))
	}
	counts := &projection.Consumer{Store: s, Clock: time.Now}
	rec, err := tab.Get(ctx, table.Key{PK: "I#" + idea.ID, SK: "2H#000001"}, true) // of nobody with a name: the census alone reacts
	must(t, err)
	moved := func() { must(t, counts.Handle(ctx, []table.Change{{Source: "s", Seq: "1", New: &rec}})) }
	moved()
	c, err := s.Census(ctx)
	if must(t, err); c.Count("", "") != manyIdeas {
		t.Fatalf("the census has %d ideas", c.Count("", ""))
	}
	m.cost(moved)
	reads, writes := m.ops["Query"]+m.ops["GetItem"], m.ops["PutItem"]
	t.Logf("%d ideas, %d in the bucket: a status change costs %.1f read and %.1f write units more", manyIdeas, here, reads, writes)
	if reads > 40 || writes > 6 {
		t.Errorf("a status change makes the census cost %.1f read and %.1f write units", reads, writes)
	}
	_, units := m.cost(func() { must(t, second(s.Census(ctx))) })
	if t.Logf("the numbers of a page cost %.1f", units); units > 0.5 {
		t.Errorf("the numbers of a page cost %.1f", units)
	}
}
