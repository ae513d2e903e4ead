package web

import (
	"net/http"

	"golang.org/x/sync/errgroup"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

type roadmapPage struct {
	base
	Lanes []laneView
}

// laneView is one of the columns of a roadmap.
type laneView struct {
	Status portal.Status
	Cards  []cardView
	Count  string // how many there are, with a plus if that is not all
	All    string // the whole list, if this is not all of it
}

// roadmapLanes are the columns, and how each is sorted.
var roadmapLanes = []portal.ListQuery{
	{Status: portal.Planned, Sort: portal.Top, Limit: portal.DefaultLimit},
	{Status: portal.InProgress, Sort: portal.Top, Limit: portal.DefaultLimit},
	{Status: portal.Launched, Sort: portal.Newest, Limit: portal.DefaultLimit},
}

// roadmapPage shows what is coming, what is in the works and what came.
func (s *Server) roadmapPage(w http.ResponseWriter, r *http.Request) error {
	found := make([]portal.CardPage, len(roadmapLanes))
	g, ctx := errgroup.WithContext(r.Context())
	for i, q := range roadmapLanes {
		g.Go(func() (err error) {
			found[i], err = s.Portal.Ideas(ctx, portal.Actor{}, q)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	b := s.base(r, "roadmap", "/roadmap")
	b.Canonical = s.origin(r) + b.Here
	seen := newFingerprint()
	for _, page := range found {
		seen.cards(page)
	}
	return s.renderShared(w, r, "roadmap", b, seen, func() (framed, error) {
		p := i18n.For(b.Lang)
		b.Title, b.Description = p.T("roadmap.heading"), p.T("roadmap.lead")
		page := roadmapPage{base: b}
		for i, q := range roadmapLanes {
			page.Lanes = append(page.Lanes, s.laneView(p, b, q, found[i]))
		}
		return page, nil
	})
}

func (s *Server) laneView(p *i18n.Printer, b base, q portal.ListQuery, page portal.CardPage) laneView {
	lane := laneView{Status: q.Status, Cards: s.cardViews(p, b.Here, page), Count: p.Number(len(page.Cards))}
	if page.Next != "" {
		lane.Count += "+"
		lane.All = homeQuery{Sort: q.Sort, Status: q.Status}.path()
	}
	return lane
}
