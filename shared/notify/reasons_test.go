package notify

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestReasonsHaveNames: why a mail is not sent is one of portal's names, never a word of
// its own; for those there are sentences wherever the ledger is shown.
func TestReasonsHaveNames(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	word, found := regexp.MustCompile(`^"[a-z]+(_[a-z]+)*"$`), 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		look := func(where ast.Node, what string) {
			ast.Inspect(where, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr: // an argument is no reason
					return false
				case *ast.BasicLit:
					if n.Kind == token.STRING && word.MatchString(n.Value) {
						t.Errorf("%s: %s %s: give it a name in portal, and words where the ledger is shown", name, what, n.Value)
					}
				case *ast.SelectorExpr:
					if strings.HasPrefix(n.Sel.Name, "Unsent") {
						found++
					}
				}
				return true
			})
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ReturnStmt:
				if len(n.Results) > 1 {
					look(n, "returns")
				}
			case *ast.AssignStmt:
				if id, ok := n.Lhs[0].(*ast.Ident); ok && id.Name == "skip" {
					look(n, "skips as")
				}
			case *ast.KeyValueExpr:
				if id, ok := n.Key.(*ast.Ident); ok && id.Name == "why" {
					look(n.Value, "ends as")
				}
			}
			return true
		})
	}
	if found < 15 {
		t.Errorf("%d reasons found: does the test still know where to look?", found)
	}
}
