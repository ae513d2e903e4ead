package projection

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// world is a few ideas, the members who act on them, and what came out on the
// change feed.
type world struct {
	*testing.T
	store   *store.Store
	rnd     *rand.Rand
	ideas   []string
	members []string
	now     func() time.Time
}

func newWorld(t *testing.T, tab table.Table, now func() time.Time, seed uint64, ideas, members int) *world {
	w := &world{T: t, store: &store.Store{Table: tab, Clock: now}, rnd: rand.New(rand.NewPCG(seed, 1)), now: now}
	for i := range members {
		m := portal.Member{ID: portal.ImportedMember("test", fmt.Sprint(seed, i)), Name: fmt.Sprint("m", i), Role: portal.RoleMember, Version: 1}
		w.members = append(w.members, m.ID)
		w.must(w.create(m))
	}
	for i := range ideas {
		id := portal.ImportedAt(now(), "test", fmt.Sprint(seed, i))
		w.ideas = append(w.ideas, id)
		idea := portal.Idea{ID: id, Title: fmt.Sprint("idea ", i), Category: "food", Status: portal.New, AuthorID: w.members[i],
			CreatedAt: now(), UpdatedAt: now(), Version: 1, BaseVotes: []int{0, 35094, -71}[i%3]}
		w.must(w.store.CreateIdea(w.Context(), portal.NewIdea{Idea: idea, History: portal.HistoryEntry{IdeaID: id, Ver: 1, At: now(),
			To: portal.New, By: portal.Author{ID: idea.AuthorID}}}))
	}
	return w
}

func (w *world) create(m portal.Member) error {
	_, err := w.store.CreateMember(w.Context(), m)
	return err
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func pick[T any](r *rand.Rand, s []T) T { return s[r.IntN(len(s))] }

// act does one random thing. A lost race is a part of life.
func (w *world) act(r *rand.Rand) {
	ctx, idea, member := w.Context(), pick(r, w.ideas), pick(r, w.members)
	var err error
	switch n := r.IntN(100); {
	case n < 53:
		_, err = w.store.PutVote(ctx, portal.Vote{IdeaID: idea, MemberID: member, At: w.now()})
	case n < 73:
		_, err = w.store.DeleteVote(ctx, portal.Vote{IdeaID: idea, MemberID: member})
	case n < 88:
		id, _ := portal.IDs{Rand: zeroes{r}}.At(w.now().Add(time.Duration(r.IntN(1e6)) * time.Millisecond))
		err = w.store.PutComment(ctx, portal.Comment{ID: id, IdeaID: idea, Body: "x", Author: portal.Author{ID: member}, Version: 1}, 0)
	case n < 92:
		cs, _, _ := w.store.Comments(ctx, idea, "", 20)
		if len(cs) > 0 {
			c := pick(r, cs)
			c.Deleted, c.Version = c.Deleted || r.IntN(2) == 0, c.Version+1
			c.Mod.State = pick(r, []portal.Visibility{portal.Visible, portal.Held, portal.Hidden})
			err = w.store.PutComment(ctx, c, c.Version-1)
		}
	case n < 93: // whether the member's votes count
		var x portal.Exclusion
		if x, err = w.store.Exclusion(ctx, member); err == nil {
			x.On, x.Sweeps, x.Version = !x.On, 0, x.Version+1
			err = w.store.Moderate(ctx, portal.Deed{Exclude: []portal.Exclusion{x}})
		}
	case n < 95:
		err = w.merge(idea, pick(r, w.ideas))
	default:
		var i portal.Idea
		if i, err = w.store.Idea(ctx, idea, true); err == nil {
			h := portal.HistoryEntry{IdeaID: idea, Ver: i.Version + 1, At: w.now(), From: i.Status, To: pick(r, portal.Statuses),
				By: portal.Author{ID: member, Name: "m"}}
			i.Status, i.Version = h.To, h.Ver
			if i.Status == portal.Launched {
				i.LaunchedAt = h.At
			}
			i.Category, i.Mod.State = pick(r, []string{"food", "tea"}), pick(r, []portal.Visibility{portal.Visible, portal.Visible, portal.Held})
			err = w.store.UpdateIdea(ctx, portal.IdeaUpdate{Idea: i, Prev: i.Version - 1, History: &h})
		}
	}
	if err != nil && portal.KindOf(err) != portal.Stale {
		w.Error("act:", err)
	}
}

// zeroes makes ids from a seeded generator.
type zeroes struct{ *rand.Rand }

func (z zeroes) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(z.Uint32())
	}
	return len(b), nil
}

// locked is such a source for a portal, whose use cases may draw at once.
type locked struct {
	mu sync.Mutex
	zeroes
}

func (l *locked) Read(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.zeroes.Read(b)
}

// merge links a to b, or takes the link away if there is one.
func (w *world) merge(a, b string) error {
	ia, err := w.store.Idea(w.Context(), a, true)
	if err != nil {
		return err
	}
	if ia.MergedInto != "" {
		b = ia.MergedInto
	}
	ib, err := w.store.Idea(w.Context(), b, true)
	if err != nil || a == b {
		return err
	}
	va, vb := ia.Version, ib.Version
	switch {
	case ia.MergedInto == b:
		ia.MergedInto = ""
		ib.MergedFrom = slices.DeleteFunc(ib.MergedFrom, func(s string) bool { return s == a })
	case ia.MergedInto == "" && len(ia.MergedFrom) == 0 && ib.MergedInto == "":
		ia.MergedInto, ib.MergedFrom = b, append(ib.MergedFrom, a)
	default:
		return nil
	}
	ia.Version++
	ib.Version++
	return w.store.UpdateIdea(w.Context(), portal.IdeaUpdate{Idea: ia, Prev: va, Other: &portal.IdeaUpdate{Idea: ib, Prev: vb}})
}
