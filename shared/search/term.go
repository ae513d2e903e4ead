package search

import (
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
)

// term is a term of a text: what it is listed under, and the words it came from.
type term struct {
	text     string
	from, to int // words, to exclusive
}

// terms are those of the words, in order; a term comes as often as it is there.
func terms(ws []word) []term {
	out := make([]term, 0, len(ws)+len(ws)/4)
	for i, w := range ws {
		switch {
		case w.dense:
			tied := i > 0 && ws[i-1].dense && ws[i-1].end == w.start
			if tied {
				if pair := ws[i-1].folded + w.folded; !stopPair(pair) {
					out = append(out, term{pair, i - 1, i + 1})
				}
			} else if alone := i+1 == len(ws) || !ws[i+1].dense || ws[i+1].start != w.end; alone && !stopPair(w.folded) {
				out = append(out, term{w.folded, i, i + 1})
			}
		case !stopWord(w.folded):
			out = append(out, term{stem(w.folded), i, i + 1})
		}
		if w.hyphen && len(ws[i-1].folded)+len(w.folded) <= maxWord {
			out = append(out, term{stem(ws[i-1].folded + w.folded), i - 1, i + 1})
		}
	}
	return out
}

// stem is the stem of an English word, and any other word as it is.
func stem(w string) string {
	if len(w) < 3 || !ascii(w) {
		return w
	}
	env := snowballstem.NewEnv(w)
	english.Stem(env)
	if s := env.Current(); s != "" {
		return s
	}
	return w
}

// Prefixes of the words of a title are terms, too, from shortPrefix to longPrefix
// characters, for those who are still typing.
const (
	shortPrefix = 2
	longPrefix  = 6
	prefixMark  = "*"
)

// prefixes calls f with what the word can be found by while it is being typed.
func prefixes(w word, f func(string)) {
	switch {
	case w.dense:
		if !stopPair(w.folded) {
			f(w.folded + prefixMark)
		}
	case !stopWord(w.folded):
		n := 0
		for i := range w.folded {
			if n >= shortPrefix {
				f(w.folded[:i] + prefixMark)
			}
			if n++; n > longPrefix {
				return
			}
		}
		if n >= shortPrefix {
			f(w.folded + prefixMark)
		}
	}
}

// prefixTerm is what a word that is still being typed is looked up by; "" if it is
// too short for that.
func prefixTerm(w word) string {
	n := utf8.RuneCountInString(w.folded)
	if n < shortPrefix && !w.dense {
		return ""
	}
	for i := range w.folded {
		if n = utf8.RuneCountInString(w.folded[:i]); n == longPrefix {
			return w.folded[:i] + prefixMark
		}
	}
	return w.folded + prefixMark
}
