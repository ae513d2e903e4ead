package web

import (
	"net/http"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

type roadmapPage struct {
	base
	Lanes []laneView
}

type laneView struct {
	Status portal.Status
	Cards  []cardView
	All    string // the whole list, if this is not all of it
}

// roadmapLanes are the columns, and how each is sorted.
var roadmapLanes = []portal.ListQuery{
	{Status: portal.Planned, Sort: portal.Top, Limit: 20},
	{Status: portal.InProgress, Sort: portal.Top, Limit: 20},
	{Status: portal.Launched, Sort: portal.Newest, Limit: 20},
}

// roadmapPage shows what is coming, what is in the works and what came.
func (s *Server) roadmapPage(w http.ResponseWriter, r *http.Request) error {
	b := s.base(r, "roadmap", "/roadmap")
	b.Canonical = s.origin(r) + b.Here
	seen := newFingerprint()
	found := make([]portal.CardPage, len(roadmapLanes))
	for i, q := range roadmapLanes {
		var err error
		if found[i], err = s.Portal.Ideas(r.Context(), portal.Actor{}, q); err != nil {
			seen.free()
			return err
		}
		seen.cards(found[i])
	}
	return s.renderShared(w, r, "roadmap", b, seen, func() (framed, error) {
		p := i18n.For(b.Lang)
		b.Title, b.Description = p.T("roadmap.heading"), p.T("roadmap.lead")
		page := roadmapPage{base: b}
		for i, q := range roadmapLanes {
			lane := laneView{Status: q.Status, Cards: s.cardViews(p, b.Here, found[i])}
			if found[i].Next != "" {
				lane.All = homeQuery{Sort: q.Sort, Status: q.Status}.path()
			}
			page.Lanes = append(page.Lanes, lane)
		}
		return page, nil
	})
}
