package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"groundswell/frontend"
	"groundswell/shared/cache"
	"groundswell/shared/portal"
)

// A pageCache keeps the pages that visitors without a session were shown. Nothing
// in it can be stale: the store is read for every request, and a page is found by
// the fingerprint of everything that it shows. What is saved is the rendering,
// which takes ten times as long as reading the twenty cards of a list.
type pageCache struct {
	once  sync.Once
	pages *cache.Cache[*keptPage]
}

// pageCacheBytes bounds what the pages take: some two hundred of them, compressed
// and not, within the 64 MB that the local program may use.
const pageCacheBytes = 8 << 20

func (c *pageCache) get() *cache.Cache[*keptPage] {
	c.once.Do(func() { c.pages = cache.New[*keptPage](pageCacheBytes) })
	return c.pages
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
func (s *Server) renderShared(w http.ResponseWriter, r *http.Request, page string, b base, seen *fingerprint, build func() any) error {
	defer seen.free()
	if b.Me != nil {
		return s.render(w, http.StatusOK, page, b, build())
	}
	key := seen.key(page, b)
	kept, ok := s.Pages.cache.get().Get(key)
	if !ok {
		var buf bytes.Buffer
		if err := execute(&buf, page, b.Lang, build()); err != nil {
			return err
		}
		kept = keep(key, b.Lang, buf.Bytes())
		s.Pages.cache.get().Put(key, kept, len(kept.html)+len(kept.zipped))
	}
	kept.send(w, r)
	return nil
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

// fingerprint gathers what a page shows of the records it was made from.
type fingerprint struct{ b []byte }

var fingerprints = sync.Pool{New: func() any { return &fingerprint{b: make([]byte, 0, 16<<10)} }}

func newFingerprint() *fingerprint { return fingerprints.Get().(*fingerprint) }

func (f *fingerprint) free() {
	if cap(f.b) <= maxPooled {
		f.b = f.b[:0]
		fingerprints.Put(f)
	}
}

// key is the fingerprint's digest together with all else that a page depends on:
// its address, its language, and this build's templates. It goes into the ETag,
// so it must not depend on the process.
func (f *fingerprint) key(page string, b base) string {
	f.texts(page, b.Site, b.Lang, b.Here, b.Canonical, frontend.Build())
	sum := sha256.Sum256(f.b)
	return string(sum[:])
}

func (f *fingerprint) texts(ss ...string) {
	for _, s := range ss {
		f.b = binary.AppendUvarint(f.b, uint64(len(s)))
		f.b = append(f.b, s...)
	}
}

func (f *fingerprint) number(n int) { f.b = binary.AppendVarint(f.b, int64(n)) }

func (f *fingerprint) time(t time.Time) { f.b = binary.AppendVarint(f.b, t.UnixMilli()) }

func (f *fingerprint) author(a portal.Author) {
	f.texts(a.ID, a.Name)
	if a.Team {
		f.number(1)
	} else {
		f.number(0)
	}
}

func (f *fingerprint) card(c portal.Card) {
	f.texts(c.ID, c.Title, c.Excerpt, c.Category, string(c.Status), c.MergedInto)
	f.author(c.Author)
	f.number(c.Votes)
	f.number(c.Comments)
	f.time(c.CreatedAt)
	f.time(c.LaunchedAt)
}

func (f *fingerprint) cards(p portal.CardPage) {
	f.number(len(p.Cards))
	for _, c := range p.Cards {
		f.card(c)
	}
	f.texts(p.Next)
}

func (f *fingerprint) history(hs []portal.HistoryEntry) {
	f.number(len(hs))
	for _, h := range hs {
		f.time(h.At)
		f.texts(string(h.From), string(h.To), h.Note, h.Link, h.Merged, h.Unmerged)
		f.author(h.By)
	}
}

func (f *fingerprint) comments(cs []portal.Comment) {
	f.number(len(cs))
	for _, c := range cs {
		f.texts(c.ID, c.Parent, c.Body)
		f.author(c.Author)
		f.time(c.CreatedAt)
		f.time(c.EditedAt)
		if c.Deleted {
			f.number(1)
		} else {
			f.number(0)
		}
	}
}
