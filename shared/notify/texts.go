package notify

import (
	"bytes"
	"fmt"
	html "html/template"
	"io/fs"
	"strings"
	"sync"
	text "text/template"
	"time"

	"groundswell/shared/mail"
	"groundswell/shared/portal"
)

// Texts make the words and the look of mails. Each mail has two templates in FS, one
// for each part ("launched.txt", "launched.html"), in every language the same; the
// words come from Words. They are parsed when first needed.
type Texts struct {
	FS       fs.FS                  // the folder frontend/templates/mail
	Words    func(tag string) Words // for the reader's language, or the closest there is
	Portal   string                 // the portal's name
	BaseURL  string                 // https://ideas.example.com, without a slash at the end
	Light    Colours                // of the brand, by day; the portal's own if there is no accent
	Dark     Colours                // and in the dark
	Markdown func(string) html.HTML // renders and sanitises the team's note; nil: it stays plain text

	mu     sync.Mutex
	parsed map[string]*templates
}

// At are the same texts for a portal at another address.
func (t *Texts) At(baseURL string) *Texts {
	if baseURL == t.BaseURL {
		return t
	}
	return &Texts{FS: t.FS, Words: t.Words, Portal: t.Portal, BaseURL: baseURL, Light: t.Light, Dark: t.Dark, Markdown: t.Markdown}
}

// Words is what mails need of a language; [groundswell/shared/i18n.Printer] has it.
type Words interface {
	Locale() string
	T(id string, pairs ...any) string
	N(id string, count int, pairs ...any) string
	Number(n int) string
	Date(t time.Time) string
}

type templates struct {
	text *text.Template
	html *html.Template
}

// base is what every mail's templates know.
type base struct {
	Lang, Dir       string // "en", "ltr"
	Start, End      string // the sides where a line begins and ends: "left", "right"
	Portal, BaseURL string
	Light, Dark     Colours
	Stop            Links // the zero Links of mails that nobody can switch off
}

// signInData is what the mail with a sign-in code says.
type signInData struct {
	base
	Code    string
	Minutes int // that the code is good for
}

func (t *Texts) signIn(tag string, d signInData) (mail.Message, error) {
	return t.make("sign_in", tag, Links{}, func(b base) any { d.base = b; return d })
}

// launchedData is a Launched with what the templates need besides.
type launchedData struct {
	base
	Launched
	NoteHTML html.HTML
}

// Launched writes the mail that tells a submitter that the idea became real, in the
// language that fits the tag best. Who it is from and to is left open.
func (t *Texts) Launched(tag string, l Launched) (mail.Message, error) {
	return t.make("launched", tag, l.Links, func(b base) any {
		d := launchedData{base: b, Launched: l}
		d.Note, d.NoteHTML = t.note(b, l.Note, l.URL)
		return d
	})
}

// LaunchedTo writes that mail to the member, who submitted the idea of the page or
// one that was merged into it; see [LaunchedFrom] for ver. It is for showing: nobody
// has signed its links.
func (t *Texts) LaunchedTo(to portal.Member, page portal.IdeaPage, ver int64) (mail.Message, error) {
	l := LaunchedFrom(page, ver)
	l.Name, l.Own, l.URL = calledBy(to), page.Idea.AuthorID == to.ID, ideaURL(t.BaseURL, page.Idea)
	l.Links = sampleLinks(t.BaseURL)
	return t.Launched(to.Locale, l)
}

// note is the team's note as the two parts of a mail have it.
func (t *Texts) note(b base, note, ideaURL string) (plain string, rich html.HTML) {
	if t.Markdown != nil {
		rich = dressed(t.Markdown(note), b.BaseURL, ideaURL, b.Light)
	}
	return strings.ReplaceAll(note, "](/", "]("+b.BaseURL+"/"), rich // links inside the portal: a mail is outside
}

// make fills the mail's templates: subject, text and HTML.
func (t *Texts) make(name, tag string, stop Links, data func(base) any) (mail.Message, error) {
	w := t.Words(tag)
	ts, err := t.templates(name, w)
	if err != nil {
		return mail.Message{}, err
	}
	b := t.base(w.Locale())
	b.Stop = stop
	d := data(b)
	var subject, plain, rich bytes.Buffer
	if err := ts.text.ExecuteTemplate(&subject, "subject", d); err != nil {
		return mail.Message{}, fmt.Errorf("mail template: %w", err)
	}
	if err := ts.text.Execute(&plain, d); err != nil {
		return mail.Message{}, fmt.Errorf("mail template: %w", err)
	}
	if err := ts.html.ExecuteTemplate(&rich, "layout.html", d); err != nil {
		return mail.Message{}, fmt.Errorf("mail template: %w", err)
	}
	return mail.Message{
		Subject: strings.Join(strings.Fields(subject.String()), " "), // one line, whatever a title brings along
		Text:    tidy(plain.String()),
		HTML:    strings.TrimSpace(rich.String()) + "\n",
		Headers: stop.headers(),
	}, nil
}

func (t *Texts) base(locale string) base {
	b := base{Lang: locale, Dir: "ltr", Start: "left", End: "right", Portal: t.Portal, BaseURL: t.BaseURL, Light: t.Light, Dark: t.Dark}
	if rightToLeft(locale) {
		b.Dir, b.Start, b.End = "rtl", "right", "left"
	}
	if b.Light.Accent == "" {
		b.Light, b.Dark = own, ownAtDark
	}
	return b
}

// rightToLeft knows the languages whose usual script runs that way.
func rightToLeft(locale string) bool {
	lang, _, _ := strings.Cut(locale, "-")
	switch lang {
	case "ar", "fa", "he", "ps", "sd", "ug", "ur", "yi":
		return true
	}
	return false
}

func (t *Texts) templates(name string, w Words) (*templates, error) {
	key := name + "." + w.Locale()
	t.mu.Lock()
	defer t.mu.Unlock()
	if ts, ok := t.parsed[key]; ok {
		return ts, nil
	}
	words := map[string]any{"t": w.T, "n": w.N, "num": w.Number, "date": w.Date, "short": short}
	var ts templates
	var err error
	if ts.text, err = text.New(name+".txt").Funcs(words).Funcs(plainFuncs).ParseFS(t.FS, "layout.txt", name+".txt"); err != nil {
		return nil, fmt.Errorf("mail template: %w", err)
	}
	if ts.html, err = html.New("layout.html").Funcs(words).Funcs(richFuncs).ParseFS(t.FS, "layout.html", name+".html"); err != nil {
		return nil, fmt.Errorf("mail template: %w", err)
	}
	if t.parsed == nil {
		t.parsed = map[string]*templates{}
	}
	t.parsed[key] = &ts
	return &ts, nil
}

// richFuncs are for the HTML templates. html/template drops comments, and comments
// are how Outlook for Windows, which lays out with Word, is told what Word needs.
var richFuncs = html.FuncMap{
	"outlook": func(s string) html.HTML { return html.HTML("<!--[if mso]>" + s + "<![endif]-->") }, //nolint:gosec // constants of the templates
}
