package brand

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"groundswell/shared/portal"
)

// Path is the folder of a brand's files in the portal's addresses.
const Path = "/brand/"

// Brand is what a file says. The texts may be nil, which means the portal's own
// words.
type Brand struct {
	Name       string // of the portal; "" = not said
	Tagline    Text
	Welcome    Text
	ProductURL string // of what the portal is about, or ""
	Light      Colours
	Dark       Colours
	Categories portal.Categories
	Screen     portal.Screen // how texts are looked at before they are public

	Mark  string // finished HTML of the logo; "" = the portal's own
	Style string // address of the style sheet; "" = the colours are the portal's own
	Icon  string // address of the browser tab's picture; "" = the portal's own
	Hash  string // changes when the file does; "" = there is none

	files map[string]File
}

// File is a file of a brand as the web gets it. Its name has a hash of its content,
// so it may be kept for ever.
type File struct {
	Type string // Content-Type
	CSP  string // Content-Security-Policy; "" = that of the pages
	Body []byte
}

// Default is the brand of a portal without a file.
func Default() *Brand {
	return &Brand{Light: light.colours(), Dark: dark.colours(), Categories: portal.DefaultCategories()}
}

// Parse reads the file's text for a portal in these languages. An empty text, and
// {}, are [Default]. The error has a line for each thing that is wrong, which
// begins with the field's name.
func Parse(text string, locales []string) (*Brand, error) {
	b := Default()
	if text = strings.TrimSpace(text); text == "" || text == "{}" {
		return b, nil
	}
	f, err := read(text)
	if err != nil {
		return nil, err
	}
	var p problems
	p.text("name", &f.Name, MaxName)
	p.texts("tagline", f.Tagline, MaxTagline, locales)
	p.texts("welcome", f.Welcome, MaxWelcome, locales)
	f.ProductURL = p.url("product_url", f.ProductURL)
	p.logo(&f.Logo)
	day, night := p.looks(f)
	p.categories(f.Categories, locales)
	p.moderation(f.Moderation)
	if len(p.errs) > 0 {
		return nil, errors.Join(p.errs...)
	}
	b.Name, b.Tagline, b.Welcome, b.ProductURL = f.Name, f.Tagline, f.Welcome, f.ProductURL
	b.Light, b.Dark, b.Hash = day.colours(), night.colours(), digest(text)
	if len(f.Categories) > 0 {
		b.Categories = f.Categories
	}
	b.Screen = f.Moderation.screen()
	b.draw(f.Logo, day, night)
	return b, nil
}

// draw makes the files.
func (b *Brand) draw(l logo, day, night look) {
	if day != light.look || night != dark.look {
		b.Style = b.add("style", "css", File{Type: "text/css; charset=utf-8", Body: []byte(style(day, night))})
	}
	switch {
	case l.SVG != "":
		b.Icon = b.add("logo", "svg", File{Type: "image/svg+xml", CSP: pictureCSP, Body: []byte(l.SVG)})
		b.Mark = `<img class="mark" src="` + b.Icon + `" alt="" width="24" height="24">`
		return
	case l.Path != "":
		b.Mark = `<svg class="mark" viewBox="` + l.ViewBox + `" width="24" height="24" aria-hidden="true" focusable="false"><path d="` + l.Path + `" fill="currentColor"/></svg>`
	}
	if l.Path != "" || day != light.look {
		b.Icon = b.add("icon", "svg", File{Type: "image/svg+xml", CSP: pictureCSP, Body: []byte(icon(l, day))})
	}
}

// add keeps the file and returns its address.
func (b *Brand) add(name, ext string, f File) string {
	name += "." + digest(string(f.Body)) + "." + ext
	if b.files == nil {
		b.files = map[string]File{}
	}
	b.files[name] = f
	return Path + name
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:6])
}

// File is the file with the hashed name, below [Path].
func (b *Brand) File(name string) (f File, ok bool) {
	f, ok = b.files[name]
	return f, ok
}

// Text is a text by language.
type Text map[string]string

// In is the text in the language, or in English; "" = the portal's own words.
func (t Text) In(lang string) string {
	if s := t[lang]; s != "" {
		return s
	}
	return t[fallback]
}
