package transfer_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"groundswell/shared/markdown"
	"groundswell/shared/sheet"
	"groundswell/shared/transfer"
)

// hostile is a file of everything that can be wrong, with six good ideas in between.
func hostile() string {
	rows := []string{
		`1,A good idea,Text,food,3,ann,,2020-01-01,New`,
		`2,<script>alert(1)</script>,"<img src=x onerror=alert(1)><p onclick=""x()"">Hi <a href=""javascript:alert(2)"">there</a></p><script>alert(3)</script>",food,1,<b>bob</b>,,2020-01-02,New`,
		`3,"=HYPERLINK(""https://evil.example"",""click"")",@SUM(1+1)*cmd|' /C calc'!A0,food,1,+ann,,2020-01-03,New`,
		`4,"A "broken" quote",x,food,1,ann,,2020-01-04,New`,
		`1,The same id again,x,food,1,ann,,2020-01-05,New`,
		`5,"Never closed,x,food,1,ann,,2020-01-06,New`,
		`6,Good behind an open quote,x,food,1,ann,,2020-01-07,New`,
		`7,Too few,x`,
		`8,"` + strings.Repeat("long ", 100) + `",x,food,1,ann,,2020-01-08,New`,
		`9,A body of sixty kilobytes,"` + strings.Repeat("<div><span style='color:red'>Word</span> &amp; <b>more</b></div>", 1000) + `",food,1,ann,,2020-01-09,New`,
		"10,Control \x07 characters,x,food,1,ann,,2020-01-10,New",
		"11,Not UTF-8 \xff\xfe,x,food,1,ann,,2020-01-11,New",
		`12,Another category,x,Nowhere,1,ann,,2020-01-12,New`,
		`13,Another status,x,food,1,ann,,2020-01-13,Perhaps`,
		`14,Votes that are none,x,food,1e99,ann,,2020-01-14,New`,
		`15,In the future,x,food,1,ann,,2999-01-01,New`,
		`16,Too many columns,x,food,1,ann,,2020-01-16,New,,,,more`,
		`17,` + strings.Repeat("<div>", 12_000) + `,x,food,1,ann,,2020-01-17,New`,
		`18,Nested deeper than any text,` + strings.Repeat("<div>", 12_000) + `deep,food,1,ann,,2020-01-18,New`,
		`19,An address that is none,x,food,1,ann,nobody,2020-01-19,New`,
		`20,The last good idea,x,food,1,ann,ann@example.com,2020-01-20,New`,
	}
	return "id,title,body,category,votes,author,email,created,status\n" + strings.Join(rows, "\n") + "\n"
}

// TestHostile: nothing of such a file crashes an import, each wrong row is told with
// its place, no good one is lost, and what is stored shows as text.
func TestHostile(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	rows := newFolder()
	w := &transfer.RowWriter{Create: rows.create}
	d.RejectedRow = w.Put
	r := d.generic(hostile(), "")
	d.must(w.Close())
	if diff := cmp.Diff(transfer.Tally{Read: 21, New: 7, Rejected: 14}, r.Ideas); diff != "" {
		t.Errorf("ideas (-want +got):\n%s%s", diff, strings.Join(d.rejected, "\n"))
	}
	for _, title := range []string{"A good idea", "<script>alert(1)</script>", `=HYPERLINK("https://evil.example","click")`, "Good behind an open quote",
		"A body of sixty kilobytes", "Nested deeper than any text", "The last good idea"} {
		p := d.page(title)
		html := string(markdown.HTML(p.Body))
		for _, bad := range []string{"<script", "onerror", "onclick", "javascript:", "<img", "style="} {
			if strings.Contains(html, bad) {
				t.Errorf("%s shows %s: %.200s", title, bad, html)
			}
		}
	}
	if body := d.page("<script>alert(1)</script>").Body; strings.Contains(body, "alert(3)") || !strings.Contains(body, "Hi") || strings.Contains(body, "javascript") {
		t.Errorf("the text is %q", body)
	}
	if body := d.page("A body of sixty kilobytes").Body; strings.Count(body, "Word & **more**") != 1000 || strings.Contains(body, "<") {
		t.Errorf("the text has %d bytes: %.200q", len(body), body)
	}

	// Corrected, the rest goes in by the same command.
	fixed := rows.files["ideas.csv"].String()
	if n := strings.Count(fixed, "\r\n"); n != 15 || !strings.HasPrefix(fixed, "\xEF\xBB\xBFrejected_line,rejected_column,rejected_reason,id,title,") {
		t.Errorf("%d lines of rejected rows:\n%.300s", n, fixed)
	}
	for old, right := range map[string]string{
		`"A "broken" quote"`: `"A ""broken"" quote"`, "\r\n6,1": "\r\n6,1", ",1,The same id again": ",21,The same id again", `5,"Never closed,x`: `5,Now closed,x`,
		"7,Too few,x": "7,Enough by now,x,food,1,ann,,2020-01-08,New", strings.Repeat("long ", 100): "short enough", "Control \x07 c": "No control c",
		"UTF-8 \xff\xfe": "UTF-8", "Nowhere": "food", "Perhaps": "New", "1e99": "99", "2999-01-01": "2020-01-15", ",New,,,,more": ",New", strings.Repeat("<div>", 12_000): "Nesting", ",nobody,": ",,",
	} {
		if !strings.Contains(fixed, old) {
			t.Errorf("no %.40q in the rejected rows", old)
		}
		fixed = strings.ReplaceAll(fixed, old, right)
	}
	d.rejected = nil
	r = d.generic(fixed, "")
	if diff := cmp.Diff(transfer.Tally{Read: 14, New: 14}, r.Ideas); diff != "" {
		t.Errorf("corrected (-want +got):\n%s%s", diff, strings.Join(d.rejected, "\n"))
	}
	if n := len(d.ideas()); n != 21 {
		t.Errorf("%d ideas", n)
	}
}

// folder keeps files in memory.
type folder struct{ files map[string]*bytes.Buffer }

type closing struct{ *bytes.Buffer }

func (closing) Close() error { return nil }

func newFolder() *folder { return &folder{map[string]*bytes.Buffer{}} }

func (f *folder) create(name string) (io.WriteCloser, error) {
	f.files[name] = &bytes.Buffer{}
	return closing{f.files[name]}, nil
}

// TestRejectedComments: corrected comments find the ideas and the comments of the
// run before, which are not in their file.
func TestCorrectedAlone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	rows := newFolder()
	w := &transfer.RowWriter{Create: rows.create}
	d.RejectedRow = w.Put
	const ideas = "id,title,category,created\na,The first idea,food,2020-01-01\nb,no,food,2020-01-01\n"
	r := d.generic(ideas, "id,idea,parent,body,author,created\n1,a,,Hello,ann,2020-01-02\n2,a,1,Reply,bob,20200-01-03\n3,a,2,Deeper,bob,2020-01-04\n4,b,,Lost,bob,2020-01-04\n")
	d.must(w.Close())
	if r.Comments.New != 1 || r.Comments.Rejected != 3 || len(rows.files) != 2 {
		t.Fatalf("%+v %q", r, d.rejected)
	}
	d.rejected = nil
	fix := strings.NewReplacer(",no,", ",Now long enough,", "20200-", "2020-")
	r = d.generic(fix.Replace(rows.files["ideas.csv"].String()), fix.Replace(rows.files["comments.csv"].String()))
	if r.Ideas.New != 1 || r.Comments.New != 3 || len(d.rejected) != 0 {
		t.Errorf("%+v %q", r, d.rejected)
	}
	p := d.page("The first idea")
	if len(p.Comments) != 3 || p.Comments[1].Parent != p.Comments[0].ID || p.Comments[2].Parent != p.Comments[0].ID {
		t.Errorf("comments %+v", p.Comments)
	}
}

// TestRejectedObjects: the same for JSON, where what is rejected comes one a line.
func TestRejectedObjects(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	rows := newFolder()
	w := &transfer.RowWriter{Create: rows.create}
	d.RejectedRow = w.Put
	const issues = `[{"number": 1, "title": "ok", "state": "open", "created_at": "2020-01-01T00:00:00Z"},
{"number": 2, "title": "Good one", "state": "open", "created_at": "2020-01-01T00:00:00Z",
 "comments": [{"id": 5, "body": "", "createdAt": "2020-01-02T00:00:00Z"}]},
{"number": 3, "title": "Cut off
{"number": 4, "title": "Good behind it", "state": "open", "created_at": "2020-01-01T00:00:00Z"},
{"number": 5, "title": "Brackets", "labels": [}, "state": "open"},
{"number": 6, "title": "Good again", "state": "open", "created_at": "2020-01-01T00:00:00Z"}]`
	p := func(f transfer.File) transfer.Report {
		return d.preset("github", transfer.Files{Ideas: f, Comments: transfer.File{}})
	}
	r := p(file("issues.json", strings.Replace(issues, `"title": "ok", "state"`, `"title": "ok", "comments": [], "state"`, 1)))
	d.must(w.Close())
	if r.Ideas.New != 3 || r.Ideas.Rejected != 3 || r.Comments.Rejected < 1 {
		t.Fatalf("%+v %q", r, d.rejected)
	}
	want := []string{"issues.json:1:16: title: Must have at least 3 characters.", "issues.json:4:1: a text that does not end in its line", "issues.json:6:1: a bracket that closes another"}
	if diff := cmp.Diff(want, d.rejected[:3]); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
	text := rows.files["issues.json"].String()
	if !strings.Contains(text, `{"rejected":{"column":16,"line":1,"reason":"title: Must have at least 3 characters."},"number":1,"title":"ok",`) {
		t.Errorf("rejected:\n%s", text)
	}
	d.rejected = nil
	r = p(file("issues.json", strings.Replace(text, `"title":"ok"`, `"title":"ok now"`, 1)))
	if r.Ideas.New != 1 {
		t.Errorf("corrected: %+v %q", r, d.rejected)
	}
}

// TestOnlyOneRowIsLost: whatever line a quote is wrong in, the good lines around it
// are taken, and none is made up.
func TestOnlyOneRowIsLost(t *testing.T) {
	t.Parallel()
	const header = "id,title,body,category,created\n"
	for _, bad := range []string{`x,"open,b,food,2020-01-01`, `x,a "quote",b,food,2020-01-01`, `x,"a "quote" inside",b,food,2020-01-01`, `x,"a" b,c,food,2020-01-01`,
		"x,Title,\"first line\nsecond \"line\"\nthird line\",food,2020-01-01", "x,Title,\"first line\nTitle two,b\nthird \"line", `x,"` + strings.Repeat("q", 3<<20), `x,y"`, `"`} {
		d := newDesk(t)
		r := d.generic(header+"1,First good,b,food,2020-01-01\n"+bad+"\n2,Second good,\"b\nc\",food,2020-01-01\n3,Third good,\"\"\"b\"\"\",food,2020-01-01\n", "")
		if r.Ideas.New != 3 || len(d.ideas()) != 3 || r.Ideas.Rejected != r.Ideas.Read-3 {
			t.Errorf("%.40q: %+v %q", bad, r.Ideas, d.rejected)
		}
	}
}

func TestDetect(t *testing.T) {
	t.Parallel()
	const s = "title,category\nCafé für alle,food\n"
	spell := func(f func(string) (string, error)) string {
		out, err := f(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, tc := range []struct {
		file, want, how string
		e               transfer.Encoding
	}{
		{s, s, "utf-8", transfer.UTF8},
		{"\xEF\xBB\xBF" + s, s, "utf-8 with a byte order mark", transfer.UTF8},
		{"plain", "plain", "", transfer.UTF8},
		{spell(charmap.Windows1252.NewEncoder().String), s, "windows-1252 (2 bytes are not UTF-8)", transfer.Windows1252},
		{spell(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String), s, "utf-16, little end first", transfer.UTF8},
		{spell(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String), s, "utf-16le without a mark", transfer.UTF16LE},
		{spell(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String), s, "utf-16be without a mark", transfer.UTF16BE},
		{s + "caf\xe9", s + "caf\xe9", "utf-8, with mistakes (1 bytes)", transfer.UTF8},
		{strings.Repeat("é", 40_000), strings.Repeat("é", 40_000), "utf-8", transfer.UTF8},
	} {
		e, how, err := transfer.Detect(file("f", tc.file))
		if err != nil || e != tc.e || how != tc.how {
			t.Errorf("%.20q: %s, %q, %v; want %s, %q", tc.file, e, how, err, tc.e, tc.how)
		}
	}
}

func TestBomb(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a, err := transfer.OpenArchive(zipped(t, map[string]string{"ideas.csv": "title,category,created\n" + strings.Repeat("a", 40<<20)}))
	d.must(err)
	defer a.Close()
	f, _ := a.File("ideas.csv")
	p, _ := transfer.PresetNamed("generic")
	_, err = d.Files(t.Context(), transfer.Files{Preset: p, Source: "x", Ideas: f})
	if err == nil || !strings.Contains(err.Error(), "times as long as in the archive") {
		t.Errorf("error %v", err)
	}
}

// TestCut: what is too long is cut if that is wanted.
func TestCut(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	r, err := d.tryGeneric("title,body,category,created\nLong one,"+strings.Repeat("word ", 10_000)+",food,2020-01-01\n", "", func(f *transfer.Files) { f.Preset.Cut = true })
	d.must(err)
	body := d.page("Long one").Body
	if n := utf8.RuneCountInString(body); r.Cut != 1 || r.Ideas.New != 1 || n > 32_000 || n < 31_900 || !strings.HasSuffix(body, "word…") {
		t.Errorf("%+v, %d characters, ends with %q", r, n, body[len(body)-10:])
	}
}

// TestTimeToldOtherwise: an idea is known by its id there, though its time is told in
// another zone.
func TestTimeToldOtherwise(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const head = "id,title,category,created\n"
	d.generic(head+"7,Some idea,food,2020-01-01T00:00:00Z\n", "")
	r := d.generic(head+"7,Some idea,food,2020-01-01T09:00:00Z\n", "idea,body,created,author\n7,Hello,2020-01-02,ann\n")
	if r.Ideas.Known != 1 || len(d.ideas()) != 1 || r.Comments.New != 1 || len(d.page("Some idea").Comments) != 1 {
		t.Errorf("%+v, %d ideas", r, len(d.ideas()))
	}
}

// TestGuarded: an apostrophe that an export puts before a formula is not imported.
func TestGuarded(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.generic(fmt.Sprintf("title,category,created\n\"%s\",food,2020-01-01\n", sheet.Guard("=1+1")), "")
	d.page("=1+1")
}
