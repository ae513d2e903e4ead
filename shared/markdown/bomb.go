package markdown

import (
	"html/template"
	"strings"
)

// Limits past which a text is shown as it was typed. Nobody means that many; but
// goldmark's work grows with their square: 32,000 angle brackets, which is a text
// a member may send, take it half a second each time the page is shown.
const (
	maxNested = 24  // quotes and lists opened in one line
	maxLinks  = 400 // "](" in the whole text
)

func bomb(s string) bool {
	if strings.Count(s, "](") > maxLinks {
		return true
	}
	for line := range strings.Lines(s) {
		if len(line) > maxNested && nested(line) > maxNested {
			return true
		}
	}
	return false
}

// nested counts what could open a quote or a list at the start of the line.
func nested(line string) (n int) {
	for i := range len(line) {
		switch c := line[i]; {
		case c == '>':
			n++
		case c == '-' || c == '*' || c == '+' || c == '.' || c == ')':
			if i+1 < len(line) && (line[i+1] == ' ' || line[i+1] == '\t') {
				n++
			}
		case c == ' ' || c == '\t' || '0' <= c && c <= '9':
		default:
			return n
		}
	}
	return n
}

// plain is the text as it was typed.
func plain(s string) template.HTML {
	return template.HTML("<p>" + strings.ReplaceAll(template.HTMLEscapeString(s), "\n", "<br>\n") + "</p>\n") //nolint:gosec // escaped here
}
