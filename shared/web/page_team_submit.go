package web

import (
	"crypto/rand"
	"net/http"
	"net/url"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// behalfPath is where the team writes an idea down for a customer.
const behalfPath = "/team/submit"

// behalfPage is the form for an idea that a customer told the team.
type behalfPage struct {
	draftPage
	Tab                           string
	For                           portal.BehalfDraft
	Channels, Locales             []option
	EmailProblem, NameProblem     fieldProblem
	LocaleProblem, WordsProblem   fieldProblem
	ChannelProblem, AgreedProblem fieldProblem
}

func (s *Server) newBehalf(r *http.Request, d portal.BehalfDraft) behalfPage {
	p := s.printer(r)
	if d.Key == "" {
		d.Key = rand.Text()
	}
	b := s.base(r, "team", behalfPath)
	b.Title = p.T("behalf.heading")
	page := behalfPage{draftPage: draftPage{base: b, Behalf: true, Lead: p.T("behalf.next"), Button: p.T("behalf.send"), Action: behalfPath, Cancel: "/team/ideas", Key: d.Key, Draft: d.IdeaDraft},
		Tab: "list", For: d}
	for _, c := range portal.Channels {
		page.Channels = append(page.Channels, option{string(c), p.T("channel." + string(c)), c == d.Channel})
	}
	for _, l := range s.Portal.Locales {
		page.Locales = append(page.Locales, option{l, languageName(l), l == d.Locale || d.Locale == "" && l == b.Lang})
	}
	return page
}

func (b behalfPage) with(ps problems) behalfPage {
	b.EmailProblem, b.NameProblem, b.LocaleProblem = ps.of("email"), ps.of("name"), ps.of("locale")
	b.ChannelProblem, b.WordsProblem, b.AgreedProblem = ps.of("channel"), ps.of("words"), ps.of("agreed")
	return b
}

func (s *Server) behalfPage(w http.ResponseWriter, r *http.Request) error {
	page := s.newBehalf(r, portal.BehalfDraft{IdeaDraft: portal.IdeaDraft{Title: readQuery(r, "title")}})
	page.draftPage = page.draftPage.with(s.printer(r), s, nil)
	return s.render(w, http.StatusOK, "team_submit", page.with(nil))
}

func behalfDraft(v url.Values) portal.BehalfDraft {
	return portal.BehalfDraft{IdeaDraft: portal.IdeaDraft{Title: v.Get("title"), Body: v.Get("body"), Category: v.Get("category"), Key: v.Get("key")},
		Email: v.Get("email"), Name: v.Get("name"), Locale: v.Get("locale"), Channel: portal.Channel(v.Get("channel")), Words: v.Get("words"), Agreed: v.Get("agreed") != ""}
}

// behalfForm writes the idea down, or shows the form again with all that was typed.
func (s *Server) behalfForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	d, p := behalfDraft(v), s.printer(r)
	if previewing(v.Get("do")) && actor(r).Team() {
		page := s.newBehalf(r, d)
		var status int
		if status, page.draftPage, err = s.previewed(r, page.draftPage); err != nil {
			return err
		}
		return s.render(w, status, "team_submit", page.with(nil))
	}
	idea, _, err := s.Portal.SubmitFor(r.Context(), actor(r), d)
	if err == nil {
		http.Redirect(w, r, done(teamIdeaPath(idea.ID, fromList), "entered"), http.StatusSeeOther)
		return nil
	}
	ps, again, rest := draftProblems(w, r, p, err)
	if rest != nil {
		return rest
	}
	if ps.of(keyField).Text != "" {
		d.Key = "" // used for another text: the next try is a new idea
	}
	page := s.newBehalf(r, d)
	page.SignInAgain = again
	page.draftPage = page.draftPage.with(p, s, unlinked(ps))
	return s.render(w, statusOf(err), "team_submit", page.with(ps))
}

// enteredView tells the team how an idea came that one of them wrote down.
type enteredView struct{ Heading, Channel, Words string }

func enteredOf(p *i18n.Printer, read portal.TeamIdea) *enteredView {
	if !read.Idea.Entered || len(read.History) == 0 {
		return nil
	}
	h := read.History[0]
	return &enteredView{Heading: p.T("behalf.entered", "Customer", named(p, h.By).Name, "Member", named(p, read.EnteredBy).Name),
		Channel: p.T("channel." + string(h.Entered.Channel)), Words: h.Entered.Words}
}

// submitFor is behalfForm for programs.
func (s *Server) submitFor(w http.ResponseWriter, r *http.Request) error {
	d := portal.BehalfDraft{IdeaDraft: portal.IdeaDraft{Key: r.Header.Get("Idempotency-Key")}}
	err := readJSON(w, r, field{"title", &d.Title}, field{"body", &d.Body}, field{"category", &d.Category}, field{"email", &d.Email}, field{"name", &d.Name},
		field{"locale", &d.Locale}, field{"channel", (*string)(&d.Channel)}, field{"words", &d.Words}, field{"agreed", &d.Agreed})
	if err != nil {
		return err
	}
	idea, again, err := s.Portal.SubmitFor(r.Context(), actor(r), d)
	if err != nil {
		return err
	}
	return s.sendNew(w, r, idea.ID, again)
}
