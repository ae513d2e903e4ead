package web

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"groundswell/shared/brand"
	"groundswell/shared/portal"
)

// brandView is what the frame shows of the brand.
type brandView struct {
	Style, Icon string // addresses; "" = the portal's own
	Theme       string // colour of the browser's own bars in daylight
	Mark        template.HTML
	Product     string // address of what the portal is about
	ProductName string

	hash string
}

var defaultBrand = sync.OnceValue(brand.Default)

func (p *Pages) brand() *brand.Brand {
	if p.Brand == nil {
		return defaultBrand()
	}
	return p.Brand
}

func (p *Pages) brandView() brandView {
	b := p.brand()
	v := brandView{Style: b.Style, Icon: b.Icon, Theme: b.Light.Accent, Mark: template.HTML(b.Mark), Product: b.ProductURL, hash: b.Hash} //nolint:gosec // brand wrote it
	if u, err := url.Parse(b.ProductURL); err == nil {
		v.ProductName = strings.TrimPrefix(u.Host, "www.")
	}
	return v
}

// marked makes the mould of it.
func (v brandView) marked(s *slots) brandView {
	v.Style, v.Icon, v.Theme, v.Mark = s.of(v.Style), s.of(v.Icon), s.of(v.Theme), s.html(v.Mark)
	v.Product, v.ProductName = s.of(v.Product), s.of(v.ProductName)
	return v
}

// brandFile serves the brand's style sheet and pictures. Their names have a hash of
// their content: they never change.
func (s *Server) brandFile(w http.ResponseWriter, r *http.Request) error {
	f, ok := s.Pages.brand().File(r.PathValue("file"))
	if !ok {
		return &portal.Error{Kind: portal.NotFound, Code: "no_page", Msg: "There is nothing at this address."}
	}
	h := w.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Length", strconv.Itoa(len(f.Body)))
	if f.CSP != "" {
		h.Set("Content-Security-Policy", f.CSP)
	}
	if r.Method != http.MethodHead {
		_, _ = w.Write(f.Body) // the only error is a reader who has gone
	}
	return nil
}
