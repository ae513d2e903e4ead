package web

import (
	"html/template"
	"slices"

	"groundswell/shared/i18n"
	"groundswell/shared/markdown"
	"groundswell/shared/portal"
)

type threadView struct {
	Comment commentView
	Replies []commentView
}

// moderated reports whether one of the thread's comments is not public.
func (t threadView) moderated() bool {
	return t.Comment.Moderation != nil || slices.ContainsFunc(t.Replies, func(c commentView) bool { return c.Moderation != nil })
}

type commentView struct {
	Anchor, URL        string
	Author             portal.Author
	Created            whenView
	Edited, Deleted    bool
	Orphan             bool // a reply to a comment on an earlier page
	Body               template.HTML
	MayEdit            bool
	EditURL, DeleteURL string
	ReportURL          string // "" if the reader may not report it
	Hidden             bool   // by the team, and the reader may not read it
	Removed            bool   // by the team
	Moderation         *moderationView
	PinID              string       // of the comment, for PinURL
	PinURL             string       // address of the form that makes it the official answer; "" if it can't be
	Pinned             bool         // it is
	Reply              *commentForm // nil if it takes no replies
}

type commentForm struct {
	ID, Field      string // of the elements
	Action, Parent string
	Body           string
	Stamp          string
	Open           bool
	Problem        fieldProblem
}

// threads puts replies under what they reply to. A reply whose comment is on an
// earlier page stands alone and says so.
func threads(p *i18n.Printer, a portal.Actor, idea portal.Idea, cs []portal.Comment) []threadView {
	out := make([]threadView, 0, len(cs))
	at := map[string]int{}
	path := ideaPath(idea.ID, idea.Title)
	for _, c := range cs {
		v := viewComment(p, a, idea, path, c)
		i, ok := at[c.Parent]
		switch {
		case c.Parent != "" && ok:
			out[i].Replies = append(out[i].Replies, v)
			continue
		case c.Parent != "":
			v.Orphan = true
		}
		at[c.ID] = len(out)
		out = append(out, threadView{Comment: v})
	}
	return out
}

func viewComment(p *i18n.Printer, a portal.Actor, idea portal.Idea, path string, c portal.Comment) commentView {
	at := "/ideas/" + idea.ID + "/comments"
	v := commentView{Anchor: commentAnchor(c.ID), URL: commentLink(path, c.ID), Author: named(p, c.Author), Created: whenOf(p, c.CreatedAt),
		Edited: !c.EditedAt.IsZero(), Deleted: c.Deleted, Body: markdown.HTML(c.Body)}
	t := portal.Thing{IdeaID: idea.ID, CommentID: c.ID}
	v.Removed = c.Mod.State == portal.Removed
	v.Hidden = c.Mod.State == portal.Hidden && c.Author.ID == ""
	if c.Deleted || v.Hidden || !a.SignedIn() {
		return v
	}
	v.Moderation = moderationOf(p, a, t, c.Mod, c.Author.ID)
	if mayReport(a, c.Mod, c.Author.ID) {
		v.ReportURL = reportPath(t)
	}
	if c.Author.ID == a.ID || a.Team() {
		v.MayEdit, v.EditURL, v.DeleteURL = true, at+"/"+c.ID+"/edit", at+"/"+c.ID+"/delete"
	}
	if c.Parent == "" && idea.MergedInto == "" && c.Mod.Shown() && mayWrite(a, idea) {
		v.Reply = &commentForm{ID: "reply-" + c.ID, Field: "reply-body-" + c.ID, Action: at, Parent: c.ID}
	}
	return v
}

// mayWrite reports whether the actor can add to the idea's discussion.
func mayWrite(a portal.Actor, idea portal.Idea) bool {
	return !a.Blocked() && !idea.Hidden() && (!idea.Locked || a.Team())
}

// commentLink leads to a comment on whichever page of the discussion it is.
func commentLink(path, id string) string {
	return path + "?comment=" + id + "#" + commentAnchor(id)
}

func (v commentView) marked(s *slots) any {
	v.Anchor, v.URL, v.Author, v.Created, v.Body = s.of(v.Anchor), s.of(v.URL), s.author(v.Author), s.when(v.Created), s.html(v.Body)
	for _, b := range []bool{v.Edited, v.Deleted, v.Hidden, v.Removed, v.Orphan, v.MayEdit, v.Reply != nil} {
		s.flag(b)
	}
	v.EditURL, v.DeleteURL, v.ReportURL = s.of(v.EditURL), s.of(v.DeleteURL), s.of(v.ReportURL)
	s.flag(v.Pinned)
	s.flag(v.PinURL != "")
	if v.PinURL != "" {
		v.PinURL, v.PinID = s.of(v.PinURL), s.of(v.PinID)
	}
	if v.Reply != nil {
		f := v.Reply.marked(s)
		v.Reply = &f
	}
	return v
}

func (f commentForm) marked(s *slots) commentForm {
	s.flag(f.Open)
	return commentForm{ID: s.of(f.ID), Field: s.of(f.Field), Action: s.of(f.Action), Parent: s.of(f.Parent), Body: s.of(f.Body), Stamp: s.of(f.Stamp), Open: f.Open,
		Problem: fieldProblem{Field: s.of(f.Problem.Field), Text: s.of(f.Problem.Text)}}
}

// castThread is a thread whose comments are finished.
type castThread struct{ Comment, Replies template.HTML }

func (t castThread) marked(s *slots) any { return castThread{s.html(t.Comment), s.html(t.Replies)} }

func threadsHTML(locale string, ts []threadView) (template.HTML, error) {
	b := buffer()
	defer free(b)
	for _, t := range ts {
		if t.moderated() { // few; what is said about them is not worth a mould
			if err := fragment(b, "idea", locale, "moderated", t); err != nil {
				return "", err
			}
			continue
		}
		if len(t.Replies) == 0 { // most: the thread is its comment
			if err := cast(b, "idea", locale, "comment", t.Comment.marked); err != nil {
				return "", err
			}
			continue
		}
		first, err := castAll("idea", locale, "comment", []commentView{t.Comment})
		if err != nil {
			return "", err
		}
		replies, err := castAll("idea", locale, "comment", t.Replies)
		if err != nil {
			return "", err
		}
		if err := cast(b, "idea", locale, "thread", castThread{first, replies}.marked); err != nil {
			return "", err
		}
	}
	return template.HTML(b.String()), nil //nolint:gosec // html/template wrote it
}
