package demo

import (
	"context"
	"crypto/rand"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
)

// TestReplay does everything in the scripts once more as people would have done it,
// by the portal's use cases, with a clock that moves along. They refuse what breaks
// a rule or a limit; and in the end both portals say the same.
func TestReplay(t *testing.T) {
	t.Parallel()
	filled, lived := newFolder(t), newFolder(t)
	filled.fill()
	r := replay{folder: lived, ids: map[string]string{}}
	r.all()
	if err := lived.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	want, got := lived.told(), filled.told()
	if len(got) == 0 {
		t.Fatal("there is nothing")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("as people do it (-), as it was filled (+):\n%s", diff)
	}
}

// replay is a portal on its way through the scripts.
type replay struct {
	folder
	ids map[string]string // the filled portal's of an idea or comment, and here
}

// act is something that somebody does at a time.
type act struct {
	at time.Time
	do func(context.Context, *portal.Portal) error
}

func (r *replay) all() {
	r.Helper()
	scripts, err := load()
	if err != nil {
		r.Fatal(err)
	}
	c, err := newCast(r.Context(), r.options(), scripts)
	if err != nil {
		r.Fatal(err)
	}
	st := stage{cast: c, categories: portal.DefaultCategories(), now: now}
	scenes, err := st.scenes(scripts)
	if err != nil {
		r.Fatal(err)
	}
	var acts []act
	for _, sc := range scenes {
		acts = append(acts, r.acts(sc)...)
	}
	for _, p := range c.by {
		if _, err := r.Store.CreateMember(r.Context(), p.Member); err != nil {
			r.Fatal(err)
		}
	}
	slices.SortStableFunc(acts, func(a, b act) int { return a.at.Compare(b.at) })
	p := r.Portal
	defer func(clock func() time.Time, ids portal.IDs) { p.Clock, p.IDs = clock, ids }(p.Clock, p.IDs)
	p.IDs = portal.IDs{Rand: rand.Reader}
	for _, a := range acts {
		p.Clock = func() time.Time { return a.at }
		if err := a.do(r.Context(), p); err != nil {
			r.Errorf("at %v: %v", a.at, err)
		}
	}
}

func (r *replay) acts(sc *scene) (acts []act) {
	i := sc.Idea
	add := func(at time.Time, do func(context.Context, *portal.Portal) error) { acts = append(acts, act{at, do}) }
	add(i.CreatedAt, func(ctx context.Context, p *portal.Portal) error {
		made, _, err := p.SubmitIdea(ctx, r.actor(i.AuthorID), portal.IdeaDraft{Title: sc.told.title, Body: sc.told.body, Category: sc.told.category})
		r.ids[i.ID] = made.ID
		return err
	})
	for _, c := range sc.comments {
		add(c.CreatedAt, func(ctx context.Context, p *portal.Portal) error {
			made, err := p.AddComment(ctx, r.actor(c.Author.ID), r.ids[i.ID], portal.CommentDraft{Body: c.Body, Parent: r.ids[c.Parent]})
			r.ids[c.ID] = made.ID
			return err
		})
	}
	for _, h := range sc.History[1:] {
		add(h.At, func(ctx context.Context, p *portal.Portal) error {
			if h.Merged != "" {
				_, err := p.Merge(ctx, r.actor(h.By.ID), r.ids[i.ID], portal.MergeChange{Into: r.ids[h.Merged]})
				return err
			}
			_, err := p.ChangeStatus(ctx, r.actor(h.By.ID), r.ids[i.ID], portal.StatusChange{To: h.To, Note: h.Note, Link: h.Link})
			return err
		})
	}
	for _, v := range sc.votes {
		add(v.At, func(ctx context.Context, p *portal.Portal) error {
			_, err := p.CastVote(ctx, r.actor(v.MemberID), r.ids[i.ID])
			return err
		})
	}
	return acts
}

func (r *replay) actor(id string) portal.Actor {
	m, err := r.Store.Member(r.Context(), id)
	if err != nil {
		r.Error(err)
	}
	return portal.Actor{Member: m}
}

// told is what a portal says of an idea, with titles and places in a discussion
// instead of ids.
type told struct {
	Idea     portal.Idea
	Card     portal.Card
	Body     string
	From     []string
	History  []portal.HistoryEntry
	Comments []portal.Comment
}

func (f folder) told() map[string]told {
	f.Helper()
	out := map[string]told{}
	var title func(id string) string
	one := func(id string) {
		page, err := f.Portal.Idea(f.Context(), portal.Actor{}, portal.IdeaQuery{ID: id, Comments: portal.MaxLimit})
		if err != nil {
			f.Fatal(err)
		}
		w := told{Idea: page.Idea, Card: page.Card, Body: page.Body, History: page.History, Comments: page.Comments}
		w.Idea.ID, w.Idea.Source, w.Idea.MergedInto = "", "", title(w.Idea.MergedInto)
		w.Card.ID, w.Card.AsOf, w.Card.MergedInto, w.Card.MergedFrom = "", time.Time{}, title(w.Card.MergedInto), nil
		for _, id := range w.Idea.MergedFrom {
			w.From = append(w.From, title(id))
		}
		w.Idea.MergedFrom = nil
		for k := range w.History {
			h := &w.History[k]
			h.IdeaID, h.Imported, h.Merged = "", false, title(h.Merged)
		}
		place := map[string]string{}
		for k := range w.Comments {
			c := &w.Comments[k]
			place[c.ID] = c.CreatedAt.String()
			c.ID, c.IdeaID, c.Imported, c.Parent = "", "", false, place[c.Parent]
		}
		out[page.Idea.Title] = w
	}
	title = func(id string) string {
		if id == "" {
			return ""
		}
		i, err := f.Store.Idea(f.Context(), id, true)
		if err != nil {
			f.Fatal(err)
		}
		if _, ok := out[i.Title]; !ok && i.MergedInto != "" { // no list shows it
			out[i.Title] = told{}
			one(id)
		}
		return i.Title
	}
	for _, c := range f.cards() {
		one(c.ID)
	}
	return out
}
