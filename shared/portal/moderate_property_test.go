package portal_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/projection"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/local"
	"groundswell/shared/table/tabletest"
)

// bench is a portal whose every write may fail, before or after the commit, and what
// is there to moderate.
type bench struct {
	*desk
	rnd    *rand.Rand
	faulty *tabletest.Faulty
	people []portal.Actor
	boss   portal.Actor
	things []portal.Thing
}

func newBench(t *testing.T, seed uint64) *bench {
	t.Helper()
	tab, clock := tabletest.OpenLocal(t)
	faulty := tabletest.NewFaulty(tab, seed)
	s := &store.Store{Table: faulty, Clock: clock.Now}
	b := &bench{desk: &desk{T: t, table: tab, clock: clock, mails: &mails{}}, rnd: rand.New(rand.NewPCG(seed, 7)), faulty: faulty}
	b.Portal = &portal.Portal{Store: s, Mails: b.mails, Clock: clock.Now, IDs: portal.IDs{Rand: newSeeded(byte(seed))},
		Categories: portal.DefaultCategories(), Locales: []string{"en"}, TeamEmails: []string{"boss@example.com"}}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	c := &projection.Consumer{Store: s, Clock: clock.Now}
	go func() {
		defer close(done)
		_ = tab.Follow(ctx, "projections", local.FollowOptions{Keep: projection.Reacts}, func(ctx context.Context, changes []table.Change) error { return c.Handle(ctx, changes) })
	}()
	t.Cleanup(func() { cancel(); <-done })
	b.drain = func() {
		t.Helper()
		b.must(tab.Drained(t.Context(), "projections"))
	}
	b.boss = b.signIn("boss@example.com")
	for i := range 4 {
		b.people = append(b.people, b.signIn(fmt.Sprintf("m%d@example.com", i)))
	}
	for i := range 3 {
		clock.Advance(time.Second)
		idea := b.submit(b.people[i], fmt.Sprintf("Kettle number %d", i))
		b.things = append(b.things, portal.Thing{IdeaID: idea.ID})
		c, err := b.AddComment(t.Context(), b.people[i+1], idea.ID, portal.CommentDraft{Body: "So do I."})
		b.must(err)
		b.things = append(b.things, portal.Thing{IdeaID: idea.ID, CommentID: c.ID})
	}
	// One that the team wrote down for somebody, who can take it back.
	clock.Advance(time.Second)
	draft := toldInShop("m3@example.com")
	draft.Title, draft.Locale = "Kettle for a customer", "en"
	idea, _, err := b.SubmitFor(t.Context(), b.boss, draft)
	b.must(err)
	b.things = append(b.things, portal.Thing{IdeaID: idea.ID})
	return b
}

func one[T any](r *rand.Rand, s []T) T { return s[r.IntN(len(s))] }

// act does one random thing. That it is refused, or fails, is a part of life.
func (b *bench) act() error {
	b.clock.Advance(time.Second)
	ctx, t, who := b.Context(), one(b.rnd, b.things), b.again(one(b.rnd, b.people))
	reason := one(b.rnd, portal.Reasons[:3])
	switch n := b.rnd.IntN(120); {
	case n >= 100:
		return b.edit(t)
	case n < 25:
		return b.Report(ctx, who, t, portal.ReportDraft{Reason: reason})
	case n < 40:
		return b.Appeal(ctx, who, t, portal.AppealDraft{Words: "Why?"})
	case n < 60:
		return b.Decide(ctx, b.boss, t, portal.Decision{Act: portal.Approve, Then: one(b.rnd, []string{"", "trust"})})
	case n < 80:
		return b.Decide(ctx, b.boss, t, portal.Decision{Act: portal.Decline, Reason: reason, Then: one(b.rnd, []string{"", "", "block"})})
	case n < 82:
		return b.Decide(ctx, b.boss, t, portal.Decision{Act: portal.Remove, Reason: reason})
	case n < 83:
		return b.Decide(ctx, b.boss, t, portal.Decision{Act: portal.Restore})
	case n < 86:
		return b.Decide(ctx, b.boss, portal.Thing{IdeaID: t.IdeaID}, portal.Decision{Act: one(b.rnd, []portal.Act{portal.Lock, portal.Unlock})})
	case n < 88:
		_, err := b.TakeBack(ctx, b.again(b.people[3]), "", b.things[len(b.things)-1].IdeaID, n == 87)
		return err
	case n < 90:
		_, err := b.PutBack(ctx, b.again(b.people[3]), "", b.things[len(b.things)-1].IdeaID)
		return err
	case n < 93:
		_, err := b.Sanction(ctx, b.boss, one(b.rnd, portal.Sanctions), []string{who.ID}, reason, "")
		return err
	default:
		_, err := b.CastVote(ctx, who, t.IdeaID)
		return err
	}
}

// edit changes what the thing says, as its author: to a text that a rule minds, or to
// one that none does.
func (b *bench) edit(t portal.Thing) error {
	item, err := b.QueueItem(b.Context(), b.boss, t)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s number %d", one(b.rnd, []string{"Tea", "Casino"}), b.rnd.IntN(1000))
	author, m := item.Idea.AuthorID, portal.Moderation{}
	if t.CommentID != "" {
		author = item.Comment.Author.ID
	}
	who, err := b.Store.Member(b.Context(), author)
	if err != nil {
		return err
	}
	if t.CommentID != "" {
		var c portal.Comment
		c, err = b.EditComment(b.Context(), portal.Actor{Member: who}, t.IdeaID, t.CommentID, portal.CommentEdit{Body: text})
		m = c.Mod
	} else {
		var i portal.Idea
		i, err = b.EditIdea(b.Context(), portal.Actor{Member: who}, t.IdeaID, portal.IdeaEdit{Body: &text})
		m = i.Mod
	}
	if err == nil && m.Shown() && !who.Trusted && strings.HasPrefix(text, "Casino") {
		b.Errorf("%s was changed to %q, and is public", t, text)
	}
	return err
}

// TestModerationInAnyOrder does anything in any order while writes fail, and then holds
// lists, search, census, queues and counts against the things themselves, and these
// against the log: told from its beginning, it says how everything stands.
func TestModerationInAnyOrder(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, seed)
			b.faulty.SetRates(tabletest.Rates{Before: .03, After: .03, Conflict: .03})
			done := 0
			for range 150 {
				err := b.act()
				var refusal *portal.Error
				switch {
				case err == nil:
					done++
				case errors.As(err, &refusal), errors.Is(err, tabletest.ErrInjected), errors.Is(err, table.ErrConflict):
				default:
					t.Error(err)
				}
			}
			b.faulty.SetRates(tabletest.Rates{})
			b.drain()
			if done < 20 || b.faulty.Fired() < 5 {
				t.Fatalf("%d acts done, %d faults: this shows nothing", done, b.faulty.Fired())
			}
			b.check()
		})
	}
}

func (b *bench) check() {
	b.Helper()
	ctx := b.Context()
	var log []portal.LogEntry
	for cursor := ""; ; {
		page, err := b.Log(ctx, b.boss, portal.LogQuery{Cursor: cursor, Limit: portal.MaxLimit})
		b.must(err)
		log = append(log, page.Entries...)
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	slices.Reverse(log)
	queues := map[portal.Queue][]string{}
	for _, q := range []portal.Queue{portal.HeldQ, portal.Reports, portal.Appeals} {
		page, err := b.Portal.Queue(ctx, b.boss, portal.QueueQuery{Queue: q, Limit: portal.MaxLimit})
		b.must(err)
		for _, item := range page.Items {
			queues[q] = append(queues[q], item.Case.Thing.String())
		}
	}
	var shown []string
	live := map[string]int{}
	for _, t := range b.things {
		item, err := b.QueueItem(ctx, b.boss, t)
		b.must(err)
		m := item.Idea.Mod
		if t.CommentID != "" {
			m = item.Comment.Mod
		}
		if want := told(log, t); m.State != want {
			b.Errorf("%s is %q; the log says %q", t, m.State, want)
		}
		rs, err := b.Store.Reports(ctx, t, item.Case.Round)
		b.must(err)
		want := portal.NoQueue
		switch {
		case m.State == portal.Removed, m.State == portal.Withdrawn:
		case m.Appeal == portal.Open:
			want = portal.Appeals
		case m.State == portal.Held:
			want = portal.HeldQ
		case len(rs) > 0:
			want = portal.Reports
		}
		if item.Case.Queue != want || item.Case.Reports != len(rs) || want != portal.NoQueue && !slices.Contains(queues[want], t.String()) {
			b.Errorf("%s: %d reports, case %+v; want it in %q: %v", t, len(rs), item.Case, want, queues)
		}
		b.minded(log, item)
		if t.CommentID == "" && m.Shown() {
			shown = append(shown, t.IdeaID)
		}
		if t.CommentID != "" && m.Shown() && !item.Comment.Deleted {
			live[t.IdeaID]++
		}
	}
	b.publicly(shown, live)
	for _, who := range b.people {
		m, err := b.Store.Member(ctx, who.ID)
		b.must(err)
		x, err := b.Store.Exclusion(ctx, who.ID)
		b.must(err)
		if m.Uncounted != x.On {
			b.Errorf("member uncounted %v, excluded %v", m.Uncounted, x.On)
		}
	}
}

// minded: a text that a rule minds is public only if somebody of the team let it, or
// trusts who wrote it; and the text from before is there if the case says so.
func (b *bench) minded(log []portal.LogEntry, item portal.QueueItem) {
	b.Helper()
	t, m, text := item.Case.Thing, item.Idea.Mod, item.Body
	if t.CommentID != "" {
		m, text = item.Comment.Mod, item.Comment.Body
	}
	let := slices.ContainsFunc(log, func(e portal.LogEntry) bool {
		return e.Thing == t && (e.What == portal.LogApprove || e.What == portal.LogShow) || e.Whose == item.Case.AuthorID && e.What == portal.LogTrust
	})
	if m.Shown() && strings.Contains(text, "Casino") && !let {
		b.Errorf("%s says %q to everybody, and nobody let it: %+v", t, text, item.Case)
	}
	_, err := b.Store.Earlier(b.Context(), t)
	if item.Case.Earlier != (err == nil) || item.Case.Earlier != (item.Earlier != nil) || item.Case.Earlier && m.State == portal.Removed {
		b.Errorf("%s has a text from before: %v, %v, %+v", t, item.Case.Earlier, err, item.Earlier)
	}
}

// told is how a thing stands if the log is right.
func told(log []portal.LogEntry, t portal.Thing) (v portal.Visibility) {
	for _, e := range log {
		if e.Thing != t {
			continue
		}
		switch e.What {
		case portal.LogHold:
			v = portal.Held
		case portal.LogHide:
			v = portal.Hidden
		case portal.LogDecline:
			v = portal.Rejected
		case portal.LogUphold:
			if v == portal.Held {
				v = portal.Rejected
			}
		case portal.LogShow, portal.LogApprove, portal.LogRestore:
			v = portal.Visible
		case portal.LogRemove:
			v = portal.Removed
		case portal.LogTake:
			v = portal.Withdrawn
		case portal.LogPutBack:
			if v = portal.Visible; len(e.Reasons) > 0 {
				v = portal.Held
			}
		}
	}
	return v
}

// publicly holds what everybody sees against the ideas that are public, and the counts
// against the votes and comments.
func (b *bench) publicly(shown []string, live map[string]int) {
	b.Helper()
	ctx := b.Context()
	ids := func(cards []portal.Card) (out []string) {
		for _, c := range cards {
			out = append(out, c.ID)
		}
		slices.Sort(out)
		return out
	}
	list, err := b.Ideas(ctx, portal.Actor{}, portal.ListQuery{Sort: portal.Top})
	b.must(err)
	found, err := b.Search(ctx, portal.Actor{}, portal.SearchQuery{Words: "kettle"})
	b.must(err)
	slices.Sort(shown)
	for name, got := range map[string][]string{"list": ids(list.Cards), "search": ids(found.Cards)} {
		if diff := cmp.Diff(shown, got); diff != "" {
			b.Errorf("public (-) and in the %s (+):\n%s", name, diff)
		}
	}
	census, err := b.Census(ctx)
	b.must(err)
	if n := census.Count("", ""); n != len(shown) {
		b.Errorf("the census counts %d, public are %d", n, len(shown))
	}
	for _, t := range b.things {
		if t.CommentID != "" {
			continue
		}
		votes := 0
		for _, who := range b.people {
			_, stands, err := b.Store.Vote(ctx, t.IdeaID, who.ID)
			b.must(err)
			if m, err := b.Store.Member(ctx, who.ID); err != nil || stands && !m.Uncounted {
				votes++
			}
		}
		card, err := b.Store.CardOf(ctx, t.IdeaID)
		b.must(err)
		if card.Votes != votes || card.Comments != live[t.IdeaID] || card.Hidden == slices.Contains(shown, t.IdeaID) {
			b.Errorf("card %+v; %d votes, %d comments", card, votes, live[t.IdeaID])
		}
		if _, err := b.Idea(ctx, portal.Actor{}, portal.IdeaQuery{ID: t.IdeaID}); (err == nil) != slices.Contains(shown, t.IdeaID) {
			b.Errorf("a visitor gets %v for %s", err, t.IdeaID)
		}
	}
}
