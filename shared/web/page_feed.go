package web

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// feedIdeas is how many ideas a feed has: readers come back every hour or so.
const feedIdeas = 30

// feedQuery is what a feed lists; its address says all of it.
type feedQuery struct {
	Status   portal.Status
	Category string
}

func (q feedQuery) path() string {
	v := url.Values{}
	if q.Category != "" {
		v.Set("category", q.Category)
	}
	if q.Status != "" {
		v.Set("status", string(q.Status))
	}
	if len(v) == 0 {
		return "/feed.atom"
	}
	return "/feed.atom?" + v.Encode()
}

// feed is an Atom feed (RFC 4287). The standard library writes it as it writes the
// site map: libraries for feeds bring three more formats and no link to the feed itself.
type feed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Links   []feedLink  `xml:"link"`
	Updated string      `xml:"updated"`
	Entries []feedEntry `xml:"entry"`
}

type feedLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type feedEntry struct {
	ID        string       `xml:"id"` // for ever: the address without the title
	Title     string       `xml:"title"`
	Link      feedLink     `xml:"link"`
	Published string       `xml:"published"`
	Updated   string       `xml:"updated"`
	Author    string       `xml:"author>name"`
	Category  feedCategory `xml:"category"`
	Summary   string       `xml:"summary,omitempty"`
}

type feedCategory struct {
	Term  string `xml:"term,attr"`
	Label string `xml:"label,attr"`
}

// feedFile lists the newest ideas, or those that came to a status last.
func (s *Server) feedFile(w http.ResponseWriter, r *http.Request) error {
	v, err := query(r)
	if err != nil {
		return err
	}
	q := feedQuery{Status: portal.Status(v.Get("status")), Category: v.Get("category")}
	found, err := s.Portal.Ideas(r.Context(), portal.Actor{}, portal.ListQuery{Sort: portal.Newest, Status: q.Status, Category: q.Category, Limit: feedIdeas})
	if err != nil {
		return err
	}
	b, err := xml.Marshal(s.feed(s.printer(r), s.origin(r), q, found.Cards))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(b)
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=600")
	h.Set("Etag", `W/"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`)
	h["Vary"] = varyPage
	if matches(r.Header["If-None-Match"], h.Get("Etag")) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", "application/atom+xml; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(xml.Header)+len(b)))
	_, _ = w.Write(append([]byte(xml.Header), b...)) // the only error is a reader who has gone
	return nil
}

func (s *Server) feed(p *i18n.Printer, origin string, q feedQuery, cards []portal.Card) feed {
	const html, atom = "text/html", "application/atom+xml"
	f := feed{Lang: p.Locale(), ID: origin + q.path(), Title: s.feedTitle(p, q), Updated: time.Unix(0, 0).UTC().Format(time.RFC3339)}
	page := homeQuery{Sort: portal.Newest, Status: q.Status, Category: q.Category}.path()
	if q.Status == portal.Launched {
		page = actionQuery{Category: q.Category}.path("")
	}
	f.Links = []feedLink{{"self", atom, origin + q.path()}, {"alternate", html, origin + page}}
	for i, c := range cards {
		e := feedEntry{ID: origin + "/ideas/" + c.ID, Title: c.Title, Link: feedLink{"alternate", html, origin + ideaPath(c.ID, c.Title)},
			Author: named(p, c.Author).Name, Category: feedCategory{c.Category, s.category(p.Locale(), c.Category)}, Summary: c.Excerpt}
		at := c.CreatedAt
		if q.Status == portal.Launched {
			// The launch is news of its own to who has read of the idea before.
			e.ID += "#launched"
			at = c.LaunchedAt
		}
		e.Published, e.Updated = at.UTC().Format(time.RFC3339), at.UTC().Format(time.RFC3339)
		if i == 0 {
			f.Updated = e.Updated
		}
		f.Entries = append(f.Entries, e)
	}
	return f
}

func (s *Server) feedTitle(p *i18n.Printer, q feedQuery) string {
	title := s.Pages.name()
	if q.Status != "" {
		title += " · " + p.T("status."+string(q.Status))
	}
	if q.Category != "" {
		title += " · " + s.category(p.Locale(), q.Category)
	}
	return title
}
