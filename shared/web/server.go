package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"groundswell/shared/metric"
	"groundswell/shared/portal"
)

// Server answers requests. Set the fields, then call [Server.Handler]; they must
// not change afterwards.
type Server struct {
	Portal *portal.Portal
	Pages  *Pages       // renders the HTML; nil serves the JSON alone
	Log    *slog.Logger // never nil
	Meter  metric.Meter // nil = nobody counts

	// Pictures draws the previews of links: shared/picture, which is too big for a
	// function that has anything else to do. Nil where another function serves them.
	Pictures interface {
		Serve(w http.ResponseWriter, r *http.Request, id string) error
	}

	// Letters writes the mails that the team reads before it launches or merges an
	// idea; nil where nobody of the team comes.
	Letters Letters

	// BaseURL is the portal's own address, without a slash at the end. It decides
	// whether cookies are Secure and which origin may post forms. "" means that
	// each request's Host is the address: right where nothing rewrites Host.
	BaseURL string

	// Adapter says that the requests come from shared/lambdahttp, which alone sets
	// X-Request-Id and X-Forwarded-Proto. Without it both are a client's invention
	// and not looked at.
	Adapter bool

	imports  func() []Route // see ServeImports
	counted  lately[portal.Census]
	launched lately[portal.Launches]
}

// Letters writes mails without sending them; shared/app/mailer has it. It is an
// interface because most functions serve pages and must not link what makes mails.
type Letters interface {
	// Launched is the mail that l is about, with links to the portal at baseURL.
	Launched(baseURL string, l portal.LaunchPreview) (portal.Letter, error)
	// Merged is the mail with the news, in the same way.
	Merged(baseURL string, n portal.MergeNews) (portal.Letter, error)
}

// Handler serves the routes of the nouns; of all of them if none is named. What
// no route matches gets a 404 or 405 in the portal's own form.
func (s *Server) Handler(nouns ...Noun) http.Handler {
	rts := slices.DeleteFunc(s.routes(), func(rt Route) bool { return len(nouns) > 0 && !slices.Contains(nouns, rt.Noun) })
	return s.serve(rts, len(nouns) == 0 || slices.Contains(nouns, Ideas))
}

// ServeImports adds imports from other systems to what Handler serves. It is a call of
// its own, so that functions which don't serve them don't link them.
func (s *Server) ServeImports() { s.imports = s.importRoutes }

// ImportHandler serves imports alone, as Handler would. It names no other route, so that
// the function which also links what reads files links no other page.
func (s *Server) ImportHandler() http.Handler { return s.serve(s.importRoutes(), false) }

// serve: moved says whether ideas had addresses elsewhere, which lead here.
func (s *Server) serve(rts []Route, moved bool) http.Handler {
	g := newGuard(s)
	mux := http.NewServeMux()
	for _, rt := range rts {
		mux.Handle(rt.Pattern, g.handler(rt))
	}
	mux.Handle(unmatched, s.missing(mux, moved))
	return s.outermost(mux)
}

// count tells the meter that something happened that no write tells of.
func (s *Server) count(m metric.Metric) {
	if s.Meter != nil {
		s.Meter.Put(m, "", 1)
	}
}

// origin is the scheme and host that the reader sees.
func (s *Server) origin(r *http.Request) string {
	if s.BaseURL != "" {
		return s.BaseURL
	}
	if s.secure(r) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// secure reports whether the reader's connection is encrypted.
func (s *Server) secure(r *http.Request) bool {
	switch {
	case s.BaseURL != "":
		return strings.HasPrefix(s.BaseURL, "https://")
	case s.Adapter:
		return r.Header.Get("X-Forwarded-Proto") == "https"
	}
	return r.TLS != nil
}

// ideaPath is the address of an idea's page below the origin. A title without a
// single letter or digit still needs something in the slug's place.
func ideaPath(id, title string) string { return slugPath(id, slug(title)) }

func slugPath(id, slug string) string { return "/ideas/" + id + "/" + url.PathEscape(slug) }

func slug(title string) string {
	if s := portal.Slug(title); s != "" {
		return s
	}
	return "idea"
}

// commentAnchor is the id of a comment's element on its idea's page.
func commentAnchor(id string) string { return "c-" + id }

// commentPath needs no title: the page's own redirect adds the slug, and browsers
// carry the fragment over.
func commentPath(ideaID, id string) string { return "/ideas/" + ideaID + "#" + commentAnchor(id) }

// call is what web knows about one request beyond the request itself.
type call struct {
	response
	id     string // request id
	trace  string // trace id; "" outside of AWS
	actor  portal.Actor
	secure bool
	typed  url.Values // what the form had that this request sent, once it was read
}

type callKey struct{}

func callOf(r *http.Request) *call { return r.Context().Value(callKey{}).(*call) }

func withCall(r *http.Request, c *call) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), callKey{}, c))
}

// actor is who sent the request: the zero Actor for a visitor.
func actor(r *http.Request) portal.Actor { return callOf(r).actor }

// requestID names the request in logs and problems.
func requestID(r *http.Request) string { return callOf(r).id }
