package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// mailCSP is for the page that shows a mail. A mail's styles are in its elements, and
// a document in srcdoc has the policy of the page around it: so this one page allows
// them, and little else. Scripts stay forbidden, by the policy and by the sandbox that
// the mail is in; so it may have our origin, which spares it a process of its own.
var mailCSP = []string{"default-src 'none'; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"}

// framedCSP is the pages' policy for a page that a frame of ours may show.
var framedCSP = []string{"default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"}

// letterView is a mail beforehand, in a page without the portal's frame around it.
type letterView struct {
	base
	Letter   portal.Letter
	Framed   string // Letter.HTML, with links that open beside the page
	To       string
	Language string
}

// mailPreview shows the mail that a submitter would get if the idea were launched
// now, or merged, with what stands in the form. The form's answer is meant for a frame beside it,
// and does as a page of its own where there is none. Nothing is written.
func (s *Server) mailPreview(w http.ResponseWriter, r *http.Request) error {
	w.Header()["Content-Security-Policy"] = framedCSP
	v, err := form(w, r)
	if err != nil {
		return err
	}
	if s.Letters == nil {
		return &portal.Error{Kind: portal.NotFound, Code: "no_page", Msg: "There is nothing at this address."}
	}
	letter, to, err := s.letter(r, v)
	if err != nil {
		return err
	}
	view := letterView{base: s.base(r, "team", "/team"), Letter: letter, To: named(s.printer(r), to.Author()).Name, Language: languageName(to.Locale)}
	view.Title = view.Letter.Subject
	view.Framed = strings.Replace(view.Letter.HTML, "<head>", `<head><base target="_blank">`, 1)
	buf := buffer()
	defer free(buf)
	if err := fragment(buf, "team", view.Lang, "letter", view); err != nil {
		return err
	}
	h := w.Header()
	h["Content-Security-Policy"] = mailCSP
	h["Content-Type"], h["Content-Language"] = htmlType, []string{view.Lang}
	h["Content-Length"] = []string{strconv.Itoa(buf.Len())}
	_, _ = w.Write(buf.Bytes()) // the only error is a reader who has gone
	return nil
}

// letter is the mail about the launch, or about a merge if the form says with what.
func (s *Server) letter(r *http.Request, v url.Values) (l portal.Letter, to portal.Member, err error) {
	id := r.PathValue("id")
	if into := v.Get("into"); into != "" {
		n, err := s.Portal.PreviewMergeMail(r.Context(), actor(r), id, ideaIn(into), v.Get("to"))
		if err != nil {
			return l, to, err
		}
		l, err = s.Letters.Merged(s.origin(r), n)
		return l, n.To, err
	}
	c := portal.StatusChange{Note: v.Get("note"), Link: v.Get("link")}
	preview, err := s.Portal.PreviewLaunch(r.Context(), actor(r), id, v.Get("to"), c)
	if err != nil {
		return l, to, err
	}
	l, err = s.Letters.Launched(s.origin(r), preview)
	return l, preview.To, err
}

// languageName is how the language that mails in this one are written in is called.
func languageName(tag string) string { return i18n.For(i18n.Match(tag)).T("language.name") }
