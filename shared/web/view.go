package web

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"groundswell/shared/brand"
	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// Pages renders the HTML. The zero Pages is ready to use.
type Pages struct {
	Name  string       // of the portal; "" = Groundswell
	Brand *brand.Brand // nil = the portal's own

	cache pageCache
}

func (p *Pages) name() string {
	if p.Name == "" {
		return "Groundswell"
	}
	return p.Name
}

// base is what every page's struct starts with: the frame around its main part.
type base struct {
	Site        string
	Lang        string
	Title       string // "" for the home page
	Description string
	Canonical   string // absolute; "" keeps the page out of search engines
	Feed        string // path of the Atom feed of what the page lists; "" = none
	Picture     string // absolute address of the picture for previews of links; "" = none
	PictureAlt  string
	Section     string // the entry of the navigation that the page belongs to
	Here        string // this page's own path and query
	SignIn      string // leads to the sign-in page and back here
	Me          *portal.Author
	Languages   []languageChoice
	Notice      string
	Main        template.HTML // the page in the frame
	Brand       brandView
}

type languageChoice struct {
	Tag, Name string
	Current   bool
}

// frame lets execute find the base in a page's struct.
func (b base) frame() base { return b }

// base makes the frame of a page. here is its canonical path and query: what a
// reader typed beyond that is nobody's business.
func (s *Server) base(r *http.Request, section, here string) base {
	p := s.printer(r)
	b := base{Site: s.Pages.name(), Brand: s.Pages.brandView(), Lang: p.Locale(), Section: section, Here: here, SignIn: "/sign-in?" + url.Values{"next": {here}}.Encode()}
	if a := actor(r); a.SignedIn() {
		who := a.Author()
		b.Me = &who
		if done := doneOf(r); done != "" {
			b.Notice = p.T("done." + done)
		}
	}
	for _, l := range s.Portal.Locales {
		b.Languages = append(b.Languages, languageChoice{Tag: l, Name: i18n.For(l).T("language.name"), Current: l == b.Lang})
	}
	return b
}

// languageCookie holds the language that a visitor chose.
const languageCookie = "gs_lang"

// printer speaks the reader's language: see locale.
func (s *Server) printer(r *http.Request) *i18n.Printer { return i18n.For(locale(r)) }

// done tells the page after a redirect what has been done; see doneOf.
func done(path, what string) string {
	path, fragment, cut := strings.Cut(path, "#")
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	path += sep + "done=" + what
	if cut {
		path += "#" + fragment
	}
	return path
}

// doneOf is what the request's address says was done just now, if it is something
// we have a sentence for. It also asks for a strong read: see portal.IdeaQuery.
func doneOf(r *http.Request) string {
	if d := r.URL.Query().Get("done"); slices.Contains(notices, d) {
		return d
	}
	return ""
}

// notices are the things done that a page has a sentence for: the message "done."
// and the name.
var notices = []string{
	"submitted", "edited", "commented", "deleted", "status", "merged", "unmerged", "saved", "ended", "voted", "followed", "unfollowed", "mail_again",
	"reported", "appealed", "sanctioned", "decided_approve", "decided_decline", "decided_restore", "decided_remove", "decided_lock", "decided_unlock",
	"votes_exclude", "votes_block", "votes_dismiss", "votes_reopen",
	"entered", "dossier", "noted", "pinned", "unpinned", "list_saved", "list_deleted", "tag_saved", "tag_merged", "tag_deleted",
}
