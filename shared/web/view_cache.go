package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"groundswell/frontend"
	"groundswell/shared/cache"
)

// A pageCache keeps the pages that visitors without a session were shown. Nothing
// in it can be stale: the store is read for every request, and a page is found by
// the fingerprint of everything that it shows. What is saved is the rendering,
// which takes ten times as long as reading the twenty cards of a list.
type pageCache struct {
	once  sync.Once
	pages *cache.Cache[*keptPage]
	cards *cache.Cache[template.HTML]
}

// What the kept pages and cards may take, in bytes: some two hundred pages,
// compressed and not, within the 64 MB that the local program may use.
const (
	pageCacheBytes = 6 << 20
	cardCacheBytes = 2 << 20
)

func (c *pageCache) get() *pageCache {
	c.once.Do(func() {
		c.pages, c.cards = cache.New[*keptPage](pageCacheBytes), cache.New[template.HTML](cardCacheBytes)
	})
	return c
}

// keptPage is a rendered page and its header values, shared by all answers.
type keptPage struct {
	html, zipped          []byte // zipped is nil if gzip does not make it smaller
	length, zippedLength  []string
	etag, contentLanguage []string
}

var (
	gzipEncoding = []string{"gzip"}
	varyPage     = []string{"Cookie, Accept-Language, Accept-Encoding"}
)

// renderShared renders a page that looks the same to all visitors in one
// language. seen is the fingerprint of what the page shows; build makes the
// page's struct, and is called only if no such page is kept. Members' pages are
// rendered each time.
func (s *Server) renderShared(w http.ResponseWriter, r *http.Request, page string, b base, seen *fingerprint, build func() (any, error)) error {
	defer seen.free()
	if b.Me != nil {
		data, err := build()
		if err != nil {
			return err
		}
		return s.render(w, http.StatusOK, page, b, data)
	}
	key := seen.key(page, b)
	kept, ok := s.Pages.cache.get().pages.Get(key)
	if !ok {
		data, err := build()
		if err != nil {
			return err
		}
		var buf bytes.Buffer
		if err := execute(&buf, page, b.Lang, data); err != nil {
			return err
		}
		kept = keep(key, b.Lang, buf.Bytes())
		s.Pages.cache.get().pages.Put(key, kept, len(kept.html)+len(kept.zipped))
	}
	kept.send(w, r)
	return nil
}

// cardHTML renders a card, or finds it as it was rendered before: all that a card
// shows is in its view. Twenty cards are two thirds of what a list costs, and a
// member's list differs from another's in a few of them.
func (s *Server) cardHTML(lang string, v cardView) (template.HTML, error) {
	seen := newFingerprint()
	defer seen.free()
	seen.texts(lang, v.ID, v.URL, v.Title, v.Excerpt, v.Category, v.CategoryID, string(v.Status), v.Vote.Back)
	seen.author(v.Author)
	seen.time(v.CreatedAt)
	seen.number(v.Comments)
	seen.number(v.Vote.Votes)
	seen.flags(v.Vote.Voted, v.Vote.Closed)
	sum := sha256.Sum256(seen.b)
	key := string(sum[:])
	if h, ok := s.Pages.cache.get().cards.Get(key); ok {
		return h, nil
	}
	h, err := fragment("home", lang, "card", v)
	if err == nil {
		s.Pages.cache.get().cards.Put(key, h, len(h))
	}
	return h, err
}

func (s *Server) cardsHTML(lang string, vs []cardView) ([]template.HTML, error) {
	out := make([]template.HTML, len(vs))
	for i, v := range vs {
		var err error
		if out[i], err = s.cardHTML(lang, v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func keep(key, lang string, html []byte) *keptPage {
	p := &keptPage{html: bytes.Clone(html), zipped: frontend.Gzip(html)}
	p.length, p.zippedLength = []string{strconv.Itoa(len(p.html))}, []string{strconv.Itoa(len(p.zipped))}
	// Weak, since both encodings carry it (RFC 9110, 8.8.1).
	p.etag = []string{`W/"` + base64.RawURLEncoding.EncodeToString([]byte(key)[:18]) + `"`}
	p.contentLanguage = []string{lang}
	return p
}

func (p *keptPage) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h["Etag"], h["Vary"] = p.etag, varyPage
	if matches(r.Header["If-None-Match"], p.etag[0]) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h["Content-Type"], h["Content-Language"] = htmlType, p.contentLanguage
	body := p.html
	if p.zipped != nil && frontend.AcceptsGzip(r) {
		body = p.zipped
		h["Content-Encoding"], h["Content-Length"] = gzipEncoding, p.zippedLength
	} else {
		h["Content-Length"] = p.length
	}
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body) // the only error is a reader who has gone
}

// matches reports whether If-None-Match names the weak tag (RFC 9110, 13.1.2).
func matches(header []string, etag string) bool {
	for _, v := range header {
		for tag := range strings.SplitSeq(v, ",") {
			tag = strings.TrimSpace(tag)
			if tag == "*" || strings.TrimPrefix(tag, "W/") == strings.TrimPrefix(etag, "W/") {
				return true
			}
		}
	}
	return false
}
