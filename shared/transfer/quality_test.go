//go:build !race

// The whole real community under the race detector would take minutes, and its
// goroutines do nothing that those of smaller imports don't.

package transfer_test

import (
	"cmp"
	"encoding/csv"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/search"
	"groundswell/shared/transfer"
)

// What the test data says: testdata/queries.tsv has what somebody might look for, the
// ideas of the real portal that answer it and why; testdata/pairs.tsv pairs of ideas
// that ask for the same in other words, and for what. Both were judged by reading the
// titles, all that is left of that portal's ideas, and name ideas by id.

const topFive = 5

// judged is one query or one idea, and what should come first.
type judged struct {
	text     string
	relevant []string
	not      string // the idea that asks
}

// figures are means over all judged.
type figures struct{ precision, recall float64 }

// rounding is what the order of additions may change.
const rounding = 1e-9

func (f figures) worse(than figures) bool {
	return f.precision < than.precision-rounding || f.recall < than.recall-rounding
}

func measure(t *testing.T, all []judged, ask func(judged) []string) (f figures) {
	t.Helper()
	for _, j := range all {
		got, hits := ask(j), 0
		for _, id := range got[:min(len(got), topFive)] {
			if slices.Contains(j.relevant, id) {
				hits++
			}
		}
		f.precision += float64(hits) / topFive / float64(len(all))
		f.recall += float64(hits) / float64(len(j.relevant)) / float64(len(all))
	}
	return f
}

// TestQuality: search and similar ideas find on a real portal what people would say
// they should, at least as well as BM25 over all texts in memory, which a table of
// lists can only come near to.
func TestQuality(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p, err := transfer.PresetNamed("my-starbucks-idea")
	d.must(err)
	_, err = d.Files(d.Context(), transfer.Files{Preset: p, Source: p.Name, Ideas: real(t, "ideas.csv")})
	d.must(err)
	d.count()

	texts, names := map[string]string{}, map[string]string{} // by the source's id; by our id's random part
	lines, err := csv.NewReader(opened(t, real(t, "ideas.csv"))).ReadAll()
	d.must(err)
	for _, l := range lines[1:] {
		texts[l[0]] = l[2]
		names[randomPart(portal.ImportedAt(time.Time{}, p.Name, l[0]))] = l[0]
	}
	named := func(cards []portal.Card) []string {
		out := make([]string, len(cards))
		for i, c := range cards {
			out[i] = names[randomPart(c.ID)]
		}
		return out
	}
	plain := newBM25(texts)

	var queries, titles []judged
	for _, l := range table3(t, "testdata/queries.tsv", 50) {
		queries = append(queries, judged{text: l[0], relevant: strings.Fields(l[1])})
	}
	for _, l := range table3(t, "testdata/pairs.tsv", 100) {
		titles = append(titles, judged{text: texts[l[0]], relevant: []string{l[1]}, not: l[0]},
			judged{text: texts[l[1]], relevant: []string{l[0]}, not: l[1]})
	}
	for _, j := range slices.Concat(queries, titles) {
		for _, id := range j.relevant {
			if texts[id] == "" {
				t.Fatalf("there is no idea %s", id)
			}
		}
	}

	ours := measure(t, queries, func(j judged) []string {
		found, err := d.portal.Search(d.Context(), portal.Actor{}, portal.SearchQuery{Words: j.text})
		d.must(err)
		return named(found.Cards)
	})
	theirs := measure(t, queries, plain.ask)
	t.Logf("search: precision at 5 %.3f, recall at 5 %.3f; BM25 %.3f, %.3f", ours.precision, ours.recall, theirs.precision, theirs.recall)
	if ours.worse(theirs) {
		t.Error("search is worse than BM25")
	}

	ours = measure(t, titles, func(j judged) []string {
		cards, err := d.portal.Related(d.Context(), d.idOf(j.not, p.Name))
		d.must(err)
		return named(cards)
	})
	theirs = measure(t, titles, plain.ask)
	t.Logf("similar: recall at 5 %.3f; BM25 %.3f", ours.recall, theirs.recall)
	if ours.recall < theirs.recall-rounding {
		t.Error("similar ideas are worse than BM25")
	}

	ours = measure(t, titles, func(j judged) []string {
		cards, err := d.portal.Similar(d.Context(), j.text, "")
		d.must(err)
		return slices.DeleteFunc(named(cards), func(id string) bool { return id == j.not })
	})
	theirs = measure(t, titles, firstTwo(plain.ask))
	t.Logf("similar while typing: recall at 2 %.3f; BM25 %.3f", ours.recall, theirs.recall)
}

// firstTwo are the best two: while somebody types there is room for three ideas, and
// one of them is what they took for this test.
func firstTwo(ask func(judged) []string) func(judged) []string {
	return func(j judged) []string {
		got := ask(j)
		return got[:min(len(got), 2)]
	}
}

// randomPart is what follows from the source's id alone.
func randomPart(id string) string { return id[9:] }

// idOf is our id of the source's.
func (d *desk) idOf(key, source string) string {
	d.Helper()
	if d.ids == nil {
		d.ids = map[string]string{}
		for _, c := range d.cards(portal.ListQuery{Sort: portal.Top}) {
			d.ids[randomPart(c.ID)] = c.ID
		}
	}
	return d.ids[randomPart(portal.ImportedAt(time.Time{}, source, key))]
}

// table3 reads a file of lines of three fields.
func table3(t *testing.T, name string, want int) [][]string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for l := range strings.Lines(string(b)) {
		fs := strings.Split(strings.TrimSuffix(l, "\n"), "\t")
		if len(fs) != 3 || slices.Contains(fs, "") {
			t.Fatalf("%s: %q", name, l)
		}
		out = append(out, fs)
	}
	if len(out) != want {
		t.Fatalf("%s has %d lines", name, len(out))
	}
	return out
}

// bm25 ranks all texts by Okapi BM25 with its usual numbers, over the terms that
// search has as well: what is compared is ranking, not stemming.
type bm25 struct {
	docs map[string]map[string]bool // titles have a word once
	df   map[string]int
	mean float64
}

func termsOf(text string) map[string]bool {
	set := map[string]bool{}
	for _, k := range search.BodyKeys(text) {
		set[k.Term] = true
	}
	return set
}

func newBM25(texts map[string]string) *bm25 {
	b := &bm25{docs: map[string]map[string]bool{}, df: map[string]int{}}
	for id, s := range texts {
		b.docs[id] = termsOf(s)
		for t := range b.docs[id] {
			b.df[t]++
		}
		b.mean += float64(len(b.docs[id])) / float64(len(texts))
	}
	return b
}

func (b *bm25) ask(j judged) []string {
	const k1, bb = 1.2, 0.75
	type hit struct {
		id    string
		score float64
	}
	var hits []hit
	query := termsOf(j.text)
	for id, doc := range b.docs {
		score := 0.
		for t := range query {
			if doc[t] {
				df := float64(b.df[t])
				score += math.Log(1+(float64(len(b.docs))-df+.5)/(df+.5)) * (k1 + 1) / (1 + k1*(1-bb+bb*float64(len(doc))/b.mean))
			}
		}
		if score > 0 && id != j.not {
			hits = append(hits, hit{id, score})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int { return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(b.id, a.id)) })
	out := make([]string, len(hits))
	for i, h := range hits {
		out[i] = h.id
	}
	return out
}
