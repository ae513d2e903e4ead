package store_test

import (
	"fmt"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/dynamo"
	"groundswell/shared/table/dynamo/dynamotest"
)

// TestCapacityOfFollows holds following, and a page of a fan-out, to their price, as
// DynamoDB itself bills it. The names and addresses of members are as long as people's.
func TestCapacityOfFollows(t *testing.T) {
	m := &meter{}
	tab, _ := dynamotest.Open(t, dynamo.Options{Observe: m.observe})
	s := &store.Store{Table: tab, Clock: time.Now}
	ctx, now := t.Context(), time.Now().UTC()
	idea, me := portal.ImportedAt(now, "t", "idea"), portal.ImportedMember("t", "me")
	write := func(n int, unit func(i int) store.Unit) {
		var ops []table.Op
		for i := range n {
			if ops = append(ops, unit(i).Ops()...); len(ops) > table.MaxOps-2 || i == n-1 {
				must(t, tab.Write(ctx, ops...))
				ops = nil
			}
		}
	}
	const page = 100
	write(page*store.Lanes*5/4, func(i int) store.Unit {
		return store.FollowUnit(portal.Follow{IdeaID: idea, MemberID: portal.ImportedMember("t", fmt.Sprint(i)), At: now, Following: true, Version: 1})
	})
	fans, _, err := s.Followers(ctx, idea, 0, "", page)
	must(t, err)
	write(len(fans), func(i int) store.Unit {
		return store.MemberUnit(portal.Member{ID: fans[i], Name: "Somebody with a name", Email: fmt.Sprintf("somebody.with.a.name%d@example.com", i), Locale: "en",
			Role: portal.RoleMember, Mail: portal.DefaultMail(), CreatedAt: now, Version: 1})
	})
	for n := range 12 {
		must(t, second(s.PutDelivery(ctx, store.Delivery{Subject: store.FanOutOf(idea), Event: "000002", To: fmt.Sprintf("%06d", n), State: store.Sent, At: now}, 0)))
	}
	own := portal.Follow{IdeaID: idea, MemberID: me, At: now, Following: true}

	t.Logf("%-22s %5s  %5s", "access", "calls", "units")
	for _, c := range []struct {
		name  string
		calls int
		units float64
		do    func() error
	}{
		{"follow", 2, 1 + 2, func() error {
			if _, err := s.Follow(ctx, idea, me); err != nil {
				return err
			}
			return s.PutFollow(ctx, own, 0)
		}},
		{"vote and follow", 1, 2, func() error { return second(s.TiesTo(ctx, me, []string{idea})) }},
		{"own follows", 1, 0.5, func() error {
			fs, _, err := s.FollowsBy(ctx, me, "", 40)
			if len(fs) != 1 {
				t.Errorf("%d follows", len(fs))
			}
			return err
		}},
		{"unfollow", 2, 1 + 2, func() error {
			f, err := s.Follow(ctx, idea, me)
			if err != nil {
				return err
			}
			return s.DeleteFollow(ctx, f)
		}},
		{"a hundred followers", 1, 2, func() error {
			ids, _, err := s.Followers(ctx, idea, 0, "", page)
			if len(ids) != page {
				t.Errorf("%d followers in a page", len(ids))
			}
			return err
		}},
		{"their members", 1, page / 2, func() error {
			ms, err := s.Members(ctx, fans)
			if len(ms) != page {
				t.Errorf("%d members", len(ms))
			}
			return err
		}},
		{"how far a fan-out is", 1, 1, func() error {
			f, err := s.FanOut(ctx, idea)
			if f.Ver != 2 || f.Pages != 12 || f.Done {
				t.Errorf("it is %+v", f)
			}
			return err
		}},
	} {
		calls, units := m.cost(func() { must(t, c.do()) })
		t.Logf("%-22s %5d  %5.1f", c.name, calls, units)
		if calls != c.calls || units > c.units || units == 0 {
			t.Errorf("%s: %d calls and %.1f units; want %d and at most %.1f", c.name, calls, units, c.calls, c.units)
		}
	}
}
