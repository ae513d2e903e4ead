package transfer_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/transfer"
)

func fuzzed() (*transfer.Importer, *[]transfer.Reject) {
	clock := func() time.Time { return now }
	var rejects []transfer.Reject
	return &transfer.Importer{Store: &store.Store{Table: &memory{recs: map[table.Key]table.Record{}}, Clock: clock}, Categories: portal.DefaultCategories(), Clock: clock,
		Rejected: func(r transfer.Reject) { rejects = append(rejects, r) }}, &rejects
}

// FuzzCSV: whatever the file, an import ends, accounts for every line, points into
// the file, and finds everything known the second time.
func FuzzCSV(f *testing.F) {
	f.Add([]byte("title,category,created\nabc,food,2012-01-02\n"), false)
	f.Add([]byte("\xEF\xBB\xBFtitle;category;created;votes\r\n\"a\r\nb\";food;1.2.2012;x\r\n;;;\r\n"), false)
	f.Add([]byte("sep=|\ntitle|category|created\na\"bc|food|2012\n\"abc|food|"), false)
	f.Add([]byte("title,category,created\ncaf\xe9,food,2012-01-02\n"), true)
	f.Add([]byte("\xFF\xFEt\x00i\x00t\x00l\x00e\x00,\x00"), true)
	f.Fuzz(func(t *testing.T, b []byte, old bool) {
		im, rejects := fuzzed()
		p, _ := transfer.PresetNamed("generic")
		if old {
			p.Encoding = transfer.Windows1252
		}
		p.Categories = map[string]string{"*": "food"}
		run := func() (transfer.Report, error) {
			return im.CSV(t.Context(), transfer.CSV{Preset: p, Source: "fuzz", Created: now, Ideas: transfer.File{Name: "f.csv", Reader: bytes.NewReader(b), Size: int64(len(b))}})
		}
		r, err := run()
		if err != nil {
			if !strings.Contains(err.Error(), "f.csv") {
				t.Errorf("error %v does not name the file", err)
			}
			return
		}
		if r.Ideas.Read != r.Ideas.New+r.Ideas.Known+r.Ideas.Rejected || r.Ideas.Known != 0 || r.Ideas.Rejected > len(*rejects) {
			t.Errorf("report %+v with %d rejects", r.Ideas, len(*rejects))
		}
		for _, j := range *rejects {
			if j.Line < 2 || j.Line > bytes.Count(b, []byte("\n"))+1 || j.Column < 1 || j.Reason == "" || !utf8.ValidString(j.Reason) {
				t.Errorf("reject %+v of %q", j, b)
			}
		}
		again, err := run()
		if err != nil || again.Ideas.New != 0 || again.Ideas.Known != r.Ideas.New || again.Members.New != 0 {
			t.Errorf("again %+v, %v after %+v", again, err, r)
		}
		page, err := im.Store.Table.(table.Scanner).Scan(t.Context(), "", 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, rec := range page.Recs {
			if err := store.CheckRecord(rec); err != nil {
				t.Errorf("%s was stored: %v", rec.Key, err)
			}
		}
	})
}

// FuzzLines: whatever is taken of a file comes out again as it went in.
func FuzzLines(f *testing.F) {
	f.Add([]byte(`{"pk":"V#13317n8v07v4yryt4#0","sk":"00000000000000000000","kind":"vote","ver":1,"body":{"at":1}}`))
	f.Add([]byte(`{"pk":"I#13317n8v07v4yryt4","sk":"0M","kind":"idea","ver":2,"ttl":9999999999,"idx":[["a","b"],null,null],"body":{"t":"\u2028<&é","ct":1e3}}`))
	f.Add([]byte("{\"pk\":\"C#x\",\"sk\":\"T#1\",\"kind\":\"tally\",\"ver\":1,\"body\":{\"d\":1,\"c\":\"\"}}\n\n{"))
	f.Add([]byte("\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		restore := func(in []byte) (string, transfer.Report, int) {
			im, rejects := fuzzed()
			r, err := im.Lines(t.Context(), "f.jsonl", int64(len(in)), func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(in)), nil })
			if err != nil {
				t.Fatal(err)
			}
			for _, j := range *rejects {
				if j.Line < 2 || j.Column < 1 || j.Reason == "" {
					t.Errorf("reject %+v", j)
				}
			}
			var out bytes.Buffer
			if _, err := transfer.Export(t.Context(), im.Store.Table.(table.Scanner), &out, true, nil); err != nil {
				t.Fatal(err)
			}
			return out.String(), r, len(*rejects)
		}
		first, r, n := restore(append([]byte(exportHeader), b...))
		if r.Records.Rejected != n || r.Records.Read != r.Records.New+r.Records.Known+n {
			t.Errorf("report %v with %d rejects", r.Records, n)
		}
		second, r, n := restore([]byte(first))
		if n != 0 || second != first {
			t.Errorf("%v: the copy is not the original:\n%s\n%s", r.Records, first, second)
		}
	})
}
