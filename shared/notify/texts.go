package notify

import (
	"bytes"
	"fmt"
	html "html/template"
	"io/fs"
	"strings"
	"sync"
	text "text/template"

	"groundswell/shared/mail"
)

// Texts are the words of the mails: files of FS, one for each mail, locale and part
// ("launched.en.txt" with the subject, "launched.en.html") and the HTML frame,
// layout.html. They are parsed when first needed.
type Texts struct {
	FS       fs.FS                  // the folder frontend/templates/mail
	Portal   string                 // the portal's name
	BaseURL  string                 // https://ideas.example.com, without a slash at the end
	Markdown func(string) html.HTML // renders and sanitises the team's note; nil: it stays plain text

	mu     sync.Mutex
	parsed map[string]*templates
}

// fallback is the locale that every mail has.
const fallback = "en"

type templates struct {
	text *text.Template
	html *html.Template
}

// base is what every mail's templates know.
type base struct{ Lang, Portal, BaseURL string }

// launchedData is what the Launched mail says.
type launchedData struct {
	base
	Title, URL string // of the idea
	Name       string // of the one who gets the mail
	Own        bool   // the idea is theirs; else theirs was merged into it
	Votes      int    // a few seconds old, perhaps
	Note       string // of the team: Markdown
	NoteHTML   html.HTML
	Link       string
}

// signInData is what the mail with a sign-in code says.
type signInData struct {
	base
	Code    string
	Minutes int // that the code is good for
}

func (t *Texts) launched(locale string, d launchedData) (mail.Message, error) {
	if t.Markdown != nil {
		d.NoteHTML = t.Markdown(d.Note)
	}
	return t.make("launched", locale, func(b base) any { d.base = b; return d })
}

func (t *Texts) signIn(locale string, d signInData) (mail.Message, error) {
	return t.make("sign_in", locale, func(b base) any { d.base = b; return d })
}

// make fills the mail's templates: subject, text and HTML.
func (t *Texts) make(name, locale string, data func(base) any) (mail.Message, error) {
	locale, err := t.locale(name, locale)
	if err != nil {
		return mail.Message{}, err
	}
	ts, err := t.templates(name, locale)
	if err != nil {
		return mail.Message{}, err
	}
	d := data(base{Lang: locale, Portal: t.Portal, BaseURL: t.BaseURL})
	var subject, plain, rich bytes.Buffer
	if err := ts.text.ExecuteTemplate(&subject, "subject", d); err != nil {
		return mail.Message{}, err
	}
	if err := ts.text.Execute(&plain, d); err != nil {
		return mail.Message{}, err
	}
	if err := ts.html.ExecuteTemplate(&rich, "layout.html", d); err != nil {
		return mail.Message{}, err
	}
	return mail.Message{Subject: strings.Join(strings.Fields(subject.String()), " "), // one line, whatever a title brings along
		Text: strings.TrimSpace(plain.String()) + "\n", HTML: strings.TrimSpace(rich.String()) + "\n"}, nil
}

// locale is the best one that the mail exists in: "zh-Hans-CN", "zh-Hans", "zh",
// fallback.
func (t *Texts) locale(name, tag string) (string, error) {
	for tag != "" && fs.ValidPath(tag) && !strings.ContainsAny(tag, "/.*") {
		if _, err := fs.Stat(t.FS, name+"."+tag+".txt"); err == nil {
			return tag, nil
		}
		i := strings.LastIndexByte(tag, '-')
		tag = tag[:max(i, 0)]
	}
	if _, err := fs.Stat(t.FS, name+"."+fallback+".txt"); err != nil {
		return "", fmt.Errorf("mail template: %w", err)
	}
	return fallback, nil
}

func (t *Texts) templates(name, locale string) (*templates, error) {
	file := name + "." + locale
	t.mu.Lock()
	defer t.mu.Unlock()
	if ts, ok := t.parsed[file]; ok {
		return ts, nil
	}
	var ts templates
	var err error
	if ts.text, err = text.ParseFS(t.FS, file+".txt"); err != nil {
		return nil, fmt.Errorf("mail template: %w", err)
	}
	if ts.html, err = html.ParseFS(t.FS, "layout.html", file+".html"); err != nil {
		return nil, fmt.Errorf("mail template: %w", err)
	}
	if t.parsed == nil {
		t.parsed = map[string]*templates{}
	}
	t.parsed[file] = &ts
	return &ts, nil
}
