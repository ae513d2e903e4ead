package web

import (
	"net/url"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// moderationView tells the author, and the team, why others do not see an idea or a
// comment, and what happens next.
type moderationView struct {
	Heading, Text string
	Reasons       []string // in words
	Note          string   // the team's
	CaseURL       string   // where the team decides; "" where it is no part of the view
	Appeal        *appealForm
}

// appealForm is how an author answers.
type appealForm struct {
	Action, Comment string // Comment is the id of the comment that it is about, or ""
	ID              string // of the text's element
	Words           string // as typed
	Stamp           string
	Open            bool
	Problem         fieldProblem
}

// moderationOf is nil for what everybody sees.
func moderationOf(p *i18n.Printer, a portal.Actor, t portal.Thing, m portal.Moderation, authorID string) *moderationView {
	if m.Shown() {
		return nil
	}
	v := &moderationView{Heading: p.T("moderation.heading_" + string(m.State)), Note: m.Note}
	switch {
	case a.ID != authorID: // the team knows
	case m.Appeal == portal.Open:
		v.Text = p.T("moderation.answered")
	case m.Appeal == portal.Answered:
		v.Text = p.T("moderation.upheld")
	default:
		v.Text = p.T("moderation.next_" + string(m.State))
	}
	for _, r := range m.Reasons {
		v.Reasons = append(v.Reasons, reasonText(p, r))
	}
	if m.MayAppeal() && a.ID == authorID {
		id := "words"
		if t.CommentID != "" {
			id += "-" + t.CommentID
		}
		v.Appeal = &appealForm{Action: "/ideas/" + t.IdeaID + "/appeal", Comment: t.CommentID, ID: id, Problem: fieldProblem{Field: id}}
	}
	return v
}

// reasonText is a reason, or the rule that held something, in words.
func reasonText(p *i18n.Printer, code string) string {
	if id := "reason." + code; p.Has(id) {
		return p.T(id)
	}
	return code
}

// reasonOptions are the reasons of a form, with the chosen one marked.
func reasonOptions(p *i18n.Printer, chosen string) []option {
	out := make([]option, len(portal.Reasons))
	for i, r := range portal.Reasons {
		out[i] = option{r, reasonText(p, r), r == chosen}
	}
	return out
}

// reportPath is the address of the form that reports a thing.
func reportPath(t portal.Thing) string {
	path := "/ideas/" + t.IdeaID + "/report"
	if t.CommentID != "" {
		path += "?" + url.Values{"comment": {t.CommentID}}.Encode()
	}
	return path
}

// mayReport reports whether the page offers the actor to report what the author wrote.
func mayReport(a portal.Actor, m portal.Moderation, authorID string) bool {
	return a.SignedIn() && !a.Blocked() && a.ID != authorID && m.Shown()
}

// usualReason is the reason that most reports gave; of several the first of the list.
func usualReason(c portal.Case) (reason string) {
	for _, r := range portal.Reasons {
		if c.Reasons[r] > c.Reasons[reason] {
			reason = r
		}
	}
	return reason
}

// thingPath is the address of a thing on its idea's page.
func thingPath(t portal.Thing) string {
	if t.CommentID == "" {
		return "/ideas/" + t.IdeaID
	}
	return commentLink("/ideas/"+t.IdeaID, t.CommentID)
}
