package store_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/projection"
	"groundswell/shared/store"
	"groundswell/shared/table/dynamo"
	"groundswell/shared/table/dynamo/dynamotest"
)

// meter adds up what calls cost.
type meter struct {
	mu    sync.Mutex
	calls int
	units float64
	ops   map[string]float64 // units by operation
}

func (m *meter) observe(op string, c dynamo.CapacityUse) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls++
	m.units += c.Units
	if m.ops == nil {
		m.ops = map[string]float64{}
	}
	m.ops[op] += c.Units
}

// cost is what f makes: calls and capacity units.
func (m *meter) cost(f func()) (calls int, units float64) {
	m.mu.Lock()
	m.calls, m.units, m.ops = 0, 0, nil
	m.mu.Unlock()
	f()
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.calls, m.units
}

// TestCapacity holds the access patterns to their price, as DynamoDB itself bills
// it (ReturnConsumedCapacity). The ideas are as long as a real portal's: titles of
// 60 characters, full excerpts, texts of 2 KB, twenty comments of 180.
func TestCapacity(t *testing.T) {
	m := &meter{}
	tab, _ := dynamotest.Open(t, dynamo.Options{Observe: m.observe})
	s := &store.Store{Table: tab, Clock: time.Now}
	ctx, start := t.Context(), time.Now().Add(-time.Hour)
	author := portal.Member{ID: portal.ImportedMember("t", "author"), Name: "Somebody with a name", Role: portal.RoleMember, Version: 1}
	must(t, second(s.CreateMember(ctx, author)))
	counts := &projection.Consumer{Store: s, Clock: time.Now}
	var ids []string
	for i := range 21 {
		at := start.Add(time.Duration(i) * time.Second)
		id := portal.ImportedAt(at, "t", fmt.Sprint(i))
		ids = append(ids, id)
		body := strings.Repeat("Something that would make every morning a little better. ", 36)
		idea := portal.Idea{ID: id, Title: strings.Repeat("Free refills ", 4) + "all day", Excerpt: portal.Excerpt(body, 140), Category: "coffee",
			Status: portal.Planned, AuthorID: author.ID, CreatedAt: at, UpdatedAt: at, Version: 3, BaseVotes: 35094}
		must(t, s.CreateIdea(ctx, portal.NewIdea{Idea: idea, Body: body, History: portal.HistoryEntry{IdeaID: id, Ver: 1, At: at, To: portal.New, By: author.Author()}}))
		if i == 0 {
			for k := range 40 {
				must(t, s.PutComment(ctx, portal.Comment{ID: portal.ImportedAt(at.Add(time.Duration(k)*time.Second), "t", "c"), IdeaID: id,
					Body: strings.Repeat("I want it too. ", 12), Author: author.Author(), CreatedAt: at, Version: 1}, 0))
			}
		}
		must(t, counts.Recount(ctx, id))
	}
	session := portal.Session{ID: portal.HashToken("secret"), MemberID: author.ID, CreatedAt: time.Now(), SeenAt: time.Now()}
	code := portal.SignInCode{ID: "c", Expires: time.Now().Add(time.Hour), Version: 1}
	must(t, s.PutCode(ctx, code, 0))
	must(t, s.CreateSession(ctx, session, code))
	vote := portal.Vote{IdeaID: ids[0], MemberID: author.ID, At: time.Now()}

	t.Logf("%-22s %5s  %5s", "access", "calls", "units")
	for _, c := range []struct {
		name  string
		calls int
		units float64
		do    func() error
	}{
		{"vote", 1, 2, func() error { return second(s.PutVote(ctx, vote)) }},
		{"withdraw", 1, 2, func() error { return second(s.DeleteVote(ctx, vote)) }},
		{"list: trending", 1, 2, cards(s, portal.ListQuery{Sort: portal.Trending})},
		{"list: top", 1, 2, cards(s, portal.ListQuery{Sort: portal.Top})},
		{"list: new", 1, 2, cards(s, portal.ListQuery{Sort: portal.Newest})},
		{"list: category", 1, 2, cards(s, portal.ListQuery{Sort: portal.Top, Category: "coffee"})},
		{"list: status", 1, 2, cards(s, portal.ListQuery{Sort: portal.Newest, Status: portal.Planned})},
		{"list: both", 1, 2, cards(s, portal.ListQuery{Sort: portal.Trending, Category: "coffee", Status: portal.Planned})},
		{"idea page", 1, 2, func() error {
			p, err := s.IdeaPage(ctx, portal.IdeaQuery{ID: ids[0], Comments: 20})
			if len(p.Comments) != 20 || p.Next == "" || p.Card.Votes != 35094 || len(p.Body) < 2000 {
				t.Errorf("idea page is not whole: %d comments, %d votes", len(p.Comments), p.Card.Votes)
			}
			return err
		}},
		{"session and member", 1, 1, func() error { _, _, err := s.Session(ctx, author.ID, session.ID); return err }},
		{"comment", 1, 2, func() error {
			return s.PutComment(ctx, portal.Comment{ID: portal.ImportedAt(time.Now(), "t", "new"), IdeaID: ids[1], Body: "Yes, please.",
				Author: author.Author(), CreatedAt: time.Now(), Version: 1}, 0)
		}},
	} {
		calls, units := m.cost(func() { must(t, c.do()) })
		t.Logf("%-22s %5d  %5.1f", c.name, calls, units)
		if calls != c.calls || units > c.units || units == 0 {
			t.Errorf("%s: %d calls and %.1f units; want %d and at most %.1f", c.name, calls, units, c.calls, c.units)
		}
	}
}

func cards(s *store.Store, q portal.ListQuery) func() error {
	q.Limit = portal.DefaultLimit
	return func() error {
		p, err := s.Cards(context.Background(), q)
		if err == nil && (len(p.Cards) != portal.DefaultLimit || p.Next == "") {
			err = fmt.Errorf("%d cards, next %q", len(p.Cards), p.Next)
		}
		return err
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func second[T any](_ T, err error) error { return err }
