package web

import (
	"net/http"

	"groundswell/shared/portal"
)

// statusNames are what people call the statuses. The pages have them in every
// language; the JSON in English.
var statusNames = map[portal.Status]string{
	portal.New:            "New",
	portal.UnderReview:    "Under review",
	portal.Planned:        "Coming soon",
	portal.InProgress:     "In the works",
	portal.Launched:       "Launched",
	portal.Declined:       "Declined",
	portal.AlreadyOffered: "Already offered",
}

func (s *Server) getStatuses(w http.ResponseWriter, r *http.Request) error {
	type status struct {
		ID    portal.Status     `json:"id"`
		Name  map[string]string `json:"name"`
		Next  []portal.Status   `json:"next"`
		Ideas *int              `json:"ideas"`
	}
	census, ok := s.census(r)()
	out := make([]status, len(portal.Statuses))
	for i, st := range portal.Statuses {
		out[i] = status{st, map[string]string{"en": statusNames[st]}, st.Next(), ideaCount(census, ok, "", st)}
	}
	w.Header()["Cache-Control"] = visitorCache
	return sendJSON(w, http.StatusOK, struct {
		Statuses []status `json:"statuses"`
	}{out})
}

func (s *Server) changeStatus(w http.ResponseWriter, r *http.Request) error {
	var c portal.StatusChange
	var err error
	if c.Version, err = ifMatch(r); err != nil {
		return err
	}
	err = readJSON(w, r, field{"status", (*string)(&c.To)}, field{"note", &c.Note}, field{"link", nullable{&c.Link}}, field{"silent", &c.Silent})
	if err != nil {
		return err
	}
	idea, err := s.Portal.ChangeStatus(r.Context(), actor(r), r.PathValue("id"), c)
	if err != nil {
		return err
	}
	return s.sendIdea(w, r, http.StatusOK, idea.ID)
}

func (s *Server) mergeIdea(w http.ResponseWriter, r *http.Request) error {
	version, err := ifMatch(r)
	if err != nil {
		return err
	}
	c := portal.MergeChange{Version: version}
	if err := readJSON(w, r, field{"into", &c.Into}, field{"silent", &c.Silent}); err != nil {
		return err
	}
	idea, err := s.Portal.Merge(r.Context(), actor(r), r.PathValue("id"), c)
	if err != nil {
		return err
	}
	return s.sendIdea(w, r, http.StatusOK, idea.ID)
}

func (s *Server) unmergeIdea(w http.ResponseWriter, r *http.Request) error {
	version, err := ifMatch(r)
	if err != nil {
		return err
	}
	idea, err := s.Portal.Unmerge(r.Context(), actor(r), r.PathValue("id"), version)
	if err != nil {
		return err
	}
	return s.sendIdea(w, r, http.StatusOK, idea.ID)
}
