package web_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"groundswell/shared/intake"
	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/web"
)

// newImports is a site whose admins can import, few rows a step.
func newImports(t *testing.T) *site {
	t.Helper()
	return newPages(t, options{adjust: func(_ *web.Server, p *portal.Portal) {
		p.Intakes = &intake.Reader{Store: p.Store.(*store.Store), Categories: p.Categories, Clock: p.Clock, Chunk: 2, Most: 4}
	}})
}

// send uploads a file by the form on the page.
func (r *reader) send(preset, source, name string, data []byte) *reader {
	r.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for field, value := range map[string]string{"preset": preset, "source": source} {
		if err := m.WriteField(field, value); err != nil {
			r.t.Fatal(err)
		}
	}
	w, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = w.Write(data)
	}
	if err != nil || m.Close() != nil {
		r.t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPost, base+"/team/import", &b)
	req.Header.Set("Content-Type", m.FormDataContentType())
	req.Header.Set("Origin", base)
	if r.exchange(req).StatusCode == http.StatusSeeOther {
		return r.open(r.last.Header.Get("Location"))
	}
	return r
}

const acme = "No,Subject,Details,Area,State,Points,Who,Mail,When\n" +
	"1,Oat milk,Please,Drinks,Shipped,12,Ann,ann@acme.example,2024-03-01\n" +
	"2,Warm cups,,Drinks,Open,3,Bob,,2024-03-02\n" +
	"3,X,,Drinks,Open,1,Bob,,2024-03-03\n" +
	"4,A bench,Outside,Shops,Open,1,Ann,ann@acme.example,2024-03-04\n" +
	"5,Lids,,Drinks,Open,0,Cid,,2024-03-05\n"

// reading is the form of how a file is read, with what an admin says about acme's.
func (r *reader) reading(more ...string) *reader {
	r.t.Helper()
	v := r.form("/team/import/reading")
	for i, pairs := 0, append([]string{"ideas.id", "No", "ideas.title", "Subject", "ideas.body", "Details", "ideas.category", "Area", "ideas.status", "State",
		"ideas.votes", "Points", "ideas.author", "Who", "ideas.email", "Mail", "ideas.created", "When"}, more...); i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	delete(v, "category_name")
	delete(v, "category")
	delete(v, "status_name")
	delete(v, "status")
	for name, id := range map[string]string{"Drinks": "tea", "Shops": "places"} {
		v.Add("category_name", name)
		v.Add("category", id)
	}
	v.Add("status_name", "Shipped")
	v.Add("status", "launched")
	return r.request(http.MethodPost, "/team/import/reading", v)
}

// An admin moves in by the console: looks at the file, says what is what, imports it
// step by step, and takes the row that was wrong away, to bring it in corrected.
func TestImportByTheConsole(t *testing.T) {
	t.Parallel()
	s := newImports(t)
	boss := s.reader().signIn("team@example.com")
	boss.open("/team/import").want(200).sees("Move in from another system", "at most 4 MB")

	boss.send("generic", "acme", "acme.csv", []byte(acme)).want(200).sees("acme.csv: nothing of it is here yet", "has no column for the time", "Subject")
	if boss.element("form", "action", "/team/import/step") != nil {
		t.Error("a file that can't be read can be imported")
	}
	boss.reading().want(200).sees("What would come", "Ideas 5 4 0 1 0", "Oat milk", "Launched", "12 votes", "acme.csv, line 4, column 3", "Must have at least 3 characters")
	if ideas, _, err := s.server.Portal.Store.AllIdeas(t.Context(), "", 10); err != nil || len(ideas) > 0 {
		t.Fatalf("a look wrote %v, %v", ideas, err)
	}
	boss.open(boss.link("Download the rows")).want(200)
	if h := boss.last.Header; h.Get("Content-Type") != "text/csv; charset=utf-8" || h.Get("Content-Disposition") != "attachment; filename=acme.csv" ||
		!strings.Contains(boss.body, "\n4,3,") || !strings.Contains(boss.body, ",3,X,,Drinks,Open") || strings.Contains(boss.body, "Oat milk") {
		t.Errorf("%v\n%s", h, boss.body)
	}

	boss.open("/team/import").fill("/team/import/step").want(200).sees("acme.csv is coming in", "4 of 5 rows", "Ideas 4 3 0 1 0")
	boss.open("/team/import").fill("/team/import/step").want(200).sees("acme.csv is in.", "Ideas 5 4 0 1 0", "People 4")
	s.settle()
	boss.open("/").want(200).sees("Oat milk", "Warm cups", "A bench", "Lids").seesNot("Subject")
	boss.open("/in-action").sees("Oat milk")

	boss.open("/team/log?what=import").want(200).sees("Imported", "acme: acme.csv", "4 new, 0 known, 1 rejected")
	boss.open("/team/import").open(boss.link("Download the rows")).want(200)
	left := strings.Replace(boss.body, ",3,X,", ",3,Xylophones,", 1)
	boss.open("/team/import").fill("/team/import/end").want(200).sees("Move in from another system")

	boss.send("generic", "acme", "acme.csv", []byte(left)).reading().sees("Ideas 1 1 0 0 0").fill("/team/import/step").want(200).sees("acme.csv is in.").seesNot("Rows that can")
	boss.fill("/team/import/end")
	boss.send("generic", "acme", "again.csv", []byte(acme)).reading().sees("Ideas 5 0 4 1 0") // X is still too short there
	if len(s.mails.codes) != 1 {
		t.Errorf("mails to %v", s.mails.codes)
	}
}

// What the file is about is for admins alone, and the page says so; nobody steps in
// another's import.
func TestImportIsForAdmins(t *testing.T) {
	t.Parallel()
	s := newImports(t)
	boss, crew := s.reader().signIn("team@example.com"), s.reader().signIn("crew@example.com")
	crew.open("/team/import").want(403).sees("Only the product team")
	if _, err := s.server.Portal.Grant(t.Context(), "crew@example.com", portal.RoleTeam); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/team/import", "/team/import/left?id=x"} {
		crew.open(path).want(403).sees("Ask one of them to do it, or to make you an admin")
	}
	crew.send("generic", "", "a.csv", []byte(acme)).want(403)
	boss.open("/team/import").send("generic", "acme", "acme.csv", []byte(acme)).reading()
	id := boss.form("/team/import/step").Get("id")
	if _, err := s.server.Portal.Grant(t.Context(), "crew@example.com", portal.RoleAdmin); err != nil {
		t.Fatal(err)
	}
	crew.request("POST", "/team/import/step", map[string][]string{"id": {id}}).want(404).sees("kept for a day")
	crew.open("/team/import").want(200).seesNot("acme.csv")
	s.reader().open("/team/import").want(200).sees("No password")
}

// A form that can't be taken comes back with what was chosen; a file in bytes that are no
// text, and one that is too large, are among them.
func TestImportRefuses(t *testing.T) {
	t.Parallel()
	s := newImports(t)
	boss := s.reader().signIn("team@example.com")
	for name, c := range map[string]struct {
		preset, source, file string
		data                 []byte
		status               int
		sees                 []string
	}{
		"nothing":      {"canny", "acme", "a.csv", nil, 422, []string{"File : Please fill this in."}},
		"too large":    {"canny", "acme", "a.csv", bytes.Repeat([]byte("x"), portal.MaxIntake+1), 422, []string{"File : Must be at most 4 MB."}},
		"no system":    {"lotus", "acme", "a.csv", []byte("a"), 422, []string{"Where the file comes from"}},
		"a bad source": {"canny", "a/b", "a.csv", []byte("a"), 422, []string{"Letters, digits"}},
		"no text":      {"canny", "acme", "a.csv", []byte("\x00\xff\xfe\x81"), 200, []string{"can’t be read like this"}},
		"no ZIP":       {"canny", "acme", "a.zip", []byte("PK\x03\x04\xff\xfe"), 200, []string{"can’t be read like this", "not a valid zip file"}},
		"a backup":     {"canny", "acme", "a.jsonl", []byte(`{"export":"groundswell","format":1}`), 200, []string{"admin import"}},
	} {
		boss.open("/team/import").send(c.preset, c.source, c.file, c.data).want(c.status).sees(c.sees...)
		if n := boss.element("input", "name", "source"); n == nil || attr(n, "value") != c.source {
			t.Errorf("%s: the name of the source is gone", name)
		}
		if c.status == 200 {
			boss.open("/team/import").fill("/team/import/end").want(200)
		}
	}
	boss.request(http.MethodPost, "/team/import", map[string][]string{"preset": {"canny"}}).want(415)
	boss.send("generic", "acme", "acme.csv", []byte(acme))
	boss.reading("day", "tomorrow").want(422).sees("Must be a day.", "Subject")
}

// Ideas, comments and votes come in one ZIP, in several steps; a step that is sent twice
// changes nothing, and what can't be taken of several files comes back as a ZIP.
func TestImportOfAnArchive(t *testing.T) {
	t.Parallel()
	s := newImports(t)
	boss := s.reader().signIn("team@example.com")
	var ideas, comments, votes strings.Builder
	ideas.WriteString("id,title,category,created,votes\n")
	comments.WriteString("id,idea,parent,body,author,created\n")
	votes.WriteString("idea,author,created\n")
	for i := range 7 {
		fmt.Fprintf(&ideas, "%d,Idea %d,tea,2024-01-0%d,3\n", i, i, i+1)
		fmt.Fprintf(&comments, "a%d,%d,,Yes,Ann,2024-02-0%d\nb%d,%d,a%d,No,Bob,2024-02-0%d\n", i, i, i+1, i, i, i, i+1)
		fmt.Fprintf(&votes, "%d,Ann,2024-02-01\n%d,Ann,2024-02-01\n", i, i)
	}
	ideas.WriteString("8,Y,tea,2024-01-01,0\n")
	comments.WriteString("c,99,,Where,Ann,2024-02-01\n")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{"ideas.csv": ideas.String(), "x/comments.csv": comments.String(), "votes.csv": votes.String()} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	boss.send("generic", "", "all.zip", b.Bytes()).want(200).sees("Ideas 8 7 0 1 0", "Comments 15 14 0 1 0", "Votes 14 7 0 0 7")
	id := boss.form("/team/import/step").Get("id")
	steps := 0
	for ; steps < 20 && !strings.Contains(boss.text(), "all.zip is in."); steps++ {
		boss.request("POST", "/team/import/step", map[string][]string{"id": {id}}).want(200)
	}
	if steps < 9 {
		t.Errorf("%d steps of four rows for 37", steps)
	}
	boss.sees("Ideas 8 7 0 1 0", "Comments 15 14 0 1 0", "Votes 14 7 0 0 7")
	boss.request("POST", "/team/import/step", map[string][]string{"id": {id}}).want(200).sees("Ideas 8 7 0 1 0")
	boss.open(boss.link("Download the rows")).want(200)
	left, err := zip.NewReader(strings.NewReader(boss.body), int64(len(boss.body)))
	if err != nil || len(left.File) != 2 {
		t.Fatalf("%v, %v", left, err)
	}
	es, _, err := s.server.Portal.Store.Log(t.Context(), portal.LogQuery{What: portal.LogImport, Limit: 10})
	if err != nil || len(es) != 1 {
		t.Errorf("%d lines of the log, %v", len(es), err)
	}
	s.settle()
	boss.open("/?sort=top").sees("Idea 0", "Idea 6")
}
