package web

import (
	"bytes"
	"html/template"
	"net/http"
	"strconv"
	"sync"

	"groundswell/frontend"
	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// render writes a page: whole, or not at all if the template fails.
func (s *Server) render(w http.ResponseWriter, status int, page string, data framed) error {
	buf := buffer()
	defer free(buf)
	if err := execute(buf, page, data); err != nil {
		return err
	}
	h := w.Header()
	h["Content-Type"], h["Content-Language"] = htmlType, []string{data.frame().Lang}
	h["Content-Length"] = []string{strconv.Itoa(buf.Len())}
	if h["Vary"] == nil {
		h["Vary"] = varyCookie
	}
	w.WriteHeader(status)
	_, _ = w.Write(buf.Bytes()) // the only error is a reader who has gone
	return nil
}

var (
	buffers  = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	htmlType = []string{"text/html; charset=utf-8"}
)

func buffer() *bytes.Buffer { return buffers.Get().(*bytes.Buffer) }

func free(b *bytes.Buffer) {
	if b.Cap() <= maxPooled {
		b.Reset()
		buffers.Put(b)
	}
}

// framed is a page's struct: base in it makes it one.
type framed interface{ frame() base }

// A castable page has a main part with a mould, at least while simple is true.
type castable interface {
	simple() bool
	marked(*slots) any
}

// execute renders a page: its main part, then the frame around it.
func execute(out *bytes.Buffer, page string, data framed) error {
	b, main := data.frame(), buffer()
	defer free(main)
	if c, ok := data.(castable); ok && c.simple() {
		if err := cast(main, page, b.Lang, "main", c.marked); err != nil {
			return err
		}
	} else {
		t, err := templates(page, b.Lang)
		if err != nil {
			return err
		}
		if err := t.ExecuteTemplate(main, "main", data); err != nil {
			return err
		}
	}
	b.Main = template.HTML(main.String()) //nolint:gosec // html/template wrote it
	return cast(out, "layout", b.Lang, "layout", b.marked)
}

// marked makes the mould of the frame.
func (b base) marked(s *slots) any {
	s.word(b.Lang)
	s.word(b.Section)
	b.Site, b.Title, b.Description, b.Canonical = s.of(b.Site), s.of(b.Title), s.of(b.Description), s.of(b.Canonical)
	b.Feed, b.Picture, b.PictureAlt = s.of(b.Feed), s.of(b.Picture), s.of(b.PictureAlt)
	b.Brand = b.Brand.marked(s)
	b.Here, b.SignIn, b.Notice, b.Main = s.of(b.Here), s.of(b.SignIn), s.of(b.Notice), s.html(b.Main)
	for _, l := range b.Languages {
		s.word(l.Tag)
	}
	if s.flag(b.Me != nil); b.Me != nil {
		me := s.author(*b.Me)
		b.Me = &me
	}
	return b
}

// templateSets holds the parsed templates by page and language. They are parsed
// when the page is first shown: a function that starts pays only for the page it
// was started for.
var templateSets sync.Map // page and locale -> func() (*template.Template, error)

func templates(page, locale string) (*template.Template, error) {
	key := page + " " + locale
	set, ok := templateSets.Load(key)
	if !ok {
		set, _ = templateSets.LoadOrStore(key, sync.OnceValues(func() (*template.Template, error) {
			return template.New(page).Funcs(funcs(i18n.For(locale))).ParseFS(frontend.Files, "templates/"+page+".html", "templates/parts/*.html")
		}))
	}
	return set.(func() (*template.Template, error))()
}

// fragment renders a part of a page alone.
func fragment(out *bytes.Buffer, page, locale, part string, data any) error {
	t, err := templates(page, locale)
	if err != nil {
		return err
	}
	return t.ExecuteTemplate(out, part, data)
}

// funcs are what templates can call, in one language.
func funcs(p *i18n.Printer) template.FuncMap {
	return template.FuncMap{
		"t":      p.T,
		"n":      p.N,
		"num":    p.Number,
		"status": func(s portal.Status) string { return p.T("status." + string(s)) },
		"asset":  frontend.Asset,
	}
}
