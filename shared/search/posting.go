package search

import (
	"cmp"
	"slices"
)

// Generation is that of this package's terms, weights and hashes. Whoever changes
// what Postings returns for the same idea counts it up, and has the index written
// anew (infra/admin reindex).
const Generation = 1

// MaxTerms is how many terms of one idea's text are kept, the first ones; those of
// the title are kept all.
const MaxTerms = 250

// Doc is what an idea is found by. Tags are what lists can be narrowed to.
type Doc struct {
	Title, Body string
	Tags        []string
}

// Tag is the tag of a filter, such as a category; it is no term of any text.
func Tag(name, value string) string { return name + "=" + value }

// Key is where a posting of an idea stands: in the list of Term, on Level. It
// follows from the title alone or from the body alone, so that from what changed
// alone follows which postings may have to go.
type Key struct {
	Term  string
	Level byte
}

func (k Key) compare(other Key) int {
	return cmp.Or(cmp.Compare(k.Term, other.Term), cmp.Compare(k.Level, other.Level))
}

// The levels, in the order of a list.
const (
	InTitle = '0'
	Heavy   = '1' // in the text, which is short or has it often
	Medium  = '2'
	Light   = '3'
)

// Posting is that an idea has a term. Weight, from 0 to 1, is BM25F's for the term
// in the idea, without idf; Signature is the same for all postings of an idea.
type Posting struct {
	Key
	IdeaID    string
	Weight    float64
	Signature Signature
}

// BM25F's numbers. Lengths are in terms; the usual ones are those of the real portals
// that we have seen, and any corpus of ideas is near them.
const (
	saturation  = 1.2 // k1
	titleBoost  = 2.0
	titleNorm   = 0.6 // b, for the title
	bodyNorm    = 0.75
	usualTitle  = 5
	usualBody   = 50
	heavyWeight = 0.5
	lightWeight = 0.3
)

// field is one field's terms: how often it has each, and the length.
type field struct {
	count  map[string]int
	length int
}

func fieldOf(ws []word, most int) field {
	f := field{count: map[string]int{}}
	for _, t := range terms(ws) {
		if f.count[t.text] == 0 && len(f.count) == most {
			continue
		}
		f.count[t.text]++
		f.length++
	}
	return f
}

// share is the term frequency normalised by the field's length.
func (f field) share(term string, b float64, usual int) float64 {
	n := f.count[term]
	if n == 0 {
		return 0
	}
	// A text of three words is not all about each of them: half of the usual length is
	// as short as it gets.
	length := max(float64(f.length)/float64(usual), .5)
	return float64(n) / (1 - b + b*length)
}

func saturate(tf float64) float64 { return tf / (saturation + tf) }

func (f field) level(term string) byte {
	switch w := saturate(f.share(term, bodyNorm, usualBody)); {
	case w >= heavyWeight:
		return Heavy
	case w >= lightWeight:
		return Medium
	}
	return Light
}

// TitleKeys are where the postings of a title's words stand.
func TitleKeys(title string) []Key {
	ws := wordsOf(title)
	set := map[string]bool{}
	for _, t := range terms(ws) {
		set[t.text] = true
	}
	for _, w := range ws {
		prefixes(w, func(p string) { set[p] = true })
	}
	keys := make([]Key, 0, len(set))
	for t := range set {
		keys = append(keys, Key{t, InTitle})
	}
	return sorted(keys)
}

// BodyKeys are where the postings of a text's words stand, unless the title has the
// same word.
func BodyKeys(body string) []Key {
	f := fieldOf(wordsOf(body), MaxTerms)
	keys := make([]Key, 0, len(f.count))
	for t := range f.count {
		keys = append(keys, Key{t, f.level(t)})
	}
	return sorted(keys)
}

func sorted(keys []Key) []Key {
	slices.SortFunc(keys, Key.compare)
	return keys
}

// Postings are all of an idea's, the same for the same text. IdeaID is left empty.
func (d Doc) Postings() []Posting {
	titleWords := wordsOf(d.Title)
	title, body := fieldOf(titleWords, 1<<30), fieldOf(wordsOf(d.Body), MaxTerms)
	begun := map[string]float64{} // the best weight among the words that begin so
	weight := func(t string) float64 {
		return saturate(titleBoost*title.share(t, titleNorm, usualTitle) + body.share(t, bodyNorm, usualBody))
	}
	for _, t := range terms(titleWords) {
		for _, w := range titleWords[t.from:t.to] {
			prefixes(w, func(p string) { begun[p] = max(begun[p], weight(t.text)) })
		}
	}
	sig := newSignature(len(title.count) + len(body.count) + len(begun) + len(d.Tags))
	out := make([]Posting, 0, len(title.count)+len(body.count)+len(begun))
	add := func(t string, level byte, w float64) {
		sig.add(t)
		out = append(out, Posting{Key: Key{t, level}, Weight: w, Signature: sig})
	}
	for t := range title.count {
		add(t, InTitle, weight(t))
	}
	for t := range begun {
		add(t, InTitle, begun[t])
	}
	for t := range body.count {
		if title.count[t] == 0 {
			add(t, body.level(t), weight(t))
		}
	}
	for _, t := range d.Tags {
		sig.add(t)
	}
	slices.SortFunc(out, func(a, b Posting) int { return a.Key.compare(b.Key) })
	return out
}
