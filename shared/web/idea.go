package web

import (
	"net/http"
	"net/url"
	"strconv"

	"groundswell/shared/portal"
)

// ideaList is a page of ideas; a null next is the end.
type ideaList struct {
	Ideas []listedIdea `json:"ideas"`
	Next  *string      `json:"next"`
}

func (s *Server) listIdeas(w http.ResponseWriter, r *http.Request) error {
	v, err := query(r)
	if err != nil {
		return err
	}
	q, err := listQuery(v)
	if err != nil {
		return err
	}
	page, err := s.findIdeas(r, q, v.Get("q"))
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, ideaList{s.listedAll(r, page.Cards, page.Voted), orNull(page.Next)})
}

// findIdeas is a page of the list, or with words of the best matches.
func (s *Server) findIdeas(r *http.Request, q portal.ListQuery, words string) (portal.Found, error) {
	if words != "" {
		return s.Portal.Search(r.Context(), actor(r), portal.SearchQuery{Words: words, Category: q.Category, Status: q.Status, Cursor: q.Cursor, Limit: q.Limit})
	}
	page, err := s.Portal.Ideas(r.Context(), actor(r), q)
	return portal.Found{CardPage: page}, err
}

// marked adds which of the cards the reader voted for.
func (s *Server) marked(r *http.Request, cards []portal.Card) (portal.CardPage, error) {
	page := portal.CardPage{Cards: cards}
	a := actor(r)
	if !a.SignedIn() || len(cards) == 0 {
		return page, nil
	}
	ids := make([]string, len(cards))
	for i, c := range cards {
		ids[i] = c.ID
	}
	votes, err := s.Portal.Store.VotesOn(r.Context(), a.ID, ids)
	if err != nil {
		return page, err
	}
	page.Voted = make(map[string]bool, len(votes))
	for id := range votes {
		page.Voted[id] = true
	}
	return page, nil
}

// listQuery reads what lists of ideas take. The use case checks the values.
func listQuery(v url.Values) (portal.ListQuery, error) {
	limit, err := limitOf(v)
	return portal.ListQuery{Sort: portal.Sort(v.Get("sort")), Category: v.Get("category"), Status: portal.Status(v.Get("status")),
		Cursor: v.Get("cursor"), Limit: limit}, err
}

// limitOf is the query's limit, 0 if it has none.
func limitOf(v url.Values) (int, error) {
	s := v.Get("limit")
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > portal.MaxLimit {
		return 0, portal.InvalidField("limit", "out_of_range", portal.MaxLimit, "Must be a number from 1 to 100.")
	}
	return n, nil
}

func (s *Server) similarIdeas(w http.ResponseWriter, r *http.Request) error {
	v, err := query(r)
	if err != nil {
		return err
	}
	if err := s.Portal.AllowSearch(r.Context(), actor(r)); err != nil {
		return err
	}
	var cards []portal.Card
	if id := v.Get("idea"); id != "" {
		cards, err = s.Portal.Related(r.Context(), id)
	} else {
		cards, err = s.Portal.Similar(r.Context(), v.Get("title"), "")
	}
	if err != nil {
		return err
	}
	page, err := s.marked(r, cards)
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, struct {
		Ideas []listedIdea `json:"ideas"`
	}{s.listedAll(r, page.Cards, page.Voted)})
}

type ideaAnswer struct {
	Idea wholeIdea `json:"idea"`
}

func (s *Server) getIdea(w http.ResponseWriter, r *http.Request) error {
	page, err := s.Portal.Idea(r.Context(), actor(r), portal.IdeaQuery{ID: r.PathValue("id")})
	if err != nil {
		return err
	}
	setVersion(w, page.Idea.Version)
	return sendJSON(w, http.StatusOK, struct {
		ideaAnswer
		History  []historyEntry `json:"history"`
		Comments []comment      `json:"comments"`
		Next     *string        `json:"next"`
	}{ideaAnswer{s.whole(r, page)}, historyOf(page.History), s.comments(r, page.Comments), orNull(page.Next)})
}

func (s *Server) createIdea(w http.ResponseWriter, r *http.Request) error {
	d := portal.IdeaDraft{Key: r.Header.Get("Idempotency-Key")}
	if err := readJSON(w, r, field{"title", &d.Title}, field{"body", &d.Body}, field{"category", &d.Category}); err != nil {
		return err
	}
	idea, again, err := s.Portal.SubmitIdea(r.Context(), actor(r), d)
	if err != nil {
		return err
	}
	return s.sendNew(w, r, idea.ID, again)
}

// sendNew answers with the idea that was submitted just now, or again under the same key.
func (s *Server) sendNew(w http.ResponseWriter, r *http.Request, id string, again bool) error {
	h := w.Header()
	h.Set("Location", "/api/v1/ideas/"+id)
	if again {
		h.Set("Idempotent-Replayed", "true")
	}
	return s.sendIdea(w, r, http.StatusCreated, id)
}

func (s *Server) editIdea(w http.ResponseWriter, r *http.Request) error {
	var e portal.IdeaEdit
	var err error
	if e.Version, err = ifMatch(r); err != nil {
		return err
	}
	if err := readJSON(w, r, field{"title", &e.Title}, field{"body", &e.Body}, field{"category", &e.Category}); err != nil {
		return err
	}
	idea, err := s.Portal.EditIdea(r.Context(), actor(r), r.PathValue("id"), e)
	if err != nil {
		return err
	}
	return s.sendIdea(w, r, http.StatusOK, idea.ID)
}

// sendIdea answers a write with the idea as it is now, read strongly.
func (s *Server) sendIdea(w http.ResponseWriter, r *http.Request, status int, id string) error {
	page, err := s.Portal.Idea(r.Context(), actor(r), portal.IdeaQuery{ID: id, Comments: 1, Fresh: true})
	if err != nil {
		return err
	}
	setVersion(w, page.Idea.Version)
	return sendJSON(w, status, ideaAnswer{s.whole(r, page)})
}

func (s *Server) getCategories(w http.ResponseWriter, r *http.Request) error {
	type category struct {
		portal.Category
		Ideas *int `json:"ideas"`
	}
	census, ok := s.census(r)()
	out := make([]category, len(s.Portal.Categories))
	for i, c := range s.Portal.Categories {
		out[i] = category{c, ideaCount(census, ok, c.ID, "")}
	}
	w.Header()["Cache-Control"] = visitorCache
	return sendJSON(w, http.StatusOK, struct {
		Categories []category `json:"categories"`
	}{out})
}
