package web

import (
	"html/template"
	"net/url"

	"groundswell/shared/i18n"
	"groundswell/shared/markdown"
	"groundswell/shared/portal"
)

// inboxView is the team's list of new ideas, with one of them opened beside it.
type inboxView struct {
	base
	Tab    string
	Rows   []inboxRow
	Pager  pager
	Panel  *panelView // nil if there is nothing to open
	Chosen bool       // somebody chose that idea; else it is the list's first
}

type inboxRow struct {
	Card  cardView
	Votes string
	Open  string // address of the list with this idea opened
	Now   bool   // it is
}

// panelView is an idea in the console.
type panelView struct {
	Card     cardView
	Status   portal.Status
	Body     template.HTML
	Steps    template.HTML
	Forms    *teamForms
	Board    bool   // came from the board, and goes back there
	Next     string // id of the idea to open after this one
	Told     []toldView
	ToldMore bool
	Problems problems
}

// toldView is a line of the delivery log.
type toldView struct {
	Who  portal.Author
	What string // was sent, or was not
	Why  string
	At   whenView
	Good bool
}

// panel makes the view; what was typed into its form goes in afterwards.
func (s *Server) panel(p *i18n.Printer, lang string, read portal.TeamIdea) (*panelView, error) {
	card := currentCard(read.IdeaPage)
	v := &panelView{Card: s.cardView(p, "/team", card, read.Voted), Status: card.Status, Body: markdown.HTML(read.Body), Forms: newTeamForms(p, read.Idea), ToldMore: read.Next != ""}
	v.Forms.StatusURL = "/team/ideas/" + card.ID + "/status"
	for _, t := range read.Told {
		v.Told = append(v.Told, toldOf(p, t))
	}
	var err error
	v.Steps, err = stepsHTML(lang, stepViews(p, read.History))
	return v, err
}

// currentCard is the card as the idea's own record has it: cards follow seconds later.
func currentCard(read portal.IdeaPage) portal.Card {
	c, i := read.Card, read.Idea
	c.ID, c.Title, c.Category, c.Status, c.CreatedAt, c.Version, c.MergedInto = i.ID, i.Title, i.Category, i.Status, i.CreatedAt, i.Version, i.MergedInto
	if c.Author.Name == "" && len(read.History) > 0 && read.History[0].By.ID == c.Author.ID {
		c.Author = read.History[0].By // too new to have been counted
	}
	return c
}

func toldOf(p *i18n.Printer, t portal.Told) toldView {
	v := toldView{Who: named(p, portal.Author{ID: t.To, Name: t.Name}), At: whenOf(p, t.At), Good: t.State == "sent"}
	switch t.State {
	case "sent":
		v.What = p.T("team.told_sent")
	case "sending":
		v.What = p.T("team.told_sending")
	case "failed":
		v.What = p.T("team.told_failed")
	default:
		v.What = p.T("team.told_skipped")
	}
	v.Why = toldWhy(p, t.Why)
	return v
}

// toldWhy puts the ledger's word for why there was no mail into a sentence.
func toldWhy(p *i18n.Printer, why string) string {
	switch why {
	case "no_address":
		return p.T("team.why_no_address")
	case "deleted", "no_member":
		return p.T("team.why_gone")
	case "hidden", "no_idea":
		return p.T("team.why_hidden")
	case "rejected":
		return p.T("team.why_rejected")
	case "attempts":
		return p.T("team.why_attempts")
	}
	return why
}

// teamPath is the address of the console with an idea opened. The fragment puts
// the focus there, which matters on a phone and to a screen reader.
func teamPath(id, cursor string) string {
	v := url.Values{"idea": {id}}
	if cursor != "" {
		v.Set("cursor", cursor)
	}
	return "/team?" + v.Encode() + "#panel"
}

// boardView is the ideas by status.
type boardView struct {
	base
	Tab     string
	Columns []columnView
}

type columnView struct {
	Status portal.Status
	Count  int
	More   bool
	All    string // address of the whole list
	Cards  []boardCard
}

type boardCard struct {
	ID, Open, Title string
	Votes           string
	Author          portal.Author
	Version         int64
	Moves           []option
	Moved           bool // just now
}

func boardCardOf(p *i18n.Printer, c portal.Card) boardCard {
	return boardCard{ID: c.ID, Open: "/team?" + url.Values{"idea": {c.ID}, "from": {"board"}}.Encode() + "#panel", Title: c.Title, Votes: p.N("vote.count", c.Votes),
		Author: named(p, c.Author), Version: c.Version, Moves: statusOptions(p, c.Status.Next(), "")}
}
