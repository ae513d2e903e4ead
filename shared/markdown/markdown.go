// Package markdown turns what members write into HTML that can go on a page as it
// is. Start with [HTML].
//
// Two defences stand one behind the other: goldmark in its safe mode, which leaves
// raw HTML out and empties dangerous links, and an allow-list over the tokens of
// what it wrote ([golang.org/x/net/html]). The well-known sanitiser bluemonday is
// the tests' oracle only: its regular expressions take 2 ms at the start of every
// Lambda function. For the same reason goldmark's extension package is not
// imported; see link.go.
//
// This package must not know where the text comes from or who reads it.
package markdown

import (
	"bytes"
	"html/template"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"groundswell/shared/cache"
)

// rel marks every link in members' texts: it earns no search rank (nofollow, ugc)
// and the page behind it gets no handle on ours (noopener).
const rel = "nofollow ugc noopener"

// firstLevel is that of a text's first heading: h1 is the page's, h2 its sections'.
// The next ones go down by one level at most, whatever the author jumped to, since
// readers who can't see the page find their way by them (WCAG 1.3.1).
const firstLevel = 3

var rendered = sync.OnceValue(func() *cache.Cache[template.HTML] { return cache.New[template.HTML](4 << 20) })

// HTML renders Markdown: CommonMark without raw HTML; line breaks stay, bare web
// addresses become links, headings start at h3, and pictures become links to them
// (no page of ours loads anything from elsewhere). The last few megabytes of
// results are kept. It is safe for concurrent use.
func HTML(s string) template.HTML {
	if s == "" {
		return ""
	}
	c := rendered()
	if h, ok := c.Get(s); ok {
		return h
	}
	h := render(s)
	c.Put(s, h, len(h))
	return h
}

func render(s string) template.HTML {
	switch {
	case simple(s):
		return paragraphs(s)
	case bomb(s):
		return plain(s)
	}
	return parsed(s)
}

// parsed renders by goldmark.
func parsed(s string) template.HTML {
	var b bytes.Buffer
	if err := engine().Convert([]byte(s), &b); err != nil {
		// A bytes.Buffer never fails, and nothing else in there returns an error;
		// should that change, the plain text is always a safe answer.
		return plain(s)
	}
	return template.HTML(sanitise(b.Bytes())) //nolint:gosec // sanitised here
}

var engine = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithParserOptions(
			parser.WithInlineParsers(util.Prioritized(bareLinks{}, 999)), // behind code spans, links and <autolinks>
			parser.WithASTTransformers(util.Prioritized(ours{}, 100)),
		),
		goldmark.WithRendererOptions(html.WithHardWraps()),
	)
})

// ours changes the parsed text to what this portal shows.
type ours struct{}

func (ours) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	var pictures []*ast.Image
	deepest := firstLevel
	ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { //nolint:errcheck // the walker returns none
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			n.Level = min(n.Level+firstLevel-1, deepest, 6)
			deepest = n.Level + 1
		case *ast.Link:
			n.SetAttributeString("rel", []byte(rel))
		case *ast.AutoLink:
			n.SetAttributeString("rel", []byte(rel))
		case *ast.Image:
			pictures = append(pictures, n)
		}
		return ast.WalkContinue, nil
	})
	for _, p := range pictures {
		pictureToLink(p)
	}
}

// pictureToLink puts a link with the picture's description in its place, or the
// description alone inside another link: links don't nest.
func pictureToLink(p *ast.Image) {
	parent := p.Parent()
	if !p.HasChildren() {
		p.AppendChild(p, ast.NewString(p.Destination))
	}
	if inLink(p) {
		for c := p.FirstChild(); c != nil; c = p.FirstChild() {
			parent.InsertBefore(parent, p, c)
		}
		parent.RemoveChild(parent, p)
		return
	}
	l := ast.NewLink()
	l.Destination, l.Title = p.Destination, p.Title
	l.SetAttributeString("rel", []byte(rel))
	for c := p.FirstChild(); c != nil; c = p.FirstChild() {
		l.AppendChild(l, c)
	}
	parent.ReplaceChild(parent, p, l)
}

func inLink(n ast.Node) bool {
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == ast.KindLink {
			return true
		}
	}
	return false
}
