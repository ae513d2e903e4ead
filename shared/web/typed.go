package web

import (
	"net/http"
	"net/url"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// Nothing that somebody wrote is lost because it can't be taken. A form shows it again,
// beside what is wrong, wherever the form itself can be shown. Where it can't, because
// the discussion was closed meanwhile, the idea is gone, the session is over, or
// something failed on our side, the page that says so has the words in it, to be copied:
// that is here, once for all forms, also those that are yet to come.

// wordFields are the names of fields in which people write, in all forms.
var wordFields = []string{"title", "body", "words", "memo", "answer", "note", "link", "email", "name", "new"}

// typedText is a field of a form that could not be taken.
type typedText struct{ Name, Label, Text string }

// typedWords are the words in the form that the request sent.
func typedWords(p *i18n.Printer, v url.Values) (out []typedText) {
	for _, name := range wordFields {
		if text := v.Get(name); text != "" && !portal.ValidTimedID(text) { // some name what they are about
			out = append(out, typedText{name, fieldLabel(p, name), text})
		}
	}
	return out
}

// typedOf is what the refused request has in words; a form that was refused before
// anybody read it is read now. What another site sent is nobody's words.
func (s *Server) typedOf(w http.ResponseWriter, r *http.Request, f failure) []typedText {
	c := callOf(r)
	if r.Method != http.MethodPost || f.Code == errCrossOrigin.Code {
		return nil
	}
	if c.typed == nil && f.Status != http.StatusRequestEntityTooLarge {
		_, _ = form(w, r) // what can't be read has no words
	}
	return typedWords(s.printer(r), c.typed)
}

// cameFrom is the page with the form, as far as the browser tells; else the first one.
func (s *Server) cameFrom(r *http.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Scheme+"://"+u.Host != s.origin(r) {
		return "/"
	}
	return local(u.RequestURI())
}
