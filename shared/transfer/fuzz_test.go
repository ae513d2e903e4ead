package transfer_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"

	"groundswell/shared/markdown"
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
			return im.Files(t.Context(), transfer.Files{Preset: p, Source: "fuzz", Created: now, Ideas: file("f.csv", string(b))})
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

// FuzzObjects: whatever a file of JSON holds, an import ends, accounts for every
// object, points into the file, and what it rejects is a file of JSON again.
func FuzzObjects(f *testing.F) {
	f.Add([]byte(`[{"id":"1","title":"abc","category":"food","created":"2012-01-02"},{"title":1}]`), "")
	f.Add([]byte("{\"id\":\"1\",\"title\":\"abc\",\"created\":\"2012-01-02\"}\n{\"title\":\"cut\n{\"title\":\"abcd\",\"created\":1349119980}"), "")
	f.Add([]byte(`{"more":{"a":[1,{"b":"}"}]},"posts":[{"title":"abc","created":"2012-01-02"}],"x":1}`), "posts")
	f.Add([]byte(`{"posts":[{"title":"abc","comments":[{"body":"x"},3]}]}`), "posts.comments")
	f.Add([]byte("[{\"title\":\"a\xffc\"},]}{\"\\u12"), "x")
	f.Fuzz(func(t *testing.T, b []byte, list string) {
		if first := bytes.TrimLeft(b, " \t\r\n"); len(first) == 0 || first[0] != '{' && first[0] != '[' {
			return // not taken for JSON
		}
		run := func(text string) (transfer.Report, string, []transfer.Reject) {
			im, rejects := fuzzed()
			rows := newFolder()
			w := &transfer.RowWriter{Create: rows.create}
			im.RejectedRow = w.Put
			p, _ := transfer.PresetNamed("generic")
			p.Categories, p.List = map[string]string{"*": "food"}, list
			r, err := im.Files(t.Context(), transfer.Files{Preset: p, Source: "fuzz", Created: now, Ideas: file("f.json", text)})
			if err := errors.Join(err, w.Close()); err != nil {
				t.Fatal(err)
			}
			if r.Ideas.Read != r.Ideas.New+r.Ideas.Known+r.Ideas.Rejected+r.Ideas.Skipped {
				t.Errorf("report %+v", r.Ideas)
			}
			var left strings.Builder
			for _, f := range rows.files {
				left.WriteString(f.String())
			}
			return r, left.String(), *rejects
		}
		r, left, rejects := run(string(b))
		for _, j := range rejects {
			if j.Line < 1 || j.Line > bytes.Count(b, []byte("\n"))+1 || j.Column < 1 || j.Reason == "" || !utf8.ValidString(j.Reason) {
				t.Errorf("reject %+v of %q", j, b)
			}
		}
		if n := strings.Count(left, "\n"); n != r.Ideas.Rejected {
			t.Errorf("%d lines for %d rejected: %q", n, r.Ideas.Rejected, left)
		}
		for line := range strings.Lines(left) {
			if !json.Valid([]byte(line)) {
				t.Errorf("line %q", line)
			}
		}
	})
}

// FuzzHTML: whatever HTML an idea's text is, what a page shows of it is safe and has
// no more than it is meant to have.
func FuzzHTML(f *testing.F) {
	policy := bluemonday.UGCPolicy()
	policy.AllowNoAttrs().OnElements("a")
	f.Add("<p>Hi <b>there</b><script>alert(1)</script>")
	f.Add("<a href='java\nscript:alert(1)'>x</a><img src=x onerror=y><svg/onload=z>")
	f.Add("&lt;script&gt;alert(1)&lt;/script&gt;<br>")
	f.Add(strings.Repeat("<div><ul><li>", 300))
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 20_000 || !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\r") {
			return
		}
		im, _ := fuzzed()
		p, _ := transfer.PresetNamed("generic")
		p.HTML, p.Cut, p.Categories = transfer.HTMLAlways, true, map[string]string{"*": "food"}
		in, err := json.Marshal(map[string]string{"title": "A title", "body": s})
		if err != nil {
			t.Fatal(err)
		}
		im.Look = &transfer.Look{Rows: 1}
		if _, err := im.Files(t.Context(), transfer.Files{Preset: p, Source: "fuzz", Created: now, Ideas: file("f.json", string(in))}); err != nil {
			t.Fatal(err)
		}
		for _, i := range im.Look.Ideas {
			page := string(markdown.HTML(i.Body))
			if clean := policy.Sanitize(page); strings.Count(clean, "<") != strings.Count(page, "<") {
				t.Errorf("%q is shown as %q, a sanitiser leaves %q", i.Body, page, clean)
			}
		}
	})
}
