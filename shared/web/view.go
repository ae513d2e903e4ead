package web

import (
	"bytes"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

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
	Me          *portal.Author
	Languages   []languageChoice
	Notice      string
}

type languageChoice struct {
	Tag, Name string
	Current   bool
}

// SignIn leads to the sign-in page and back here.
func (b base) SignIn() string { return "/sign-in?" + url.Values{"next": {b.Here}}.Encode() }

// base makes the frame of a page. here is its canonical path and query: what a
// reader typed beyond that is nobody's business.
func (s *Server) base(r *http.Request, section, here string) base {
	p := s.printer(r)
	b := base{Site: s.Pages.name(), Lang: p.Locale(), Section: section, Here: here}
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
func (s *Server) render(w http.ResponseWriter, status int, page string, b base, data any) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer func() {
		if buf.Cap() <= maxPooled {
			buf.Reset()
			buffers.Put(buf)
		}
	}()
	if err := execute(buf, page, b.Lang, data); err != nil {
		return err
	}
	h := w.Header()
	h["Content-Type"], h["Content-Language"] = htmlType, []string{b.Lang}
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

// templateSets holds the parsed templates by page and language. They are parsed
// when the page is first shown: a function that starts pays only for the page it
// was started for.
var templateSets sync.Map // page and locale -> func() (*template.Template, error)

func execute(w io.Writer, page, locale string, data any) error {
	t, err := templates(page, locale)
	if err != nil {
		return err
	}
	return t.ExecuteTemplate(w, "layout", data)
}

// fragment renders a part of a page alone.
func fragment(page, locale, part string, data any) (template.HTML, error) {
	t, err := templates(page, locale)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.ExecuteTemplate(&b, part, data)
	return template.HTML(b.String()), err //nolint:gosec // html/template wrote it
}

func templates(page, locale string) (*template.Template, error) {
	key := page + " " + locale
	set, ok := templateSets.Load(key)
	if !ok {
		set, _ = templateSets.LoadOrStore(key, sync.OnceValues(func() (*template.Template, error) { return parse(page, locale) }))
	}
	return set.(func() (*template.Template, error))()
}

func parse(page, locale string) (*template.Template, error) {
	return template.New(page).Option("missingkey=error").Funcs(funcs(i18n.For(locale))).
		ParseFS(frontend.Files, "templates/layout.html", "templates/parts/*.html", "templates/"+page+".html")
}

// funcs are what templates can call, in one language.
func funcs(p *i18n.Printer) template.FuncMap {
	return template.FuncMap{
		"t":      p.T,
		"n":      p.N,
		"num":    p.Number,
		"date":   p.Date,
		"minute": p.DateTime,
		"iso":    func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"status": func(s portal.Status) string { return p.T("status." + string(s)) },
		"asset":  frontend.Asset,
	}
}
