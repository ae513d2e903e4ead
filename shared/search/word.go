package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// word is a word of a text as it is compared with others, and where it stood.
type word struct {
	folded     string
	start, end int  // bytes in the text
	dense      bool // of a script without blanks: one character
	hyphen     bool // a hyphen ties it to the word before
}

// maxWord bounds a word in bytes: what is longer is no word of a language, and has
// to fit a key.
const maxWord = 48

// dense are scripts that write without blanks between words, and Hangul, whose
// words carry their particles.
var dense = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}

// accented are the scripts whose accents may be left out.
var accented = []*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Cyrillic}

// wordsOf are the words of a text. Without a letter or a digit there is no word.
func wordsOf(text string) []word {
	out := make([]word, 0, len(text)/6)
	at, hyphen := 0, false
	for it := words.FromString(text); it.Next(); {
		s := it.Value()
		start := at
		at += len(s)
		first, n := letter(s)
		if n < 0 {
			hyphen = (s == "-" || s == "‐" || s == "‑") && len(out) > 0 && out[len(out)-1].end == start && !out[len(out)-1].dense
			continue
		}
		if first < utf8.RuneSelf || !unicode.In(first, dense...) {
			if f := fold(s); f != "" {
				out = append(out, word{folded: f, start: start, end: at, hyphen: hyphen})
			}
		} else {
			out = characters(out, s, start)
		}
		hyphen = false
	}
	return out
}

// letter is the first letter or digit of s and its place; -1 if it has none.
func letter(s string) (rune, int) {
	for i, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r, i
		}
	}
	return 0, -1
}

// characters appends each character of s as a word.
func characters(out []word, s string, start int) []word {
	folded := fold(s)
	if utf8.RuneCountInString(folded) != utf8.RuneCountInString(s) { // half-width marks were joined to their letters
		for _, r := range folded {
			out = append(out, word{folded: string(r), start: start, end: start + len(s), dense: unicode.In(r, dense...)})
		}
		return out
	}
	at := start
	for _, r := range folded {
		_, n := utf8.DecodeRuneInString(s[at-start:])
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			out = append(out, word{folded: string(r), start: at, end: at + n, dense: true})
		}
		at += n
	}
	return out
}

// fold makes equal what people take for the same word: width, compatibility forms,
// case, and the accents of scripts that may leave them out.
func fold(s string) string {
	if ascii(s) {
		s = strings.ToLower(s)
	} else {
		s = norm.NFKD.String(cases.Fold().String(width.Fold.String(norm.NFKC.String(s))))
		s = norm.NFC.String(bare(s))
	}
	if len(s) <= maxWord {
		return s
	}
	cut := maxWord
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut]
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// bare is decomposed text without the accents of accented scripts, with one kind of
// apostrophe and no characters that can't be seen.
func bare(s string) string {
	strip := false
	return strings.Map(func(r rune) rune {
		switch {
		case r == '’' || r == '‘' || r == '＇' || r == 'ʼ':
			return '\''
		case unicode.Is(unicode.Mn, r):
			if strip {
				return -1
			}
		case unicode.Is(unicode.Cf, r) || r == 0:
			return -1
		default:
			strip = r < utf8.RuneSelf || unicode.In(r, accented...)
		}
		return r
	}, s)
}
