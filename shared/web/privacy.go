package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"groundswell/frontend"
	"groundswell/shared/portal"
)

// What an export holds, as JSON. Names of members are as in the other answers.
type export struct {
	ExportedAt string            `json:"exported_at"`
	Member     member            `json:"member"`
	Sessions   []exportedSession `json:"sessions"`
	Ideas      []exportedIdea    `json:"ideas"`
	Steps      []exportedStep    `json:"steps"`
	Votes      []exportedVote    `json:"votes"`
	Follows    []exportedFollow  `json:"follows"`
	Comments   []exportedComment `json:"comments"`
	Mails      []exportedMail    `json:"mails"`
	Reports    []exportedReport  `json:"reports"`
	Answers    []exportedAnswer  `json:"answers"`
	Earlier    []exportedText    `json:"earlier"`
	Log        []logLine         `json:"log"`
	Lists      []exportedList    `json:"lists"`
	Address    exportedAddress   `json:"address"`
}

// exportedList is a list of the console that a member of the team saved.
type exportedList struct {
	Name  string `json:"name"`
	Query string `json:"query"`
	At    string `json:"at"`
}

type exportedSession struct {
	CreatedAt string `json:"created_at"`
	SeenAt    string `json:"seen_at"`
	ExpiresAt string `json:"expires_at"`
	Agent     string `json:"agent"`
	Current   bool   `json:"current"`
}

type exportedIdea struct {
	ID         string         `json:"id"`
	URL        string         `json:"url"`
	Title      string         `json:"title"`
	Body       string         `json:"body"`
	Category   string         `json:"category"`
	Status     string         `json:"status"`
	CreatedAt  string         `json:"created_at"`
	UpdatedAt  string         `json:"updated_at"`
	MergedInto *string        `json:"merged_into"`
	Source     *string        `json:"source"`
	History    []historyEntry `json:"history"`
	Moderation *moderation    `json:"moderation"`
	Entered    *exportedEntry `json:"entered"`
}

// exportedEntry is how the member told an idea to the team, who wrote it down.
type exportedEntry struct {
	Channel string `json:"channel"`
	Words   string `json:"words"`
}

func entryOf(hs []portal.HistoryEntry) *exportedEntry {
	if len(hs) == 0 || hs[0].Entered.By == "" {
		return nil
	}
	return &exportedEntry{string(hs[0].Entered.Channel), hs[0].Entered.Words}
}

type exportedReport struct {
	IdeaID  string  `json:"idea_id"`
	Comment *string `json:"comment_id"`
	Reason  string  `json:"reason"`
	Words   string  `json:"words"`
	At      string  `json:"at"`
}

// exportedAnswer is what the member said about a decision of the team.
type exportedAnswer struct {
	IdeaID  string  `json:"idea_id"`
	Comment *string `json:"comment_id"`
	Words   string  `json:"words"`
	At      string  `json:"at"`
}

// exportedText is what something said before an edit that the team has to look at.
type exportedText struct {
	IdeaID  string  `json:"idea_id"`
	Comment *string `json:"comment_id"`
	Title   string  `json:"title"`
	Body    string  `json:"body"`
	At      string  `json:"at"`
}

type exportedStep struct {
	IdeaID string       `json:"idea_id"`
	Step   historyEntry `json:"step"`
}

type exportedVote struct {
	IdeaID string `json:"idea_id"`
	At     string `json:"at"`
}

type exportedFollow struct {
	IdeaID    string `json:"idea_id"`
	Following bool   `json:"following"`
	Muted     bool   `json:"muted"`
	At        string `json:"at"`
}

type exportedComment struct {
	IdeaID  string  `json:"idea_id"`
	Comment comment `json:"comment"`
}

type exportedMail struct {
	IdeaID string `json:"idea_id"`
	Event  string `json:"event"`
	delivery
}

// exportedAddress is what other mail servers said of the address.
type exportedAddress struct {
	Complaint   *string  `json:"complaint"`
	Bounce      *string  `json:"bounce"`
	SoftBounces []string `json:"soft_bounces"`
	Arrived     *string  `json:"arrived"`
	Lifted      *string  `json:"lifted"`
	Tried       *string  `json:"tried"`
}

func addressFacts(s portal.Suppression) exportedAddress {
	return exportedAddress{Complaint: stampOrNull(s.Complaint), Bounce: stampOrNull(s.Bounce), Arrived: stampOrNull(s.Arrived), Lifted: stampOrNull(s.Lifted),
		Tried: stampOrNull(s.Tried), SoftBounces: each(s.Soft, func(b portal.SoftBounce) string { return stamp(b.At) })}
}

func stampOrNull(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := stamp(t)
	return &s
}

// exportName is the name of the file that a browser makes of an export.
const exportName = "my-data.json"

// exportMe sends everything that is kept about the member, as a file to keep. It
// is indented, since people look into it, and compressed where that is taken: a
// function's answer is limited to 6 MB, and a busy member writes that much.
func (s *Server) exportMe(w http.ResponseWriter, r *http.Request) error {
	e, err := s.Portal.Export(r.Context(), actor(r))
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(s.export(r, e), "", "  ")
	if err != nil {
		return fmt.Errorf("encode export: %w", err)
	}
	h := w.Header()
	h["Content-Type"] = jsonType
	h["Content-Disposition"] = []string{`attachment; filename="` + exportName + `"`}
	h["Vary"] = []string{"Cookie, Accept-Encoding"}
	if frontend.AcceptsGzip(r) {
		if z := frontend.Gzip(b); z != nil {
			b, h["Content-Encoding"] = z, gzipEncoding
		}
	}
	h["Content-Length"] = []string{strconv.Itoa(len(b))}
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(b) // the only error is a reader who has gone
	return nil
}

func sessionOf(v portal.Session, a portal.Actor) exportedSession {
	return exportedSession{stamp(v.CreatedAt), stamp(v.SeenAt), stamp(v.Expires()), v.Agent, v.ID == a.SessionID}
}

func (s *Server) export(r *http.Request, e portal.Export) export {
	origin := s.origin(r)
	out := export{ExportedAt: stamp(e.At), Member: memberOf(e.Member)}
	out.Sessions = each(e.Sessions, func(v portal.Session) exportedSession {
		return sessionOf(v, actor(r))
	})
	out.Ideas = each(e.Ideas, func(t portal.IdeaText) exportedIdea {
		i := t.Idea
		return exportedIdea{ID: i.ID, URL: origin + ideaPath(i.ID, i.Title), Title: i.Title, Body: t.Body, Category: i.Category,
			Status: string(i.Status), CreatedAt: stamp(i.CreatedAt), UpdatedAt: stamp(i.UpdatedAt), MergedInto: orNull(i.MergedInto),
			Source: orNull(i.Source), History: historyOf(t.History), Moderation: moderationJSON(i.Mod), Entered: entryOf(t.History)}
	})
	steps := historyOf(e.Steps)
	out.Steps = make([]exportedStep, len(steps))
	for i := range steps {
		out.Steps[i] = exportedStep{e.Steps[i].IdeaID, steps[i]}
	}
	out.Votes = each(e.Votes, func(v portal.Vote) exportedVote { return exportedVote{v.IdeaID, stamp(v.At)} })
	out.Follows = each(e.Follows, func(f portal.Follow) exportedFollow {
		return exportedFollow{f.IdeaID, f.Following, f.Muted, stamp(f.At)}
	})
	out.Comments = each(e.Comments, func(c portal.Comment) exportedComment { return exportedComment{c.IdeaID, s.comment(origin, c)} })
	out.Mails = each(e.Mails, func(m portal.MailLine) exportedMail {
		return exportedMail{m.IdeaID, m.Event, deliveryOf(m)}
	})
	out.Lists = each(e.Lists, func(f portal.Filter) exportedList { return exportedList{f.Name, f.Query, stamp(f.At)} })
	out.Reports = each(e.Reports, func(p portal.Report) exportedReport {
		return exportedReport{p.Thing.IdeaID, orNull(p.Thing.CommentID), p.Reason, p.Words, stamp(p.At)}
	})
	out.Answers = []exportedAnswer{}
	for _, c := range e.Cases {
		if c.Answer != "" {
			out.Answers = append(out.Answers, exportedAnswer{c.Thing.IdeaID, orNull(c.Thing.CommentID), c.Answer, stamp(c.AnswerAt)})
		}
	}
	out.Earlier = each(e.Earlier, func(t portal.Earlier) exportedText {
		return exportedText{t.Thing.IdeaID, orNull(t.Thing.CommentID), t.Title, t.Text, stamp(t.At)}
	})
	out.Log = logLines(e.Log)
	out.Address = addressFacts(e.Address)
	return out
}

// each is never nil, which would be null in JSON.
func each[T, U any](from []T, to func(T) U) []U {
	out := make([]U, len(from))
	for i, v := range from {
		out[i] = to(v)
	}
	return out
}

// What becomes of the texts of somebody who leaves; "" is keepTexts.
const (
	keepTexts   = "keep"
	removeTexts = "remove"
)

// leave deletes the account as its member wants it.
func (s *Server) leave(r *http.Request, confirm, texts string) error {
	switch texts {
	case removeTexts:
		return s.Portal.DeleteEverything(r.Context(), actor(r), confirm)
	case keepTexts, "":
		return s.Portal.DeleteAccount(r.Context(), actor(r), confirm)
	}
	return portal.InvalidField("texts", "unknown", 0, "Must be keep or remove.")
}

// deleteMe deletes the member's account; confirm is the account's address, typed
// once more.
func (s *Server) deleteMe(w http.ResponseWriter, r *http.Request) error {
	var confirm, texts string
	if err := readJSON(w, r, field{"confirm", &confirm}, field{"texts", &texts}); err != nil {
		return err
	}
	if err := s.leave(r, confirm, texts); err != nil {
		return err
	}
	clearSession(w, r)
	w.WriteHeader(http.StatusNoContent)
	return nil
}
