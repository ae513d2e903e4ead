package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxNeeds is how many words of a query are looked up, the first ones.
const MaxNeeds = 8

// Query is what somebody looks for.
type Query struct {
	Needs   []Need
	Phrases [][]string // what stood in quotation marks: words that have to follow on each other
	prefix  string     // of the word with a star, folded
}

// Need is one word of a query: an idea has it if it has any of the terms, the first
// being the word itself.
type Need struct{ Any []string }

// Parse reads a query as people type it: words, "words that follow on each other",
// and a last word that is not complete*.
func Parse(s string) Query {
	var q Query
	ws := wordsOf(s)
	for _, span := range quoted(s) {
		var phrase []string
		for _, w := range ws {
			if w.start >= span[0] && w.end <= span[1] {
				phrase = append(phrase, w.folded)
			}
		}
		if len(phrase) > 0 {
			q.Phrases = append(q.Phrases, phrase)
		}
	}
	q.read(ws, func(w word) bool { return strings.HasPrefix(s[w.end:], "*") })
	return q
}

// read makes needs of words; open says of which more may follow.
func (q *Query) read(ws []word, open func(word) bool) {
	parts := map[int]int{} // the need that a word became
	ts := terms(ws)
	for _, t := range ts {
		joined := t.to-t.from == 2 && !ws[t.from].dense
		if joined { // another spelling of its two halves
			for i := t.from; i < t.to; i++ {
				if n, ok := parts[i]; ok {
					q.Needs[n].Any = append(q.Needs[n].Any, t.text)
				}
			}
			continue
		}
		n := slices.IndexFunc(q.Needs, func(n Need) bool { return n.Any[0] == t.text })
		if n < 0 {
			if len(q.Needs) == MaxNeeds {
				continue
			}
			n = len(q.Needs)
			q.Needs = append(q.Needs, Need{[]string{t.text}})
		}
		parts[t.from] = n
	}
	for i, w := range ws {
		lone := w.dense && (i == 0 || !ws[i-1].dense || ws[i-1].end != w.start) && (i+1 == len(ws) || !ws[i+1].dense || ws[i+1].start != w.end)
		if lone && stopPair(w.folded) || !lone && (w.dense || !open(w)) {
			continue
		}
		p := prefixTerm(w)
		if p == "" {
			continue
		}
		if n, ok := parts[i]; ok {
			q.Needs[n].Any = append(q.Needs[n].Any, p)
		} else if len(q.Needs) < MaxNeeds { // "th*" may become a word, though "th" or "the" is none
			q.Needs = append(q.Needs, Need{[]string{p}})
		}
		if !lone {
			q.prefix = w.folded
		}
	}
}

// quoted are the places between quotation marks; one that is not closed reaches to
// the end.
func quoted(s string) [][2]int {
	var out [][2]int
	from := -1
	for i, r := range s {
		if r != '"' && r != '“' && r != '”' && r != '„' && r != '「' && r != '」' && r != '＂' {
			continue
		}
		if from < 0 {
			from = i + utf8.RuneLen(r)
		} else {
			out = append(out, [2]int{from, i})
			from = -1
		}
	}
	if from >= 0 {
		out = append(out, [2]int{from, len(s)})
	}
	return out
}

// Empty reports whether nothing is asked for.
func (q Query) Empty() bool { return len(q.Needs) == 0 }

// Terms are those whose lists answer the query, each once.
func (q Query) Terms() []string {
	var ts []string
	for _, n := range q.Needs {
		for _, t := range n.Any {
			if !slices.Contains(ts, t) {
				ts = append(ts, t)
			}
		}
	}
	return ts
}

// Like asks for ideas that are like a title and its text, by at most n terms: those
// of the title, the longest first because common words are short, and then those
// that the text has most often.
func Like(title, body string, n int) Query {
	var q Query
	q.read(wordsOf(title), func(word) bool { return false })
	seen := map[string]bool{}
	for _, n := range q.Needs {
		seen[n.Any[0]] = true
	}
	slices.SortStableFunc(q.Needs, func(a, b Need) int { return len(b.Any[0]) - len(a.Any[0]) })
	if len(q.Needs) < n && body != "" {
		f := fieldOf(wordsOf(body), MaxTerms)
		var more []string
		for t, k := range f.count {
			if !seen[t] && k > 1 {
				more = append(more, t)
			}
		}
		slices.SortFunc(more, func(a, b string) int {
			if d := f.count[b]*len(b) - f.count[a]*len(a); d != 0 {
				return d
			}
			return strings.Compare(a, b)
		})
		for _, t := range more {
			q.Needs = append(q.Needs, Need{[]string{t}})
		}
	}
	q.Needs = q.Needs[:min(len(q.Needs), n)]
	for i := range q.Needs { // one list a need
		q.Needs[i].Any = q.Needs[i].Any[:1]
	}
	return q
}
