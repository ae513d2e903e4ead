package web

import (
	"net/http"
	"net/url"

	"groundswell/shared/portal"
)

// toldView is the whole delivery log of an idea.
type toldPageView struct {
	base
	Tab   string
	Idea  string // its title
	Back  string // address of the idea in the console
	Told  []toldView
	Pager pager
}

// toldPage shows who was told of what happened to an idea, a page at a time.
func (s *Server) toldPage(w http.ResponseWriter, r *http.Request) error {
	id, cursor := r.PathValue("id"), readQuery(r, "cursor")
	idea, err := s.Portal.Idea(r.Context(), actor(r), portal.IdeaQuery{ID: id, Comments: 1})
	if err != nil {
		return err
	}
	told, next, err := s.Portal.Told(r.Context(), actor(r), id, cursor)
	if err != nil {
		return err
	}
	p, at := s.printer(r), toldPath(id)
	v := toldPageView{base: s.base(r, "team", at), Idea: idea.Idea.Title, Back: teamIdeaPath(id, fromIdea), Told: toldViews(p, told)}
	v.Title = p.T("team.told")
	if cursor != "" {
		v.Pager.First = at
	}
	if next != "" {
		v.Pager.Next = at + "?" + url.Values{"cursor": {next}}.Encode()
	}
	return s.render(w, http.StatusOK, "team_told", v)
}

func toldPath(id string) string { return "/team/ideas/" + url.PathEscape(id) + "/told" }
