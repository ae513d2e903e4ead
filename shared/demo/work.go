package demo

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// Work gives the team of a portal that [Fill] has just filled, with the same options,
// something to do and something to find: texts that a rule holds, reports, an appeal,
// votes that are odd; owners, tags, notes, an official answer, a list. All of it is
// done by the portal's own rules, by those who are said to have done it and at their
// time, so the audit log has it, too.
func Work(ctx context.Context, o Options) error {
	scripts, err := load()
	if err != nil {
		return err
	}
	c, err := newCast(ctx, o, scripts)
	if err != nil {
		return err
	}
	st := stage{cast: c, categories: o.Categories, now: o.Now}
	scenes, err := st.scenes(scripts)
	if err != nil {
		return err
	}
	w := &work{stage: st, store: o.Store, born: map[string]time.Time{}}
	byTitle := map[string]*scene{}
	for _, sc := range scenes {
		byTitle[sc.told.title] = sc
	}
	for _, s := range scripts {
		for _, i := range s.ideas {
			if err := w.idea(s, i, byTitle[i.title]); err != nil {
				return fmt.Errorf("%q: %w", i.title, err)
			}
		}
		for _, l := range s.lists {
			w.add(o.Now.Add(-48*time.Hour), l.by, func(ctx context.Context, p *portal.Portal, a portal.Actor) error {
				_, err := p.SaveFilter(ctx, a, l.name, l.query, true)
				return err
			})
		}
	}
	return w.do(ctx, &portal.Portal{Store: o.Store, Categories: o.Categories, Locales: languages, IDs: portal.IDs{Rand: rand.NewChaCha8([32]byte{})}})
}

// work is what there is to do, by whom and when.
type work struct {
	stage
	store *store.Store
	turns []turn
	born  map[string]time.Time // when those joined who come with the first thing they do
}

type turn struct {
	at   time.Time
	by   string
	from netip.Addr
	do   func(context.Context, *portal.Portal, portal.Actor) error
}

func (w *work) add(at time.Time, by string, do func(context.Context, *portal.Portal, portal.Actor) error) {
	w.turns = append(w.turns, turn{at: w.between(time.Time{}, at), by: by, do: do})
	if b, ok := w.born[by]; !ok || at.Before(b) {
		w.born[by] = at.Add(-20 * time.Minute)
	}
}

// place is an idea with what was last said about it.
type place struct {
	*scene // nil of one that is yet to be offered
	about  portal.Thing
	said   portal.Thing
}

// idea adds what is done about an idea; sc is nil of one that is yet to be offered.
func (w *work) idea(s script, i idea, sc *scene) error {
	r := rand.New(rand.NewPCG(seed(i.title), 2))
	at := &place{scene: sc}
	var start time.Time
	if sc != nil {
		at.about.IdeaID, start = sc.Idea.ID, sc.Idea.CreatedAt
	} else {
		start = w.now.Add(-i.age.Duration)
		w.add(start, i.by, func(ctx context.Context, p *portal.Portal, a portal.Actor) error {
			made, _, err := p.SubmitIdea(ctx, a, portal.IdeaDraft{Title: i.title, Body: i.body, Category: i.category})
			at.about.IdeaID = made.ID
			return err
		})
	}
	for _, d := range i.deeds {
		when := start.Add(d.after.Duration + d.after.spread(r, 3*time.Hour, 5*time.Hour))
		if d.word == "burst" {
			if err := w.burst(s, d, when, at.about.IdeaID, r); err != nil {
				return err
			}
			continue
		}
		w.add(when, d.by, func(ctx context.Context, p *portal.Portal, a portal.Actor) error { return d.do(ctx, p, a, at) })
	}
	return nil
}

func (d deed) do(ctx context.Context, p *portal.Portal, a portal.Actor, at *place) (err error) {
	idea := at.about.IdeaID
	switch d.word {
	case "owner":
		_, err = p.EditDossier(ctx, a, idea, portal.DossierEdit{Owner: &a.ID})
	case "tags":
		tags := names(d.text)
		_, err = p.EditDossier(ctx, a, idea, portal.DossierEdit{Tags: &tags})
	case "memo":
		_, err = p.AddMemo(ctx, a, idea, d.text)
	case "pin":
		_, err = p.PinAnswer(ctx, a, idea, "", d.text, 0)
	case "posted":
		c, failed := p.AddComment(ctx, a, idea, portal.CommentDraft{Body: d.text})
		at.said, err = portal.Thing{IdeaID: idea, CommentID: c.ID}, failed
	case "report":
		t := at.about
		if d.remark >= 0 {
			t.CommentID = at.comments[d.remark].ID
		}
		err = p.Report(ctx, a, t, portal.ReportDraft{Reason: d.with, Words: d.text})
	case "decline":
		err = p.Decide(ctx, a, cmp.Or(at.said, at.about), portal.Decision{Act: portal.Decline, Reason: d.with, Note: d.text})
	case "appeal":
		err = p.Appeal(ctx, a, cmp.Or(at.said, at.about), portal.AppealDraft{Words: d.text})
	}
	return err
}

// burst are votes of people whom nobody has seen before.
func (w *work) burst(s script, d deed, at time.Time, ideaID string, r *rand.Rand) error {
	n, err := strconv.Atoi(d.with)
	people := s.people()
	if left := len(people) - crowdOf; err != nil || n < 1 || n > left {
		return fmt.Errorf("a burst of %q: want a number up to %d", d.with, left)
	}
	for k, name := range people[crowdOf : crowdOf+n] {
		if err := w.cast.add(s.lang, name, portal.RoleMember); err != nil {
			return err
		}
		at = at.Add(5*time.Second + upTo(r, 20*time.Second))
		w.add(at, name, func(ctx context.Context, p *portal.Portal, a portal.Actor) error {
			_, err := p.CastVote(ctx, a, ideaID)
			return err
		})
		w.turns[len(w.turns)-1].from = netip.AddrFrom4([4]byte{203, 0, 113, byte(k + 1)})
	}
	return nil
}

// do does everything, in the order of time.
func (w *work) do(ctx context.Context, p *portal.Portal) error {
	slices.SortStableFunc(w.turns, func(a, b turn) int { return a.at.Compare(b.at) })
	for _, t := range w.turns {
		who := w.cast.by[t.by]
		m, err := w.store.Member(ctx, who.ID)
		if portal.KindOf(err) == portal.NotFound {
			m = who.Member
			m.CreatedAt = w.born[t.by].Truncate(time.Millisecond)
			err = put(ctx, w.store.Table, []store.Unit{store.MemberUnit(m)})
		}
		if err != nil {
			return fmt.Errorf("%s: %w", t.by, err)
		}
		p.Clock = func() time.Time { return t.at }
		if err := t.do(ctx, p, portal.Actor{Member: m, From: t.from}); err != nil {
			return fmt.Errorf("%s, %v ago: %w", t.by, w.now.Sub(t.at).Round(time.Minute), err)
		}
	}
	return nil
}
