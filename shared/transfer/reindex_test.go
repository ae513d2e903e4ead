package transfer_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"groundswell/shared/portal"
	"groundswell/shared/table"
	"groundswell/shared/transfer"
)

// TestReindex: what an import brought is found without the change feed, what an
// older generation of terms left goes, and an interrupted run goes on.
func TestReindex(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var csv strings.Builder
	csv.WriteString("id,title,category,created,votes,author\n")
	for i := range 250 {
		fmt.Fprintf(&csv, "%d,Idea about word%d,food,2012-01-01,1,ann\n", i, i)
	}
	d.generic(csv.String(), "")
	id := portal.ImportedAt(now, "t", "x")
	old := table.Record{Key: table.Key{PK: "T#outworn", SK: "0" + backwards(id)}, Kind: "post", Ver: 1 << 8, Body: []byte(`{"p":"fAAAA"}`)}
	idea := d.find("word7")[0]
	wrong := old
	wrong.SK = "0" + backwards(idea)
	d.must(d.table.Write(d.Context(), table.Op{Rec: wrong}))

	ctx, stop := context.WithCancel(d.Context())
	pages := 0
	ri := transfer.Reindexer{Store: d.Store, Projections: d.counts, From: d.table, Progress: func(transfer.Progress) {
		if pages++; pages == 2 {
			stop()
		}
	}}
	if _, err := ri.Run(ctx); err == nil {
		t.Fatal("it was not interrupted")
	}
	ri.Progress = nil
	r, err := ri.Run(d.Context())
	d.must(err)
	if !r.Resumed || r.Ideas == 0 || r.Wrong > 1 {
		t.Errorf("the second run: %+v", r)
	}
	r, err = ri.Run(d.Context())
	d.must(err)
	if r.Resumed || r.Ideas != 250 || r.Wrong != 0 {
		t.Errorf("the third run: %+v", r)
	}
	lists, err := d.Store.Postings(d.Context(), []string{"outworn", "word7", "idea"}, 1000)
	d.must(err)
	if len(lists[0].Postings) != 0 || len(lists[1].Postings) != 1 || len(lists[2].Postings) != 250 {
		t.Errorf("%d, %d and %d postings", len(lists[0].Postings), len(lists[1].Postings), len(lists[2].Postings))
	}
}

func backwards(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

// find are the ids of the ideas whose title ends so.
func (d *desk) find(end string) (ids []string) {
	d.Helper()
	page, err := d.table.Scan(d.Context(), "", table.MaxLimit)
	d.must(err)
	for _, r := range page.Recs {
		if r.Kind == "idea" && strings.Contains(string(r.Body), end+`"`) {
			ids = append(ids, strings.TrimPrefix(r.PK, "I#"))
		}
	}
	if len(ids) == 0 {
		d.Fatalf("no idea ends with %s", end)
	}
	return ids
}
