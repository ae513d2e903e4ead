package web

import (
	"log/slog"
	"net/http"
	"net/url"

	"groundswell/shared/portal"
)

// Forms in which members write tell programs from people, without a riddle: they have a
// field that people don't see, and say when they were drawn (see portal.ReadForm). Both
// are one template, "trap".
//
// The field's name draws programs that look for a place for their link, and no browser
// or password manager knows something to fill in there. Only members get forms to write
// in, so pages that visitors share through caches carry no stamp. A form that comes back
// with what is wrong has the stamp that it was sent with, whatever that was, so its time
// counts from the first drawing; one that comes filled in, to be changed, has none, since
// a slip of the pen is mended in a second.
//
// The sign-in form has no trap: what a program gets there is one mail in a while
// (see portal.Rates), and whoever is wrongly taken for one could not get in at all.
const (
	trapField  = "web_link"
	stampField = "drawn"
)

// stamp is that of the forms on the page which is drawn now; "" where nobody looks at it.
func (s *Server) stamp(r *http.Request) string {
	if a := actor(r); !a.SignedIn() || a.Team() || a.Trusted {
		return ""
	}
	stamp, err := s.Portal.StampForm(r.Context())
	if err != nil { // the form works without, and says less
		s.Log.LogAttrs(r.Context(), slog.LevelWarn, "form_not_stamped", slog.String("request_id", requestID(r)), slog.String("error", err.Error()))
	}
	return stamp
}

// facts is what a form tells of how it was filled in.
func (s *Server) facts(r *http.Request, v url.Values) (portal.FormFacts, error) {
	return s.Portal.ReadForm(r.Context(), v.Get(trapField), v.Get(stampField))
}
