package web

import (
	"net/http"
	"net/url"
	"strings"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

type mePage struct {
	base
	Email                  string
	Name                   string // as typed
	Locales                []option
	Followed, Voted        bool
	Problems               problems
	NameProblem            fieldProblem
	Ideas, Votes           []rowView
	IdeasPager, VotesPager pager
	Sessions               []sessionView
}

type sessionView struct {
	ID, Agent string
	Seen      whenView
	Current   bool
}

func (s *Server) mePage(w http.ResponseWriter, r *http.Request) error {
	page, err := s.me(r)
	if err != nil {
		return err
	}
	return s.render(w, http.StatusOK, "me", page)
}

func (s *Server) me(r *http.Request) (mePage, error) {
	a, ctx, p := actor(r), r.Context(), s.printer(r)
	page := mePage{base: s.base(r, "me", "/me"), Email: a.Email, Name: a.Name, Locales: s.localeOptions(p.Locale()), Followed: a.Mail.Followed, Voted: a.Mail.Voted}
	page.Title, page.NameProblem = p.T("nav.me"), fieldProblem{Field: "name"}
	sessions, err := s.Portal.Sessions(ctx, a)
	if err != nil {
		return page, err
	}
	for _, v := range sessions {
		page.Sessions = append(page.Sessions, sessionView{v.ID, agentName(v.Agent), whenOf(p, v.SeenAt), v.ID == a.SessionID})
	}
	ids, next, err := s.Portal.Store.IdeasBy(ctx, a.ID, readQuery(r, "ideas"), portal.DefaultLimit)
	if err != nil {
		return page, err
	}
	if page.Ideas, err = s.rowsOf(r, ids); err != nil {
		return page, err
	}
	page.IdeasPager = mePager(r, "ideas", next)
	votes, next, err := s.Portal.Store.VotesBy(ctx, a.ID, readQuery(r, "votes"), portal.DefaultLimit)
	if err != nil {
		return page, err
	}
	ids = ids[:0]
	for _, v := range votes {
		ids = append(ids, v.IdeaID)
	}
	if page.Votes, err = s.rowsOf(r, ids); err != nil {
		return page, err
	}
	page.VotesPager = mePager(r, "votes", next)
	return page, nil
}

// rowsOf reads the ideas' cards. One that is too new to have been counted is
// read from the idea itself.
func (s *Server) rowsOf(r *http.Request, ids []string) ([]rowView, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	cards, err := s.cardsOf(r, ids)
	return rowViews(s.printer(r), cards), err
}

func (s *Server) cardsOf(r *http.Request, ids []string) ([]portal.Card, error) {
	found, err := s.Portal.Store.CardsOf(r.Context(), ids)
	if err != nil || len(found) == len(ids) {
		return found, err
	}
	cards := make([]portal.Card, 0, len(ids))
	for _, id := range ids {
		if len(found) > 0 && found[0].ID == id {
			cards, found = append(cards, found[0]), found[1:]
			continue
		}
		switch c, err := s.Portal.Store.CardOf(r.Context(), id); {
		case err == nil:
			cards = append(cards, c)
		case portal.KindOf(err) != portal.NotFound:
			return nil, err
		}
	}
	return cards, nil
}

func mePager(r *http.Request, name, next string) pager {
	var p pager
	if readQuery(r, name) != "" {
		p.First = "/me#my-" + name
	}
	if next != "" {
		p.Next = "/me?" + url.Values{name: {next}}.Encode() + "#my-" + name
	}
	return p
}

func (s *Server) localeOptions(chosen string) []option {
	out := make([]option, len(s.Portal.Locales))
	for i, l := range s.Portal.Locales {
		out[i] = option{l, i18n.For(l).T("language.name"), l == chosen}
	}
	return out
}

func (s *Server) profileForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	name, locale := v.Get("name"), v.Get("locale")
	followed, voted := v.Get("followed") != "", v.Get("voted") != ""
	_, err = s.Portal.EditProfile(r.Context(), actor(r), portal.ProfileEdit{Name: &name, Locale: &locale, MailFollowed: &followed, MailVoted: &voted})
	if err == nil {
		http.Redirect(w, r, done("/me", "saved"), http.StatusSeeOther)
		return nil
	}
	p := s.printer(r)
	ps, rest := formErrors(p, err, nil)
	if rest != nil {
		return rest
	}
	page, err := s.me(r)
	if err != nil {
		return err
	}
	page.Name, page.Locales, page.Followed, page.Voted = name, s.localeOptions(locale), followed, voted
	page.Problems, page.NameProblem = ps, ps.of("name")
	return s.render(w, http.StatusUnprocessableEntity, "me", page)
}

// sessionForm ends one of the member's other sessions.
func (s *Server) sessionForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	if err := s.Portal.RevokeSession(r.Context(), actor(r), v.Get("session")); err != nil {
		return err
	}
	http.Redirect(w, r, done("/me", "ended"), http.StatusSeeOther)
	return nil
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
