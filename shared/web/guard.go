package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"groundswell/shared/portal"
)

// unmatched is the pattern of what no route matches.
const unmatched = "/"

// guard stands before every handler: it refuses what another site made a browser
// send, finds out who asks, and checks the route's access.
type guard struct {
	s      *Server
	origin *http.CrossOriginProtection
}

func newGuard(s *Server) *guard {
	g := &guard{s: s, origin: http.NewCrossOriginProtection()}
	if u, err := url.Parse(s.BaseURL); err == nil && u.Host != "" {
		// Behind a CDN the Host header is the API's, not the portal's.
		if err := g.origin.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			panic(fmt.Sprintf("web: base URL: %v", err))
		}
	}
	return g
}

func (g *guard) handler(rt Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := g.admit(w, r, rt)
		if err == nil {
			err = rt.handle(w, r)
		}
		if err != nil {
			g.s.fail(w, r, err)
		}
	})
}

var (
	errCrossOrigin = &portal.Error{Kind: portal.Forbidden, Code: "cross_origin", Msg: "The request came from another site."}
	errSignIn      = &portal.Error{Kind: portal.Unauthenticated, Code: "sign_in_needed", Msg: "Sign in to do this."}
	errTeam        = &portal.Error{Kind: portal.Forbidden, Code: "team_only", Msg: "Only the product team may do this."}
)

func (g *guard) admit(w http.ResponseWriter, r *http.Request, rt Route) error {
	// Check lets safe methods pass by itself.
	if err := g.origin.Check(r); err != nil {
		return errCrossOrigin
	}
	if rt.Access == Public {
		return nil
	}
	h := w.Header()
	h["Cache-Control"], h["Vary"] = noCache, varyCookie
	c := callOf(r)
	c.actor.From = portal.FromAddress(address(r))
	token := readCookie(r, sessionCookie, c.secure)
	if token != "" {
		h["Cache-Control"] = noStore
		a, err := g.s.Portal.Authenticate(r.Context(), token)
		if err != nil {
			return fmt.Errorf("authenticate: %w", err)
		}
		a.From = c.actor.From
		c.actor = a
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h["Cache-Control"] = noStore
	}
	switch {
	case rt.Access == Anyone:
	case !c.actor.SignedIn():
		return errSignIn
	case rt.Access == Team && !c.actor.Team():
		return errTeam
	}
	return nil
}

// missing answers what no route matches: 405 if another method would have matched;
// where an idea was in the system that it was imported from, with where it is, if moved
// says that such addresses lead here; else 404. It is no type with the Server in it: the
// linker keeps all exported methods of what an interface can lead to, and with them the
// pages of all functions.
func (s *Server) missing(mux *http.ServeMux, moved bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var allow []string
		probe := *r
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			probe.Method = method
			if _, pattern := mux.Handler(&probe); pattern != unmatched {
				if allow = append(allow, method); method == http.MethodGet {
					allow = append(allow, http.MethodHead)
				}
			}
		}
		if len(allow) > 0 {
			w.Header().Set("Allow", strings.Join(allow, ", "))
			s.fail(w, r, &refusal{http.StatusMethodNotAllowed, "method_not_allowed", "This address does not take this method.", nil})
			return
		}
		if moved && reads(r) && !strings.HasPrefix(r.URL.Path, "/api/") {
			switch id, err := s.Portal.Moved(r.Context(), r.URL.Path); {
			case err == nil:
				w.Header()["Cache-Control"] = []string{"public, max-age=3600"} // of all that is permanent the last to be believed
				http.Redirect(w, r, "/ideas/"+id, http.StatusMovedPermanently)
				return
			case portal.KindOf(err) != portal.NotFound:
				s.fail(w, r, err)
				return
			}
		}
		s.fail(w, r, &portal.Error{Kind: portal.NotFound, Code: "no_page", Msg: "There is nothing at this address."})
	}
}

// reads reports whether the request only looks.
func reads(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }
