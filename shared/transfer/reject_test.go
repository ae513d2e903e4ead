package transfer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"groundswell/shared/portal"
	"groundswell/shared/transfer"
)

const ideasHeader = "id,title,body,category,votes,author,email,created,status\n"

func TestRejectedIdeas(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, line string
		want       []string
	}{
		{"title short", "1,ab,,food,1,ann,,2012-01-02,", []string{"ideas.csv:3:3: title: Must have at least 3 characters."}},
		{"title empty", "1,  ,,food,1,ann,,2012-01-02,", []string{"ideas.csv:3:3: title: Must not be empty."}},
		{"title long", "1," + strings.Repeat("é", 256) + ",,food,1,ann,,2012-01-02,",
			[]string{"ideas.csv:3:3: title: Must have at most 255 characters; it has 256."}},
		{"body long", "1,abc," + strings.Repeat("x", 32_001) + ",food,1,ann,,2012-01-02,",
			[]string{"ideas.csv:3:7: body: Must have at most 32000 characters; it has 32001."}},
		{"control characters", "1,ab\x07c,,food,1,ann,,2012-01-02,", []string{"ideas.csv:3:3: title: Must not contain control characters."}},
		{"invalid UTF-8", "1,caf\xe9,,food,1,ann,,2012-01-02,",
			[]string{"ideas.csv:3:3: title: byte 0xE9 is not UTF-8; if many lines have some, try another encoding"}},
		{"category", "1,abc,,Fodo,1,ann,,2012-01-02,", []string{`ideas.csv:3:8: category: there is no category "Fodo"; it can be said which of ours it is`}},
		{"votes", "1,abc,,food,1.5,ann,,2012-01-02,", []string{`ideas.csv:3:13: votes: "1.5" is not a whole number`}},
		{"votes many", "1,abc,,food,1000000001,ann,,2012-01-02,", []string{"ideas.csv:3:13: votes: Must be at most 1000000000, up or down."}},
		{"votes few", "1,abc,,food,-9223372036854775808,ann,,2012-01-02,", []string{"ideas.csv:3:13: votes: Must be at most 1000000000, up or down."}},
		{"author long", "1,abc,,food,1," + strings.Repeat("a", 101) + ",,2012-01-02,",
			[]string{"ideas.csv:3:15: author: Must have at most 100 characters; it has 101."}},
		{"address", "1,abc,,food,1,ann,nobody,2012-01-02,", []string{"ideas.csv:3:19: email: Must be an e-mail address such as name@example.com."}},
		{"time empty", "1,abc,,food,1,ann,,,", []string{"ideas.csv:3:20: created: Must not be empty."}},
		{"time unreadable", "1,abc,,food,1,ann,,yesterday,",
			[]string{`ideas.csv:3:20: created: "yesterday" is not a time that can be read, such as 2012-10-01T19:33:00Z or 1.10.2012 19:33`}},
		{"time with slashes", "1,abc,,food,1,ann,,1/2/2012,",
			[]string{`ideas.csv:3:20: created: "1/2/2012" is not a time that can be read, such as 2012-10-01T19:33:00Z or 1.10.2012 19:33; of dates with slashes it has to be said whether the month comes first`}},
		{"no such day", "1,abc,,food,1,ann,,2012-02-30,",
			[]string{`ideas.csv:3:20: created: "2012-02-30" is not a time that can be read, such as 2012-10-01T19:33:00Z or 1.10.2012 19:33`}},
		{"in the future", "1,abc,,food,1,ann,,2026-05-06,", []string{"ideas.csv:3:20: created: Must not be in the future."}},
		{"long ago", "1,abc,,food,1,ann,,1969-12-31,", []string{"ideas.csv:3:20: created: Must be a time since 1970."}},
		{"status", "1,abc,,food,1,ann,,2012-01-02,Lost", []string{`ideas.csv:3:31: status: there is no status "Lost"; it can be said which of ours it is`}},
		{"several", "1,ab,,food,x,ann,,2012-01-02,Lost", []string{`ideas.csv:3:12: votes: "x" is not a whole number`,
			`ideas.csv:3:30: status: there is no status "Lost"; it can be said which of ours it is`}},
		{"the same id", "first,abc,,food,1,ann,,2012-01-02,", []string{"ideas.csv:3:1: id: line 2 has the same"}},
		{"too many columns", "1,abc,,food,1,ann,,2012-01-02,,,more", []string{"ideas.csv:3:32: 11 columns, the header has 9"}},
		{"too few columns", "1,abc", []string{"ideas.csv:3:3: created: Must not be empty.",
			`ideas.csv:3:3: category: there is no category ""; it can be said which of ours it is`}},
		{"quote inside", `1,a "real" idea,,food,1,ann,,2012-01-02,`, []string{`ideas.csv:3:5: a quote (") inside a value that does not begin with one`}},
		{"quote not doubled", `1,"a "real" idea",,food,1,ann,,2012-01-02,`,
			[]string{`ideas.csv:3:6: a quote (") that nothing closes, or that is not doubled inside quotes`}},
		{"after a quoted newline", "1,\"abc\ndef\",,food,x,ann,,2012-01-02,", []string{`ideas.csv:4:12: votes: "x" is not a whole number`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			r := d.generic(ideasHeader+"first,The first idea,,food,1,ann,,2012-01-01,\n"+tc.line+"\nlast,The last idea,,food,1,bob,,2012-01-03,\n", "")
			if diff := cmp.Diff(tc.want, d.rejected); diff != "" {
				t.Errorf("rejects (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(transfer.Tally{Read: 3, New: 2, Rejected: 1}, r.Ideas); diff != "" {
				t.Errorf("ideas (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(transfer.Tally{Read: 2, New: 2}, r.Members); diff != "" {
				t.Errorf("members (-want +got):\n%s", diff)
			}
			if _, ok := d.ideas()["The last idea"]; !ok {
				t.Error("the line behind was lost")
			}
		})
	}
}

func TestRejectedComments(t *testing.T) {
	t.Parallel()
	const ideas = ideasHeader + "a,The first idea,,food,1,ann,,2012-01-01,\nb,The second idea,,food,1,ann,,2012-01-01,\nc,no,,food,1,ann,,2012-01-01,\n"
	const first = "id,idea,parent,body,author,created\n1,a,,hello,ann,2012-01-02\n"
	for _, tc := range []struct{ name, line, want string }{
		{"unknown idea", "2,x,,hi,bob,2012-01-02", `comments.csv:3:3: idea: no idea of ideas.csv that was taken has the id "x"`},
		{"rejected idea", "2,c,,hi,bob,2012-01-02", `comments.csv:3:3: idea: no idea of ideas.csv that was taken has the id "c"`},
		{"empty", "2,a,,,bob,2012-01-02", "comments.csv:3:6: body: Must not be empty."},
		{"long", "2,a,," + strings.Repeat("x", 4001) + ",bob,2012-01-02", "comments.csv:3:6: body: Must have at most 4000 characters; it has 4001."},
		{"the same id", "1,b,,hi,bob,2012-01-02", "comments.csv:3:1: id: line 2 has the same"},
		{"unknown parent", "2,a,7,hi,bob,2012-01-02", `comments.csv:3:5: parent: no comment before it on the same idea has the id "7"`},
		{"parent elsewhere", "2,b,1,hi,bob,2012-01-02", `comments.csv:3:5: parent: no comment before it on the same idea has the id "1"`},
		{"no time", "2,a,,hi,bob,", "comments.csv:3:13: created: Must not be empty."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			r := d.generic(ideas, first+tc.line+"\n3,a,1,bye,bob,2012-01-03\n")
			if diff := cmp.Diff([]string{"ideas.csv:4:3: title: Must have at least 3 characters.", tc.want}, d.rejected); diff != "" {
				t.Errorf("rejects (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(transfer.Tally{Read: 3, New: 2, Rejected: 1}, r.Comments); diff != "" {
				t.Errorf("comments (-want +got):\n%s", diff)
			}
		})
	}
}

// TestWholeFile: what no line can be right about ends the import before it begins.
func TestWholeFile(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, ideas, comments string
		change                func(*transfer.Files)
		want                  string
	}{
		{"empty", "", "", nil, "ideas.csv is empty"},
		{"no title", "id,created,category\n", "", nil, `ideas.csv has no column for the title; it has id, created, category`},
		{"no time", "title,category\n", "", nil, "ideas.csv has no column for the time (created), and no time is given for all lines"},
		{"no category", "title,created\n", "", nil, "ideas.csv has no column for the category, and no category is given for all lines"},
		{"no idea of comments", ideasHeader, "id,body,created\n", nil, `comments.csv has no column for the idea; it has id, body, created`},
		{"column missing", ideasHeader, "", func(c *transfer.Files) { c.Preset.Loose = false },
			"read the header of ideas.csv: there is no column"},
		{"column twice", "title,created,category,Title\n", "", nil, `read the header of ideas.csv: two columns are named "title"`},
		{"header not UTF-8", "title,caf\xe9\n", "", nil, "read the header of ideas.csv: it is not UTF-8; try another encoding"},
		{"nothing mapped", ideasHeader, "", func(c *transfer.Files) { c.Preset.Ideas = nil }, "no column is given for the title of ideas"},
		{"no source", ideasHeader, "", func(c *transfer.Files) { c.Source = "" }, "no name for the source: ids follow from it"},
		{"category unknown here", ideasHeader, "", func(c *transfer.Files) { c.Preset.Categories = map[string]string{"Area": "fodo"} },
			`category "Area": there is no category "fodo" here`},
		{"status unknown here", ideasHeader, "", func(c *transfer.Files) { c.Preset.Statuses = map[string]portal.Status{"Later": "soon"} },
			`status "Later": there is no status "soon" here`},
		{"encoding", ideasHeader, "", func(c *transfer.Files) { c.Preset.Encoding = "koi8-r" }, `encoding "koi8-r": it is utf-8, windows-1252, utf-16le or utf-16be`},
		{"dates", ideasHeader, "", func(c *transfer.Files) { c.Preset.Dates = "ymd" }, `dates "ymd": they are mdy or dmy`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			_, err := d.tryGeneric(tc.ideas, tc.comments, tc.change)
			if err == nil || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("error %v, want %s", err, tc.want)
			}
		})
	}
}

// TestSpelling: one file in all the spellings that are found in the wild.
func TestSpelling(t *testing.T) {
	t.Parallel()
	const plain = "id,title,body,category,created\n1,\"Café, au lait\",\"first line\n\nsecond \"\"line\"\"\",food,2012-01-02\n2,No café,,food,2012-01-03\n"
	encode := func(s string, f func(string) (string, error)) string {
		out, err := f(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	in1252 := func(c *transfer.Files) { c.Preset.Encoding = transfer.Windows1252 }
	for _, tc := range []struct {
		name, file string
		change     func(*transfer.Files)
	}{
		{"plain", plain, nil},
		{"byte order mark", "\xEF\xBB\xBF" + plain, nil},
		{"byte order mark before another encoding", "\xEF\xBB\xBF" + plain, in1252},
		{"CRLF", strings.ReplaceAll(plain, "\n", "\r\n"), nil},
		{"no newline at the end", strings.TrimSuffix(plain, "\n"), nil},
		{"semicolons", swap(plain, ";"), nil},
		{"tabs", swap(plain, "\t"), nil},
		{"bars", swap(plain, "|"), nil},
		{"said by sep=", "sep=;\r\n" + swap(plain, ";"), nil},
		{"Windows-1252", encode(plain, charmap.Windows1252.NewEncoder().String), in1252},
		{"UTF-16 little end first", encode(plain, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String), nil},
		{"UTF-16 big end first", encode(plain, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String), nil},
		{"header in capitals", strings.Replace(plain, "id,title,body", "ID, Title ,BODY", 1), nil},
		{"columns missing and too many", strings.NewReplacer("category,created", "category,created,x,y", "2012-01-02", "2012-01-02,,,,,",
			"2012-01-03", "2012-01-03").Replace(plain), nil},
		{"empty lines", strings.ReplaceAll(plain, "\n2,", "\n\n,,,,\n  \n2,"), nil},
		{"decomposed", strings.ReplaceAll(plain, "é", "e\u0301"), nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			r, err := d.tryGeneric(tc.file, "", tc.change)
			d.must(err)
			if diff := cmp.Diff(transfer.Tally{Read: 2, New: 2}, r.Ideas); diff != "" || len(d.rejected) > 0 {
				t.Errorf("ideas (-want +got):\n%s%q", diff, d.rejected)
			}
			if p := d.page("Café, au lait"); p.Body != "first line\n\nsecond \"line\"" {
				t.Errorf("text %q", p.Body)
			}
			d.page("No café")
		})
	}
}

// swap puts another delimiter in place of the commas outside of quotes.
func swap(s, delimiter string) string {
	parts := strings.Split(s, `"`)
	for i := 0; i < len(parts); i += 2 {
		parts[i] = strings.ReplaceAll(parts[i], ",", delimiter)
	}
	return strings.Join(parts, `"`)
}

func TestWindows1252Holes(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	_, err := d.tryGeneric("title,category,created\na\x81bc,food,2012-01-02\n", "", func(c *transfer.Files) { c.Preset.Encoding = transfer.Windows1252 })
	d.must(err)
	if diff := cmp.Diff([]string{"ideas.csv:2:1: title: a byte that Windows-1252 does not have"}, d.rejected); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
}

func TestUnclosedQuote(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	r := d.generic(ideasHeader+"1,\"The first idea,,food,1,ann,,2012-01-01,\n2,The second idea,,food,1,ann,,2012-01-01,\n", "")
	want := []string{`ideas.csv:2:1: a quote (") that nothing closes, or that is not doubled inside quotes; read up to line 3`}
	if diff := cmp.Diff(want, d.rejected); diff != "" || r.Ideas.Rejected != 1 {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
}

func TestRejectWriter(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	w := transfer.NewRejectWriter(&b)
	w.Put(transfer.Reject{File: "ideas.csv", Line: 3, Column: 7, Field: "Title", Reason: `a "b", c`})
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if want := "file,line,column,field,reason\nideas.csv,3,7,Title,\"a \"\"b\"\", c\"\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}
