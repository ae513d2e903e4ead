package main

import (
	"strings"
	"testing"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table/dynamo"
	"groundswell/shared/table/dynamo/dynamotest"
)

// TestTable: all commands on a DynamoDB table, and its export on a folder.
func TestTable(t *testing.T) {
	t.Parallel()
	tab, name := dynamotest.Open(t, dynamo.Options{})
	env := map[string]string{}
	for _, v := range dynamotest.Env(t) {
		k, value, _ := strings.Cut(v, "=")
		env[k] = value
	}
	onTable := func(args ...string) (int, string) {
		t.Helper()
		code, out, errs := adminIn(t, func(k string) string { return env[k] }, append(args, "-table", name)...)
		if code != exitOK {
			t.Log(errs)
		}
		return code, out
	}
	ideas := write(t, "ideas.csv", "id,title,category,created,votes,author,status\n1,First,food,2012-01-01,5,ann,\n2,Second,food,2012-01-01,-6,bob,launched\n")
	comments := write(t, "comments.csv", "id,idea,body,author,created\n1,1,hello,bob,2012-01-02\n")
	const said = "ideas: 2 read, 2 new, 0 known, 0 rejected\ncomments: 1 read, 1 new, 0 known, 0 rejected\nmembers: 3 read, 3 new, 0 known, 0 rejected\n"
	args := []string{"import", "-preset", "generic", "-ideas", ideas, "-comments", comments, "-recount"}
	if code, out := onTable(args...); code != exitOK || out != said {
		t.Fatalf("exit %d: %s", code, out)
	}
	if code, out := onTable(args...); code != exitOK || out != strings.NewReplacer("2 new, 0", "0 new, 2", "1 new, 0", "0 new, 1", "3 new, 0", "0 new, 3").Replace(said) {
		t.Errorf("again: exit %d: %s", code, out)
	}
	if code, out := onTable("recount", "-dry-run"); code != exitOK || out != "ideas: 2 counted, 0 to repair\n" {
		t.Errorf("exit %d: %s", code, out)
	}
	st := &store.Store{Table: tab}
	if page, err := st.Cards(t.Context(), portal.ListQuery{Sort: portal.Top, Limit: 5}); err != nil || len(page.Cards) != 2 ||
		page.Cards[0].Votes != 5 || page.Cards[0].Comments != 1 || page.Cards[1].Votes != -6 {
		t.Errorf("cards %+v, %v", page, err)
	}
	if code, out := onTable("grant", "a@example.com", "team"); code != exitOK {
		t.Errorf("exit %d: %s", code, out)
	}

	code, export := onTable("export")
	if code != exitOK {
		t.Fatalf("exit %d", code)
	}
	dir, copied := t.TempDir(), t.TempDir()
	if code, _, errs := admin(t, "import", "-data", dir, write(t, "table.jsonl", export)); code != exitOK {
		t.Fatal(errs)
	}
	must(t, "ideas: 2 counted, 0 to repair\n", "recount", "-data", dir, "-dry-run")
	// From the folder onto another table and back, the same records come out.
	_, first, _ := admin(t, "export", "-data", dir)
	_, name = dynamotest.Open(t, dynamo.Options{})
	if code, out := onTable("import", write(t, "folder.jsonl", first)); code != exitOK {
		t.Errorf("exit %d: %s", code, out)
	}
	_, export = onTable("export")
	export = strings.Replace(export, `"caught_up":false`, `"caught_up":true`, 1)
	if code, _, errs := admin(t, "import", "-data", copied, write(t, "table.jsonl", export)); code != exitOK {
		t.Fatal(errs)
	}
	if _, last, _ := admin(t, "export", "-data", copied); last != first {
		t.Errorf("records changed on their way over a table:\n%s\nwere\n%s", last, first)
	}
}
