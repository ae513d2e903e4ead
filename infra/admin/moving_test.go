package main

import (
	"archive/zip"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPreview: what would become of a file is shown, with what is mapped to nothing,
// and nothing is written.
func TestPreview(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, s := range map[string]string{
		"map.json": `{"source": "acme", "ideas": {"title": "Subject", "body": "Details|Text", "category": "Area", "status": "State", "created": "On", "votes": "Score"},
			"dates": "dmy", "categories": {"Drinks": "coffee"}, "statuses": {"Shipped": "launched"}, "urls": ["/requests/{No}"]}`,
		"ideas.csv": "No;Subject;Text;Area;State;Score;On;Colour\n1;Bigger cups;<p>For <b>tea</b></p>;Drinks;Shipped;7;3/2/2020;red\n" +
			"2;Softer seats\x1b[2J;;Furniture;Maybe;1;4/2/2020;\n3;Warmer caf\xe9s;;Furniture;Shipped;1;4/2/2020;\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dir := filepath.Join(t.TempDir(), "none")
	args := []string{"import", "-data", dir, "-mapping", filepath.Join(folder, "map.json"), folder}
	code, out, errs := admin(t, append(args, "-preview")...)
	if want := `ideas.csv
  body      from Text
  category  from Area
  created   from On
  status    from State
  title     from Subject
  votes     from Score
  not read: No, Colour
the first ideas
  Bigger cups
    by Anonymous on 2020-02-03 00:00, in coffee, launched, 7 votes
    For tea
category names that are none of ours: -category NAME=ID, or '*=ID' for all of them
       2 "Furniture"
status names that are none of ours: -status NAME=STATUS
       1 "Maybe"
ideas: 3 read, 1 new, 0 known, 2 rejected
members: 2 read, 2 new, 0 known, 0 rejected
addresses: 1 read, 1 new, 0 known, 0 rejected
dry run: nothing was written
`; code != exitOK || out != want {
		t.Errorf("exit %d, says\n%swant\n%s%s", code, out, want, errs)
	}
	if !strings.Contains(errs, "ideas.csv: windows-1252 (1 bytes are not UTF-8)\n") || strings.Contains(errs+out, "\x1b") {
		t.Errorf("%q", errs)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a preview made the folder")
	}

	left := filepath.Join(t.TempDir(), "left")
	code, out, errs = admin(t, append(args, "-rejected", left)...)
	if code != exitOK || !strings.Contains(out, "2 rejected") {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	b, err := os.ReadFile(filepath.Join(left, "ideas.csv"))
	if err != nil {
		t.Fatal(err)
	}
	fixed := strings.NewReplacer("Furniture", "Drinks", "Maybe", "Shipped", "\x1b[2J", "").Replace(string(b))
	if err := os.WriteFile(filepath.Join(left, "ideas.csv"), []byte(fixed), 0o600); err != nil {
		t.Fatal(err)
	}
	again := append(args[:len(args)-1:len(args)-1], left)
	must(t, "ideas: 2 read, 2 new, 0 known, 0 rejected\nmembers: 2 read, 0 new, 2 known, 0 rejected\naddresses: 2 read, 2 new, 0 known, 0 rejected\n", again...)
	if code, _, errs := admin(t, append(again, "-rejected", left)...); code != exitOK {
		t.Errorf("nothing is rejected, and still exit %d: %s", code, errs)
	}

	// What there is goes out as tables, and in again.
	tables := filepath.Join(t.TempDir(), "tables")
	must(t, "ideas: 3\ncomments: 0\nvotes: 0\nfollows: 0\nhistory: 6\ndossiers: 0\nnotes: 0\nmembers: 2\nmails: 0\nlog: 0\n", "export", "-data", dir, "-csv", tables, "-excel", "-base-url", "https://ideas.example.com/")
	b, err = os.ReadFile(filepath.Join(tables, "ideas.csv"))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\xEF\xBB\xBF"))).ReadAll()
	if err != nil || len(lines) != 4 || !strings.HasPrefix(string(b), "\xEF\xBB\xBF") || !strings.HasPrefix(lines[1][17], "https://ideas.example.com/ideas/") {
		t.Errorf("%v\n%s", err, b)
	}
	copied := filepath.Join(t.TempDir(), "copy")
	code, out, errs = admin(t, "import", "-data", copied, "-preset", "generic", "-source", "copy", tables)
	if code != exitOK || !strings.HasPrefix(out, "ideas: 3 read, 3 new, 0 known, 0 rejected\n") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	must(t, "ideas: 3\n", "export", "-data", copied, "-jsonl", tables, "-only", "ideas")

	// Addresses are asked for by name, and the log keeps that they were.
	must(t, "members: 2\nlog: 1\n", "export", "-data", dir, "-csv", tables, "-only", "members,log", "-addresses")
	for name, want := range map[string]string{"members.csv": ",votes,email\r\n", "log.csv": ",export,,,,,,,,admin export,"} {
		if b, err = os.ReadFile(filepath.Join(tables, name)); err != nil || !strings.Contains(string(b), want) {
			t.Errorf("%s: %v\n%s", name, err, b)
		}
	}
}

// TestZIP: an archive is imported like a folder; what else is in it is nobody's.
func TestZIP(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "export.zip")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for path, s := range map[string]string{"a/ideas.csv": "id,title,category,created\n1,A good idea,food,2020-01-01\n", "a/comments.csv": "idea,body,created,author\n1,Yes,2020-01-02,ann\n",
		"/etc/cron.d/x": "x", "../../evil.csv": "x"} {
		w, err := z.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(s)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	must(t, "ideas: 1 read, 1 new, 0 known, 0 rejected\ncomments: 1 read, 1 new, 0 known, 0 rejected\nmembers: 2 read, 2 new, 0 known, 0 rejected\n",
		"import", "-data", t.TempDir(), "-preset", "generic", name)
	for args, want := range map[string]string{
		"-preset github " + name:                                             "admin import: the archive has no issues.json",
		"-preset fider " + write(t, "x.zip", "PK\x03\x04broken"):             "admin import: open x.zip: zip: not a valid zip file",
		"-mapping " + write(t, "m.json", `{"ideas": {"titel": "x"}}`) + " x": `m.json: ideas: there is no field "titel"`,
		"-mapping " + write(t, "m.json", `{"idea": 1}`) + " x":               `m.json: unknown field "idea"`,
	} {
		if code, _, errs := admin(t, append([]string{"import", "-data", t.TempDir()}, strings.Fields(args)...)...); code == exitOK || !strings.Contains(errs, want) {
			t.Errorf("%s: exit %d, %s, want %s", args, code, errs, want)
		}
	}
}
