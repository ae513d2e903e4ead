package web

import (
	"net/http"
	"slices"
	"time"

	"groundswell/shared/portal"
)

// languageForm sets the language: in the browser, and for members in the profile,
// which mails follow.
func (s *Server) languageForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	tag := v.Get("language")
	if !slices.Contains(s.Portal.Locales, tag) {
		return portal.InvalidField("language", "unknown", 0, "There is no such language.")
	}
	setCookie(w, r, languageCookie, tag, 365*24*time.Hour)
	if a := actor(r); a.SignedIn() && a.Locale != tag {
		if _, err := s.Portal.EditProfile(r.Context(), a, portal.ProfileEdit{Locale: &tag}); err != nil {
			return err
		}
	}
	http.Redirect(w, r, local(v.Get("next")), http.StatusSeeOther)
	return nil
}
