package transfer

import (
	"net/url"
	"strings"
	"sync"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
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
	if md, err := convert().ConvertString(clean(s, true)); err == nil {
		return md
	}
	return html.UnescapeString(clean(s, false)) // nested deeper than any parser follows
}

var convert = sync.OnceValue(func() *converter.Converter {
	return converter.NewConverter(converter.WithPlugins(base.NewBasePlugin(), commonmark.NewCommonmarkPlugin()))
})

// clean leaves of HTML the words and, with tags, the elements that Markdown can say, with
// no attribute but a link's address. A tag that goes leaves a blank: cells of a table are
// not one word. It is done by hand, since a function links this package and would pay for
// a sanitiser's regular expressions at each start.
func clean(s string, tags bool) string {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	mute := atom.Atom(0) // the element whose content goes, too
	for {
		kind := z.Next()
		if kind == html.ErrorToken { // the end: a strings.Reader has no other error
			return out.String()
		}
		t := z.Token()
		switch {
		case mute != 0:
			if kind == html.EndTagToken && t.DataAtom == mute {
				mute = 0
			}
		case kind == html.TextToken:
			out.WriteString(html.EscapeString(t.Data))
		case kind == html.StartTagToken && textless(t.DataAtom):
			mute = t.DataAtom
		case kind == html.CommentToken || kind == html.DoctypeToken:
		case tags && spoken(t.DataAtom):
			t.Attr = address(t)
			out.WriteString(t.String())
		default:
			out.WriteByte(' ')
		}
	}
}

// spoken names the elements that Markdown has something for.
func spoken(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Br, atom.Hr, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Em, atom.I, atom.Strong, atom.B,
		atom.Code, atom.Pre, atom.Blockquote, atom.Ul, atom.Ol, atom.Li, atom.Div, atom.A:
		return true
	}
	return false
}

// textless names the elements whose content is not text for a reader.
func textless(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Iframe, atom.Noscript, atom.Noembed, atom.Noframes, atom.Template, atom.Title, atom.Object,
		atom.Svg, atom.Math, atom.Select:
		return true
	}
	return false
}

// address is the attribute with where a link leads, if that is in the web or a mailbox.
func address(t html.Token) []html.Attribute {
	for _, a := range t.Attr {
		if t.DataAtom != atom.A || a.Key != "href" {
			continue
		}
		u, err := url.Parse(strings.TrimSpace(a.Val))
		if err == nil && (u.Scheme == "https" || u.Scheme == "http" || u.Scheme == "mailto" || u.Scheme == "" && u.Host == "") {
			return []html.Attribute{{Key: "href", Val: u.String()}}
		}
	}
	return nil
}

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
