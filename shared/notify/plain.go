package notify

import (
	"strings"
	text "text/template"
	"unicode"

	"golang.org/x/text/width"
)

// The text part is set as people set plain mail: lines that fit a terminal, headings
// with a line of signs below. Columns count as terminals do: a Chinese character
// takes two.
const (
	columns = 72
	menu    = 46 // columns of a line with a name, dots and a date
)

var plainFuncs = text.FuncMap{
	"wrap": func(s string) string { return wrap(s, columns) },
	"h1":   func(s string) string { return underlined(s, "=") },
	"h2":   func(s string) string { return underlined(s, "-") },
	"dots": dots,
}

// underlined is a heading.
func underlined(s, sign string) string {
	s = wrap(strings.Join(strings.Fields(s), " "), columns)
	longest := 0
	for line := range strings.SplitSeq(s, "\n") {
		longest = max(longest, wide(line))
	}
	return s + "\n" + strings.Repeat(sign, min(longest, columns))
}

// dots sets name and date as a menu sets a dish and its price.
func dots(name, date string) string {
	return name + " " + strings.Repeat(".", max(3, menu-2-wide(name)-wide(date))) + " " + date
}

// wrap breaks lines that are longer than limit columns: at spaces, and anywhere
// between Chinese characters but where a line must not begin or end so. What has no
// place to break (an address) stays whole. Lines that continue a list's point or a
// quote are indented like it; indented code stays as it is.
func wrap(s string, limit int) string {
	var b strings.Builder
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		if line = strings.TrimRight(line, " \t\r"); wide(line) <= limit || strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "\t") {
			b.WriteString(line)
			continue
		}
		first, next := indents(line)
		b.WriteString(first)
		at := wide(first)
		for n, p := range pieces(line[len(first):]) {
			word := strings.TrimRight(p, " \t")
			if n > 0 && at+wide(word) > limit {
				out := strings.TrimRight(b.String(), " \t")
				b.Reset()
				b.WriteString(out + "\n" + next)
				at = wide(next)
			}
			b.WriteString(p)
			at += wide(p)
		}
	}
	return b.String()
}

// indents are what the line begins with, and what the lines that continue it do.
func indents(line string) (first, next string) {
	rest := strings.TrimLeft(line, " ")
	first = line[:len(line)-len(rest)]
	for _, mark := range []string{"> ", "- ", "* ", "+ "} {
		if strings.HasPrefix(rest, mark) {
			if mark == "> " {
				return first + mark, first + mark
			}
			return first + mark, first + "  "
		}
	}
	return first, first
}

// pieces splits the line where it may be broken.
func pieces(line string) (out []string) {
	runes := []rune(line)
	start := 0
	for i := 1; i < len(runes); i++ {
		before, after := runes[i-1], runes[i]
		switch {
		case isSpace(after):
			continue
		case isSpace(before):
		case (isWide(before) || isWide(after)) && !opens(before) && !closes(after):
		default:
			continue
		}
		out = append(out, string(runes[start:i]))
		start = i
	}
	return append(out, string(runes[start:]))
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' }

// opens and closes: signs that must not end, or begin, a line.
func opens(r rune) bool { return unicode.In(r, unicode.Ps, unicode.Pi) }
func closes(r rune) bool {
	return unicode.In(r, unicode.Pe, unicode.Pf, unicode.Mn, unicode.Me) || strings.ContainsRune("，。、；：？！…—～,.;:?!%·", r)
}

func isWide(r rune) bool {
	k := width.LookupRune(r).Kind()
	return k == width.EastAsianWide || k == width.EastAsianFullwidth
}

// wide is how many columns s takes.
func wide(s string) (n int) {
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case isWide(r):
			n += 2
		default:
			n++
		}
	}
	return n
}

// tidy ends lines without spaces, but for the "-- " that begins a signature, and
// leaves no more than one empty line between paragraphs.
func tidy(s string) string {
	var out []string
	for line := range strings.SplitSeq(strings.TrimSpace(s), "\n") {
		if line != "-- " {
			line = strings.TrimRight(line, " \t\r")
		}
		if line == "" && len(out) > 0 && out[len(out)-1] == "" {
			continue
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n") + "\n"
}
