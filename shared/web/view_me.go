package web

import (
	"net/http"
	"slices"
	"strings"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// ownView is an idea in one's own lists, and where it stands: for a duplicate,
// that is where the idea stands that it became part of.
type ownView struct {
	rowView
	Into  *rowView
	State string // why others do not see it, in words; "" if they do
}

// ownComment is a comment in its author's list.
type ownComment struct {
	URL, Title string // of the comment, and of its idea
	Excerpt    string
	At         whenView
	State      string // why others do not see it, in words; "" if they do
}

// commentExcerpt is how many bytes of a comment one's own list shows.
const commentExcerpt = 140

func (s *Server) ownViews(r *http.Request, ids []string) ([]ownView, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	cards, err := s.cardsOf(r, ids)
	if err != nil {
		return nil, err
	}
	cards = mayList(actor(r), cards)
	into, err := s.mergeTargets(r, cards)
	if err != nil {
		return nil, err
	}
	return ownRows(s.printer(r), cards, into), nil
}

// mayList are the ideas that lists of the actor's own may name: those that everybody
// may see, and the actor's own.
func mayList(a portal.Actor, cards []portal.Card) []portal.Card {
	return slices.DeleteFunc(cards, func(c portal.Card) bool { return c.Hidden && c.Author.ID != a.ID })
}

func ownRows(p *i18n.Printer, cards []portal.Card, into map[string]portal.Card) []ownView {
	out := make([]ownView, len(cards))
	for i, c := range cards {
		out[i].rowView = rowOf(p, c)
		if c.Hidden {
			out[i].State = p.T("moderation.not_public")
		}
		if c.Title == "" {
			out[i].Title = p.T("moderation.no_title")
		}
		if to, ok := into[c.MergedInto]; ok {
			row := rowOf(p, to)
			out[i].Into, out[i].Status = &row, ""
		}
	}
	return out
}

// mergeTargets are the ideas that some of the cards were merged into, by id.
func (s *Server) mergeTargets(r *http.Request, cards []portal.Card) (map[string]portal.Card, error) {
	var ids []string
	for _, c := range cards {
		if c.MergedInto != "" && !slices.Contains(ids, c.MergedInto) {
			ids = append(ids, c.MergedInto)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := s.cardsOf(r, ids)
	into := make(map[string]portal.Card, len(found))
	for _, c := range public(found) {
		into[c.ID] = c
	}
	return into, err
}

// commentViews leaves out what was deleted, and takes the titles from the ideas.
func (s *Server) commentViews(r *http.Request, cs []portal.Comment) ([]ownComment, error) {
	var ids []string
	for _, c := range cs {
		if !slices.Contains(ids, c.IdeaID) {
			ids = append(ids, c.IdeaID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	cards, err := s.cardsOf(r, ids)
	if err != nil {
		return nil, err
	}
	titles := make(map[string]string, len(cards))
	for _, c := range mayList(actor(r), cards) {
		titles[c.ID] = c.Title
	}
	p, out := s.printer(r), make([]ownComment, 0, len(cs))
	for _, c := range cs {
		if c.Deleted {
			continue
		}
		title := titles[c.IdeaID]
		if title == "" {
			title = p.T("moderation.no_title")
		}
		own := ownComment{URL: commentLink(ideaPath(c.IdeaID, title), c.ID), Title: title, Excerpt: portal.Excerpt(c.Body, commentExcerpt), At: whenOf(p, c.CreatedAt)}
		if !c.Mod.Shown() {
			own.State = p.T("moderation.not_public")
		}
		out = append(out, own)
	}
	return out, nil
}

// agentName shortens what a browser says of itself to what people call it. The
// order matters: most browsers claim to be several others too.
func agentName(agent string) string {
	first := func(names ...[2]string) string {
		for _, n := range names {
			if strings.Contains(agent, n[0]) {
				return n[1]
			}
		}
		return ""
	}
	program := first([2]string{"Edg", "Edge"}, [2]string{"OPR/", "Opera"}, [2]string{"SamsungBrowser", "Samsung Internet"}, [2]string{"Firefox", "Firefox"},
		[2]string{"FxiOS", "Firefox"}, [2]string{"CriOS", "Chrome"}, [2]string{"Chrome", "Chrome"}, [2]string{"Safari", "Safari"})
	system := first([2]string{"iPhone", "iPhone"}, [2]string{"iPad", "iPad"}, [2]string{"Android", "Android"}, [2]string{"Windows", "Windows"},
		[2]string{"Mac OS", "macOS"}, [2]string{"CrOS", "ChromeOS"}, [2]string{"Linux", "Linux"})
	switch {
	case program == "":
		return agent
	case system == "":
		return program
	}
	return program + ", " + system
}
