package web

import (
	"bytes"
	"encoding/base64"
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
}

// pageCacheBytes bounds what the pages take: some hundreds of them, within the
// 64 MB that the local program may use.
const pageCacheBytes = 8 << 20

func (c *pageCache) get() *cache.Cache[*keptPage] {
	c.once.Do(func() { c.pages = cache.New[*keptPage](pageCacheBytes) })
	return c.pages
}

// keptPage is a rendered page and its header values, shared by all answers.
type keptPage struct {
	html                  []byte
	length                []string
	etag, contentLanguage []string
	zipped                func() *zippedPage // made when somebody first takes it
}

// zippedPage has a nil body if gzip does not make the page smaller.
type zippedPage struct {
	body   []byte
	length []string
}

// zippedShare is how much of a page's size its gzipped form adds at most.
const zippedShare = 3

var (
	gzipEncoding = []string{"gzip"}
	varyPage     = []string{"Cookie, Accept-Language, Accept-Encoding"}

	// visitorCache lets browsers and shared caches answer for half a minute, and
	// for another minute with what they have while they ask again (RFC 5861). Two
	// readers get the same copy only if they send the same cookies, so a member
	// never gets a visitor's page, nor anybody one in another's language.
	visitorCache = []string{"public, max-age=30, stale-while-revalidate=60"}
)

// renderShared renders a page that looks the same to all visitors in one
// language. seen is the fingerprint of what the page shows; build makes the
// page's struct, and is called only if no such page is kept. Members' pages are
// rendered each time.
func (s *Server) renderShared(w http.ResponseWriter, r *http.Request, page string, b base, seen *fingerprint, build func() (framed, error)) error {
	defer seen.free()
	if b.Me != nil {
		data, err := build()
		if err != nil {
			return err
		}
		return s.render(w, http.StatusOK, page, data)
	}
	key := seen.key(page, b)
	kept, ok := s.Pages.cache.get().Get(key)
	if !ok {
		data, err := build()
		if err != nil {
			return err
		}
		buf := buffer()
		defer free(buf)
		if err := execute(buf, page, data); err != nil {
			return err
		}
		kept = keep(key, b.Lang, buf.Bytes())
		s.Pages.cache.get().Put(key, kept, len(kept.html)+len(kept.html)/zippedShare)
	}
	kept.send(w, r)
	return nil
}

func keep(key, lang string, html []byte) *keptPage {
	p := &keptPage{html: bytes.Clone(html), length: []string{strconv.Itoa(len(html))}, contentLanguage: []string{lang}}
	// Weak, since both encodings carry it (RFC 9110, 8.8.1).
	p.etag = []string{`W/"` + base64.RawURLEncoding.EncodeToString([]byte(key)[:18]) + `"`}
	p.zipped = sync.OnceValue(func() *zippedPage {
		z := frontend.Gzip(p.html)
		return &zippedPage{z, []string{strconv.Itoa(len(z))}}
	})
	return p
}

func (p *keptPage) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h["Etag"], h["Vary"] = p.etag, varyPage
	if readCookie(r, sessionCookie, callOf(r).secure) == "" { // else as the guard said: the session may have just ended
		h["Cache-Control"] = visitorCache
	}
	if matches(r.Header["If-None-Match"], p.etag[0]) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h["Content-Type"], h["Content-Language"] = htmlType, p.contentLanguage
	body, length := p.html, p.length
	if frontend.AcceptsGzip(r) {
		if z := p.zipped(); z.body != nil {
			body, length = z.body, z.length
			h["Content-Encoding"] = gzipEncoding
		}
	}
	h["Content-Length"] = length
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
