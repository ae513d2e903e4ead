package web

import (
	"html/template"
	"time"

	"groundswell/shared/markdown"
	"groundswell/shared/portal"
)

type threadView struct {
	Comment commentView
	Replies []commentView
}

type commentView struct {
	Anchor, URL        string
	Author             portal.Author
	CreatedAt          time.Time
	Edited, Deleted    bool
	Orphan             bool // a reply to a comment on an earlier page
	Body               template.HTML
	MayEdit            bool
	EditURL, DeleteURL string
	Reply              *commentForm // nil if it takes no replies
}

type commentForm struct {
	ID, Field      string // of the elements
	Action, Parent string
	Body           string
	Open           bool
	Problem        fieldProblem
}

// threads puts replies under what they reply to. A reply whose comment is on an
// earlier page stands alone and says so.
func threads(a portal.Actor, idea portal.Idea, cs []portal.Comment) []threadView {
	out := make([]threadView, 0, len(cs))
	at := map[string]int{}
	for _, c := range cs {
		v := viewComment(a, idea, c)
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

func viewComment(a portal.Actor, idea portal.Idea, c portal.Comment) commentView {
	at := "/ideas/" + idea.ID + "/comments"
	v := commentView{Anchor: commentAnchor(c.ID), URL: commentLink(ideaPath(idea.ID, idea.Title), c.ID), Author: c.Author, CreatedAt: c.CreatedAt,
		Edited: !c.EditedAt.IsZero(), Deleted: c.Deleted, Body: markdown.HTML(c.Body)}
	if c.Deleted || !a.SignedIn() {
		return v
	}
	if c.Author.ID == a.ID || a.Team() {
		v.MayEdit, v.EditURL, v.DeleteURL = true, at+"/"+c.ID+"/edit", at+"/"+c.ID+"/delete"
	}
	if c.Parent == "" && idea.MergedInto == "" {
		v.Reply = &commentForm{ID: "reply-" + c.ID, Field: "reply-body-" + c.ID, Action: at, Parent: c.ID}
	}
	return v
}

// commentLink leads to a comment on whichever page of the discussion it is.
func commentLink(path, id string) string {
	return path + "?comment=" + id + "#" + commentAnchor(id)
}
