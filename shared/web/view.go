package web

import (
	"bytes"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"groundswell/frontend"
	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// Pages renders the HTML. The zero Pages is ready to use.
type Pages struct {
	Name string // of the portal; "" = Groundswell

	cache pageCache
}

func (p *Pages) name() string {
	if p.Name == "" {
		return "Groundswell"
	}
	return p.Name
}

// base is what every page's struct starts with: the frame around its main part.
type base struct {
	Site        string
	Lang        string
	Title       string // "" for the home page
	Description string
	Canonical   string // absolute; "" keeps the page out of search engines
	Section     string // the entry of the navigation that the page belongs to
	Here        string // this page's own path and query
	SignIn      string // leads to the sign-in page and back here
	Me          *portal.Author
	Languages   []languageChoice
	Notice      string
	Main        template.HTML // the page in the frame
}

type languageChoice struct {
	Tag, Name string
	Current   bool
}

// frame lets execute find the base in a page's struct.
func (b base) frame() base { return b }

// base makes the frame of a page. here is its canonical path and query: what a
// reader typed beyond that is nobody's business.
func (s *Server) base(r *http.Request, section, here string) base {
	p := s.printer(r)
	b := base{Site: s.Pages.name(), Lang: p.Locale(), Section: section, Here: here, SignIn: "/sign-in?" + url.Values{"next": {here}}.Encode()}
	if a := actor(r); a.SignedIn() {
		who := a.Author()
		b.Me = &who
		if done := doneOf(r); done != "" {
			b.Notice = p.T("done." + done)
		}
	}
	for _, l := range s.Portal.Locales {
		b.Languages = append(b.Languages, languageChoice{Tag: l, Name: i18n.For(l).T("language.name"), Current: l == b.Lang})
	}
	return b
}

// languageCookie holds the language that a visitor chose.
const languageCookie = "gs_lang"

// printer speaks the reader's language: see locale.
func (s *Server) printer(r *http.Request) *i18n.Printer { return i18n.For(locale(r)) }

// done tells the page after a redirect what has been done; see doneOf.
func done(path, what string) string {
	path, fragment, cut := strings.Cut(path, "#")
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	path += sep + "done=" + what
	if cut {
		path += "#" + fragment
	}
	return path
}

// doneOf is what the request's address says was done just now, if it is something
// we have a sentence for. It also asks for a strong read: see portal.IdeaQuery.
func doneOf(r *http.Request) string {
	switch d := r.URL.Query().Get("done"); d {
	case "submitted", "edited", "commented", "deleted", "status", "merged", "unmerged", "saved", "ended", "voted":
		return d
	}
	return ""
}

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
