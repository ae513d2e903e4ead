package web

import (
	"html/template"
	"net/http"
	"net/url"

	"groundswell/shared/i18n"
	"groundswell/shared/markdown"
	"groundswell/shared/portal"
)

// inboxView is the team's list of new ideas with one of them opened beside it, or
// one idea alone.
type inboxView struct {
	base
	Tab    string
	Rows   []inboxRow
	Count  string // of new ideas, with a plus if there are more than are known
	Pager  pager
	Panel  *panelView // nil if there is nothing to open
	Chosen bool       // somebody chose that idea; else it is the list's first
	Alone  bool       // there is no list
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
	Edit     string // address of the form that changes title and text
	Steps    template.HTML
	Forms    *teamForms
	From     string // where the forms lead back to; "" = the inbox
	Next     string // id of the inbox's idea to open after this one
	Into     *rowView
	Similar  []similarView
	Readers  []readerView // who would get a mail about a launch
	Unheard  []readerView // and who would not
	MailURL  string
	Told     []toldView
	ToldAll  string // address of the whole log; "" if it is all here
	Telling  bool   // followers and voters are still being told
	Problems problems
	Changed  *changedView
	Desk     *deskView
	Entered  *enteredView
	Hidden   *moderationView // why others don't see it

	history []portal.HistoryEntry
}

// readPanel reads an idea for the console.
func (s *Server) readPanel(r *http.Request, p *i18n.Printer, b base, id string) (*panelView, error) {
	read, err := s.Portal.TeamIdea(r.Context(), actor(r), id)
	if err != nil {
		return nil, err
	}
	desk, err := s.Portal.Desk(r.Context(), actor(r), id)
	if err != nil {
		return nil, err
	}
	v, err := s.panel(p, b.Lang, read)
	if err != nil {
		return nil, err
	}
	v.Desk = deskOf(p, actor(r), desk, read.IdeaPage, "")
	if into := read.Idea.MergedInto; into != "" {
		c, err := s.Portal.Store.CardOf(r.Context(), into)
		if err != nil {
			return nil, err
		}
		row := rowOf(p, c)
		v.Into = &row
	} else if len(read.Idea.MergedFrom) == 0 && (v.Status == portal.New || v.Status == portal.UnderReview) { // else it is no duplicate
		like, err := s.Portal.Related(r.Context(), id)
		if err != nil {
			return nil, err
		}
		v.Similar = similarViews(p, like)
	}
	return v, nil
}

// panel makes the view; what was typed into its form goes in afterwards.
func (s *Server) panel(p *i18n.Printer, lang string, read portal.TeamIdea) (*panelView, error) {
	card := currentCard(read.IdeaPage)
	at := "/team/ideas/" + card.ID
	v := &panelView{Card: s.cardView(p, "/team", card, read.Voted), Status: card.Status, Body: markdown.HTML(read.Body), Edit: "/edit/" + card.ID,
		Forms: newTeamForms(p, read.Idea), MailURL: at + "/mail", Told: toldViews(p, read.Told), history: read.History}
	v.Forms.StatusURL = at + "/status"
	v.Telling, v.Entered = read.Spreading, enteredOf(p, read)
	v.Hidden = moderationOf(p, portal.Actor{}, portal.Thing{IdeaID: card.ID}, read.Idea.Mod, read.Idea.AuthorID) // answering it is for its author, and elsewhere
	if v.Hidden != nil {
		v.Hidden.CaseURL = queuePath(portal.HeldQ, false, "", card.ID)
	}
	if read.Next != "" {
		v.ToldAll = toldPath(card.ID)
	}
	for _, to := range read.Readers {
		if rv := readerOf(p, to); rv.Why == "" {
			v.Readers = append(v.Readers, rv)
		} else {
			v.Unheard = append(v.Unheard, rv)
		}
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

// changedView is what happened to an idea while somebody filled in a form about it.
type changedView struct {
	Steps  template.HTML
	Edited bool // title, text or category
}

// changedSince tells what made the idea's version now of the version seen; nil if
// they are the same. Every step has the version that it made; an edit has no step.
func changedSince(p *i18n.Printer, hs []portal.HistoryEntry, now, seen int64) (*changedView, error) {
	if now == seen {
		return nil, nil
	}
	var steps []portal.HistoryEntry
	for _, h := range hs {
		if h.Ver > seen {
			steps = append(steps, h)
		}
	}
	html, err := stepsHTML(p.Locale(), stepViews(p, steps))
	return &changedView{Steps: html, Edited: now-seen > int64(len(steps))}, err
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
