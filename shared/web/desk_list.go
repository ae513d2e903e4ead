package web

import (
	"errors"
	"net/http"

	"groundswell/shared/portal"
)

// teamIdea is an idea in the console's list.
type teamIdea struct {
	listedIdea
	Dossier dossier `json:"dossier"`
}

func (s *Server) teamIdeas(w http.ResponseWriter, r *http.Request) error {
	v, err := query(r)
	if err != nil {
		return err
	}
	q := teamQuery(v)
	if q.Limit, err = limitOf(v); err != nil {
		return err
	}
	page, err := s.Portal.TeamList(r.Context(), actor(r), q)
	if err != nil {
		return err
	}
	out := make([]teamIdea, len(page.Cards))
	for i, c := range s.listedAll(r, page.Cards, nil) {
		out[i] = teamIdea{c, dossierJSON(page.Dossiers[c.ID], page.Tags, page.Names)}
	}
	return sendJSON(w, http.StatusOK, struct {
		Ideas []teamIdea `json:"ideas"`
		Next  *string    `json:"next"`
	}{out, orNull(page.Next)})
}

type outcome struct {
	ID      string `json:"id"`
	State   string `json:"state"` // done, already, failed
	Status  string `json:"status,omitempty"`
	Version int64  `json:"version,omitempty"`
	Code    string `json:"code,omitempty"`
	Detail  string `json:"detail,omitempty"`
}

func (s *Server) changeStatuses(w http.ResponseWriter, r *http.Request) error {
	var c portal.StatusChange
	var picks []portal.Pick
	one := func() fields {
		picks = append(picks, portal.Pick{})
		k := &picks[len(picks)-1]
		return fields{{"id", &k.IdeaID}, {"version", &k.Version}}
	}
	err := readJSON(w, r, field{"ideas", objects{portal.MostAtOnce, one}}, field{"status", (*string)(&c.To)}, field{"note", &c.Note},
		field{"link", nullable{&c.Link}}, field{"silent", &c.Silent})
	if err != nil {
		return err
	}
	out, err := s.Portal.ChangeStatuses(r.Context(), actor(r), picks, c)
	if err != nil {
		return err
	}
	results := make([]outcome, len(out))
	for i, o := range out {
		results[i] = outcome{ID: o.IdeaID, State: "failed", Status: string(o.Idea.Status), Version: o.Idea.Version}
		var e *portal.Error
		switch {
		case o.Done:
			results[i].State = "done"
		case o.Already:
			results[i].State = "already"
		case errors.As(o.Err, &e):
			results[i].Code, results[i].Detail = e.Code, e.Msg
		}
	}
	return sendJSON(w, http.StatusOK, struct {
		Results []outcome `json:"results"`
	}{results})
}

type tag struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Colour int    `json:"colour"`
}

func tagOf(t portal.Tag) tag { return tag{t.ID, t.Name, t.Colour} }

type tagAnswer struct {
	Tag tag `json:"tag"`
}

func (s *Server) listTags(w http.ResponseWriter, r *http.Request) error {
	ts, err := s.Portal.Tags(r.Context(), actor(r))
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, struct {
		Tags []tag `json:"tags"`
	}{each(ts.Live(), tagOf)})
}

func (s *Server) addTag(w http.ResponseWriter, r *http.Request) error {
	var name string
	var colour int64
	if err := readJSON(w, r, field{"name", &name}, field{"colour", &colour}); err != nil {
		return err
	}
	t, err := s.Portal.AddTag(r.Context(), actor(r), name, int(colour))
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusCreated, tagAnswer{tagOf(t)})
}

func (s *Server) editTag(w http.ResponseWriter, r *http.Request) error {
	var e portal.TagEdit
	colour := int64(-1)
	if err := readJSON(w, r, field{"name", &e.Name}, field{"colour", &colour}); err != nil {
		return err
	}
	if colour >= 0 {
		n := int(colour)
		e.Colour = &n
	}
	t, err := s.Portal.EditTag(r.Context(), actor(r), r.PathValue("tag"), e)
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, tagAnswer{tagOf(t)})
}

// deleteTag deletes a tag or, with into, puts another in its place.
func (s *Server) deleteTag(w http.ResponseWriter, r *http.Request) error {
	v, err := query(r)
	if err != nil {
		return err
	}
	if err := s.Portal.MergeTag(r.Context(), actor(r), r.PathValue("tag"), v.Get("into")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

type savedList struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Query  string `json:"query"`
	Shared bool   `json:"shared"`
}

func (s *Server) listLists(w http.ResponseWriter, r *http.Request) error {
	fs, err := s.Portal.Filters(r.Context(), actor(r))
	if err != nil {
		return err
	}
	out := []savedList{}
	for _, f := range fs.Own.All {
		out = append(out, savedList{f.ID, f.Name, f.Query, false})
	}
	for _, f := range fs.Shared.All {
		out = append(out, savedList{f.ID, f.Name, f.Query, true})
	}
	return sendJSON(w, http.StatusOK, struct {
		Lists []savedList `json:"lists"`
	}{out})
}

func (s *Server) saveList(w http.ResponseWriter, r *http.Request) error {
	var name, query string
	var shared bool
	if err := readJSON(w, r, field{"name", &name}, field{"query", &query}, field{"shared", &shared}); err != nil {
		return err
	}
	f, err := s.Portal.SaveFilter(r.Context(), actor(r), name, query, shared)
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusCreated, struct {
		List savedList `json:"list"`
	}{savedList{f.ID, f.Name, f.Query, shared}})
}

func (s *Server) deleteList(w http.ResponseWriter, r *http.Request) error {
	if err := s.Portal.DeleteFilter(r.Context(), actor(r), r.PathValue("list")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
