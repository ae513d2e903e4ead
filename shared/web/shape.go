package web

import (
	"net/http"
	"time"

	"groundswell/shared/markdown"
	"groundswell/shared/portal"
)

// ideaHead is what an idea's JSON has in lists and alone.
type ideaHead struct {
	ID         string  `json:"id"`
	Slug       string  `json:"slug"`
	URL        string  `json:"url"`
	Title      string  `json:"title"`
	Category   string  `json:"category"`
	Status     string  `json:"status"`
	Votes      int     `json:"votes"`
	Voted      bool    `json:"voted"`
	Comments   int     `json:"comments"`
	Author     author  `json:"author"`
	CreatedAt  string  `json:"created_at"`
	UpdatedAt  string  `json:"updated_at"`
	Version    int64   `json:"version"`
	MergedInto *string `json:"merged_into"`
}

type listedIdea struct {
	ideaHead
	Excerpt string `json:"excerpt"`
}

type wholeIdea struct {
	ideaHead
	Following bool          `json:"following"`
	Locked    bool          `json:"locked"`
	Body      string        `json:"body"`
	BodyHTML  string        `json:"body_html"`
	Answer    *pinnedAnswer `json:"answer"`

	Moderation *moderation `json:"moderation"`
}

type author struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Team bool   `json:"team"`
}

type comment struct {
	ID        string  `json:"id"`
	Parent    *string `json:"parent"`
	URL       string  `json:"url"`
	Body      string  `json:"body"`
	BodyHTML  string  `json:"body_html"`
	Author    author  `json:"author"`
	CreatedAt string  `json:"created_at"`
	EditedAt  *string `json:"edited_at"`
	Deleted   bool    `json:"deleted"`
	Imported  bool    `json:"imported"`

	Moderation *moderation `json:"moderation"`
}

type historyEntry struct {
	Version  int64   `json:"version"`
	At       string  `json:"at"`
	From     *string `json:"from"`
	To       string  `json:"to"`
	By       author  `json:"by"`
	Note     string  `json:"note"`
	NoteHTML string  `json:"note_html"`
	Link     *string `json:"link"`
	Merged   *string `json:"merged_into"`
	Unmerged *string `json:"unmerged_from"`
	Entered  bool    `json:"entered_by_team"`
}

type member struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Email     string    `json:"email"`
	Role      string    `json:"role"`
	Team      bool      `json:"team"`
	Locale    string    `json:"locale"`
	Mail      mailPrefs `json:"mail"`
	CreatedAt string    `json:"created_at"`
	BlockedAt *string   `json:"blocked_at"`
}

type mailPrefs struct {
	Own      bool   `json:"own"`
	Followed string `json:"followed"`
	Voted    bool   `json:"voted"`
	Digest   bool   `json:"digest"`
}

func (s *Server) listed(origin string, c portal.Card, voted bool) listedIdea {
	return listedIdea{ideaHead: headOf(origin, c, voted), Excerpt: c.Excerpt}
}

// listedAll is never null in JSON.
func (s *Server) listedAll(r *http.Request, cards []portal.Card, voted map[string]bool) []listedIdea {
	origin := s.origin(r)
	out := make([]listedIdea, len(cards))
	for i, c := range cards {
		out[i] = s.listed(origin, c, voted[c.ID])
	}
	return out
}

// whole takes what may lag from the card and the rest from the idea itself.
func (s *Server) whole(r *http.Request, p portal.IdeaPage) wholeIdea {
	c := p.Card
	c.ID, c.Title, c.Category, c.Status = p.Idea.ID, p.Idea.Title, p.Idea.Category, p.Idea.Status
	c.CreatedAt, c.UpdatedAt, c.Version, c.MergedInto = p.Idea.CreatedAt, p.Idea.UpdatedAt, p.Idea.Version, p.Idea.MergedInto
	return wholeIdea{ideaHead: headOf(s.origin(r), c, p.Voted), Following: p.Follow.Stands(), Locked: p.Idea.Locked, Moderation: moderationJSON(p.Idea.Mod), Body: p.Body, BodyHTML: string(markdown.HTML(p.Body)), Answer: answerJSON(p)}
}

func headOf(origin string, c portal.Card, voted bool) ideaHead {
	name := slug(c.Title)
	return ideaHead{ID: c.ID, Slug: name, URL: origin + slugPath(c.ID, name), Title: c.Title,
		Category: c.Category, Status: string(c.Status), Votes: c.Votes, Voted: voted, Comments: c.Comments,
		Author: authorOf(c.Author), CreatedAt: stamp(c.CreatedAt), UpdatedAt: stamp(c.UpdatedAt),
		Version: c.Version, MergedInto: orNull(c.MergedInto)}
}

func authorOf(a portal.Author) author { return author{ID: a.ID, Name: a.Name, Team: a.Team} }

func (s *Server) comment(origin string, c portal.Comment) comment {
	out := comment{ID: c.ID, Parent: orNull(c.Parent), URL: origin + commentPath(c.IdeaID, c.ID), Body: c.Body,
		BodyHTML: string(markdown.HTML(c.Body)), Author: authorOf(c.Author), CreatedAt: stamp(c.CreatedAt),
		Deleted: c.Deleted, Imported: c.Imported, Moderation: moderationJSON(c.Mod)}
	if !c.EditedAt.IsZero() {
		at := stamp(c.EditedAt)
		out.EditedAt = &at
	}
	return out
}

func (s *Server) comments(r *http.Request, cs []portal.Comment) []comment {
	origin := s.origin(r)
	out := make([]comment, len(cs))
	for i, c := range cs {
		out[i] = s.comment(origin, c)
	}
	return out
}

func historyOf(hs []portal.HistoryEntry) []historyEntry {
	out := make([]historyEntry, len(hs))
	for i, h := range hs {
		out[i] = historyEntry{Version: h.Ver, At: stamp(h.At), From: orNull(string(h.From)), To: string(h.To), By: authorOf(h.By),
			Note: h.Note, NoteHTML: string(markdown.HTML(h.Note)), Link: orNull(h.Link), Merged: orNull(h.Merged), Unmerged: orNull(h.Unmerged), Entered: h.Entered.By != ""}
	}
	return out
}

func memberOf(m portal.Member) member {
	return member{ID: m.ID, Name: m.Name, Email: m.Email, Role: string(m.Role), Team: m.Author().Team, Locale: m.Locale,
		Mail: mailPrefs{m.Mail.Own, string(m.Mail.Followed), m.Mail.Voted, m.Mail.Digest}, CreatedAt: stamp(m.CreatedAt), BlockedAt: stampOrNull(m.BlockedAt)}
}

// orNull is null in JSON for "".
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// stamp is a time as JSON has it: RFC 3339 in UTC with milliseconds.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
