package web

import (
	"html"
	"html/template"
	"strings"

	"groundswell/shared/search"
)

// markWords is the text as HTML, with the words that answer the query marked; "" if
// it has none of them.
func markWords(q search.Query, text string) template.HTML {
	spans := q.Marks(text)
	if len(spans) == 0 {
		return ""
	}
	var b strings.Builder
	at := 0
	for _, s := range spans {
		b.WriteString(html.EscapeString(text[at:s.From]))
		b.WriteString("<mark>")
		b.WriteString(html.EscapeString(text[s.From:s.To]))
		b.WriteString("</mark>")
		at = s.To
	}
	b.WriteString(html.EscapeString(text[at:]))
	return template.HTML(b.String()) //nolint:gosec // all of the text is escaped
}
