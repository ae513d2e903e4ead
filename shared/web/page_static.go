package web

import (
	"io"
	"net/http"

	"groundswell/frontend"
	"groundswell/shared/portal"
)

func (s *Server) staticFile(w http.ResponseWriter, r *http.Request) error {
	if !frontend.Static(w, r, r.PathValue("file")) {
		return &portal.Error{Kind: portal.NotFound, Code: "no_page", Msg: "There is nothing at this address."}
	}
	return nil
}

// robots keeps search engines off the pages that are one member's, or forms.
func (s *Server) robots(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=86400")
	_, _ = io.WriteString(w, "User-agent: *\nDisallow: /api/\nDisallow: /edit/\nDisallow: /me\nDisallow: /offline/\nDisallow: /sign-in\nDisallow: /submit\n\nSitemap: "+s.origin(r)+"/sitemap.xml\n")
	return nil
}

// picturePath is the address of an idea's picture for previews of links.
func picturePath(id string) string { return "/ideas/" + id + "/card.png" }

func (s *Server) picture(w http.ResponseWriter, r *http.Request) error {
	if s.Pictures == nil {
		return &portal.Error{Kind: portal.NotFound, Code: "no_page", Msg: "There is nothing at this address."}
	}
	return s.Pictures.Serve(w, r, r.PathValue("id"))
}
