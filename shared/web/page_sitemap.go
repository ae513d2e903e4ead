package web

import (
	"encoding/xml"
	"net/http"
	"strconv"

	"groundswell/shared/portal"
)

// sitemapIdeas is how many of the newest ideas the site map names. Search engines
// find older ones by the links of the lists.
const sitemapIdeas = 1_000

// sitemap is the form of https://www.sitemaps.org/protocol.html.
type sitemap struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"` // W3C date
}

// sitemapFile lists the public pages and the newest ideas. It reads up to ten
// pages of a list, so it may be kept for an hour on the way.
func (s *Server) sitemapFile(w http.ResponseWriter, r *http.Request) error {
	origin := s.origin(r)
	var m sitemap
	for _, path := range []string{"/", "/in-action", "/roadmap"} {
		m.URLs = append(m.URLs, sitemapURL{Loc: origin + path})
	}
	q := portal.ListQuery{Sort: portal.Newest, Limit: portal.MaxLimit}
	for range sitemapIdeas / portal.MaxLimit {
		page, err := s.Portal.Ideas(r.Context(), portal.Actor{}, q)
		if err != nil {
			return err
		}
		for _, c := range page.Cards {
			u := sitemapURL{Loc: origin + ideaPath(c.ID, c.Title)}
			if !c.UpdatedAt.IsZero() {
				u.LastMod = c.UpdatedAt.Format("2006-01-02")
			}
			m.URLs = append(m.URLs, u)
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	b, err := xml.Marshal(m)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/xml; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=3600")
	h.Set("Content-Length", strconv.Itoa(len(xml.Header)+len(b)))
	_, _ = w.Write(append([]byte(xml.Header), b...))
	return nil
}
