package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

type inActionPage struct {
	base
	Groups   []optionGroup
	Years    []option
	Filtered bool
	Totals   []figureView // none if nothing has launched
	Partial  bool         // they count the newest launches only
	Stories  []storyView
	Pager    pager
	Next     []laneView // what is to become real next
}

// storiesPerPage is small because each story reads its idea's history.
const storiesPerPage = 10

// nextPerLane is how many of the ideas that come next stand beside the stories.
const nextPerLane = 5

// actionQuery is what the page's address says.
type actionQuery struct {
	Category string
	Year     int // 0 = all
	Cursor   string
}

// readActionQuery takes a year that is no number for one that there is not.
func readActionQuery(r *http.Request) actionQuery {
	q := actionQuery{Category: readQuery(r, "category"), Cursor: readQuery(r, "cursor")}
	if y := readQuery(r, "year"); y != "" {
		if q.Year, _ = strconv.Atoi(y); q.Year == 0 {
			q.Year = -1
		}
	}
	return q
}

func (q actionQuery) path(cursor string) string {
	v := url.Values{}
	if q.Category != "" {
		v.Set("category", q.Category)
	}
	if q.Year != 0 {
		v.Set("year", strconv.Itoa(q.Year))
	}
	if cursor != "" {
		v.Set("cursor", cursor)
	}
	if len(v) == 0 {
		return "/in-action"
	}
	return "/in-action?" + v.Encode()
}

func (q actionQuery) list(limit int) portal.ListQuery {
	return portal.ListQuery{Sort: portal.Newest, Status: portal.Launched, Category: q.Category, Year: q.Year, Cursor: q.Cursor, Limit: limit}
}

// inAction is what the page is made from.
type inAction struct {
	found   portal.CardPage   // this page's ideas
	counted portal.CardPage   // those that the totals count
	years   []int             // in which something launched, the last one first
	next    []portal.CardPage // by nextLanes
	stories []story
	ideas   int // that these came from; 0 = not said
	total   launchTotal
}

// countLaunches fills in the totals: from the list if that is all of it, and so to
// the second; else from what is counted every few minutes, unless it knows less.
func (a *inAction) countLaunches(q actionQuery, l portal.Launches) {
	a.total = totalOf(a.counted.Cards)
	if a.counted.Next != "" {
		if c := l.Count(q.Category, q.Year); c.Ideas >= a.total.ideas {
			a.total = launchTotal{ideas: c.Ideas, votes: c.Votes, days: c.Days.Median(), all: true}
		}
	} else {
		a.total.all = true
	}
	for _, y := range l.Years(q.Category) {
		if !slices.Contains(a.years, y) {
			a.years = append(a.years, y)
		}
	}
	slices.SortFunc(a.years, func(a, b int) int { return b - a })
}

// nextLanes are the lists beside the stories.
var nextLanes = []portal.ListQuery{
	{Status: portal.InProgress, Sort: portal.Top, Limit: nextPerLane},
	{Status: portal.Planned, Sort: portal.Top, Limit: nextPerLane},
}

// inActionPage shows what became real, the last launch first: whose idea it was,
// how many wanted it, what the team did, and the way it took.
func (s *Server) inActionPage(w http.ResponseWriter, r *http.Request) error {
	q := readActionQuery(r)
	counted, launched := s.census(r), s.launches(r)
	a, err := s.inAction(r.Context(), q)
	if err != nil {
		return err
	}
	b := s.base(r, "action", q.path(q.Cursor))
	b.Canonical = s.origin(r) + b.Here
	b.Feed = feedQuery{Status: portal.Launched, Category: q.Category}.path()
	l, _ := launched()
	a.countLaunches(q, l)
	seen := a.fingerprint()
	if c, ok := counted(); ok && q.Year == 0 {
		a.ideas = c.Count(q.Category, "")
	}
	seen.number(a.ideas)
	return s.renderShared(w, r, "in_action", b, seen, func() (framed, error) {
		p := i18n.For(b.Lang)
		b.Title, b.Description = p.T("action.heading"), p.T("action.lead")
		page := inActionPage{base: b, Groups: s.categoryGroups(p, q.Category), Years: yearOptions(a.years, q.Year), Filtered: q.Category != "" || q.Year != 0,
			Totals: totals(p, a.ideas, a.total), Partial: !a.total.all}
		for _, st := range a.stories {
			page.Stories = append(page.Stories, s.storyView(p, b, st))
		}
		if q.Cursor != "" {
			page.Pager.First = q.path("")
		}
		if a.found.Next != "" {
			page.Pager.Next = q.path(a.found.Next)
		}
		for i, lane := range nextLanes {
			page.Next = append(page.Next, s.laneView(p, b, lane, a.next[i]))
		}
		return page, nil
	})
}

// inAction reads the lists side by side, then the stories.
func (s *Server) inAction(ctx context.Context, q actionQuery) (inAction, error) {
	a := inAction{next: make([]portal.CardPage, len(nextLanes))}
	var latest portal.CardPage // of all years
	g, all := errgroup.WithContext(ctx)
	read := func(into *portal.CardPage, q portal.ListQuery) {
		g.Go(func() (err error) {
			*into, err = s.Portal.Ideas(all, portal.Actor{}, q)
			return err
		})
	}
	read(&a.found, q.list(storiesPerPage))
	read(&latest, actionQuery{Category: q.Category}.list(portal.MaxLimit))
	if q.Year != 0 {
		read(&a.counted, actionQuery{Category: q.Category, Year: q.Year}.list(portal.MaxLimit))
	}
	for i, lane := range nextLanes {
		read(&a.next[i], lane)
	}
	if err := g.Wait(); err != nil {
		return a, err
	}
	if q.Year == 0 {
		a.counted = latest
	}
	for _, c := range latest.Cards {
		if y := c.LaunchedAt.Year(); !slices.Contains(a.years, y) {
			a.years = append(a.years, y)
		}
	}
	var err error
	a.stories, err = s.stories(ctx, a.found.Cards)
	return a, err
}

func (a inAction) fingerprint() *fingerprint {
	seen := newFingerprint()
	seen.cards(a.found)
	seen.number(a.total.ideas)
	seen.number(a.total.votes)
	seen.number(a.total.days)
	for _, y := range a.years {
		seen.number(y)
	}
	for _, lane := range a.next {
		seen.cards(lane)
	}
	for _, st := range a.stories {
		seen.history(st.history)
		for _, who := range st.also {
			seen.author(who)
		}
	}
	return seen
}

// yearOptions has the chosen year even where nothing launched in it.
func yearOptions(years []int, chosen int) []option {
	if chosen != 0 && !slices.Contains(years, chosen) {
		years = append(slices.Clone(years), chosen)
		slices.SortFunc(years, func(a, b int) int { return b - a })
	}
	out := make([]option, len(years))
	for i, y := range years {
		out[i] = option{strconv.Itoa(y), strconv.Itoa(y), y == chosen}
	}
	return out
}
