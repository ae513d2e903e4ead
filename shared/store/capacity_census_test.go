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

// TestCapacityOfActivity prices the weeks of a portal with manyIdeas ideas that
// people voted for and talked about in every week: what the charts read, and what
// settling one idea costs.
func TestCapacityOfActivity(t *testing.T) {
	m := &meter{}
	tab, _ := dynamotest.Open(t, dynamo.Options{Observe: m.observe})
	s := &store.Store{Table: tab, Clock: time.Now}
	ctx, now := t.Context(), time.Now().UTC().Truncate(time.Millisecond)
	id, member := portal.ImportedAt(now, "t", "the one"), portal.ImportedMember("t", "m")
	idea := portal.Idea{ID: id, Title: "Oat milk", Category: "tea", Status: portal.New, AuthorID: member, CreatedAt: now, UpdatedAt: now, Version: 1}
	must(t, s.CreateIdea(ctx, portal.NewIdea{Idea: idea, Body: "b", History: portal.HistoryEntry{IdeaID: id, Ver: 1, At: now, To: portal.New, By: portal.Author{ID: member}}}))
	for n := range 100 {
		must(t, second(s.PutVote(ctx, portal.Vote{IdeaID: id, MemberID: portal.ImportedMember("t", fmt.Sprint(n)), At: now})))
	}
	busy := func(each int) (a portal.Activity) {
		for w := range portal.ChartWeeks {
			at := now.AddDate(0, 0, -7*w)
			a.Join(portal.Activity{Votes: portal.Weeks{portal.WeekOf(at): each}, Comments: portal.Weeks{portal.WeekOf(at): each}, AllVotes: each, AllComments: each}, now)
		}
		return a
	}
	here := store.BucketOf(id)
	for n, left := 0, manyIdeas/store.Buckets; left > 0; n++ {
		other := portal.ImportedAt(now, "t", fmt.Sprint(n))
		if store.BucketOf(other) == here {
			left--
			must(t, s.PutActivity(ctx, store.ActivityOn(other), busy(n%50), 0))
		}
	}
	for b := range store.Buckets {
		must(t, s.PutActivity(ctx, store.ActivityOf(b), busy(5_000), 0))
	}
	must(t, s.PutCensus(ctx, store.CensusOfAll, portal.Census{BaseVotes: 1}, 0))
	counts := &projection.Consumer{Store: s, Clock: time.Now}
	_, unsettled := m.cost(func() { must(t, second(counts.Settle(ctx))) })
	must(t, s.PutWaits(ctx, []store.Wait{{IdeaID: id, Mark: 1}}))
	m.cost(func() {
		if n, err := counts.Settle(ctx); n != 1 || err != nil {
			t.Errorf("%d ideas settled, %v", n, err)
		}
	})
	reads, writes := m.ops["Query"]+m.ops["GetItem"], m.ops["PutItem"]+m.ops["DeleteItem"]
	t.Logf("nothing to settle: %.1f; one idea of 100 votes among %d: %.1f read and %.1f write units", unsettled, manyIdeas, reads, writes)
	if unsettled > 4 || reads > 160 || writes > 8 {
		t.Errorf("settling costs %.1f, %.1f and %.1f units", unsettled, reads, writes)
	}
	c, err := s.Charts(ctx)
	must(t, err)
	if got := c.Votes[portal.WeekOf(now)]; got < 100+5_000*(store.Buckets-1) {
		t.Errorf("%d votes this week", got)
	}
	_, units := m.cost(func() { must(t, second(s.Charts(ctx))) })
	if t.Logf("the charts: %.1f", units); units > 1.5 {
		t.Errorf("the charts cost %.1f units", units)
	}
}
