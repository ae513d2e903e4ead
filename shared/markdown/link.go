package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// bareLinks makes links of addresses that stand in the text as they are:
// http:// or https:// and what follows, up to a blank, a quote, an angle bracket
// or the first character outside ASCII (in Chinese text nothing else ends a link).
// Punctuation at its end belongs to the sentence.
//
// goldmark has this as an extension, but importing it costs 0.7 ms of regular
// expressions at every start, and it finds no link that follows a Han character.
type bareLinks struct{}

func (bareLinks) Trigger() []byte { return []byte{':'} }

func (bareLinks) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if pc.IsInLinkLabel() {
		return nil
	}
	line, segment := block.PeekLine()
	if !bytes.HasPrefix(line, []byte("://")) {
		return nil
	}
	scheme := schemeBefore(block.Source()[:segment.Start])
	before, ok := parent.LastChild().(*ast.Text)
	if scheme == 0 || !ok || before.Segment.Stop != segment.Start || before.Segment.Len() < scheme {
		return nil
	}
	n := linkEnd(line)
	if n <= len("://") {
		return nil
	}
	block.Advance(n)
	start := segment.Start - scheme
	if before.Segment.Start == start {
		parent.RemoveChild(parent, before)
	} else {
		before.Segment = before.Segment.WithStop(start)
	}
	return ast.NewAutoLink(ast.AutoLinkURL, ast.NewTextSegment(text.NewSegment(start, segment.Start+n)))
}

// schemeBefore is the length of http or https at the end of b, or 0.
func schemeBefore(b []byte) int {
	for _, s := range []string{"https", "http"} {
		n := len(b) - len(s)
		if n >= 0 && bytes.EqualFold(b[n:], []byte(s)) && (n == 0 || !alphanumeric(b[n-1])) {
			return len(s)
		}
	}
	return 0
}

// linkEnd is where the link ends in a line that starts behind its scheme.
func linkEnd(line []byte) int {
	n := bytes.IndexFunc(line, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '<' || r == '>' || r == '"' || r == '`' })
	if n < 0 {
		n = len(line)
	}
	open := bytes.Count(line[:n], []byte{'('}) - bytes.Count(line[:n], []byte{')'})
	for n > len("://") {
		switch line[n-1] {
		case ')':
			if open >= 0 {
				return n // its opening bracket is part of the address
			}
			open++
		case '.', ',', ':', ';', '?', '!', '\'', '*', '_', '~', '(', '[', ']', '{', '}', '|', '\\':
		default:
			return n
		}
		n--
	}
	return n
}

func alphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
