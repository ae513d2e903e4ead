package web

import (
	"net/http"
	"strings"
)

// locale is the language to speak: the member's, else the first of the browser's
// that the portal speaks, else the portal's first. Quality values are not looked
// at, because browsers list languages in order of preference.
func (s *Server) locale(r *http.Request) string {
	if a := actor(r); a.Locale != "" {
		return a.Locale
	}
	rest := r.Header.Get("Accept-Language")
	for range 10 { // nobody has more, and the header is the client's
		var tag string
		tag, rest, _ = strings.Cut(rest, ",")
		tag, _, _ = strings.Cut(tag, ";")
		lang, _, _ := strings.Cut(strings.TrimSpace(tag), "-")
		for _, l := range s.Portal.Locales {
			if lang != "" && strings.EqualFold(l, lang) {
				return l
			}
		}
		if rest == "" {
			break
		}
	}
	return s.Portal.Locales[0]
}
