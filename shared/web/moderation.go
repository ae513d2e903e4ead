package web

import (
	"net/http"

	"groundswell/shared/portal"
)

// moderation is null in JSON for what everybody sees; only its author and the team get
// to see anything else.
type moderation struct {
	State   string   `json:"state"`
	Reasons []string `json:"reasons"`
	Note    string   `json:"note"`
	At      *string  `json:"at"`
	Appeal  *string  `json:"appeal"`
}

func moderationJSON(m portal.Moderation) *moderation {
	if m.Shown() {
		return nil
	}
	return &moderation{State: string(m.State), Reasons: notNull(m.Reasons), Note: m.Note, At: stampOrNull(m.At), Appeal: orNull(string(m.Appeal))}
}

func notNull[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func (s *Server) report(w http.ResponseWriter, r *http.Request) error {
	t, d := portal.Thing{IdeaID: r.PathValue("id")}, portal.ReportDraft{}
	if err := readJSON(w, r, field{"reason", &d.Reason}, field{"words", &d.Words}, field{"comment", nullable{&t.CommentID}}); err != nil {
		return err
	}
	if err := s.Portal.Report(r.Context(), actor(r), t, d); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) appeal(w http.ResponseWriter, r *http.Request) error {
	t, words := portal.Thing{IdeaID: r.PathValue("id")}, ""
	if err := readJSON(w, r, field{"words", &words}, field{"comment", nullable{&t.CommentID}}); err != nil {
		return err
	}
	if err := s.Portal.Appeal(r.Context(), actor(r), t, portal.AppealDraft{Words: words}); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// decide carries a decision out; If-Match is the version of the case.
func (s *Server) decide(w http.ResponseWriter, r *http.Request) error {
	t, d := portal.Thing{IdeaID: r.PathValue("id")}, portal.Decision{}
	var err error
	if d.Version, err = ifMatch(r); err != nil {
		return err
	}
	err = readJSON(w, r, field{"act", (*string)(&d.Act)}, field{"reason", nullable{&d.Reason}}, field{"note", &d.Note}, field{"then", nullable{&d.Then}},
		field{"comment", nullable{&t.CommentID}})
	if err != nil {
		return err
	}
	if err := s.Portal.Decide(r.Context(), actor(r), t, d); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) sanction(w http.ResponseWriter, r *http.Request) error {
	var act portal.Sanction
	var reason, note string
	if err := readJSON(w, r, field{"act", (*string)(&act)}, field{"reason", nullable{&reason}}, field{"note", &note}); err != nil {
		return err
	}
	n, err := s.Portal.Sanction(r.Context(), actor(r), act, []string{r.PathValue("id")}, reason, note)
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, struct {
		Changed bool `json:"changed"`
	}{n > 0})
}

// queuedCase is a case in JSON. Who reported something is nobody's business, not even
// the team's.
type queuedCase struct {
	Idea       string         `json:"idea"`
	Comment    *string        `json:"comment"`
	URL        string         `json:"url"`
	Queue      *string        `json:"queue"`
	Since      *string        `json:"since"`
	Version    int64          `json:"version"`
	Title      string         `json:"title"`
	Body       string         `json:"body"`
	Author     author         `json:"author"`
	Moderation *moderation    `json:"moderation"`
	Held       []string       `json:"held"`
	Evidence   []string       `json:"evidence"`
	Reports    int            `json:"reports"`
	Reasons    map[string]int `json:"reasons"`
	Said       []said         `json:"said"`
	Answer     *string        `json:"answer"`
	Earlier    *earlierText   `json:"earlier"`
}

type said struct {
	Reason string   `json:"reason"`
	Words  string   `json:"words"`
	Doubts []string `json:"doubts"`
	At     string   `json:"at"`
}

// earlierText is what the thing said before it was edited.
type earlierText struct {
	Title string `json:"title"`
	Body  string `json:"body"`
	At    string `json:"at"`
}

func (s *Server) listQueue(w http.ResponseWriter, r *http.Request) error {
	v, err := query(r)
	if err != nil {
		return err
	}
	q := portal.QueueQuery{Queue: portal.Queue(v.Get("queue")), Oldest: v.Get("order") != "new", Cursor: v.Get("cursor")}
	if q.Limit, err = limitOf(v); err != nil {
		return err
	}
	page, err := s.Portal.Queue(r.Context(), actor(r), q)
	if err != nil {
		return err
	}
	out := make([]queuedCase, len(page.Items))
	for i, item := range page.Items {
		out[i] = caseJSON(s.origin(r), item)
	}
	return sendJSON(w, http.StatusOK, struct {
		Cases []queuedCase `json:"cases"`
		Next  *string      `json:"next"`
	}{out, orNull(page.Next)})
}

func caseJSON(origin string, item portal.QueueItem) queuedCase {
	c := item.Case
	out := queuedCase{Idea: c.Thing.IdeaID, Comment: orNull(c.Thing.CommentID), URL: origin + thingPath(c.Thing), Queue: orNull(string(c.Queue)), Since: stampOrNull(c.Since),
		Version: c.Version, Title: item.Idea.Title, Body: item.Body, Author: authorOf(item.Author.Author()), Moderation: moderationJSON(item.Idea.Mod),
		Held: notNull(c.Held), Evidence: notNull(c.Evidence), Reports: c.Reports, Reasons: c.Reasons, Answer: orNull(c.Answer)}
	if c.Thing.CommentID != "" {
		out.Body, out.Moderation = item.Comment.Body, moderationJSON(item.Comment.Mod)
	}
	if e := item.Earlier; e != nil {
		out.Earlier = &earlierText{e.Title, e.Text, stamp(e.At)}
	}
	if out.Reasons == nil {
		out.Reasons = map[string]int{}
	}
	out.Said = make([]said, len(item.Reports))
	for i, p := range item.Reports {
		out.Said[i] = said{p.Reason, p.Words, notNull(p.Doubts), stamp(p.At)}
	}
	return out
}

// logLine is a line of the audit log in JSON.
type logLine struct {
	ID      string   `json:"id"`
	At      string   `json:"at"`
	What    string   `json:"what"`
	By      *string  `json:"by"`
	Whose   *string  `json:"whose"`
	Idea    *string  `json:"idea"`
	Comment *string  `json:"comment"`
	Reasons []string `json:"reasons"`
	Note    string   `json:"note"`
	From    *string  `json:"from"`
	To      *string  `json:"to"`
	Digest  *string  `json:"digest"`
}

func logLines(es []portal.LogEntry) []logLine {
	out := make([]logLine, len(es))
	for i, e := range es {
		out[i] = logLine{ID: e.ID, At: stamp(e.At()), What: e.What, By: orNull(e.By), Whose: orNull(e.Whose), Idea: orNull(e.Thing.IdeaID), Comment: orNull(e.Thing.CommentID),
			Reasons: notNull(e.Reasons), Note: e.Note, From: orNull(e.From), To: orNull(e.To), Digest: orNull(e.Digest)}
	}
	return out
}

func (s *Server) listLog(w http.ResponseWriter, r *http.Request) error {
	v, err := query(r)
	if err != nil {
		return err
	}
	q := portal.LogQuery{What: v.Get("what"), By: v.Get("by"), Whose: v.Get("whose"), Cursor: v.Get("cursor")}
	if q.Limit, err = limitOf(v); err != nil {
		return err
	}
	page, err := s.Portal.Log(r.Context(), actor(r), q)
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, struct {
		Entries []logLine         `json:"entries"`
		Names   map[string]string `json:"names"`
		Next    *string           `json:"next"`
	}{logLines(page.Entries), page.Names, orNull(page.Next)})
}
