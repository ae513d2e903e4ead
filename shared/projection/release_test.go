package projection

import (
	"slices"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table/tabletest"
)

// merged is a world in which the first idea is a duplicate of the second, each with a
// vote of its own and one member who voted for both; settle lets the projections work
// everything off.
func merged(t *testing.T) (m *merging, settle func()) {
	t.Helper()
	tab, clock := tabletest.OpenLocal(t)
	w := newWorld(t, tab, clock.Now, 11, 3, 3)
	m = newMerging(w, tab, clock.Advance)
	changes := tabletest.Collect(t, tab, nil)
	settle = func() {
		t.Helper()
		for batch := changes(); len(batch) > 0; batch = changes() {
			m.must((&Consumer{Store: m.store, Clock: clock.Now}).Handle(t.Context(), batch))
		}
	}
	for _, v := range []struct{ idea, n int }{{0, 0}, {0, 1}, {1, 1}, {1, 2}} {
		_, err := m.portal.CastVote(t.Context(), portal.Actor{Member: portal.Member{ID: m.members[v.n], Role: portal.RoleMember}}, m.ideas[v.idea])
		m.must(err)
	}
	settle()
	m.merge(m.ideas[0], m.ideas[1])
	settle()
	return m, settle
}

// shown is whether lists have the idea, and with how many votes of members.
func (m *merging) shown(idea string) (listed bool, votes int) {
	m.Helper()
	c, err := m.store.CardOf(m.Context(), idea)
	m.must(err)
	page, err := m.store.Cards(m.Context(), portal.ListQuery{Sort: portal.Newest, Limit: portal.MaxLimit})
	m.must(err)
	sources := append([]string{idea}, c.MergedFrom...)
	return slices.ContainsFunc(page.Cards, func(c portal.Card) bool { return c.ID == idea }), c.Votes - m.base(sources...)
}

func (m *merging) want(what, idea string, listed bool, votes int) {
	m.Helper()
	if l, v := m.shown(idea); l != listed || v != votes {
		m.Errorf("%s: listed %t with %d votes, want %t with %d", what, l, v, listed, votes)
	}
}

// TestOriginalHidden: an original that is hidden keeps its duplicates, and has them when
// it is shown again; they can be taken out of it meanwhile.
func TestOriginalHidden(t *testing.T) {
	t.Parallel()
	m, settle := merged(t)
	dup, original := m.ideas[0], m.ideas[1]
	m.want("merged", original, true, 3)
	m.decide(original, portal.Decline)
	settle()
	m.want("hidden", original, false, 3)
	m.want("its duplicate", dup, false, 2)
	who := portal.Actor{Member: portal.Member{ID: m.members[2], Role: portal.RoleMember}}
	_, err := m.portal.CastVote(t.Context(), who, dup)
	if e, ok := err.(*portal.Error); !ok || e.Code != "merged" || e.Target != "" {
		t.Errorf("a vote for the duplicate is led to what nobody sees: %+v", err)
	}
	m.decide(original, portal.Approve)
	settle()
	m.want("shown again", original, true, 3)
	m.decide(original, portal.Decline)
	_, err = m.portal.Unmerge(t.Context(), m.boss, dup, 0)
	m.must(err)
	settle()
	m.want("taken out of what is hidden", dup, true, 2)
	m.want("without it", original, false, 2)
	m.check()
}

// TestOriginalRemoved: whether the team removes an original or its author leaves with
// all words, its duplicates are ideas of their own again, with their own votes, and the
// log says so, once.
func TestOriginalRemoved(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"removed", "left"} {
		m, settle := merged(t)
		dup, original := m.ideas[0], m.ideas[1]
		if how == "removed" {
			m.decide(original, portal.Remove)
		} else {
			i, err := m.store.Idea(t.Context(), original, true)
			m.must(err)
			m.must(m.store.UpdateIdea(t.Context(), portal.IdeaUpdate{Idea: i.Erased(m.now()), Prev: i.Version, Body: new(string)}))
		}
		settle()
		m.want(how+": the duplicate", dup, true, 2)
		m.want(how+": the original", original, false, 2)
		m.removed[original] = true
		m.checkLinks()
		page, err := m.store.IdeaPage(t.Context(), portal.IdeaQuery{ID: dup, Comments: 1})
		m.must(err)
		if h := page.History[len(page.History)-1]; h.Unmerged != original || h.By.ID != "" {
			t.Errorf("%s: the duplicate's last step is %+v", how, h)
		}
		es, _, err := m.store.Log(t.Context(), portal.LogQuery{What: portal.LogUnmerge, Limit: 10})
		if err != nil || len(es) != 1 || es[0].By != "" || es[0].Thing.IdeaID != dup || es[0].From != original {
			t.Errorf("%s: the log has %+v, %v", how, es, err)
		}
		if _, err := m.portal.Unmerge(t.Context(), m.boss, dup, 0); portal.KindOf(err) != portal.Conflict {
			t.Errorf("%s: undone again: %v", how, err)
		}
		if _, err := m.portal.CastVote(t.Context(), portal.Actor{Member: portal.Member{ID: m.members[2], Role: portal.RoleMember}}, dup); err != nil {
			t.Errorf("%s: no vote for what is an idea again: %v", how, err)
		}
		settle()
		m.want(how+": voted for again", dup, true, 3)
		m.check()
	}
}

// TestDuplicateRemoved: a duplicate that is hidden or removed stays linked: its votes
// are its voters', and count for the original; its author hears nothing of a launch.
// Taken out, it has them alone, and is as little to be seen as before.
func TestDuplicateRemoved(t *testing.T) {
	t.Parallel()
	for _, act := range []portal.Act{portal.Decline, portal.Remove} {
		m, settle := merged(t)
		dup, original := m.ideas[0], m.ideas[1]
		m.decide(dup, act)
		settle()
		m.want(string(act), original, true, 3)
		m.want(string(act)+": the duplicate", dup, false, 2)
		i, err := m.store.Idea(t.Context(), original, true)
		m.must(err)
		owners, err := portal.Submitters(t.Context(), m.store, i, portal.HistoryEntry{})
		if err != nil || slices.ContainsFunc(owners, func(o portal.Owner) bool { return o.IdeaID == dup }) {
			t.Errorf("%s: its author hears of the launch: %+v, %v", act, owners, err)
		}
		_, err = m.portal.Unmerge(t.Context(), m.boss, dup, 0)
		m.must(err)
		settle()
		m.want(string(act)+", taken out", original, true, 2)
		m.want(string(act)+": the duplicate, taken out", dup, false, 2)
		m.check()
	}
}

// TestReleaseCrashesAtEveryWrite removes an original with two duplicates, and stops the
// projections at each of their writes in turn, before and after the commit.
func TestReleaseCrashesAtEveryWrite(t *testing.T) {
	t.Parallel()
	n := 0
	for fault := range tabletest.Sweep() {
		if n++; testing.Short() && n%3 != 0 {
			continue
		}
		tab, clock := tabletest.OpenLocal(t)
		m := newMerging(newWorld(t, tab, clock.Now, 5, 3, 3), tab, clock.Advance)
		changes := tabletest.Collect(t, tab, nil)
		m.must((&Consumer{Store: m.store, Clock: clock.Now}).Handle(t.Context(), changes()))
		m.merge(m.ideas[0], m.ideas[2])
		m.merge(m.ideas[1], m.ideas[2])
		m.must((&Consumer{Store: m.store, Clock: clock.Now}).Handle(t.Context(), changes()))
		m.decide(m.ideas[2], portal.Remove)
		m.removed[m.ideas[2]] = true
		broken := &store.Store{Table: fault.Wrap(tab), Clock: clock.Now}
		for on := broken; ; on = m.store {
			batch := changes()
			if len(batch) == 0 {
				break
			}
			if (&Consumer{Store: on, Clock: clock.Now}).Handle(t.Context(), batch) != nil {
				m.must((&Consumer{Store: m.store, Clock: clock.Now}).Handle(t.Context(), batch))
			}
			clock.Advance(time.Second)
		}
		m.checkLinks()
		m.checkRestored()
		m.check()
		es, _, err := m.store.Log(t.Context(), portal.LogQuery{What: portal.LogUnmerge, Limit: 10})
		if err != nil || len(es) != 2 {
			t.Errorf("%d lines in the log, %v", len(es), err)
		}
		if t.Failed() {
			t.Fatal(fault)
		}
	}
}
