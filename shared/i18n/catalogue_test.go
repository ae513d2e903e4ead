package i18n_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"groundswell/frontend"
	"groundswell/shared/i18n"
	"groundswell/shared/intake"
	"groundswell/shared/portal"
	"groundswell/shared/transfer"
)

// Every message that a template or the code asks for is in every language, and no
// language has one that nobody asks for.
func TestCatalogues(t *testing.T) {
	t.Parallel()
	used := usedMessages(t)
	if len(used) < 100 {
		t.Fatalf("found only %d messages in use: does the test still know where to look?", len(used))
	}
	for _, l := range i18n.Locales() {
		t.Run(l, func(t *testing.T) {
			t.Parallel()
			ids, err := i18n.IDs(l)
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range slices.Sorted(maps.Keys(used)) {
				if !slices.Contains(ids, id) {
					t.Errorf("%s is missing (used in %s)", id, used[id])
				}
			}
			for _, id := range ids {
				if used[id] == "" {
					t.Errorf("%s is not used anywhere", id)
				}
			}
		})
	}
}

// A translation uses the variables of the original, all of them.
func TestVariables(t *testing.T) {
	t.Parallel()
	variable := regexp.MustCompile(`{{\s*\.(\w+)\s*}}`)
	vars := func(l string) map[string]string {
		b, err := frontend.Files.ReadFile("locales/active." + l + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var raw map[string]any
		if err := json.Unmarshal(b, &raw); err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for id, m := range raw {
			text, ok := m.(string)
			if forms, plural := m.(map[string]any); plural {
				text, ok = forms["other"].(string)
			}
			if !ok || strings.TrimSpace(text) == "" {
				t.Errorf("%s: %s is empty, or has no form \"other\"", l, id)
			}
			names := map[string]bool{}
			for _, m := range variable.FindAllStringSubmatch(text, -1) {
				names[m[1]] = true
			}
			out[id] = strings.Join(slices.Sorted(maps.Keys(names)), " ")
		}
		return out
	}
	want := vars(i18n.Default)
	for _, l := range i18n.Locales() {
		for id, got := range vars(l) {
			if got != want[id] {
				t.Errorf("%s: %s has the variables %q, want %q", l, id, got, want[id])
			}
		}
	}
}

// usedMessages are the ids in use, each with a place that uses it.
func usedMessages(t *testing.T) map[string]string {
	used := map[string]string{"error.internal": "web: answer", "language.name": "footer", "format.date": "i18n", "format.date_time": "i18n", "format.months": "i18n"}
	call := regexp.MustCompile(`\b[tn] "([^"]+)"`)
	err := fs.WalkDir(frontend.Files, "templates", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := frontend.Files.ReadFile(name)
		for _, m := range call.FindAllStringSubmatch(string(b), -1) {
			used[m[1]] = name
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for c := range portal.TagColours {
		used["tags.colour_"+strconv.Itoa(c+1)] = "portal.TagColours"
	}
	for _, s := range portal.Statuses {
		used["status."+string(s)] = "portal.Statuses"
	}
	for _, i := range portal.Interests {
		used["me.follow_"+string(i)] = "portal.Interests"
	}
	for _, s := range portal.Sorts {
		used["sort."+string(s)] = "portal.Sorts"
	}
	for _, what := range []string{"approve", "decline", "hide", "uphold", "restore", "remove"} {
		for _, about := range []string{"_idea", "_comment", "_story"} {
			used["mail.decided."+what+about] = "notify: decided"
		}
	}
	for _, r := range portal.Reasons {
		used["reason."+r] = "portal.Reasons"
	}
	for _, r := range portal.HoldReasons {
		used["reason."+r] = "portal.HoldReasons"
	}
	for _, code := range portal.Suspicions {
		used["reason."+code], used["votes.short_"+code] = "portal.Suspicions", "portal.Suspicions"
	}
	for _, act := range portal.VoteActs {
		used["done.votes_"+string(act)] = "portal.VoteActs"
		if act != portal.ReopenVotes {
			used["votes.outcome_"+string(act)] = "portal.VoteActs"
		}
	}
	used["reason."+portal.NotMe], used["reason."+portal.AtOnce] = "portal.NotMe", "portal.AtOnce"
	for _, c := range portal.Channels {
		used["channel."+string(c)], used["mail.entered.by_"+string(c)] = "portal.Channels", "portal.Channels"
	}
	for _, q := range portal.Queues {
		used["queue."+string(q)] = "portal.Queues"
	}
	for _, act := range portal.LogActs {
		used["log."+act] = "portal.LogActs"
	}
	for _, kind := range portal.IntakeRows {
		used["import.rows_"+kind] = "portal.IntakeRows"
	}
	for _, p := range (&intake.Reader{}).Presets() {
		used["import.preset_"+p] = "intake: Presets"
	}
	for _, fields := range [][]transfer.Field{transfer.IdeaFields(), transfer.CommentFields(), transfer.VoteFields()} {
		for _, f := range fields {
			used["import.field_"+string(f)] = "transfer: fields"
		}
	}
	for _, part := range []string{"ideas", "comments", "votes"} {
		used["import.columns_"+part] = "web: importParts"
	}
	for _, kind := range []string{"category", "status"} {
		used["import.names_"+kind] = "web: importing"
	}
	for _, k := range portal.TakeKinds {
		used["takeout."+string(k)], used["takeout."+string(k)+"_hint"] = "portal.TakeKinds", "portal.TakeKinds"
	}
	for _, s := range portal.Sanctions {
		used["sanction."+string(s)], used["sanction_hint."+string(s)] = "portal.Sanctions", "portal.Sanctions"
	}
	for _, v := range []portal.Visibility{portal.Held, portal.Rejected, portal.Hidden, portal.Removed, portal.Withdrawn} {
		used["moderation.heading_"+string(v)], used["moderation.next_"+string(v)] = "portal.Visibility", "portal.Visibility"
	}
	for _, act := range portal.Acts {
		used["done.decided_"+string(act)] = "portal.Acts"
	}
	for _, c := range portal.DefaultCategories() {
		used["group."+c.Group] = "portal.DefaultCategories"
	}
	for _, status := range []int{400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429, 500} {
		used["error_heading."+strconv.Itoa(status)] = "web: error page"
	}
	for _, dir := range []string{"../portal", "../web"} {
		scan(t, dir, used)
	}
	return used
}

// jsonOnly are codes of problems that only a JSON body can have: no page shows them.
var jsonOnly = []string{"unknown_field", "duplicate_field", "wrong_type", "not_unicode", "broken_json", "not_an_object"}

// jsonFields are parameters and headers that no form has.
var jsonFields = []string{"If-Match", "Content-Type", "Content-Length", "role", ""}

// scan finds the messages, error codes and field names in the Go files of dir.
func scan(t *testing.T, dir string, used map[string]string) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s (%v)", dir, err)
	}
	code := func(s, where string) {
		if s != "" && !slices.Contains(jsonOnly, s) {
			used["error."+s] = where
		}
	}
	field := func(s, where string) {
		if !slices.Contains(jsonFields, s) {
			used["field."+strings.ToLower(strings.ReplaceAll(s, "-", "_"))] = where
		}
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || filepath.Base(name) == "imported.go" { // imports are the operator's, in English
			continue
		}
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, src, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				arg := func(i int) string {
					if i >= len(n.Args) {
						return ""
					}
					return literal(n.Args[i])
				}
				switch callee(n.Fun) {
				case "T", "N":
					if id := arg(0); id != "" && !strings.HasSuffix(id, ".") {
						used[id] = name
					}
				case "done":
					used["done."+arg(1)] = name
				case "add", "InvalidField", "badRequest":
					field(arg(0), name)
					code(arg(1), name)
				case "tooMany":
					code(arg(0), name)
				case "take": // a use, of a quota
					code(arg(4), name)
				case "text":
					field(arg(0), name)
				}
			case *ast.KeyValueExpr:
				if k, ok := n.Key.(*ast.Ident); ok && k.Name == "Code" {
					code(literal(n.Value), name)
				}
			case *ast.CompositeLit:
				if len(n.Elts) > 1 {
					switch id := callee(n.Type); id {
					case "refusal":
						code(literal(n.Elts[1]), name)
					}
				}
			case *ast.ValueSpec: // var notices = []string{...} of the pages
				if n.Names[0].Name != "notices" {
					break
				}
				for _, e := range n.Values[0].(*ast.CompositeLit).Elts {
					used["done."+literal(e)] = name
				}
			}
			return true
		})
	}
	delete(used, "field.")
	delete(used, "done.")
}

func callee(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func literal(e ast.Expr) string {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return ""
	}
	s, _ := strconv.Unquote(l.Value)
	return s
}
