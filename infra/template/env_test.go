package template_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"groundswell/infra/template"
	"groundswell/shared/app"
)

// vars are the variables by the names that functions ask for them.
var vars = map[string]app.Var{
	"BaseURL": app.BaseURL, "PortalName": app.PortalName, "Brand": app.Brand, "TeamEmails": app.TeamEmails,
	"MailFrom": app.MailFrom, "MailQueueURL": app.MailQueueURL, "ConfigurationSet": app.ConfigurationSet, "MailRate": app.MailRate,
}

// platform are the variables that Go's crypto/x509 reads.
var platform = []string{"SSL_CERT_DIR", "SSL_CERT_FILE"}

// TestEnvironment: each function gets the variables that it reads, and no others.
func TestEnvironment(t *testing.T) {
	t.Parallel()
	for _, f := range functions(t) {
		want := slices.Concat(platform, reads(t, filepath.Join("../../functions", f.Name, "main.go")))
		slices.Sort(want)
		if d := cmp.Diff(want, slices.Sorted(maps.Keys(f.Env))); d != "" {
			t.Errorf("%s: - reads, + gets\n%s", f.ID, d)
		}
	}
}

// reads are the variables that a main file asks shared/app and shared/table/dynamo
// for.
func reads(t *testing.T, file string) (names []string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		switch pkg, name := selector(call.Fun); pkg + "." + name {
		case "dynamo.FromEnv":
			names = append(names, "TABLE_NAME")
		case "app.FromEnv":
			for _, arg := range call.Args[1:] {
				_, name := selector(arg)
				v, ok := vars[name]
				if !ok {
					t.Fatalf("%s: unknown variable %s", file, name)
				}
				names = append(names, string(v))
			}
		}
		return true
	})
	return names
}

func selector(e ast.Expr) (pkg, name string) {
	if s, ok := e.(*ast.SelectorExpr); ok {
		if x, ok := s.X.(*ast.Ident); ok {
			return x.Name, s.Sel.Name
		}
	}
	return "", ""
}

// TestValues: what a deployment makes of the environment.
func TestValues(t *testing.T) {
	t.Parallel()
	tpl := load(t)
	stack := template.Values{
		"MailFrom": "ideas@example.com", "TeamEmails": "a@example.com", "Table": "portal-Table-1",
		"MailQueue": "https://sqs.example.com/1/mail", "MailSet": "portal-MailSet-1", "Edge.Outputs.Url": "https://d1.cloudfront.net",
	}
	own := maps.Clone(stack)
	own["Domain"], own["Edge.Outputs.Url"] = "ideas.example.com", "https://ideas.example.com"
	for _, c := range []struct {
		with           template.Values
		function, name string
		want           string
	}{
		{stack, "ideas", "TABLE_NAME", "portal-Table-1"},
		{stack, "ideas", "BASE_URL", ""}, // taken from each request
		{own, "ideas", "BASE_URL", "https://ideas.example.com"},
		{stack, "mail", "BASE_URL", "https://d1.cloudfront.net"},
		{own, "mail", "BASE_URL", "https://ideas.example.com"},
		{stack, "mail", "CONFIGURATION_SET", "portal-MailSet-1"},
		{stack, "accounts", "MAIL_QUEUE_URL", "https://sqs.example.com/1/mail"},
		{stack, "accounts", "TEAM_EMAILS", "a@example.com"},
		{stack, "mail", "PORTAL_NAME", "Groundswell"},
		{stack, "ideas", "BRAND", "{}"},
	} {
		for _, f := range functions(t) {
			if f.Name != c.function {
				continue
			}
			if got, err := tpl.Eval(f.Env[c.name], c.with); err != nil || got != c.want {
				t.Errorf("%s: %s is %q (%v), want %q", c.function, c.name, got, err, c.want)
			}
		}
	}
	if got, err := tpl.Eval(map[string]any{"Ref": "Nothing"}, stack); err == nil {
		t.Errorf("an unknown reference is %q", got)
	}
}
