package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundswell/shared/app/onefile"
	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// admin runs the tool.
func admin(t *testing.T, args ...string) (code int, out, err string) {
	t.Helper()
	return adminIn(t, func(string) string { return "" }, args...)
}

func adminIn(t *testing.T, getenv func(string) string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, streams{&o, &e, getenv})
	return code, o.String(), e.String()
}

// must runs the tool and expects it to succeed with what it should say.
func must(t *testing.T, want string, args ...string) {
	t.Helper()
	if code, out, err := admin(t, args...); code != exitOK || out != want {
		t.Errorf("admin %q: exit %d, says\n%swant\n%s%s", args, code, out, want, err)
	}
}

func write(t *testing.T, name, s string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// inFolder opens a data folder that the tool does not have open.
func inFolder(t *testing.T, dir string, f func(context.Context, *onefile.App)) {
	t.Helper()
	app, err := onefile.Open(dir, onefile.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	f(t.Context(), app)
	if err := app.Close(); err != nil {
		t.Fatal(err)
	}
}

func real(t *testing.T) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data", "my-starbucks-idea")
	_, err := os.Stat(dir)
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatalf("the real portal's export is needed beside the checkout: %v", err)
	case err != nil:
		t.Skipf("the real portal's export is not here: %v", err)
	}
	return dir
}

// TestRealPortal walks an operator's way: import, again, count, export, restore.
func TestRealPortal(t *testing.T) {
	t.Parallel()
	from, dir, copied := real(t), filepath.Join(t.TempDir(), "new"), t.TempDir()
	args := []string{"import", "-data", dir, "-preset", "my-starbucks-idea", from}
	must(t, "ideas: 1500 read, 1500 new, 0 known, 0 rejected\ncomments: 17327 read, 17327 new, 0 known, 0 rejected\n"+
		"members: 10293 read, 10293 new, 0 known, 0 rejected\ndry run: nothing was written\n", append(args, "-dry-run")...)
	if _, err := os.Stat(dir); err == nil {
		t.Error("a dry run made the folder")
	}
	must(t, "ideas: 1500 read, 1500 new, 0 known, 0 rejected\ncomments: 17327 read, 17327 new, 0 known, 0 rejected\n"+
		"members: 10293 read, 10293 new, 0 known, 0 rejected\n", args...)
	must(t, "ideas: 1500 read, 0 new, 1500 known, 0 rejected\ncomments: 17327 read, 0 new, 17327 known, 0 rejected\n"+
		"members: 10293 read, 0 new, 10293 known, 0 rejected\n", args...)
	must(t, "ideas: 1500 counted, 0 to repair\n", "recount", "-data", dir, "-dry-run")

	inFolder(t, dir, func(ctx context.Context, app *onefile.App) {
		// The lists are complete, nobody is mailed, and nothing is left to do.
		page, err := app.Store.Cards(ctx, portal.ListQuery{Sort: portal.Top, Limit: 1})
		if err != nil || len(page.Cards) != 1 || page.Cards[0].Votes != 35_094 {
			t.Errorf("first of the list: %+v, %v", page, err)
		}
		if jobs, err := app.Store.Jobs(ctx, "mail", 10); err != nil || len(jobs) != 0 {
			t.Errorf("mails to send: %+v, %v", jobs, err)
		}
		if !(&place{folder: app}).caughtUp(ctx) {
			t.Error("the program that starts next has changes to work off")
		}
	})

	code, export, errs := admin(t, "export", "-data", dir)
	if code != exitOK || !strings.HasSuffix(errs, " records exported\n") {
		t.Fatalf("exit %d: %s", code, errs)
	}
	file := write(t, "all.jsonl", export)
	for range 2 { // the second time nothing is new
		if code, _, errs := admin(t, "import", "-data", copied, file); code != exitOK {
			t.Fatalf("exit %d: %s", code, errs)
		}
		if _, again, _ := admin(t, "export", "-data", copied); again != export {
			t.Error("the copy's export is not the original")
		}
	}
	must(t, "ideas: 1500 counted, 0 to repair\n", "recount", "-data", copied, "-dry-run")
}

func TestRecount(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ideas := write(t, "ideas.csv", "title,category,created,votes\nFirst,food,2012-01-01,5\nSecond,food,2012-01-01,6\n")
	must(t, "ideas: 2 read, 2 new, 0 known, 0 rejected\nmembers: 1 read, 1 new, 0 known, 0 rejected\n", "import", "-data", dir, "-ideas", ideas)
	var id string
	inFolder(t, dir, func(ctx context.Context, app *onefile.App) {
		page, err := app.Store.Cards(ctx, portal.ListQuery{Sort: portal.Top, Limit: 1})
		if err != nil || len(page.Cards) != 1 {
			t.Fatalf("%+v, %v", page, err)
		}
		id = page.Cards[0].ID
		r, err := app.Table.Get(ctx, table.Key{PK: "I#" + id, SK: "3K#0"}, true)
		if err != nil {
			t.Fatal(err)
		}
		r.Body = bytes.Replace(r.Body, []byte(`"v":6`), []byte(`"v":7`), 1)
		if err := app.Table.Write(ctx, table.Op{Rec: r}); err != nil {
			t.Fatal(err)
		}
	})
	line := "idea " + id + ": card 0: votes 7, counted 6\n"
	var rules []int
	for _, tc := range []struct {
		args []string
		code int
		out  string
	}{
		{[]string{"-dry-run"}, exitFailed, line + "ideas: 2 counted, 1 to repair\n"},
		{[]string{"-idea", id, "-dry-run"}, exitFailed, line + "ideas: 1 counted, 1 to repair\n"},
		{nil, exitOK, line + "ideas: 2 counted, 1 repaired\n"},
		{[]string{"-dry-run"}, exitOK, "ideas: 2 counted, 0 to repair\n"},
	} {
		code, out, errs := admin(t, append([]string{"recount", "-data", dir}, tc.args...)...)
		if code != tc.code || out != tc.out || errs != "recount ...\n" {
			t.Errorf("%q: exit %d, %q, want %d, %q; %s", tc.args, code, out, tc.code, tc.out, errs)
		}
		rules = append(rules, rulesIn(t, dir))
	}
	if want := []int{0, 0, store.Rules, store.Rules}; !slices.Equal(rules, want) { // all that there is has to be looked at
		t.Errorf("rules that all records are by: %v, want %v", rules, want)
	}
}

func rulesIn(t *testing.T, dir string) (rules int) {
	t.Helper()
	inFolder(t, dir, func(ctx context.Context, app *onefile.App) {
		round, _, err := app.Store.Reconciliation(ctx)
		if err != nil {
			t.Fatal(err)
		}
		rules = round.Rules
	})
	return rules
}

func TestGrant(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, role := range []string{"team", "admin"} {
		code, out, errs := admin(t, "grant", "-data", dir, "Boss@example.com", role)
		if code != exitOK || !strings.HasSuffix(out, " is now "+role+"\n") || strings.Contains(out, "@") {
			t.Errorf("exit %d, %q, %s", code, out, errs)
		}
		inFolder(t, dir, func(ctx context.Context, app *onefile.App) {
			if m, err := app.Store.MemberByEmail(ctx, "boss@example.com"); err != nil || string(m.Role) != role {
				t.Errorf("%+v, %v", m, err)
			}
		})
	}
}

func TestRejects(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("Titel;Bereich;Datum\nGood;food;1.2.2012\n")
	for range 25 {
		b.WriteString("ab;food;1.2.2012\n")
	}
	ideas, rejects := write(t, "ideas.csv", b.String()), filepath.Join(t.TempDir(), "rejects.csv")
	code, out, errs := admin(t, "import", "-data", t.TempDir(), "-ideas", ideas, "-map", "title=titel,category=bereich,created=datum", "-rejects", rejects)
	if code != exitOK || !strings.HasPrefix(out, "ideas: 26 read, 1 new, 0 known, 25 rejected\n") {
		t.Errorf("exit %d: %s", code, out)
	}
	if n := strings.Count(errs, "Titel: Must have at least 3 characters."); n != shown || !strings.Contains(errs, "ideas.csv:3:1: Titel: ") ||
		!strings.Contains(errs, "... and 5 more; "+rejects+" has all of them\n") {
		t.Errorf("%d rejects shown:\n%s", n, errs)
	}
	f, err := os.Open(rejects)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if lines, err := csv.NewReader(f).ReadAll(); err != nil || len(lines) != 26 {
		t.Errorf("%d lines, %v", len(lines), err)
	}
}

// TestMistakes: each is told in one line.
func TestMistakes(t *testing.T) {
	t.Parallel()
	ideas := write(t, "ideas.csv", "title,category,created\nGood,food,2012-01-02\n")
	folder := filepath.Dir(ideas)
	for _, tc := range []struct {
		args string
		code int
		want string
	}{
		{"frobnicate", exitUsage, `admin: there is no command "frobnicate"; run admin without arguments for what there is`},
		{"import", exitUsage, "admin import: it takes a folder, a ZIP, -ideas FILE, or an export's FILE.jsonl; -h says more"},
		{"import -colour red", exitUsage, "admin import: flag provided but not defined: -colour"},
		{"import -data DIR -table x -ideas IDEAS", exitUsage, "admin import: -data and -table say two places; choose one"},
		{"import -data DIR FOLDER", exitUsage, "admin import: FOLDER is a folder: -preset NAME says whose export it is"},
		{"import -data DIR missing.jsonl", exitFailed, "admin import: stat missing.jsonl: no such file or directory"},
		{"import -data DIR IDEAS", exitFailed, "admin import: ideas.csv is not an export: its first line is not an export's header"},
		{"import -data DIR -preset x FOLDER", exitUsage, `admin import: there is no preset "x"; there are my-starbucks-idea, canny, uservoice, fider, fider-backup, github, generic`},
		{"import -data DIR -preset my-starbucks-idea FOLDER", exitFailed, "admin import: open FOLDER/comments.csv: no such file or directory"},
		{"import -data DIR -ideas IDEAS -map Subject", exitUsage, `admin import: -map: "Subject" is not FIELD=COLUMN`},
		{"import -data DIR -ideas IDEAS -map title=Subject", exitFailed,
			`admin import: read the header of ideas.csv: there is no column "Subject" for the title; there are title, category, created`},
		{"import -data DIR -ideas IDEAS -category food", exitUsage, `admin import: -category: "food" is not NAME=ID`},
		{"import -data DIR -ideas IDEAS -category A=b", exitFailed, `admin import: category "A": there is no category "b" here`},
		{"import -data DIR -ideas IDEAS -encoding latin9", exitFailed, `admin import: encoding "latin9": it is utf-8, windows-1252, utf-16le or utf-16be`},
		{"import -data DIR -ideas IDEAS -zone Nowhere/X", exitUsage, "admin import: -zone: unknown time zone Nowhere/X"},
		{"import -data DIR -ideas IDEAS -created soon", exitUsage,
			"admin import: -created: not a time that can be read, such as 2012-10-01T19:33:00Z or 1.10.2012 19:33"},
		{"import -data DIR -ideas IDEAS more", exitUsage, `admin import: too many arguments: ["more"]`},
		{"import -table x -ideas IDEAS", exitFailed, "admin import: awsenv: no region: set AWS_REGION"},
		{"export -data DIR", exitFailed, "admin export: there is no portal in the folder DIR: it has no groundswell.db"},
		{"export -data DIR more", exitUsage, "admin export: it takes no arguments and writes to standard output"},
		{"recount -data DIR", exitFailed, "admin recount: there is no portal in the folder DIR: it has no groundswell.db"},
		{"recount -data DIR more", exitUsage, "admin recount: it takes no arguments; one idea is -idea ID"},
		{"grant -data DIR", exitUsage, "admin grant: it takes an address and a role: admin grant EMAIL team"},
		{"grant -data DIR nobody team", exitFailed, "admin grant: Some fields need attention. email: Must be an e-mail address such as name@example.com."},
		{"grant -data DIR a@example.com king", exitFailed, "admin grant: Some fields need attention. role: Must be member, team or admin."},
	} {
		t.Run(tc.args, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "d")
			names := strings.NewReplacer("DIR", dir, "FOLDER", folder, "IDEAS", ideas)
			args := strings.Fields(tc.args)
			for i := range args {
				args[i] = names.Replace(args[i])
			}
			code, out, errs := admin(t, args...)
			if want := names.Replace(tc.want) + "\n"; code != tc.code || errs != want || out != "" {
				t.Errorf("exit %d, %q%q, want %d, %q", code, out, errs, tc.code, want)
			}
		})
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	if code, _, errs := admin(t); code != exitUsage || errs != usage {
		t.Errorf("exit %d:\n%s", code, errs)
	}
	for _, command := range []string{"import", "export", "recount", "grant"} {
		code, _, errs := admin(t, command, "-h")
		if code != exitOK || !strings.HasPrefix(errs, "admin "+command) || !strings.Contains(errs, "-table name") {
			t.Errorf("%s: exit %d:\n%s", command, code, errs)
		}
	}
	if _, _, errs := admin(t, "import", "-h"); !strings.Contains(errs, "my-starbucks-idea: ideas.csv and comments.csv") {
		t.Errorf("the presets are missing:\n%s", errs)
	}
}

// TestFolderInUse: the program that serves the folder has it alone.
func TestFolderInUse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	inFolder(t, dir, func(context.Context, *onefile.App) {
		code, _, errs := admin(t, "recount", "-data", dir)
		want := "admin recount: open " + filepath.Join(dir, onefile.File) + ": another process has this file open: stop the program that serves it first\n"
		if code != exitFailed || errs != want {
			t.Errorf("exit %d, %q, want %q", code, errs, want)
		}
	})
}
