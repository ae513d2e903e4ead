package markdown

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// sanitise lets through the elements that Markdown needs and drops everything
// else: other tags (their text stays), the content of elements that hold no text,
// comments, every attribute but a link's checked href and a list's start. What it
// writes is balanced, so it can't close an element of the page around it.
func sanitise(in []byte) string {
	var out strings.Builder
	out.Grow(len(in) + len(in)/8)
	var open []atom.Atom
	z := html.NewTokenizer(bytes.NewReader(in))
	mute := atom.Atom(0) // the element whose content is being dropped
	for {
		switch z.Next() {
		case html.ErrorToken: // the end: a bytes.Reader has no other error
			for i := len(open) - 1; i >= 0; i-- {
				closeTag(&out, open[i])
			}
			return out.String()
		case html.TextToken:
			if mute == 0 {
				out.WriteString(html.EscapeString(string(z.Text())))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			switch {
			case mute != 0:
			case textless(t.DataAtom):
				mute = t.DataAtom
			case t.DataAtom == atom.Br || t.DataAtom == atom.Hr:
				out.WriteString("<" + t.DataAtom.String() + ">")
			case allowed(t.DataAtom):
				openTag(&out, t)
				open = append(open, t.DataAtom)
			}
		case html.EndTagToken:
			t := z.Token()
			if mute != 0 {
				if t.DataAtom == mute {
					mute = 0
				}
				continue
			}
			open = closeUpTo(&out, open, t.DataAtom)
		}
	}
}

func allowed(a atom.Atom) bool {
	switch a {
	case atom.P, atom.H3, atom.H4, atom.H5, atom.H6, atom.Em, atom.Strong, atom.Code, atom.Pre,
		atom.Blockquote, atom.Ul, atom.Ol, atom.Li, atom.A:
		return true
	}
	return false
}

// textless names the elements whose content is not text for the reader.
func textless(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Iframe, atom.Noscript, atom.Noembed, atom.Noframes, atom.Template,
		atom.Textarea, atom.Title, atom.Xmp, atom.Plaintext, atom.Object, atom.Svg, atom.Math, atom.Select:
		return true
	}
	return false
}

func openTag(out *strings.Builder, t html.Token) {
	out.WriteString("<" + t.DataAtom.String())
	for _, a := range t.Attr {
		switch {
		case t.DataAtom == atom.A && a.Key == "href":
			if u, ok := webAddress(a.Val); ok {
				out.WriteString(` href="` + html.EscapeString(u) + `" rel="` + rel + `"`)
			}
		case t.DataAtom == atom.Ol && a.Key == "start" && digits(a.Val):
			out.WriteString(` start="` + a.Val + `"`)
		}
	}
	out.WriteString(">")
}

func closeTag(out *strings.Builder, a atom.Atom) { out.WriteString("</" + a.String() + ">") }

// closeUpTo closes the open elements down to the last a; a stray end tag changes
// nothing.
func closeUpTo(out *strings.Builder, open []atom.Atom, a atom.Atom) []atom.Atom {
	for i := len(open) - 1; i >= 0; i-- {
		if open[i] != a {
			continue
		}
		for j := len(open) - 1; j >= i; j-- {
			closeTag(out, open[j])
		}
		return open[:i]
	}
	return open
}

// webAddress is the address as a browser would read it, if members may link to it.
func webAddress(s string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil {
		return "", false
	}
	switch u.Scheme {
	case "http", "https":
		return u.String(), u.Host != ""
	case "mailto":
		return u.String(), u.Opaque != ""
	case "":
		// Inside the portal, or a place on the page. A backslash is a slash to
		// browsers: "/\evil.example" would lead elsewhere.
		return u.String(), u.Host == "" && !strings.ContainsRune(s, '\\') && (strings.HasPrefix(u.Path, "/") && !strings.HasPrefix(u.Path, "//") || u.Path == "" && u.Fragment != "")
	}
	return "", false
}

func digits(s string) bool {
	return s != "" && len(s) < 10 && strings.Trim(s, "0123456789") == ""
}
