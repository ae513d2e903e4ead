package web

import (
	"net/http"
	"net/url"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

type mePage struct {
	base
	Email                  string
	Name                   string // as typed
	Locales                []option
	Mail                   mailView
	Problems               problems
	NameProblem            fieldProblem
	Ideas, Votes           []ownView
	IdeasPager, VotesPager pager
	Follows, Mutes         []ownView
	FollowsPager           pager
	MutesPager             pager
	Comments               []ownComment
	CommentsPager          pager
	Sessions               []sessionView
	Trouble                *troubleView // nil: mails reach the member
	Blocked                bool
	BlockedFor             string // what the team said about it
	Erase                  bool   // the texts should go, too
	Confirm                string // what was typed to delete the account
	ConfirmProblem         fieldProblem
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
	page := mePage{base: s.base(r, "me", "/me"), Email: a.Email, Name: a.Name, Locales: s.localeOptions(p.Locale()), Mail: mailViewOf(a.Mail),
		Blocked: a.Blocked(), BlockedFor: a.BlockedFor}
	page.Title, page.NameProblem, page.ConfirmProblem = p.T("nav.me"), fieldProblem{Field: "name"}, fieldProblem{Field: "confirm"}
	why, since, err := s.Portal.MailTrouble(ctx, a)
	if err != nil {
		return page, err
	}
	page.Trouble = troubleOf(p, why, since)
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
	if page.Ideas, err = s.ownViews(r, ids); err != nil {
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
	if page.Votes, err = s.ownViews(r, ids); err != nil {
		return page, err
	}
	page.VotesPager = mePager(r, "votes", next)
	if page.Follows, page.FollowsPager, err = s.followViews(r, "follows", s.Portal.Store.FollowsBy); err != nil {
		return page, err
	}
	if page.Mutes, page.MutesPager, err = s.followViews(r, "mutes", s.Portal.Store.MutesBy); err != nil {
		return page, err
	}
	comments, next, err := s.Portal.Store.CommentsBy(ctx, a.ID, readQuery(r, "comments"), portal.DefaultLimit)
	if err != nil {
		return page, err
	}
	page.Comments, err = s.commentViews(r, comments)
	page.CommentsPager = mePager(r, "comments", next)
	return page, err
}

// cardsOf reads the ideas' cards. One that is too new to have been counted is
// read from the idea itself.
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
	_, err = s.Portal.EditProfile(r.Context(), actor(r), portal.ProfileEdit{Name: &name, Locale: &locale, Mail: mailEdit(v)})
	if err == nil {
		http.Redirect(w, r, done("/me", "saved"), http.StatusSeeOther)
		return nil
	}
	p, status := s.printer(r), statusOf(err)
	ps, rest := formErrors(p, err, nil)
	if portal.KindOf(rest) == portal.TooMany {
		ps = problems{{Text: refusalText(w, r, p, rest)}}
	} else if rest != nil {
		return rest
	}
	page, err := s.me(r)
	if err != nil {
		return err
	}
	page.Name, page.Locales, page.Mail = name, s.localeOptions(locale), mailTyped(v)
	page.Problems, page.NameProblem = ps, ps.of("name")
	return s.render(w, status, "me", page)
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
