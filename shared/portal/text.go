package portal

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits of what people type, in characters (Unicode code points after
// normalisation). Titles of a real portal's 1,500 ideas run from 3 to 253.
const (
	MinTitle   = 3
	MaxTitle   = 255
	MaxBody    = 32_000
	MaxComment = 4_000
	MaxNote    = 4_000
	MaxName    = 100
	MaxEmail   = 254 // RFC 5321 section 4.5.3.1.3 less the angle brackets
	MaxLink    = 2_000
)

// line normalises one line of text: NFC, white space folded to single blanks.
func line(s string) string {
	return strings.Join(strings.Fields(norm.NFC.String(s)), " ")
}

// text normalises text of several lines: NFC, line ends to \n, no blanks at the
// ends of lines, at most two empty lines in a row inside and none at the ends.
func text(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(norm.NFC.String(s))
	out, empty := make([]string, 0, 8), 0
	for l := range strings.SplitSeq(s, "\n") {
		l = strings.TrimRightFunc(l, unicode.IsSpace)
		if l == "" {
			if empty++; empty > 2 {
				continue
			}
		} else {
			empty = 0
		}
		out = append(out, l)
	}
	return strings.Trim(strings.Join(out, "\n"), "\n")
}

// text adds what is wrong with a normalised text to f.
func (f *fields) text(name, s string, min, max int) {
	if !utf8.ValidString(s) {
		f.add(name, "not_utf8", 0, "Must be valid UTF-8.")
		return
	}
	for _, r := range s {
		if (unicode.IsControl(r) && r != '\n' && r != '\t') || r == '\uFEFF' || (r >= '\u202A' && r <= '\u202E') || (r >= '\u2066' && r <= '\u2069') {
			f.add(name, "control_characters", 0, "Must not contain control characters.")
			return
		}
	}
	switch n := utf8.RuneCountInString(s); {
	case n == 0 && min > 0:
		f.add(name, "required", min, "Must not be empty.")
	case n < min:
		f.add(name, "too_short", min, "Must have at least %d characters.", min)
	case n > max:
		f.add(name, "too_long", max, "Must have at most %d characters; it has %d.", max, n)
	}
}

// CutText is a text of several lines with at most max characters, cut between words
// where there are any; one that is not too long stays as it is.
func CutText(s string, max int) string {
	t := text(s)
	if utf8.RuneCountInString(t) <= max {
		return s
	}
	cut := []rune(t)[:max-1]
	for i := len(cut) - 1; i > len(cut)-100 && i > 0; i-- {
		if unicode.IsSpace(cut[i]) {
			cut = cut[:i]
			break
		}
	}
	return strings.TrimRightFunc(string(cut), unicode.IsSpace) + "…"
}

// Excerpt is the start of a Markdown text as one plain line of at most max bytes,
// cut between words where there are any.
func Excerpt(s string, max int) string {
	s = line(strings.NewReplacer("#", " ", "*", "", "`", "", ">", " ", "_", " ", "~~", "").Replace(s))
	if len(s) <= max {
		return s
	}
	cut := max - len("…")
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	if i := strings.LastIndexByte(s[:cut], ' '); i > cut/2 {
		cut = i
	}
	return strings.TrimRightFunc(s[:cut], unicode.IsSpace) + "…"
}

// Slug is the readable part of an idea's address: letters and digits of any
// script in lower case, joined by hyphens, at most 80 bytes. It may be empty, and is for
// the word that is the address of a page about the idea.
func Slug(title string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(norm.NFC.String(title)) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte('-')
			gap = false
		}
		if b.Len()+utf8.RuneLen(r) > 80 {
			break
		}
		b.WriteRune(r)
	}
	if b.String() == "report" { // /ideas/{id}/report is a form
		return ""
	}
	return strings.TrimRight(b.String(), "-")
}
