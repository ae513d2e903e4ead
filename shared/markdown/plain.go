package markdown

import (
	"html/template"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// simple reports whether s has nothing that Markdown could mean something by: then
// its paragraphs are all there is to find. Most comments are like that, and
// goldmark takes 12 us for the shortest. A text that is taken for not simple costs
// time only, so this errs on that side; a fuzz test compares both ways.
func simple(s string) bool {
	if !utf8.ValidString(s) || strings.ContainsAny(s, "*_`[]<>&\\#~|\t\r\v\f\x00") || strings.Contains(s, "://") {
		return false
	}
	for line := range strings.SplitSeq(s, "\n") {
		if line = trim(line); line != "" && !plainLine(line) {
			return false
		}
	}
	return true
}

func plainLine(line string) bool {
	switch line[0] {
	case ' ', '-', '+', '=': // code, lists, headings
		return false
	}
	rest := strings.TrimLeft(line, "0123456789")
	return rest == line || rest == "" || rest[0] != '.' && rest[0] != ')' // no item of a list
}

// trim takes off what Markdown does not show: line breaks are kept anyway, so two
// blanks at the end of a line say nothing more.
func trim(line string) string { return strings.TrimRight(line, " ") }

// paragraphs writes a simple text.
func paragraphs(s string) template.HTML {
	var b strings.Builder
	b.Grow(len(s) + len(s)/8 + 8)
	open := false
	for line := range strings.SplitSeq(s, "\n") {
		line = trim(line)
		switch {
		case line == "" && open:
			b.WriteString("</p>\n")
			open = false
			continue
		case line == "":
			continue
		case open:
			b.WriteString("<br>\n")
		default:
			b.WriteString("<p>")
		}
		open = true
		b.WriteString(html.EscapeString(line))
	}
	if open {
		b.WriteString("</p>\n")
	}
	return template.HTML(b.String()) //nolint:gosec // escaped line by line
}
