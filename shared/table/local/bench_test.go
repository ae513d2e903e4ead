package local_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"groundswell/shared/table"
	"groundswell/shared/table/local"
)

// benchIdeas is the number of ideas, each of them four cards in three indexes.
const benchIdeas = 5000

func openBench(b *testing.B, o local.Options) *local.Table {
	b.Helper()
	tab, err := local.Open(filepath.Join(b.TempDir(), "bench.db"), o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := tab.Close(); err != nil {
			b.Error(err)
		}
	})
	return tab
}

func loadCards(b *testing.B) *local.Table {
	tab := openBench(b, local.Options{NoSync: true})
	body, _ := json.Marshal(map[string]any{"title": fmt.Sprintf("%060d", 1), "text": fmt.Sprintf("%0160d", 1), "votes": 1234, "author": "someone"})
	var ops []table.Op
	for i := range benchIdeas {
		id := fmt.Sprintf("%08d", i*7919%benchIdeas)
		for slot := range 4 {
			p := fmt.Sprintf("L#%d", slot)
			ops = append(ops, table.Op{Rec: table.Record{Key: table.Key{PK: "I#" + id, SK: fmt.Sprintf("9K#%d", slot)}, Kind: "card", Ver: 1, Body: body,
				Idx: [3]table.IndexKey{{P: p, S: fmt.Sprintf("%010d#%s", i, id)}, {P: p, S: fmt.Sprintf("%012d#%s", i*31, id)}, {P: p, S: id}}}})
		}
	}
	for _, err := range tab.WriteEach(b.Context(), ops...) {
		if err != nil {
			b.Fatal(err)
		}
	}
	return tab
}

func BenchmarkGet(b *testing.B) {
	tab := loadCards(b)
	i := 0
	for b.Loop() {
		i++
		if _, err := tab.Get(b.Context(), table.Key{PK: fmt.Sprintf("I#%08d", i*31%benchIdeas), SK: "9K#2"}, false); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkQuery20(b *testing.B) {
	tab := loadCards(b)
	for b.Loop() {
		p, err := tab.Query(b.Context(), table.Query{Index: 1, PK: "L#0", Desc: true, Limit: 20})
		if err != nil || len(p.Recs) != 20 {
			b.Fatal(len(p.Recs), err)
		}
	}
}

// BenchmarkVotes puts votes, with fsync, from 1, 32 and 256 writers at once.
func BenchmarkVotes(b *testing.B) {
	for _, writers := range []int{1, 32, 256} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			tab := openBench(b, local.Options{})
			var next atomic.Int64
			var wg sync.WaitGroup
			b.ResetTimer()
			for range writers {
				wg.Go(func() {
					for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
						user := fmt.Sprintf("%016x", uint64(i)*0x9e3779b97f4a7c15)
						err := tab.Write(b.Context(), table.Op{Cond: table.NotExists, Rec: table.Record{
							Key: table.Key{PK: "V#0001#" + user[:1], SK: user}, Kind: "vote", Ver: 1, Body: []byte(`{"at":1700000000000}`),
							Idx: [3]table.IndexKey{2: {P: "U#" + user, S: "0001"}}}})
						if err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "votes/s")
		})
	}
}
