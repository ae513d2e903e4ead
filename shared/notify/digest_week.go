package notify

import (
	"context"
	"slices"
	"sync"
	"time"

	"groundswell/shared/portal"
)

// Digest is what a weekly summary says: of the week before, each idea once.
type Digest struct {
	Links    Links
	Name     string // of the one who gets it; may be empty
	From, To time.Time
	Yours    []DigestLine // ideas that they brought, follow or voted for, and where they stand now
	Launched []DigestLine
	Moved    []DigestLine
	Fresh    []DigestLine // new ideas that many want, as of Idea.Born
}

// DigestLine is an idea in a summary.
type DigestLine struct {
	Title, URL string
	Status     portal.Status
	Votes      int
}

// Empty reports whether there is nothing to say.
func (d Digest) Empty() bool { return len(d.Yours)+len(d.Launched)+len(d.Moved)+len(d.Fresh) == 0 }

// Sizes of a summary, and of what is looked at for it.
const (
	digestYours = 10
	digestLines = 5 // of each other part
	digestSteps = 300
	digestIdeas = 100
	digestKept  = 15 * time.Minute // how long a worker remembers the week that everybody gets told
)

// DigestReads is what summaries are made of; *store.Store has it.
type DigestReads interface {
	StepsIn(ctx context.Context, w portal.DigestWeek, cursor string, limit int) ([]portal.HistoryEntry, string, error)
	Idea(ctx context.Context, id string, strong bool) (portal.Idea, error)
	Cards(ctx context.Context, q portal.ListQuery) (portal.CardPage, error)
	CardsOf(ctx context.Context, ids []string) ([]portal.Card, error)
	TiesTo(ctx context.Context, memberID string, ideaIDs []string) (map[string]portal.Ties, error)
}

// week is what happened in a week, the same for everybody.
type week struct {
	of    portal.DigestWeek
	read  time.Time
	steps []step        // the last one of each idea, the last first
	fresh []portal.Card // born in it, and no further than looked at
}

type step struct {
	portal.HistoryEntry
	idea   portal.Idea
	owners []string // whoever submitted the idea or a duplicate of it
	votes  int
}

// ideas are the idea and its duplicates: what somebody is to one of them, they are to
// the idea.
func (s step) ideas() []string { return append([]string{s.idea.ID}, s.idea.MergedFrom...) }

// mine says what the member is to the idea: whether it is theirs, or they voted for it
// or follow it, and whether they want to hear nothing of it, which they say on its own
// page.
func (s step) mine(to portal.Member, ties map[string]portal.Ties) (yours, muted bool) {
	yours = slices.Contains(s.owners, to.ID)
	for _, id := range s.ideas() {
		t := ties[id]
		yours = yours || t.Voted() || t.Follow.Stands()
	}
	return yours, ties[s.idea.ID].Follow.Muted
}

// weeks keeps the last one read.
type weeks struct {
	mu   sync.Mutex
	last *week
}

func (w *Worker) weekBefore(ctx context.Context, of portal.DigestWeek) (*week, error) {
	w.weeks.mu.Lock()
	defer w.weeks.mu.Unlock()
	if l := w.weeks.last; l != nil && l.of == of && w.Clock().Sub(l.read) < digestKept {
		return l, nil
	}
	l, err := w.readWeek(ctx, of)
	if err == nil {
		w.weeks.last = l
	}
	return l, err
}

// readWeek reads what happened in the week before: one Query of its steps, their
// ideas, and one Query of what is wanted most.
func (w *Worker) readWeek(ctx context.Context, of portal.DigestWeek) (*week, error) {
	out := &week{of: of, read: w.Clock()}
	hs, _, err := w.Weekly.StepsIn(ctx, of.Before(), "", digestSteps)
	if err != nil {
		return nil, err
	}
	seen, moved := map[string]bool{}, map[string]bool{}
	var ids []string
	for _, h := range hs {
		if seen[h.IdeaID] || len(ids) == digestIdeas {
			continue
		}
		seen[h.IdeaID], moved[h.IdeaID] = true, h.To != portal.UnderReview && h.To != portal.New
		i, err := w.Weekly.Idea(ctx, h.IdeaID, false)
		if portal.KindOf(err) == portal.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		if i.Hidden() || i.MergedInto != "" || i.Status != h.To { // it has moved on since
			continue
		}
		owners, err := portal.Submitters(ctx, w.Weekly, i, portal.HistoryEntry{})
		if err != nil {
			return nil, err
		}
		ids = append(ids, i.ID)
		out.steps = append(out.steps, step{HistoryEntry: h, idea: i, owners: portal.OwnersOnce(owners)})
	}
	cards, err := w.Weekly.CardsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	votes := map[string]int{}
	for _, c := range cards {
		votes[c.ID] = c.Votes
	}
	for n := range out.steps {
		out.steps[n].votes = votes[out.steps[n].idea.ID]
	}
	page, err := w.Weekly.Cards(ctx, portal.ListQuery{Sort: portal.Trending, Limit: portal.MaxLimit})
	if err != nil {
		return nil, err
	}
	begins, ends := of.Before().Start(), of.Start()
	for _, c := range page.Cards {
		if !c.Born().Before(begins) && c.Born().Before(ends) && c.MergedInto == "" && c.Votes > 0 && !moved[c.ID] {
			out.fresh = append(out.fresh, c)
		}
	}
	return out, nil
}

// digestFor picks what is news to the member: what they did themselves is not.
func (w *Worker) digestFor(ctx context.Context, to portal.Member, of portal.DigestWeek) (Digest, error) {
	d := Digest{Name: calledBy(to), From: of.Before().Start(), To: of.Start().AddDate(0, 0, -1)}
	l, err := w.weekBefore(ctx, of)
	if err != nil {
		return d, err
	}
	var ids []string
	for _, s := range l.steps {
		ids = append(ids, s.ideas()...)
	}
	ties := map[string]portal.Ties{}
	if len(ids) > 0 {
		if ties, err = w.Weekly.TiesTo(ctx, to.ID, ids); err != nil {
			return d, err
		}
	}
	told := map[string]bool{}
	for _, s := range l.steps {
		yours, muted := s.mine(to, ties)
		told[s.idea.ID] = yours || muted || s.By.ID == to.ID
		if s.By.ID == to.ID || muted {
			continue
		}
		line := DigestLine{Title: s.idea.Title, URL: ideaURL(w.Texts.BaseURL, s.idea), Status: s.To, Votes: s.votes}
		part, most := &d.Moved, digestLines
		switch {
		case yours:
			part, most = &d.Yours, digestYours
		case s.To == portal.Launched:
			part = &d.Launched
		case s.To != portal.Planned && s.To != portal.InProgress && s.To != portal.AlreadyOffered:
			continue // looked at, or declined: news to those whose idea it is alone
		}
		if len(*part) < most {
			*part = append(*part, line)
		}
	}
	for _, c := range l.fresh {
		if c.Author.ID != to.ID && !told[c.ID] && len(d.Fresh) < digestLines {
			d.Fresh = append(d.Fresh, DigestLine{Title: c.Title, URL: ideaURL(w.Texts.BaseURL, portal.Idea{ID: c.ID, Title: c.Title}), Status: c.Status, Votes: c.Votes})
		}
	}
	return d, nil
}
