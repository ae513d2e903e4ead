package demo

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"

	"groundswell/shared/portal"
)

// scene is one idea as it is going to be stored.
type scene struct {
	told idea
	portal.TakenIdea
	steps    []portal.HistoryEntry // after the first entry, without versions
	comments []portal.Comment
	votes    []portal.Vote
}

// stage turns scripts into scenes.
type stage struct {
	cast       *cast
	categories portal.Categories
	now        time.Time
}

func (st *stage) scenes(scripts []script) ([]*scene, error) {
	var all []*scene
	byKey := map[string]*scene{}
	for _, s := range scripts {
		for _, i := range s.ideas {
			if i.offered {
				continue
			}
			sc, err := st.scene(i)
			if err != nil {
				return nil, fmt.Errorf("%q: %w", i.title, err)
			}
			all = append(all, sc)
			if i.key != "" {
				byKey[i.key] = sc
			}
		}
	}
	return all, link(all, byKey)
}

func (st *stage) scene(i idea) (*scene, error) {
	r := rand.New(rand.NewPCG(seed(i.title), 0))
	born := st.now.Add(-i.age.Duration - i.age.spread(r, 0, 6*time.Hour)).Truncate(time.Millisecond)
	author, err := st.cast.at(i.by, born)
	if err != nil {
		return nil, err
	}
	taken, err := portal.ImportedIdea{Source: source, Key: i.title, Title: i.title, Body: i.body, Category: i.category,
		Status: portal.New, Author: author.Author(), CreatedAt: born}.Take(st.categories, st.now)
	if err != nil {
		return nil, err
	}
	sc := &scene{told: i, TakenIdea: taken}
	if err := st.steps(sc, r); err != nil {
		return nil, err
	}
	if err := st.talk(sc, r); err != nil {
		return nil, err
	}
	return sc, st.votes(sc, r)
}

// steps happen early in the day, comments later: one can be about the other.
func (st *stage) steps(sc *scene, r *rand.Rand) error {
	status, last := portal.New, sc.Idea.CreatedAt
	for _, s := range sc.told.steps {
		at := st.between(last.Add(time.Hour), sc.Idea.CreatedAt.Add(s.after.Duration+s.after.spread(r, 0, 3*time.Hour)))
		by, err := st.cast.team(s.by, at)
		if err != nil {
			return err
		}
		h := portal.HistoryEntry{IdeaID: sc.Idea.ID, At: at, From: status, To: cmp.Or(s.to, status), By: by, Note: s.note, Link: s.link,
			Merged: s.into, Imported: true} // link puts an id in the place of the key
		sc.steps = append(sc.steps, h)
		status, last = h.To, at
	}
	return nil
}

func (st *stage) talk(sc *scene, r *rand.Rand) error {
	var first portal.Comment // that replies belong to
	for n, s := range sc.told.talk {
		after := sc.Idea.CreatedAt
		if s.reply {
			after = sc.comments[n-1].CreatedAt
		}
		at := st.between(after.Add(10*time.Minute), sc.Idea.CreatedAt.Add(s.after.Duration+s.after.spread(r, 4*time.Hour, 12*time.Hour)))
		by, err := st.cast.at(s.by, at)
		if err != nil {
			return err
		}
		d := portal.ImportedComment{Source: source, Key: fmt.Sprint(sc.Idea.ID, n), IdeaID: sc.Idea.ID, Body: s.text, Author: by.Author(), CreatedAt: at}
		if s.reply {
			d.Parent = first.ID
		}
		c, err := d.Take(st.now)
		if err != nil {
			return fmt.Errorf("comment of %s: %w", s.by, err)
		}
		if !s.reply {
			first = c
		}
		sc.comments = append(sc.comments, c)
	}
	return nil
}

// votes come from those who comment, and from the crowd: many at first, and fewer
// and fewer until the idea's way ends.
func (st *stage) votes(sc *scene, r *rand.Rand) error {
	until := st.now
	for _, h := range sc.steps {
		if h.To == portal.Launched || h.To == portal.Declined || h.To == portal.AlreadyOffered || h.Merged != "" {
			until = h.At
		}
	}
	moment := func(until time.Time) time.Time {
		x := r.Float64()
		lived := float64(until.Sub(sc.Idea.CreatedAt))
		return sc.Idea.CreatedAt.Add(time.Duration(x * x * lived)).Truncate(time.Millisecond)
	}
	voted := map[string]bool{sc.told.by: true}
	vote := func(name string, at time.Time) error {
		voted[name] = true
		p, err := st.cast.at(name, at)
		if err == nil {
			sc.votes = append(sc.votes, portal.Vote{IdeaID: sc.Idea.ID, MemberID: p.ID, At: at})
		}
		return err
	}
	for n, s := range sc.told.talk {
		if len(sc.votes) == sc.told.votes || voted[s.by] || st.cast.by[s.by].Role != portal.RoleMember {
			continue
		}
		if at := sc.comments[n].CreatedAt; at.Before(until) { // who speaks later may only say thanks
			if err := vote(s.by, at.Add(-upTo(r, 9*time.Minute))); err != nil {
				return err
			}
		}
	}
	for _, k := range r.Perm(len(st.cast.crowd)) {
		if len(sc.votes) == sc.told.votes {
			return nil
		}
		if name := st.cast.crowd[k]; !voted[name] {
			if err := vote(name, moment(until)); err != nil {
				return err
			}
		}
	}
	if n := len(sc.votes); n < sc.told.votes {
		return fmt.Errorf("there are people for %d votes only", n)
	}
	return nil
}

// between is t, if it is after the first and has passed.
func (st *stage) between(first, t time.Time) time.Time {
	if t.Before(first) {
		t = first
	}
	if last := st.now.Add(-time.Minute); t.After(last) {
		t = last
	}
	return t.Truncate(time.Millisecond)
}

// link tells ideas of each other, and gives every step its version: both ends of a
// merge get a new one.
func link(all []*scene, byKey map[string]*scene) error {
	type event struct {
		of   *scene
		h    portal.HistoryEntry
		from string // the idea that was merged into this one
	}
	var events []event
	for _, sc := range all {
		for _, h := range sc.steps {
			if h.Merged != "" {
				into := byKey[h.Merged]
				if into == nil {
					return fmt.Errorf("%q: no idea has the key %s", sc.told.title, h.Merged)
				}
				h.Merged, sc.Idea.MergedInto, sc.Idea.MergedAt = into.Idea.ID, into.Idea.ID, h.At
				events = append(events, event{of: into, h: portal.HistoryEntry{At: h.At}, from: sc.Idea.ID})
			}
			events = append(events, event{of: sc, h: h})
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return a.h.At.Compare(b.h.At) })
	for _, e := range events {
		i := &e.of.Idea
		i.Version++
		i.UpdatedAt = e.h.At
		if e.from != "" {
			i.MergedFrom = append(i.MergedFrom, e.from)
			continue
		}
		e.h.Ver = i.Version
		if i.Status = e.h.To; i.Status == portal.Launched {
			i.LaunchedAt = e.h.At
		}
		e.of.History = append(e.of.History, e.h)
	}
	return nil
}

// seed makes randomness of a text, so that an idea stays as it is when others are
// added to the scripts.
func seed(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}

// spread is the hour that a time in days leaves open, and some minutes for one in
// hours.
func (s span) spread(r *rand.Rand, from, to time.Duration) time.Duration {
	if !s.days {
		from, to = 0, 20*time.Minute
	}
	return from + upTo(r, to-from)
}

func upTo(r *rand.Rand, d time.Duration) time.Duration { return time.Duration(r.Int64N(int64(d))) }
