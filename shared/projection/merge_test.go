package projection

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/tabletest"
)

// merging is a world whose members and team do everything through the portal, on a
// table that fails, and a model of what every idea has of its own: what a merge must
// leave alone, and an unmerge therefore restores.
type merging struct {
	*world
	portal  *portal.Portal
	boss    portal.Actor
	advance func(time.Duration)
	votes   map[string]map[string]bool // members by idea
	follows map[string]map[string]bool
	removed map[string]bool
	done    map[string]int // what came of the acts
}

func newMerging(w *world, on table.Table, advance func(time.Duration)) *merging {
	m := &merging{world: w, advance: advance, votes: map[string]map[string]bool{}, follows: map[string]map[string]bool{}, done: map[string]int{}, removed: map[string]bool{},
		boss: portal.Actor{Member: portal.Member{ID: portal.ImportedMember("test", "boss"), Name: "boss", Role: portal.RoleTeam}}}
	m.portal = &portal.Portal{Store: &store.Store{Table: on, Clock: w.now}, Clock: w.now, IDs: portal.IDs{Rand: &locked{zeroes: zeroes{w.rnd}}}, Categories: portal.DefaultCategories()}
	for _, id := range w.ideas {
		m.votes[id], m.follows[id] = map[string]bool{}, map[string]bool{}
	}
	return m
}

// insist does it again until it is known what came of it, as people do. It returns the
// refusal, if it was one.
func (m *merging) insist(what string, do func() error) error {
	for range 200 {
		err := do()
		if portal.KindOf(err) != portal.Internal || err == nil {
			if err != nil {
				what += " refused"
			}
			m.done[what]++
			return err
		}
	}
	m.Fatal(what, "fails for ever")
	return nil
}

// act does one thing as a member or the team would, and keeps the model.
func (m *merging) act() {
	ctx, idea := m.Context(), pick(m.rnd, m.ideas)
	who := portal.Actor{Member: portal.Member{ID: pick(m.rnd, m.members), Role: portal.RoleMember}}
	m.advance(time.Minute)
	known, err := m.store.CardOf(ctx, idea) // as the portal will know it: nothing counts meanwhile
	m.must(err)
	same := append([]string{idea}, known.MergedFrom...)
	switch n := m.rnd.IntN(100); {
	case n < 38:
		if m.insist("vote", func() error { _, err := m.portal.CastVote(ctx, who, idea); return err }) == nil {
			m.votes[idea][who.ID] = true
		}
	case n < 50:
		if m.insist("withdraw", func() error { _, err := m.portal.WithdrawVote(ctx, who, idea); return err }) == nil {
			for _, id := range same {
				delete(m.votes[id], who.ID)
			}
		}
	case n < 58:
		if m.insist("follow", func() error { return m.portal.FollowIdea(ctx, who, idea) }) == nil {
			m.follows[idea][who.ID] = true
		}
	case n < 62:
		if m.insist("unfollow", func() error { return m.portal.UnfollowIdea(ctx, who, idea) }) == nil {
			for _, id := range same {
				delete(m.follows[id], who.ID)
			}
		}
	case n < 72:
		_ = m.insist("comment", func() error {
			_, err := m.portal.AddComment(ctx, who, idea, portal.CommentDraft{Body: "So do I."})
			return err
		})
	case n < 76:
		to := pick(m.rnd, []portal.Status{portal.UnderReview, portal.Planned, portal.InProgress, portal.Launched})
		_ = m.insist("status", func() error {
			_, err := m.portal.ChangeStatus(ctx, m.boss, idea, portal.StatusChange{To: to})
			return err
		})
	case n < 91:
		m.merge(idea, pick(m.rnd, m.ideas))
	case n < 95:
		_ = m.insist("unmerge", func() error { _, err := m.portal.Unmerge(ctx, m.boss, idea, 0); return err })
	case n < 99:
		m.decide(idea, pick(m.rnd, []portal.Act{portal.Decline, portal.Approve}))
	case len(m.removed) < 2: // some are to be left
		m.decide(idea, portal.Remove)
		m.removed[idea] = true
	}
}

func (m *merging) decide(idea string, act portal.Act) {
	_ = m.insist(string(act), func() error {
		return m.portal.Decide(m.Context(), m.boss, portal.Thing{IdeaID: idea}, portal.Decision{Act: act, Reason: "spam"})
	})
}

func (m *merging) merge(idea, into string) {
	_ = m.insist("merge", func() error {
		_, err := m.portal.Merge(m.Context(), m.boss, idea, portal.MergeChange{Into: into})
		return err
	})
}

// checkLinks holds the merges to what they promise: both ends agree, one hop.
func (m *merging) checkLinks() {
	m.Helper()
	ideas := map[string]portal.Idea{}
	for _, id := range m.ideas {
		i, err := m.store.Idea(m.Context(), id, true)
		m.must(err)
		ideas[id] = i
	}
	for id, i := range ideas {
		if i.MergedInto != "" && (len(i.MergedFrom) > 0 || ideas[i.MergedInto].MergedInto != "" || !slices.Contains(ideas[i.MergedInto].MergedFrom, id)) {
			m.Errorf("idea %s is merged into %s, which is merged into %q and knows of %q; its own are %q",
				id, i.MergedInto, ideas[i.MergedInto].MergedInto, ideas[i.MergedInto].MergedFrom, i.MergedFrom)
		}
		for n, from := range i.MergedFrom {
			if ideas[from].MergedInto != id || slices.Contains(i.MergedFrom[:n], from) {
				m.Errorf("idea %s has %q, and %s is merged into %q", id, i.MergedFrom, from, ideas[from].MergedInto)
			}
		}
		if m.removed[id] && (len(i.MergedFrom) > 0 || i.Mod.State != portal.Removed || i.Title != "") {
			m.Errorf("idea %s was removed: %+v", id, i)
		}
		if (i.MergedInto == "") != i.MergedAt.IsZero() {
			m.Errorf("idea %s is merged into %q since %v", id, i.MergedInto, i.MergedAt)
		}
	}
}

// checkOwn compares what each idea has with the model.
func (m *merging) checkOwn() {
	m.Helper()
	for _, id := range m.ideas {
		votes, follows := map[string]bool{}, map[string]bool{}
		for lane := range store.Lanes {
			for _, side := range []struct {
				read laneReader
				into map[string]bool
			}{{m.store.Voters, votes}, {m.store.Followers, follows}} {
				ids, _, err := side.read(m.Context(), id, lane, "", table.MaxLimit)
				m.must(err)
				for _, member := range ids {
					side.into[member] = true
				}
			}
		}
		if d := cmp.Diff(m.votes[id], votes); d != "" {
			m.Errorf("votes of %s (-model +stored):\n%s", id, d)
		}
		if d := cmp.Diff(m.follows[id], follows); d != "" {
			m.Errorf("followers of %s (-model +stored):\n%s", id, d)
		}
	}
}

type laneReader = func(ctx context.Context, ideaID string, lane int, after string, limit int) (members []string, last string, err error)

// restore takes all merges away; every idea must be as if there had been none.
func (m *merging) restore() {
	m.Helper()
	for _, id := range m.ideas {
		if i, err := m.store.Idea(m.Context(), id, true); err != nil || i.MergedInto == "" {
			m.must(err)
			continue
		}
		// Refused is who tries again after an undoing that was carried out unheard.
		_ = m.insist("unmerge", func() error { _, err := m.portal.Unmerge(m.Context(), m.boss, id, 0); return err })
	}
}

// checkRestored wants every idea that is public in the lists, with the votes of its own
// voters.
func (m *merging) checkRestored() {
	m.Helper()
	page, err := m.store.Cards(m.Context(), portal.ListQuery{Sort: portal.Newest, Limit: portal.MaxLimit})
	m.must(err)
	got, want := map[string]int{}, map[string]int{}
	for _, c := range page.Cards {
		got[c.ID] = c.Votes
	}
	for _, id := range m.ideas {
		i, err := m.store.Idea(m.Context(), id, true)
		m.must(err)
		if !i.Hidden() {
			want[id] = len(m.votes[id]) + i.BaseVotes
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		m.Errorf("votes in the list after all merges are undone (-own +listed):\n%s", d)
	}
}

// base is what the ideas brought along.
func (w *world) base(ids ...string) (sum int) {
	w.Helper()
	for _, id := range ids {
		i, err := w.store.Idea(w.Context(), id, true)
		w.must(err)
		sum += i.BaseVotes
	}
	return sum
}

// TestMergeInAnyOrder: members and the team merge, vote, withdraw, follow, comment,
// unmerge, hide, show and remove in any order, on a table that fails before and after it writes; what follows
// from it is worked out by two consumers at once, from batches that come twice, in any
// order and bisected, on that table too. Every count is exact over the ideas that are
// one; no idea is more than one hop from its original; and what each had of its own
// is there to the last vote when the merges are undone. What was removed has let its
// duplicates go.
func TestMergeInAnyOrder(t *testing.T) {
	t.Parallel()
	for seed := range tabletest.Seeds(2, 6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			tab, clock := tabletest.OpenLocal(t)
			w := newWorld(t, tab, clock.Now, 100+seed, 5, 12)
			faulty := tabletest.NewFaulty(tab, seed)
			faulty.SetRates(tabletest.Rates{Before: .03, After: .03, Conflict: .02, Throttle: .01})
			m := newMerging(w, faulty, clock.Advance)
			changes := tabletest.Collect(t, tab, nil)
			m.must(deliver(t.Context(), changes(), seed, faulty, clock.Now))
			for round := range 8 {
				for range 1 + w.rnd.IntN(40) {
					m.act()
				}
				m.must(deliver(t.Context(), changes(), 10*seed+uint64(round), faulty, clock.Now))
				m.checkLinks()
				m.checkOwn()
				if round == 3 {
					m.check()
				}
			}
			m.restore()
			m.must(deliver(t.Context(), changes(), seed, faulty, clock.Now))
			m.checkLinks()
			m.checkOwn()
			m.checkRestored()
			m.check()
			t.Logf("%v; %d faults", m.done, faulty.Fired())
			if faulty.Fired() == 0 {
				t.Error("nothing failed: the test is no test")
			}
		})
	}
}

// TestMergeCrashesAtEveryWrite walks through the life of a merge and stops it at each
// of its writes in turn, before and after the commit, the counting included.
func TestMergeCrashesAtEveryWrite(t *testing.T) {
	t.Parallel()
	writes := 0
	for fault := range tabletest.Sweep() {
		writes++
		tab, clock := tabletest.OpenLocal(t)
		w := newWorld(t, tab, clock.Now, 7, 2, 3)
		changes := tabletest.Collect(t, tab, nil)
		sound, broken := newMerging(w, tab, clock.Advance), newMerging(w, fault.Wrap(tab), clock.Advance)
		settle := func(m *merging) {
			on := m.portal.Store.(*store.Store)
			if batch := changes(); (&Consumer{Store: on, Clock: clock.Now}).Handle(t.Context(), batch) != nil {
				w.must((&Consumer{Store: w.store, Clock: clock.Now}).Handle(t.Context(), batch))
			}
		}
		member := func(n int) portal.Actor {
			return portal.Actor{Member: portal.Member{ID: w.members[n], Role: portal.RoleMember}}
		}
		one, two := w.ideas[0], w.ideas[1]
		for _, v := range []struct {
			idea string
			n    int
		}{{one, 0}, {one, 1}, {two, 1}, {two, 2}} {
			_, err := sound.portal.CastVote(t.Context(), member(v.n), v.idea)
			w.must(err)
		}
		settle(sound)
		broken.merge(one, two)
		settle(broken)
		if c, err := w.store.CardOf(t.Context(), two); err != nil || c.Votes != 3+w.base(one, two) {
			t.Errorf("%d votes, %v, of three members and %d before them", c.Votes, err, w.base(one, two))
		}
		_ = broken.insist("withdraw", func() error {
			_, err := broken.portal.WithdrawVote(t.Context(), member(1), two)
			return err
		})
		settle(sound)
		broken.restore()
		settle(broken)
		broken.votes[one][w.members[0]], broken.votes[two][w.members[2]] = true, true
		broken.checkLinks()
		broken.checkOwn()
		broken.checkRestored()
		w.check()
		if t.Failed() {
			t.Fatal(fault)
		}
	}
	t.Logf("stopped at %d places", writes)
}

// TestMergesAtOnce: of opposite merges, and of those that would make a chain, at the
// same time, no two that contradict each other win.
func TestMergesAtOnce(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		tab, clock := tabletest.OpenLocal(t)
		m := newMerging(newWorld(t, tab, clock.Now, seed, 4, 4), tab, clock.Advance)
		a, b, c, d := m.ideas[0], m.ideas[1], m.ideas[2], m.ideas[3]
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for _, pair := range [][2]string{{a, b}, {b, a}, {b, c}, {c, a}, {c, d}, {d, a}, {a, b}} {
			wg.Go(func() {
				_, err := m.portal.Merge(t.Context(), m.boss, pair[0], portal.MergeChange{Into: pair[1]})
				mu.Lock()
				defer mu.Unlock()
				switch portal.KindOf(err) {
				case portal.Conflict, portal.Invalid, portal.Stale:
				default:
					if err != nil {
						t.Error(err)
					}
					won++
				}
			})
		}
		wg.Wait()
		m.checkLinks()
		if won == 0 {
			t.Error("nobody won")
		}
	}
}

// TestMergesLookAgain: who merges into an idea that changes meanwhile does not have to
// start anew, but whoever saw another version of the duplicate does.
func TestMergesLookAgain(t *testing.T) {
	t.Parallel()
	tab, clock := tabletest.OpenLocal(t)
	w := newWorld(t, tab, clock.Now, 3, 2, 4)
	m := newMerging(w, &meddled{Table: tab, first: func() {
		_, err := newMerging(w, tab, clock.Advance).portal.ChangeStatus(t.Context(), portal.Actor{Member: portal.Member{ID: w.members[0], Role: portal.RoleTeam}}, w.ideas[1], portal.StatusChange{To: portal.Planned})
		w.must(err)
	}}, clock.Advance)
	if _, err := m.portal.Merge(t.Context(), m.boss, w.ideas[0], portal.MergeChange{Into: w.ideas[1], Version: 1}); err != nil {
		t.Errorf("the other idea changed: %v", err)
	}
	if _, err := m.portal.Unmerge(t.Context(), m.boss, w.ideas[0], 1); portal.KindOf(err) != portal.Stale {
		t.Errorf("the idea itself changed: %v", err)
	}
	into, err := m.store.Idea(t.Context(), w.ideas[1], true)
	if err != nil || into.Status != portal.Planned || len(into.MergedFrom) != 1 {
		t.Errorf("%+v, %v", into, err)
	}
}

// meddled is a table in which something happens just before the first write.
type meddled struct {
	table.Table
	once  sync.Once
	first func()
}

func (t *meddled) Write(ctx context.Context, ops ...table.Op) error {
	t.once.Do(t.first)
	return t.Table.Write(ctx, ops...)
}
