package web

import (
	"mime"
	"net/http"
	"net/url"

	"groundswell/shared/portal"
)

// unsubscribePage is where the links of mails lead: it says which mails they are
// about, switches them off by a button, and back on.
type unsubscribePage struct {
	base
	Action string // of its forms: the signed link
	Choose string // the way to all preferences
	Scope  portal.Scope
	Idea   *rowView // what the mails are about
	Off    bool     // they are switched off
	All    bool     // everything is
	Undo   mailView // how everything was before; its form is shown if anything was on
	CanAll bool     // there is anything left to switch off
}

// AboutIdea reports whether the mails are those about one idea.
func (p unsubscribePage) AboutIdea() bool {
	switch p.Scope {
	case portal.ScopeAll, portal.ScopeOwn, portal.ScopeVoted, portal.ScopeDigest:
		return false
	}
	return true
}

// unsubscribePage asks; it changes nothing, since mail scanners follow every link.
func (s *Server) unsubscribePage(w http.ResponseWriter, r *http.Request) error {
	link := readQuery(r, "t")
	sub, err := s.Portal.Subscription(r.Context(), portal.ToUnsubscribe, link)
	if err != nil {
		return err
	}
	return s.showUnsubscribe(w, r, link, sub, func(p *unsubscribePage) {
		p.Off = sub.Off
		p.All = sub.Member.Mail == portal.NoMail()
	})
}

// unsubscribeForm switches mails off. A mail provider sends it without a cookie, an
// Origin or anything but the link and "List-Unsubscribe=One-Click", as a form of
// either kind (RFC 8058, section 3.1); the page's own buttons say more.
func (s *Server) unsubscribeForm(w http.ResponseWriter, r *http.Request) error {
	var v url.Values
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && t == "application/x-www-form-urlencoded" {
		if v, err = form(w, r); err != nil {
			return err
		}
	}
	ctx, link := r.Context(), readQuery(r, "t")
	switch v.Get("do") {
	case "undo":
		was, err := s.Portal.Resubscribe(ctx, link)
		if err != nil {
			return err
		}
		return s.showUnsubscribe(w, r, link, was, func(p *unsubscribePage) { p.Notice = s.printer(r).T("unsubscribe.undone") })
	case "all":
		was, err := s.Portal.Unsubscribe(ctx, link, true)
		if err != nil {
			return err
		}
		return s.showUnsubscribe(w, r, link, was, func(p *unsubscribePage) { p.Off, p.All = true, true })
	}
	was, err := s.Portal.Unsubscribe(ctx, link, false)
	if err != nil {
		return err
	}
	return s.showUnsubscribe(w, r, link, was, func(p *unsubscribePage) { p.Off, p.All = true, was.Scope == portal.ScopeAll })
}

func (s *Server) showUnsubscribe(w http.ResponseWriter, r *http.Request, link string, sub portal.Subscription, change func(*unsubscribePage)) error {
	here := portal.ToUnsubscribe.Path() + "?" + url.Values{"t": {link}}.Encode()
	page := unsubscribePage{base: s.base(r, "", here), Action: here, Scope: sub.Scope, CanAll: sub.Member.Mail != portal.NoMail()}
	page.Title = s.printer(r).T("unsubscribe.heading")
	choose, err := s.Portal.MailLinks.Sign(r.Context(), portal.Ticket{Purpose: portal.ToPreferences, MemberID: sub.MemberID, Scope: portal.ScopeAll})
	if err != nil {
		return err
	}
	page.Choose = portal.ToPreferences.Path() + "?" + url.Values{"t": {choose}}.Encode()
	if i := sub.Idea; i.ID != "" && !i.Hidden() {
		page.Idea = &rowView{URL: ideaPath(i.ID, i.Title), Title: i.Title}
	}
	if page.CanAll {
		page.Undo = mailViewOf(sub.Member.Mail)
	}
	change(&page)
	return s.render(w, http.StatusOK, "unsubscribe", page)
}

// preferencesPage is the choice among all mails, for whoever has a link to it.
type preferencesPage struct {
	base
	Action  string
	Mail    mailView
	Saved   bool
	Nothing bool // everything is switched off
}

func (s *Server) preferencesPage(w http.ResponseWriter, r *http.Request) error {
	sub, err := s.Portal.Subscription(r.Context(), portal.ToPreferences, readQuery(r, "t"))
	if err != nil {
		return err
	}
	return s.showPreferences(w, r, sub.Member.Mail, false)
}

func (s *Server) preferencesForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	edit := mailEdit(v)
	if v.Get("do") == "none" {
		edit = mailEdit(url.Values{"followed": {string(portal.Nothing)}})
	}
	link := readQuery(r, "t")
	if _, err := s.Portal.SetMail(r.Context(), link, edit); err != nil {
		return err
	}
	sub, err := s.Portal.Subscription(r.Context(), portal.ToPreferences, link)
	if err != nil {
		return err
	}
	return s.showPreferences(w, r, sub.Member.Mail, true)
}

func (s *Server) showPreferences(w http.ResponseWriter, r *http.Request, m portal.MailPrefs, saved bool) error {
	here := portal.ToPreferences.Path() + "?" + url.Values{"t": {readQuery(r, "t")}}.Encode()
	page := preferencesPage{base: s.base(r, "", here), Action: here, Mail: mailViewOf(m), Saved: saved, Nothing: m == portal.NoMail()}
	page.Title = s.printer(r).T("preferences.heading")
	return s.render(w, http.StatusOK, "preferences", page)
}
