package web

import (
	"html/template"
	"strings"

	"groundswell/shared/i18n"
	"groundswell/shared/markdown"
	"groundswell/shared/portal"
)

// deskView is what the team keeps about an idea, and the forms that change it.
type deskView struct {
	Idea, From string // id; where the forms lead back to
	Version    int64
	Owner      portal.Author // zero if nobody looks after it
	Owners     []option
	Chips      []chipView // the idea's tags
	Tags       []tagChoice
	NewTags    string // names that were typed
	Memos      []memoView
	More       bool // there are older notes than those
	Memo       string

	Votes    string // that they are odd, or were; "" if nothing is known
	VotesURL string

	Answer        portal.Answer
	AnswerText    template.HTML // what is pinned, as others see it
	AnswerTyped   string
	AnswerComment string // address of the comment that is pinned

	Problems                                 problems
	OwnerProblem, TagsProblem                fieldProblem
	MemoProblem, AnswerProblem               fieldProblem
	OpenDossier, OpenAnswer                  bool
	DossierURL, MemosURL, AnswerURL, ListURL string
}

// chipView is a tag.
type chipView struct {
	Name   string
	Colour int
	URL    string // of the list of its ideas
}

type tagChoice struct {
	ID, Name string
	Colour   int
	Chosen   bool
}

type memoView struct {
	ID               string
	Body             template.HTML
	Raw              string
	By               portal.Author
	At               whenView
	Edited           bool
	Version          int64
	MayEdit, MayDrop bool
}

func deskOf(p *i18n.Printer, a portal.Actor, d portal.Desk, page portal.IdeaPage, from string) *deskView {
	at := "/team/ideas/" + page.Idea.ID
	v := &deskView{Idea: page.Idea.ID, From: from, Version: d.Dossier.Version, Answer: page.Answer, AnswerText: markdown.HTML(page.Official()),
		More: len(d.Memos) == portal.MostMemos, DossierURL: at + "/dossier", MemosURL: at + "/notes", AnswerURL: at + "/answer", ListURL: "/team/ideas"}
	if d.Votes.Version > 0 {
		v.Votes, v.VotesURL = p.T("votes.looked_at"), votesPath(v.Idea)
		if d.Votes.Open {
			v.Votes = p.N("votes.examined", len(d.Votes.Suspects))
		}
	}
	if owner := d.Dossier.Owner; owner != "" {
		v.Owner = named(p, d.Name(owner))
	}
	v.Owners = ownerOptions(p, d.Team, d.Dossier.Owner, v.Owner.Name)
	v.Chips = chipsOf(d.Tags, d.Dossier.Tags)
	has := map[string]bool{}
	for _, id := range d.Dossier.Tags {
		t, _ := d.Tags.Find(id)
		has[t.ID] = true
	}
	for _, t := range d.Tags.Live() {
		v.Tags = append(v.Tags, tagChoice{t.ID, t.Name, t.Colour, has[t.ID]})
	}
	for _, m := range d.Memos {
		v.Memos = append(v.Memos, memoView{ID: m.ID, Body: markdown.HTML(m.Body), Raw: m.Body, By: named(p, d.Name(m.By)), At: whenOf(p, m.CreatedAt),
			Edited: !m.EditedAt.IsZero(), Version: m.Version, MayEdit: m.By == a.ID, MayDrop: m.By == a.ID || a.Role == portal.RoleAdmin})
	}
	if page.Answer.Comment == "" {
		v.AnswerTyped = page.Answer.Body
	} else {
		v.AnswerComment = commentLink(ideaPath(page.Idea.ID, page.Idea.Title), page.Answer.Comment)
	}
	v.problems(nil)
	return v
}

func (v *deskView) problems(ps problems) {
	v.Problems = ps
	v.OwnerProblem, v.TagsProblem, v.MemoProblem, v.AnswerProblem = ps.of("owner"), ps.of("tags"), ps.of("memo"), ps.of("answer")
	v.OpenDossier = v.OwnerProblem.Text != "" || v.TagsProblem.Text != ""
	v.OpenAnswer = v.AnswerProblem.Text != ""
}

// ownerOptions are the members of the team, and whoever looks after the idea now.
func ownerOptions(p *i18n.Printer, team []portal.Author, chosen, name string) []option {
	out := []option{{"", p.T("desk.nobody"), chosen == ""}}
	found := chosen == ""
	for _, m := range team {
		out = append(out, option{m.ID, m.Name, m.ID == chosen})
		found = found || m.ID == chosen
	}
	if !found {
		out = append(out, option{chosen, name, true})
	}
	return out
}

// chipsOf are the tags with the ids, by name; a tag that is gone is not shown.
func chipsOf(tags portal.Tags, ids []string) []chipView {
	var out []chipView
	for _, t := range tags.Live() {
		for _, id := range ids {
			if found, ok := tags.Find(id); ok && found.ID == t.ID {
				out = append(out, chipView{t.Name, t.Colour, listQueryPath(portal.TeamQuery{Tag: t.ID})})
				break
			}
		}
	}
	return out
}

// tagNames are what a form with tags has: those that were ticked, and those that were
// typed with commas between them.
func tagNames(ticked []string, typed string) []string {
	out := append([]string{}, ticked...)
	for _, n := range strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == '，' || r == '、' }) {
		if n = strings.TrimSpace(n); n != "" {
			out = append(out, n)
		}
	}
	return out
}
