package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table/dynamo"
	"groundswell/shared/table/dynamo/dynamotest"
)

// TestModerationCapacity holds the queue and the log to their price: twenty reported
// ideas of 2 KB with a report each, and their log.
func TestModerationCapacity(t *testing.T) {
	m := &meter{}
	tab, _ := dynamotest.Open(t, dynamo.Options{Observe: m.observe})
	s := &store.Store{Table: tab, Clock: time.Now}
	ctx, start := t.Context(), time.Now().Add(-time.Hour)
	author, reader := portal.ImportedMember("t", "author"), portal.ImportedMember("t", "reader")
	must(t, second(s.CreateMember(ctx, portal.Member{ID: author, Name: "Somebody with a name", Role: portal.RoleMember, Version: 1})))
	var first portal.Thing
	for i := range 21 {
		at := start.Add(time.Duration(i) * time.Second)
		id := portal.ImportedAt(at, "t", fmt.Sprint(i))
		about := portal.Thing{IdeaID: id}
		if i == 0 {
			first = about
		}
		idea := portal.Idea{ID: id, Title: "Free refills all day", Category: "coffee", Status: portal.New, AuthorID: author, CreatedAt: at, UpdatedAt: at, Version: 1}
		must(t, s.CreateIdea(ctx, portal.NewIdea{Idea: idea, Body: strings.Repeat("Something better. ", 110), History: portal.HistoryEntry{IdeaID: id, Ver: 1, At: at, To: portal.New}}))
		must(t, s.Moderate(ctx, portal.Deed{
			Case:   &portal.Case{Thing: about, AuthorID: author, Queue: portal.Reports, Since: at, Reports: 1, Reasons: map[string]int{"spam": 1}, Reporters: []string{reader}, Version: 1},
			Report: &portal.Report{Thing: about, MemberID: reader, Reason: "spam", Words: strings.Repeat("word ", 20), At: at, Version: 1},
			Log:    []portal.LogEntry{{ID: id, What: portal.LogKeep, By: reader, Whose: author, Thing: about, Note: strings.Repeat("word ", 20)}},
		}))
	}
	for _, c := range []struct {
		name  string
		calls int
		units float64
		do    func() error
	}{
		{"page of the queue", 2, 12, func() error {
			page, err := s.Queue(ctx, portal.QueueQuery{Queue: portal.Reports, Limit: 20, Titles: true})
			if len(page.Items) != 20 || page.Next == "" || page.Items[19].Idea.Title == "" || page.Items[0].Body != "" {
				t.Errorf("page %+v", page)
			}
			return err
		}},
		{"its opened case", 2, 5, func() error {
			item, err := s.QueueItem(ctx, first)
			if len(item.Reports) != 1 || len(item.Body) < 1900 || item.Author.ID != author {
				t.Errorf("case %+v", item)
			}
			return err
		}},
		{"the queue by the API", 2, 64, func() error {
			page, err := s.Queue(ctx, portal.QueueQuery{Queue: portal.Reports, Limit: 20})
			if len(page.Items) != 20 || page.Next == "" || len(page.Items[0].Reports) != 1 || len(page.Items[0].Body) < 1900 || page.Items[19].Author.ID != author {
				t.Errorf("page %+v", page)
			}
			return err
		}},
		{"count of a queue", 1, 2, func() error { _, _, err := s.Queued(ctx, portal.Reports, 50); return err }},
		{"case", 1, 1, func() error { return second(s.Case(ctx, first)) }},
		{"reports of a round", 1, 1, func() error { return second(s.Reports(ctx, first, 0)) }},
		{"log", 1, 2, func() error { _, _, err := s.Log(ctx, portal.LogQuery{Limit: 20}); return err }},
		{"log by what", 1, 2, func() error { _, _, err := s.Log(ctx, portal.LogQuery{What: portal.LogKeep, Limit: 20}); return err }},
		{"log by whom", 1, 2, func() error { _, _, err := s.Log(ctx, portal.LogQuery{By: reader, Limit: 20}); return err }},
		{"log of whose", 1, 2, func() error { _, _, err := s.Log(ctx, portal.LogQuery{Whose: author, Limit: 20}); return err }},
	} {
		calls, units := m.cost(func() { must(t, c.do()) })
		t.Logf("%-22s %5d  %5.1f", c.name, calls, units)
		if calls != c.calls || units > c.units || units == 0 {
			t.Errorf("%s: %d calls and %.1f units; want %d and at most %.1f", c.name, calls, units, c.calls, c.units)
		}
	}
}
