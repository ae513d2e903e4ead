package web

import "net/http"

// chartsPage shows the team what customers do week by week, and how far ideas come.
// It is drawn here, from two records: nothing runs in the browser.
func (s *Server) chartsPage(w http.ResponseWriter, r *http.Request) error {
	c, err := s.Portal.Charts(r.Context(), actor(r))
	if err != nil {
		return err
	}
	p := s.printer(r)
	b := s.base(r, "team", "/team/charts")
	b.Title = p.T("team.charts")
	return s.render(w, http.StatusOK, "team_charts", chartsViewOf(p, b, c))
}
