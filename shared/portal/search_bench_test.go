package portal_test

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/search"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/tabletest"
)

// library is a portal with very many ideas in the embedded store, and the same texts
// in memory, as any search engine would have them.
type library struct {
	portal *portal.Portal
	store  *store.Store
	meter  *meteredReads
	titles []string
	plain  plainIndex
}

const libraryIdeas = 20_000

// newLibrary fills a table with made-up ideas of made-up words, which are as often as
// words are: the second half as often as the first, the third a third (Zipf's law).
func newLibrary(b *testing.B) *library {
	b.Helper()
	tab, clock := tabletest.OpenLocal(b)
	l := &library{meter: &meteredReads{Table: tab}, plain: newPlainIndex()}
	l.store = &store.Store{Table: l.meter, Clock: clock.Now}
	l.portal = &portal.Portal{Store: l.store, Clock: clock.Now, Categories: portal.DefaultCategories()}
	r := rand.New(rand.NewPCG(7, 20_000))
	words := make([]string, 12_000)
	for i := range words {
		for range 2 + r.IntN(3) {
			words[i] += string("bcdfghklmnprstvz"[r.IntN(16)]) + string("aeiou"[r.IntN(5)])
		}
	}
	zipf := rand.NewZipf(r, 1.07, 8, uint64(len(words)-1))
	text := func(n int) string {
		s := make([]string, n)
		for i := range s {
			s[i] = words[zipf.Uint64()]
		}
		return strings.Join(s, " ")
	}
	for i := range libraryIdeas {
		id := portal.ImportedAt(clock.Now().Add(-time.Duration(i)*time.Hour), "bench", fmt.Sprint(i))
		title, body := text(3+r.IntN(8)), text(8+r.IntN(50))
		l.titles = append(l.titles, title)
		l.plain.add(id, title+" "+body)
		ps := search.Doc{Title: title, Body: body, Tags: []string{search.Tag(portal.TagCategory, "tea"), search.Tag(portal.TagStatus, "new")}}.Postings()
		if err := l.store.PutPostings(b.Context(), id, 1, ps, nil); err != nil {
			b.Fatal(err)
		}
		card := portal.Card{ID: id, Title: title, Excerpt: portal.Excerpt(body, 140), Category: "tea", Status: portal.New, Votes: r.IntN(500), Version: 1}
		if err := l.store.PutCards(b.Context(), card, true, 0); err != nil {
			b.Fatal(err)
		}
	}
	l.plain.done()
	return l
}

// meteredReads reckons DynamoDB's read units as it bills reads that are not strong:
// half a unit for each 4 KB of an answer, or of each record that is asked for by key.
type meteredReads struct {
	table.Table
	lists, cards atomic.Int64 // in half units
}

func halves(bytes int) int64 { return int64(max(1, (bytes+4095)/4096)) }

func sizeOf(r table.Record) int {
	n := len(r.PK) + len(r.SK) + len(r.Kind) + len(r.Body) + 26 // names and numbers
	for _, k := range r.Idx {
		n += len(k.P) + len(k.S)
	}
	return n
}

func (m *meteredReads) Query(ctx context.Context, q table.Query) (table.Page, error) {
	page, err := m.Table.Query(ctx, q)
	n := 0
	for _, r := range page.Recs {
		n += sizeOf(r)
	}
	m.lists.Add(halves(n))
	return page, err
}

func (m *meteredReads) BatchGet(ctx context.Context, keys []table.Key, strong bool) (map[table.Key]table.Record, error) {
	recs, err := m.Table.BatchGet(ctx, keys, strong)
	for _, k := range keys {
		m.cards.Add(halves(sizeOf(recs[k])))
	}
	return recs, err
}

// BenchmarkSearch looks for three words of a title among 20,000 ideas, and for ideas
// like one that is being typed, beside BM25 over the same texts in memory: what a
// server of its own would do at best, before any network. p50 and p95 are of single
// questions. The units of lists are what the budget speaks of; those of cards come to
// it.
func BenchmarkSearch(b *testing.B) {
	l := newLibrary(b)
	r := rand.New(rand.NewPCG(1, 1))
	ask := func(n int) string {
		for {
			if w := strings.Fields(l.titles[r.IntN(len(l.titles))]); len(w) >= n {
				return strings.Join(w[:n], " ")
			}
		}
	}
	var plain float64
	b.Run("bm25 in memory", func(b *testing.B) {
		plain = l.measure(b, func() { l.plain.ask(ask(3), 20) })
	})
	against := func(b *testing.B, median float64) {
		if plain > 0 {
			b.ReportMetric(median/plain, "x-bm25")
		}
	}
	b.Run("three words", func(b *testing.B) {
		against(b, l.measure(b, func() {
			if _, err := l.portal.Search(b.Context(), portal.Actor{}, portal.SearchQuery{Words: ask(3)}); err != nil {
				b.Fatal(err)
			}
		}))
	})
	b.Run("three words, the last half typed, in a category", func(b *testing.B) {
		against(b, l.measure(b, func() {
			words := ask(3)
			if _, err := l.portal.Search(b.Context(), portal.Actor{}, portal.SearchQuery{Words: words[:len(words)-2], Category: "tea"}); err != nil {
				b.Fatal(err)
			}
		}))
	})
	b.Run("similar while typing", func(b *testing.B) {
		against(b, l.measure(b, func() {
			if _, err := l.portal.Similar(b.Context(), ask(3+r.IntN(3)), ""); err != nil {
				b.Fatal(err)
			}
		}))
	})
}

// measure runs do and reports its percentiles and units; it returns the median, in
// milliseconds.
func (l *library) measure(b *testing.B, do func()) float64 {
	l.meter.lists.Store(0)
	l.meter.cards.Store(0)
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		do()
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	at := func(p float64) float64 { return float64(took[int(p*float64(len(took)-1))]) / float64(time.Millisecond) }
	b.ReportMetric(at(.5), "p50-ms")
	b.ReportMetric(at(.95), "p95-ms")
	b.ReportMetric(0, "ns/op") // says less
	if n := l.meter.lists.Load(); n > 0 {
		b.ReportMetric(float64(n)/2/float64(len(took)), "list-units")
		b.ReportMetric(float64(l.meter.cards.Load())/2/float64(len(took)), "card-units")
	}
	return at(.5)
}

// plainIndex is an inverted index in memory, ranked by Okapi BM25.
type plainIndex struct {
	lists map[string][]int
	ids   []string
	sizes []float64
	mean  float64
}

func newPlainIndex() plainIndex { return plainIndex{lists: map[string][]int{}} }

func (x *plainIndex) add(id, text string) {
	keys := search.BodyKeys(text)
	for _, k := range keys {
		x.lists[k.Term] = append(x.lists[k.Term], len(x.ids))
	}
	x.ids, x.sizes = append(x.ids, id), append(x.sizes, float64(len(keys)))
}

func (x *plainIndex) done() {
	for _, n := range x.sizes {
		x.mean += n / float64(len(x.sizes))
	}
}

func (x *plainIndex) ask(words string, limit int) []string {
	const k1, bb = 1.2, 0.75
	scores := map[int]float64{}
	for _, k := range search.BodyKeys(words) {
		list := x.lists[k.Term]
		df := float64(len(list))
		idf := math.Log(1 + (float64(len(x.ids))-df+.5)/(df+.5))
		for _, i := range list {
			scores[i] += idf * (k1 + 1) / (1 + k1*(1-bb+bb*x.sizes[i]/x.mean))
		}
	}
	hits := make([]int, 0, len(scores))
	for i := range scores {
		hits = append(hits, i)
	}
	slices.SortFunc(hits, func(a, b int) int { return cmp.Or(cmp.Compare(scores[b], scores[a]), b-a) })
	out := make([]string, 0, limit)
	for _, i := range hits[:min(limit, len(hits))] {
		out = append(out, x.ids[i])
	}
	return out
}
