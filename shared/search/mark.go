package search

import (
	"slices"
	"strings"
)

// Span is a piece of a text, in bytes, To exclusive.
type Span struct{ From, To int }

// Marks are the places of text that answer the query, in order, apart.
func (q Query) Marks(text string) []Span {
	if q.Empty() || text == "" {
		return nil
	}
	ws := wordsOf(text)
	wanted := q.Terms()
	hit := make([]bool, len(ws))
	for _, t := range terms(ws) {
		if slices.Contains(wanted, t.text) {
			for i := t.from; i < t.to; i++ {
				hit[i] = true
			}
		}
	}
	var out []Span
	for i, w := range ws {
		switch {
		case hit[i], q.prefix != "" && strings.HasPrefix(w.folded, q.prefix), w.dense && slices.Contains(wanted, w.folded+prefixMark):
		default:
			continue
		}
		if n := len(out); n > 0 && out[n-1].To >= w.start {
			out[n-1].To = max(out[n-1].To, w.end)
		} else {
			out = append(out, Span{w.start, w.end})
		}
	}
	return out
}

// Follows reports whether each phrase of the query stands in one of the texts, word
// by word.
func (q Query) Follows(texts ...string) bool {
	fields := make([][]word, len(texts))
	for i, t := range texts {
		fields[i] = wordsOf(t)
	}
	return !slices.ContainsFunc(q.Phrases, func(phrase []string) bool {
		return !slices.ContainsFunc(fields, func(ws []word) bool { return has(ws, phrase) })
	})
}

func has(ws []word, phrase []string) bool {
	for i := 0; i+len(phrase) <= len(ws); i++ {
		if slices.EqualFunc(ws[i:i+len(phrase)], phrase, func(w word, s string) bool { return w.folded == s }) {
			return true
		}
	}
	return false
}

// Begins reports whether the title has a word that begins as the query's last one
// does, if that is incomplete and longer than what lists are kept of; true if the
// lists have told.
func (q Query) Begins(title string) bool {
	if len([]rune(q.prefix)) <= longPrefix {
		return true
	}
	return slices.ContainsFunc(wordsOf(title), func(w word) bool { return strings.HasPrefix(w.folded, q.prefix) })
}
