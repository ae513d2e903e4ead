package web

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"strconv"

	"groundswell/frontend"
	"groundswell/shared/i18n"
	"groundswell/shared/markdown"
	"groundswell/shared/portal"
)

// archiveView is what a member's archive shows when it is opened.
type archiveView struct {
	Lang, Title string
	At          whenView
	Profile     []archiveFact
	Ideas       []archiveIdea
	Comments    []archiveText
	Lists       []archiveList
}

type archiveFact struct{ Label, Text string }

type archiveIdea struct {
	URL, Title, Status, Category string
	At                           whenView
	Body                         template.HTML
	Steps                        []archiveStep
}

type archiveStep struct {
	Status, By string
	At         whenView
	Note       template.HTML
}

type archiveText struct {
	URL  string
	At   whenView
	Body template.HTML
}

type archiveList struct {
	ID, Title string
	Rows      []archiveRow
}

type archiveRow struct {
	URL, Text string
	At        whenView
}

const (
	archiveName = "my-data.zip"

	// maxArchive is how long an archive can be, in bytes: what a function answers is
	// 6 MB in base64 at most. It takes some 15 MB of words.
	maxArchive = 4 << 20
)

var errArchive = &portal.Error{Kind: portal.Conflict, Code: "archive_too_big", Msg: "There is too much for one file. Write to us, and we will send it another way."}

// archiveMe sends everything that is kept about the member as a ZIP to keep: a page
// to read without us, in the member's language, and the export as JSON.
func (s *Server) archiveMe(w http.ResponseWriter, r *http.Request) error {
	e, err := s.Portal.Export(r.Context(), actor(r))
	if err != nil {
		return err
	}
	titles, err := s.titlesOf(r, e)
	if err != nil {
		return err
	}
	b, err := archive(s.archiveView(r, e, titles), s.export(r, e))
	if err != nil {
		return err
	}
	if len(b) > maxArchive {
		return errArchive
	}
	h := w.Header()
	h["Content-Type"] = []string{"application/zip"}
	h["Content-Disposition"] = []string{`attachment; filename="` + archiveName + `"`}
	h["Content-Length"] = []string{strconv.Itoa(len(b))}
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(b) // the only error is a reader who has gone
	return nil
}

func archive(v archiveView, e export) ([]byte, error) {
	page := buffer()
	defer free(page)
	if err := fragment(page, "archive", v.Lang, "archive", v); err != nil {
		return nil, err
	}
	data, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode export: %w", err)
	}
	style, err := frontend.Files.ReadFile("templates/archive.css")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range []struct {
		name string
		b    []byte
	}{{"index.html", page.Bytes()}, {"style.css", style}, {"data.json", data}} {
		w, err := z.Create(f.name)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.b); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// titlesOf are the titles of the ideas that the member voted for, follows or was
// mailed about, by id.
func (s *Server) titlesOf(r *http.Request, e portal.Export) (map[string]string, error) {
	seen, ids := map[string]bool{}, []string{}
	add := func(id string) {
		if portal.ValidTimedID(id) && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	for _, v := range e.Votes {
		add(v.IdeaID)
	}
	for _, f := range e.Follows {
		add(f.IdeaID)
	}
	for _, m := range e.Mails {
		add(m.IdeaID)
	}
	cards, err := s.Portal.Store.CardsOf(r.Context(), ids)
	if err != nil {
		return nil, err
	}
	titles := make(map[string]string, len(cards))
	for _, c := range cards {
		titles[c.ID] = c.Title
	}
	return titles, nil
}

func (s *Server) archiveView(r *http.Request, e portal.Export, titles map[string]string) archiveView {
	p, origin := s.printer(r), s.origin(r)
	lang := p.Locale()
	v := archiveView{Lang: lang, Title: p.T("archive.title", "Site", s.base(r, "", "/").Site), At: whenOf(p, e.At), Profile: s.archiveProfile(p, e.Member)}
	for _, t := range e.Ideas {
		i := archiveIdea{URL: origin + ideaPath(t.Idea.ID, t.Idea.Title), Title: t.Idea.Title, Status: p.T("status." + string(t.Idea.Status)),
			Category: s.category(lang, t.Idea.Category), At: whenOf(p, t.Idea.CreatedAt), Body: markdown.HTML(t.Body)}
		if e := entryOf(t.History); e != nil {
			i.Steps = append(i.Steps, archiveStep{p.T("step.entered"), p.T("channel." + e.Channel), whenOf(p, t.Idea.CreatedAt), markdown.HTML(e.Words)})
		}
		for _, h := range t.History {
			i.Steps = append(i.Steps, archiveStep{p.T("status." + string(h.To)), named(p, h.By).Name, whenOf(p, h.At), markdown.HTML(h.Note)})
		}
		v.Ideas = append(v.Ideas, i)
	}
	for _, c := range e.Comments {
		v.Comments = append(v.Comments, archiveText{origin + commentPath(c.IdeaID, c.ID), whenOf(p, c.CreatedAt), markdown.HTML(c.Body)})
	}
	row := func(id string, at whenView) archiveRow {
		title := titles[id]
		if title == "" {
			return archiveRow{Text: id, At: at}
		}
		return archiveRow{origin + ideaPath(id, title), title, at}
	}
	votes := archiveList{ID: "votes", Title: p.T("me.votes")}
	for _, x := range e.Votes {
		votes.Rows = append(votes.Rows, row(x.IdeaID, whenOf(p, x.At)))
	}
	follows, mutes := archiveList{ID: "follows", Title: p.T("me.follows")}, archiveList{ID: "mutes", Title: p.T("me.mutes")}
	for _, x := range e.Follows {
		if x.Muted {
			mutes.Rows = append(mutes.Rows, row(x.IdeaID, whenOf(p, x.At)))
		} else {
			follows.Rows = append(follows.Rows, row(x.IdeaID, whenOf(p, x.At)))
		}
	}
	mails := archiveList{ID: "mails", Title: p.T("archive.mails")}
	for _, x := range e.Mails {
		mail := row(x.IdeaID, whenOf(p, x.At))
		mail.Text = x.Event + " · " + mail.Text + " · " + x.State
		mails.Rows = append(mails.Rows, mail)
	}
	sessions := archiveList{ID: "sessions", Title: p.T("me.sessions")}
	for _, x := range e.Sessions {
		sessions.Rows = append(sessions.Rows, archiveRow{Text: agentName(x.Agent), At: whenOf(p, x.SeenAt)})
	}
	v.Lists = []archiveList{votes, follows, mutes, mails, sessions}
	return v
}

func (s *Server) archiveProfile(p *i18n.Printer, m portal.Member) []archiveFact {
	return []archiveFact{{p.T("field.name"), m.Name}, {p.T("field.email"), m.Email}, {p.T("archive.role"), string(m.Role)},
		{p.T("archive.since"), p.Date(m.CreatedAt)}}
}
