package search

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// List is what was read of a term's postings: the first of them, or with Whole all.
type List struct {
	Term     string
	Postings []Posting
	Whole    bool
}

// cumulative is the share of a list that stands on a level or before, roughly. It
// matters only for words whose list was not even read through its first levels.
var cumulative = [...]float64{InTitle - '0': .5, Heavy - '0': .7, Medium - '0': .9, Light - '0': 1}

// Length is how many ideas have the term: counted, or from the places of those read.
func (l List) Length() float64 {
	n := len(l.Postings)
	if l.Whole || n == 0 {
		return float64(n)
	}
	last := l.Postings[n-1]
	before := 0
	for before < n && l.Postings[before].Level < last.Level {
		before++
	}
	read := place(last.IdeaID)
	if n-before < 4 || read <= 0 { // too few to tell from: they are as many again at least
		return float64(2 * n)
	}
	level := min(max(int(last.Level)-'0', 0), len(cumulative)-1)
	return (float64(before) + float64(n-before-1)/read) / cumulative[level]
}

// place is where an idea stands within a level, from 0 to 1: ids end in random
// characters of an alphabet of 32, in byte order.
func place(id string) float64 {
	f, unit := 0., 1.
	for i := len(id) - 1; i >= 0 && i > len(id)-7; i-- {
		unit /= 32
		f += unit * float64(max(strings.IndexByte(idAlphabet, id[i]), 0))
	}
	return f + unit
}

const idAlphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// Hit is an idea that answers a query.
type Hit struct {
	IdeaID string
	Score  float64
}

// Options say how strict Rank is.
type Options struct {
	Tags  []string // that an idea has to have
	Least float64  // the share of the query that it has to have, weighed by idf
	Not   string   // an idea that is no answer

	// Unknown says that words which no idea has are part of the query: ideas have to
	// have enough of the others.
	Unknown bool
}

// What is known of an idea by its signature alone weighs as a word in its text does,
// and a word that only begins as asked for a little less than the word itself.
const (
	unread      = 0.35
	unreadTitle = 0.6
	incomplete  = 0.8
)

// Rank puts the ideas in order, the best first, and the newer of two as good. The
// lists are those of q.Terms.
func Rank(q Query, lists []List, o Options) []Hit {
	byTerm := make(map[string]*ranked, len(lists))
	longest := 0.
	for _, l := range lists {
		r := &ranked{whole: l.Whole, length: l.Length(), weight: make(map[string]float64, len(l.Postings))}
		byTerm[l.Term] = r
		longest = max(longest, r.length)
		for _, p := range l.Postings {
			r.weight[p.IdeaID] = max(r.weight[p.IdeaID], p.Weight)
		}
	}
	var hits []Hit
	seen := map[string]bool{o.Not: true}
	idfs, total := idfs(q, byTerm, longest, o.Unknown)
	for _, l := range lists {
		for _, p := range l.Postings {
			if seen[p.IdeaID] {
				continue
			}
			seen[p.IdeaID] = true
			if slices.ContainsFunc(o.Tags, func(t string) bool { return !p.Signature.Has(t) }) {
				continue
			}
			score, has := 0., 0.
			for i, n := range q.Needs {
				if w := n.weight(p, byTerm); w > 0 {
					score += idfs[i] * w
					has += idfs[i]
				}
			}
			if has >= o.Least*total {
				hits = append(hits, Hit{p.IdeaID, score})
			}
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(b.IdeaID, a.IdeaID))
	})
	return hits
}

// ranked is a list as it is looked up.
type ranked struct {
	whole  bool
	length float64
	weight map[string]float64
}

// fewest is how many ideas a portal has at least. How many there are in truth does
// not matter much: idf is there to tell a rare word from a common one, so it is
// enough to take the longest list for a tenth of all.
const fewest = 1000

func idfs(q Query, lists map[string]*ranked, longest float64, unknown bool) (each []float64, total float64) {
	all := max(fewest, 10*longest)
	for _, n := range q.Needs {
		df := 0.
		for _, t := range n.Any {
			if l := lists[t]; l != nil {
				df = max(df, l.length)
			}
		}
		idf := math.Log(1 + (all-df+.5)/(df+.5))
		if df == 0 && !unknown {
			idf = 0
		}
		each = append(each, idf)
		total += idf
	}
	return each, total
}

// beginning is what a word with the term can be found by while it is being typed, if
// it is in a title. A stem's last letter may be none of the word's.
func beginning(term string) string {
	n := 0
	for i := range term {
		if n == longPrefix || n > shortPrefix && i == len(term)-1 {
			return term[:i] + prefixMark
		}
		n++
	}
	return term + prefixMark
}

// weight is that of the best of the need's terms in the posting's idea.
func (n Need) weight(p Posting, lists map[string]*ranked) float64 {
	best := 0.
	for _, t := range n.Any {
		l := lists[t]
		if l == nil {
			continue
		}
		w, ok := l.weight[p.IdeaID]
		if !ok && !l.whole && p.Signature.Has(t) {
			w = unread
			if p.Signature.Has(beginning(t)) { // which only words of the title have
				w = unreadTitle
			}
		}
		if strings.HasSuffix(t, prefixMark) {
			w *= incomplete
		}
		best = max(best, w)
	}
	return best
}
