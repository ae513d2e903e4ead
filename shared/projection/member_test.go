package projection

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/tabletest"
)

// drifting is what the hands of a test know.
type drifting struct {
	*world
	read  sync.Map // authors by the id of the member, as the slowest of requests read them
	edits sync.Map // of comments by id: a version that somebody's text is
}

// act does one thing that concerns a name. Nothing happens on the first idea.
func (w *drifting) act(r *rand.Rand) {
	ctx, id, idea := w.Context(), pick(r, w.members), pick(r, w.ideas[1:])
	m, err := w.store.Member(ctx, id)
	w.must(err)
	author := m.Author()
	if old, ok := w.read.LoadOrStore(id, author); ok && r.IntN(2) == 0 {
		author = old.(portal.Author)
	}
	was := m
	m.Version++
	n := r.IntN(20)
	if m.Deleted() && n < 9 {
		return // the use cases refuse that
	}
	switch {
	case n < 6:
		m.Name = fmt.Sprint("name", r.IntN(1000))
		err = w.store.UpdateMember(ctx, m, was.Version)
	case n < 8:
		m.Role = pick(r, []portal.Role{portal.RoleMember, portal.RoleTeam})
		err = w.store.UpdateMember(ctx, m, was.Version)
	case n == 8:
		left := portal.Member{ID: id, Name: portal.FormerMember, Role: was.Role, DeletedAt: w.now(), Version: m.Version}
		err = w.store.DeleteMember(ctx, was, left)
	case n < 15:
		id, _ := portal.IDs{Rand: zeroes{r}}.At(w.now())
		err = w.store.PutComment(ctx, portal.Comment{ID: id, IdeaID: idea, Body: "x", Author: author, Version: 1}, 0)
	case n < 17:
		err = w.edit(r, idea)
	default:
		var i portal.Idea
		if i, err = w.store.Idea(ctx, idea, true); err == nil {
			h := portal.HistoryEntry{IdeaID: idea, Ver: i.Version + 1, At: w.now(), From: i.Status, To: pick(r, portal.Statuses), By: author}
			i.Status, i.Version = h.To, h.Ver
			err = w.store.UpdateIdea(ctx, portal.IdeaUpdate{Idea: i, Prev: i.Version - 1, History: &h})
		}
	}
	if err != nil && portal.KindOf(err) != portal.Stale {
		w.Error("act:", err)
	}
}

// edit gives a comment another text, and keeps its name as it was read.
func (w *drifting) edit(r *rand.Rand, idea string) error {
	cs, _, err := w.store.Comments(w.Context(), idea, "", 20)
	if err != nil || len(cs) == 0 {
		return err
	}
	c := pick(r, cs)
	c.Version++
	c.Body = fmt.Sprint(c.Version)
	runtime.Gosched() // somebody types
	if err = w.store.PutComment(w.Context(), c, c.Version-1); err == nil {
		w.edits.Store(c.ID, c.Version)
	}
	return err
}

// checkNames holds every name against the member's.
func (w *world) checkNames() {
	w.Helper()
	for _, id := range w.ideas {
		page, err := w.store.IdeaPage(w.Context(), portal.IdeaQuery{ID: id, Comments: 500, Fresh: true})
		w.must(err)
		for _, c := range page.Comments {
			m, err := w.store.Member(w.Context(), c.Author.ID)
			w.must(err)
			if c.Author != m.Author() {
				w.Errorf("a comment by %+v, who is %+v", c.Author, m.Author())
			}
		}
		for _, h := range page.History {
			m, err := w.store.Member(w.Context(), h.By.ID)
			w.must(err)
			if h.By.Former() != m.Deleted() {
				w.Errorf("a step by %+v, who has left: %v", h.By, m.Deleted())
			}
		}
		m, err := w.store.Member(w.Context(), page.Idea.AuthorID)
		w.must(err)
		if page.Card.Author != m.Author() {
			w.Errorf("a card by %+v, who is %+v", page.Card.Author, m.Author())
		}
	}
}

// checkTexts: nothing that somebody wrote got lost under a name.
func (w *drifting) checkTexts() {
	w.Helper()
	for _, id := range w.ideas {
		cs, _, err := w.store.Comments(w.Context(), id, "", 500)
		w.must(err)
		for _, c := range cs {
			want, ok := w.edits.Load(c.ID)
			if got, _ := strconv.ParseInt(c.Body, 10, 64); ok && got < want.(int64) {
				w.Errorf("the text of version %d, although somebody wrote that of %d", got, want)
			}
		}
	}
}

// TestNames: whoever renames, deletes accounts and writes under old names, and
// whatever happens to the batches, every name ends as the member's.
func TestNames(t *testing.T) {
	for seed := range tabletest.Seeds(2, 3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			tab, clock := tabletest.OpenLocal(t)
			w := newWorld(t, tab, clock.Now, seed, 4, 8)
			changes := tabletest.Collect(t, tab, nil)
			faulty := tabletest.NewFaulty(tab, seed)
			faulty.SetRates(tabletest.Rates{Before: .04, After: .04, Conflict: .04, Throttle: .01})
			hands := &drifting{world: w}
			batch := changes()
			for round := range 6 {
				var wg sync.WaitGroup
				for hand := range 2 {
					r := rand.New(rand.NewPCG(seed, uint64(100*round+hand)))
					wg.Go(func() {
						for range 20 {
							hands.act(r)
						}
					})
				}
				wg.Go(func() {
					if err := deliver(w.Context(), batch, seed, faulty, w.now); err != nil {
						w.Error(err)
					}
				})
				wg.Wait()
				clock.Advance(time.Minute)
				batch = changes()
			}
			w.settle(batch, changes, faulty, seed)
			w.checkNames()
			hands.checkTexts()
		})
	}
}

// settle delivers until the consumers' own writes cause no more changes.
func (w *world) settle(batch []table.Change, changes func() []table.Change, tab table.Table, seed uint64) {
	w.Helper()
	for n := 0; len(batch) > 0; n++ {
		if n == 2*maxSweeps {
			w.Fatal("the consumers call themselves for ever")
		}
		w.must(deliver(w.Context(), batch, seed, tab, w.now))
		batch = changes()
	}
}

// TestNamesBehindTheIndex: an index that misses the newest comments hides them from
// the first look only.
func TestNamesBehindTheIndex(t *testing.T) {
	t.Parallel()
	hidden := 0
	for seed := range uint64(8) {
		tab, clock := tabletest.OpenLocal(t)
		lagging := tabletest.NewFaulty(tab, seed)
		lagging.SetLag(32)
		w := newWorld(t, lagging, clock.Now, seed, 1, 2)
		changes := tabletest.Collect(t, tab, nil)
		leaver := w.members[0]
		m, err := w.store.Member(t.Context(), leaver)
		w.must(err)
		for i := range 6 {
			id := portal.ImportedAt(clock.Now(), "test", fmt.Sprint(i))
			w.must(w.store.PutComment(t.Context(), portal.Comment{ID: id, IdeaID: w.ideas[0], Body: "x", Author: m.Author(), Version: 1}, 0))
		}
		c := &Consumer{Store: &store.Store{Table: lagging, Clock: clock.Now}, Clock: clock.Now}
		w.must(c.Handle(t.Context(), changes()))
		w.must(w.store.DeleteMember(t.Context(), m, portal.Member{ID: leaver, Name: portal.FormerMember, Role: m.Role, DeletedAt: clock.Now(), Version: m.Version + 1}))
		w.must(c.Handle(t.Context(), changes())) // what it finds to sign, it finds through the index
		cs, _, err := w.store.Comments(t.Context(), w.ideas[0], "", 100)
		w.must(err)
		for _, k := range cs {
			if !k.Author.Former() {
				hidden++
			}
		}
		lagging.SetLag(0) // the stream's delay
		w.settle(changes(), changes, lagging, seed)
		w.checkNames()
	}
	if hidden == 0 {
		t.Error("the index was never behind")
	}
}

// TestSweepEndsSessions: more sessions than one write can hold end a moment later.
func TestSweepEndsSessions(t *testing.T) {
	t.Parallel()
	tab, clock := tabletest.OpenLocal(t)
	w := newWorld(t, tab, clock.Now, 1, 1, 2)
	changes := tabletest.Collect(t, tab, nil)
	m, err := w.store.Member(t.Context(), w.members[0])
	w.must(err)
	for i := range table.MaxOps + 30 {
		code := portal.SignInCode{ID: fmt.Sprint(i), Email: "a@example.com", Expires: clock.Now().Add(time.Minute), Version: 1}
		w.must(w.store.PutCode(t.Context(), code, 0))
		w.must(w.store.CreateSession(t.Context(), portal.Session{ID: code.ID, MemberID: m.ID, CreatedAt: clock.Now(), SeenAt: clock.Now()}, code))
	}
	w.must(w.store.DeleteMember(t.Context(), m, portal.Member{ID: m.ID, Name: portal.FormerMember, Role: m.Role, DeletedAt: clock.Now(), Version: m.Version + 1}))
	if left, err := w.store.Sessions(t.Context(), m.ID); err != nil || len(left) == 0 || len(left) > 40 {
		t.Errorf("%d sessions at once, %v", len(left), err)
	}
	w.settle(changes(), changes, tab, 1)
	if left, err := w.store.Sessions(t.Context(), m.ID); err != nil || len(left) != 0 {
		t.Errorf("%d sessions in the end, %v", len(left), err)
	}
}
