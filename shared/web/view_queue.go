package web

import (
	"html/template"
	"net/url"
	"slices"
	"strings"

	"groundswell/shared/i18n"
	"groundswell/shared/markdown"
	"groundswell/shared/portal"
)

// queueView is the team's list of what waits for a decision, with one case opened
// beside it.
type queueView struct {
	base
	Tab    string
	Queues []queueTab
	Order  sortLink // the other order
	Rows   []queueRow
	Pager  pager
	Panel  *caseView     // nil if there is nothing to open
	Votes  *voteCaseView // the same, in the queue of votes
	Chosen bool          // somebody chose that case; else it is the list's first
}

type queueTab struct {
	URL, Name, Count string
	Current          bool
}

type queueRow struct {
	Title, What, Why string
	Since            whenView
	Open             string // address of the list with this case opened
	Now              bool   // it is
}

// caseView is a case with its evidence and what can be decided about it.
type caseView struct {
	ID        string // of the thing
	Version   int64
	What      string // kind of thing, in a word
	Title     string
	URL       string // where it is; "" for what is gone
	On        string // title of the idea that a comment is on
	Author    portal.Author
	Standing  []string // of the author: blocked, trusted, ...
	AuthorURL string   // in the console
	Written   whenView
	Body      template.HTML
	Earlier   *earlierView // the text from before it was edited
	State     *moderationView
	Held      []string
	Evidence  []string
	Counts    []string // of reports, by reason
	Reports   []reportView
	Answer    string
	AnswerAt  whenView
	Gone      bool // deleted, or removed: there is nothing left to decide about
	Locked    bool
	Public    bool
	Waits     bool

	Action, Back, Next string
	Reasons            []option
	Note               string
	Problems           problems
	ReasonProblem      fieldProblem
	NoteProblem        fieldProblem
}

type earlierView struct {
	Title string // "" if it is as it was
	Body  template.HTML
	At    whenView
}

type reportView struct {
	Reason, Words string
	Doubts        []string // of its form, in words
	At            whenView
}

// rowOfCase is a case in the list.
func rowOfCase(p *i18n.Printer, item portal.QueueItem) queueRow {
	c := item.Case
	row := queueRow{Title: caseTitle(p, item), What: whatIs(p, c.Thing), Since: whenOf(p, c.Since)}
	switch c.Queue {
	case portal.Appeals:
		row.Why = portal.Excerpt(c.Answer, 60)
	case portal.HeldQ:
		row.Why = strings.Join(inWords(p, c.Held), ", ")
	default:
		row.Why = p.N("queue.reports_count", c.Reports)
	}
	return row
}

func whatIs(p *i18n.Printer, t portal.Thing) string {
	if t.CommentID != "" {
		return p.T("queue.comment")
	}
	return p.T("queue.idea")
}

// caseTitle is an idea's title, or how a comment begins.
func caseTitle(p *i18n.Printer, item portal.QueueItem) string {
	title := item.Idea.Title
	if item.Case.Thing.CommentID != "" {
		title = portal.Excerpt(item.Comment.Body, 80)
	}
	if title == "" {
		title = p.T("moderation.no_title")
	}
	return title
}

func inWords(p *i18n.Printer, codes []string) []string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = reasonText(p, c)
	}
	return out
}

// evidenceText is what a rule found: "code: words", or a code.
func evidenceText(p *i18n.Printer, e string) string {
	code, words, _ := strings.Cut(e, ": ")
	if words == "" {
		return reasonText(p, code)
	}
	return reasonText(p, code) + ": " + words
}

// caseOf makes the view; back is where its form leads to, next the case to open then.
func caseOf(p *i18n.Printer, a portal.Actor, item portal.QueueItem, back, next string) *caseView {
	c, t := item.Case, item.Case.Thing
	v := &caseView{ID: t.String(), Version: c.Version, What: whatIs(p, t), Title: caseTitle(p, item), URL: thingPath(t), Author: named(p, item.Author.Author()),
		Answer: c.Answer, AnswerAt: whenOf(p, c.AnswerAt), Locked: item.Idea.Locked, Waits: c.Queue != portal.NoQueue,
		Action: "/team/queue", Back: back, Next: next, Reasons: reasonOptions(p, usualReason(c)), ReasonProblem: fieldProblem{Field: "reason"}, NoteProblem: fieldProblem{Field: "note"}}
	m, authorID := item.Idea.Mod, item.Idea.AuthorID
	if t.CommentID != "" {
		m, authorID = item.Comment.Mod, item.Comment.Author.ID
		v.On, v.Body, v.Written = item.Idea.Title, markdown.HTML(item.Comment.Body), whenOf(p, item.Comment.CreatedAt)
		v.Gone = item.Comment.Deleted || item.Comment.ID == ""
	} else {
		v.Body, v.Written = markdown.HTML(item.Body), whenOf(p, item.Idea.CreatedAt)
	}
	if e := item.Earlier; e != nil {
		v.Earlier = &earlierView{Title: e.Title, Body: markdown.HTML(e.Text), At: whenOf(p, e.At)}
		if e.Title == item.Idea.Title {
			v.Earlier.Title = ""
		}
	}
	v.Gone, v.Public = v.Gone || m.State == portal.Removed, m.Shown()
	v.State = moderationOf(p, a, t, m, authorID)
	if v.State != nil {
		v.State.Appeal = nil // the author's, on the idea's page
	}
	if item.Author.ID != "" && !item.Author.Deleted() {
		v.AuthorURL = teamMemberPath(item.Author.ID)
		v.Standing = standingOf(p, item.Author)
	}
	more := map[string]bool{} // rules that say what they saw
	for _, e := range c.Evidence {
		code, _, _ := strings.Cut(e, ": ")
		more[code] = true
		v.Evidence = append(v.Evidence, evidenceText(p, e))
	}
	v.Held = inWords(p, slices.DeleteFunc(slices.Clone(c.Held), func(code string) bool { return more[code] }))
	for _, r := range portal.Reasons {
		if n := c.Reasons[r]; n > 0 {
			v.Counts = append(v.Counts, reasonText(p, r)+": "+p.Number(n))
		}
	}
	for _, r := range item.Reports {
		v.Reports = append(v.Reports, reportView{reasonText(p, r.Reason), r.Words, inWords(p, r.Doubts), whenOf(p, r.At)})
	}
	return v
}

// standingOf is what the team has decided about a member, and what it should know, in
// words.
func standingOf(p *i18n.Printer, m portal.Member) (out []string) {
	if m.Blocked() {
		out = append(out, p.T("member.blocked"))
	}
	if m.Trusted {
		out = append(out, p.T("member.trusted"))
	}
	if m.Uncounted {
		out = append(out, p.T("member.uncounted"))
	}
	if m.Throwaway {
		out = append(out, p.T("member.throwaway"))
	}
	return out
}

// queuePath is the address of a queue, with a case opened or without. The fragment
// puts the focus there.
func queuePath(q portal.Queue, newest bool, cursor, open string) string {
	v := url.Values{"queue": {string(q)}}
	if newest {
		v.Set("order", "new")
	}
	if cursor != "" {
		v.Set("cursor", cursor)
	}
	if open != "" {
		v.Set("case", open)
	}
	path := "/team/queue?" + v.Encode()
	if open != "" {
		path += "#panel"
	}
	return path
}

// list fills the rows.
func (v *queueView) list(p *i18n.Printer, page portal.QueuePage, q portal.Queue, newest bool, cursor, open string) {
	for i, item := range page.Items {
		row, id := rowOfCase(p, item), item.Case.Thing.String()
		row.Open, row.Now = queuePath(q, newest, cursor, id), id == open || open == "" && i == 0
		v.Rows = append(v.Rows, row)
	}
}
