package web

import (
	"net/http"
	"strconv"

	"groundswell/shared/portal"
)

// tagsView is the team's tags, and the forms that change them.
type tagsView struct {
	base
	Tab           string
	Tags          []tagView
	Colours       []int
	Name          string // typed for a new one
	Problems      problems
	NameProblem   fieldProblem
	ColourProblem fieldProblem
	Most          int
}

type tagView struct {
	portal.Tag
	URL     string
	Others  []option // that it can be merged into
	Typed   string   // its name in the form, as typed if that was refused
	Open    bool     // what is wrong is about this one
	Problem fieldProblem
}

// typedTag is what a refused form had: a new tag's name, or with the tag's id another
// one for that.
type typedTag struct{ id, name string }

func (s *Server) tagsPage(w http.ResponseWriter, r *http.Request) error {
	return s.showTags(w, r, http.StatusOK, nil, typedTag{})
}

func (s *Server) showTags(w http.ResponseWriter, r *http.Request, status int, ps problems, typed typedTag) error {
	tags, err := s.Portal.Tags(r.Context(), actor(r))
	if err != nil {
		return err
	}
	v := tagsView{base: s.base(r, "team", "/team/tags"), Tab: "list", Problems: ps, NameProblem: ps.of("name"), ColourProblem: ps.of("colour"), Most: portal.MostTags}
	v.Title = s.printer(r).T("tags.heading")
	if typed.id == "" {
		v.Name = typed.name
	}
	for c := range portal.TagColours {
		v.Colours = append(v.Colours, c+1)
	}
	live := tags.Live()
	for _, t := range live {
		view := tagView{Tag: t, URL: listQueryPath(portal.TeamQuery{Tag: t.ID}), Typed: t.Name, Problem: ps.of("name-" + t.ID)}
		if typed.id == t.ID {
			view.Typed, view.Open = typed.name, true
		}
		for _, o := range live {
			if o.ID != t.ID {
				view.Others = append(view.Others, option{Value: o.ID, Name: o.Name})
			}
		}
		v.Tags = append(v.Tags, view)
	}
	return s.render(w, status, "team_tags", v)
}

// tagsForm makes a tag, changes one, puts another in its place, or deletes it.
func (s *Server) tagsForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	name, ids := v.Get("name"), map[string]string(nil)
	typed := typedTag{name: name}
	colour, _ := strconv.Atoi(v.Get("colour")) // 0: one is chosen, or refused
	a, ctx, what := actor(r), r.Context(), "tag_saved"
	switch do := v.Get("do"); do {
	case "edit":
		typed.id, ids = v.Get("tag"), map[string]string{"name": "name-" + v.Get("tag")}
		_, err = s.Portal.EditTag(ctx, a, v.Get("tag"), portal.TagEdit{Name: &name, Colour: &colour})
	case "merge":
		what = "tag_merged"
		err = portal.InvalidField("into", "same_tag", 0, "Choose another tag.") // "" would delete it
		if into := v.Get("into"); into != "" {
			err = s.Portal.MergeTag(ctx, a, v.Get("tag"), into)
		}
	case "delete":
		what = "tag_deleted"
		err = s.Portal.MergeTag(ctx, a, v.Get("tag"), "")
	default:
		_, err = s.Portal.AddTag(ctx, a, name, colour)
	}
	if err == nil {
		http.Redirect(w, r, done("/team/tags", what), http.StatusSeeOther)
		return nil
	}
	ps, rest := formErrors(s.printer(r), err, ids)
	if rest != nil {
		return rest
	}
	return s.showTags(w, r, statusOf(err), ps, typed)
}
