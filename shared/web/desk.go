package web

import (
	"net/http"

	"groundswell/shared/markdown"
	"groundswell/shared/portal"
)

// deskAnswer is what the team keeps about an idea. ETag and If-Match are the dossier's
// version, not the idea's.
type deskAnswer struct {
	Dossier dossier `json:"dossier"`
	Notes   []memo  `json:"notes"`
}

type dossier struct {
	Owner   *author `json:"owner"`
	Tags    []tag   `json:"tags"`
	Version int64   `json:"version"`
}

type memo struct {
	ID        string  `json:"id"`
	Body      string  `json:"body"`
	BodyHTML  string  `json:"body_html"`
	By        author  `json:"by"`
	CreatedAt string  `json:"created_at"`
	EditedAt  *string `json:"edited_at"`
	Version   int64   `json:"version"`
}

func memoJSON(m portal.Memo, by portal.Author) memo {
	return memo{ID: m.ID, Body: m.Body, BodyHTML: string(markdown.HTML(m.Body)), By: authorOf(by), CreatedAt: stamp(m.CreatedAt), EditedAt: stampOrNull(m.EditedAt), Version: m.Version}
}

func dossierJSON(d portal.Dossier, tags portal.Tags, names map[string]portal.Author) dossier {
	out := dossier{Tags: []tag{}, Version: max(d.Version, 1)}
	if d.Owner != "" {
		owner := authorOf(names[d.Owner])
		out.Owner = &owner
	}
	for _, id := range d.Tags {
		if t, ok := tags.Find(id); ok {
			out.Tags = append(out.Tags, tagOf(t))
		}
	}
	return out
}

func (s *Server) getDesk(w http.ResponseWriter, r *http.Request) error {
	d, err := s.Portal.Desk(r.Context(), actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.sendDesk(w, d)
}

func (s *Server) sendDesk(w http.ResponseWriter, d portal.Desk) error {
	out := deskAnswer{dossierJSON(d.Dossier, d.Tags, d.Names), make([]memo, len(d.Memos))}
	for i, m := range d.Memos {
		out.Notes[i] = memoJSON(m, d.Name(m.By))
	}
	setVersion(w, d.Dossier.Version)
	return sendJSON(w, http.StatusOK, out)
}

func (s *Server) editDesk(w http.ResponseWriter, r *http.Request) error {
	var e portal.DossierEdit
	var err error
	if e.Version, err = ifMatch(r); err != nil {
		return err
	}
	if err := readJSON(w, r, field{"owner", &e.Owner}, field{"tags", &e.Tags}); err != nil {
		return err
	}
	if _, err := s.Portal.EditDossier(r.Context(), actor(r), r.PathValue("id"), e); err != nil {
		return err
	}
	return s.getDesk(w, r)
}

func (s *Server) addMemo(w http.ResponseWriter, r *http.Request) error {
	var body string
	if err := readJSON(w, r, field{"body", &body}); err != nil {
		return err
	}
	m, err := s.Portal.AddMemo(r.Context(), actor(r), r.PathValue("id"), body)
	return s.sendMemo(w, r, http.StatusCreated, m, err)
}

func (s *Server) editMemo(w http.ResponseWriter, r *http.Request) error {
	version, err := ifMatch(r)
	if err != nil {
		return err
	}
	var body string
	if err := readJSON(w, r, field{"body", &body}); err != nil {
		return err
	}
	m, err := s.Portal.EditMemo(r.Context(), actor(r), r.PathValue("id"), r.PathValue("note"), body, version)
	return s.sendMemo(w, r, http.StatusOK, m, err)
}

func (s *Server) sendMemo(w http.ResponseWriter, r *http.Request, status int, m portal.Memo, err error) error {
	if err != nil {
		return err
	}
	return sendJSON(w, status, struct {
		Note memo `json:"note"`
	}{memoJSON(m, actor(r).Author())})
}

func (s *Server) deleteMemo(w http.ResponseWriter, r *http.Request) error {
	if err := s.Portal.DeleteMemo(r.Context(), actor(r), r.PathValue("id"), r.PathValue("note")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// pinnedAnswer is the official answer in an idea's JSON.
type pinnedAnswer struct {
	Comment  *string `json:"comment"`
	Body     string  `json:"body"`
	BodyHTML string  `json:"body_html"`
	At       string  `json:"at"`
}

func answerJSON(p portal.IdeaPage) *pinnedAnswer {
	body := p.Official()
	if body == "" {
		return nil
	}
	return &pinnedAnswer{orNull(p.Answer.Comment), body, string(markdown.HTML(body)), stamp(p.Answer.At)}
}

func (s *Server) pinAnswer(w http.ResponseWriter, r *http.Request) error {
	var comment, body string
	if err := readJSON(w, r, field{"comment", nullable{&comment}}, field{"body", &body}); err != nil {
		return err
	}
	if _, err := s.Portal.PinAnswer(r.Context(), actor(r), r.PathValue("id"), comment, body, 0); err != nil {
		return err
	}
	return s.sendIdea(w, r, http.StatusOK, r.PathValue("id"))
}

func (s *Server) unpinAnswer(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.Portal.UnpinAnswer(r.Context(), actor(r), r.PathValue("id"), 0); err != nil {
		return err
	}
	return s.sendIdea(w, r, http.StatusOK, r.PathValue("id"))
}
