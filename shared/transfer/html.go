package transfer

import (
	"strings"
	"sync"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// HTML says which texts of a file are HTML, to be turned into Markdown.
type HTML string

// The ways to tell.
const (
	HTMLNever  HTML = ""
	HTMLAuto   HTML = "auto" // a text with an element that rich text editors write
	HTMLAlways HTML = "always"
)

// Valid reports whether h is one of the ways.
func (h HTML) Valid() bool { return h == HTMLNever || h == HTMLAuto || h == HTMLAlways }

// markdown is the text as Markdown. What is no text (scripts, styles, frames,
// handlers, links that are not to the web) is gone before the conversion; pages
// render Markdown safely in any case (shared/markdown).
func (h HTML) markdown(s string) string {
	if h == HTMLNever || h == HTMLAuto && !rich(s) {
		return s
	}
	if md, err := convert().ConvertString(clean().Sanitize(s)); err == nil {
		return md
	}
	return html.UnescapeString(words().Sanitize(s)) // nested deeper than any parser follows
}

var convert = sync.OnceValue(func() *converter.Converter {
	return converter.NewConverter(converter.WithPlugins(base.NewBasePlugin(), commonmark.NewCommonmarkPlugin()))
})

// words leaves nothing but the words.
var words = sync.OnceValue(bluemonday.StrictPolicy)

var clean = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowStandardURLs()
	p.AllowAttrs("href").OnElements("a")
	p.AllowElements("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "em", "i", "strong", "b", "code", "pre", "blockquote", "ul", "ol", "li", "div", "a")
	p.AddSpaceWhenStrippingTag(true) // cells of a table are not one word
	return p
})

// rich reports whether the text has an element that an editor writes. A lone angle
// bracket does not make a text HTML.
func rich(s string) bool {
	if !strings.Contains(s, "<") {
		return false
	}
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return false
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			switch atom.Lookup(name) {
			case atom.P, atom.Br, atom.Div, atom.Span, atom.A, atom.Ul, atom.Ol, atom.Li, atom.Strong, atom.B, atom.Em, atom.I, atom.H1, atom.H2,
				atom.H3, atom.H4, atom.Blockquote, atom.Pre, atom.Table, atom.Img, atom.Font:
				return true
			}
		}
	}
}
