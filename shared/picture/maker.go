package picture

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"image/png"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"groundswell/shared/brand"
	"groundswell/shared/cache"
	"groundswell/shared/portal"
)

// edition goes into the pictures' tags: raise it when they are drawn differently.
const edition = "1"

// keptBytes bounds what the drawn pictures take: some dozens of them, for the idea
// that everybody shares at once.
const keptBytes = 2 << 20

// Maker serves the pictures of a portal's ideas. It is safe for concurrent use.
type Maker struct {
	portal *portal.Portal
	name   string
	brand  *brand.Brand

	drawing sync.Mutex // one at a time: a burst of links must not take all processors
	kept    *cache.Cache[[]byte]
}

// New makes the pictures of the portal with this name. Of the portal, its store and
// its categories are used.
func New(p *portal.Portal, name string, b *brand.Brand) *Maker {
	return &Maker{portal: p, name: name, brand: b, kept: cache.New[[]byte](keptBytes)}
}

// Serve answers with the picture of the idea. Its error is a portal.Error if there
// is no such idea, or one that visitors may not see.
func (m *Maker) Serve(w http.ResponseWriter, r *http.Request, id string) error {
	page, err := m.portal.Idea(r.Context(), portal.Actor{}, portal.IdeaQuery{ID: id, Comments: 1})
	if err != nil {
		return err
	}
	s := m.sheet(page)
	tag := s.tag()
	h := w.Header()
	h.Set("Etag", `"`+tag+`"`)
	// Votes go on while a link is shared; what reads the picture asks again when it likes.
	h.Set("Cache-Control", "public, max-age=600, stale-while-revalidate=86400")
	if asked := r.Header.Get("If-None-Match"); asked == "*" || strings.Contains(asked, tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	body, err := m.png(s, tag)
	if err != nil {
		h.Del("Etag")
		h.Set("Cache-Control", "no-store")
		return fmt.Errorf("draw picture: %w", err)
	}
	h.Set("Content-Type", "image/png")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the only error is a reader who has gone
	}
	return nil
}

// sheet puts the idea into the words of the language of its title: who reads a link
// does not say what they speak.
func (m *Maker) sheet(page portal.IdeaPage) sheet {
	lang := english
	if chinese(page.Idea.Title) {
		lang = mandarin
	}
	w := words(lang)
	s := sheet{Title: page.Idea.Title, Count: grouped(page.Card.Votes), Votes: w.votes(page.Card.Votes), Status: page.Idea.Status,
		Name: m.name, Accent: m.brand.Light.Accent, OnAccent: m.brand.Light.OnAccent, Wave: m.brand.Mark == ""}
	if s.Status != portal.New && page.Idea.MergedInto == "" {
		s.State = w.status(s.Status)
	}
	if c, ok := m.portal.Categories.Find(page.Idea.Category); ok {
		if s.Category = c.Name[lang]; s.Category == "" {
			s.Category = c.Name[english]
		}
	}
	return s
}

// tag names all that is on the sheet.
func (s sheet) tag() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %q", edition, []string{s.Title, s.Category, s.Count, s.Votes, string(s.Status), s.State, s.Name, s.Accent, s.OnAccent, strconv.FormatBool(s.Wave)}))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

func (m *Maker) png(s sheet, tag string) ([]byte, error) {
	if b, ok := m.kept.Get(tag); ok {
		return b, nil
	}
	m.drawing.Lock()
	defer m.drawing.Unlock()
	if b, ok := m.kept.Get(tag); ok { // drawn while we waited
		return b, nil
	}
	b, err := encode(s)
	if err != nil {
		return nil, err
	}
	m.kept.Put(tag, b, len(b))
	return b, nil
}

// encode draws the sheet as a PNG, quickly rather than small: 10 to 60 KB.
func encode(s sheet) ([]byte, error) {
	img, err := draw(s)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	err = e.Encode(&out, img)
	return out.Bytes(), err
}
