package template_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"groundswell/infra/template"
)

const file = "../../template.yaml"

// nested are the templates of the stacks within the stack, by the resource that
// they are the template of.
var nested = map[string]string{"Edge": "../stack/edge.yaml", "Watching": "../stack/watch.yaml"}

var loaded = sync.OnceValues(func() (*template.Template, error) { return template.Load(file) })

func load(t *testing.T) *template.Template {
	t.Helper()
	tpl, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return tpl
}

// parts are all templates, by file.
func parts(t *testing.T) map[string]*template.Template {
	t.Helper()
	out := map[string]*template.Template{file: load(t)}
	for id, part := range nested {
		if url := load(t).Resources[id].Properties["TemplateURL"]; "../../"+fmt.Sprint(url) != filepath.Join("..", "..", "infra", "template", part) {
			t.Errorf("%s is made of %v", id, url)
		}
		tpl, err := template.Load(part)
		if err != nil {
			t.Fatal(err)
		}
		out[part] = tpl
	}
	return out
}

func functions(t *testing.T) []template.Function {
	t.Helper()
	fs, err := load(t).Functions()
	if err != nil {
		t.Fatal(err)
	}
	if len(fs) < 8 {
		t.Fatalf("%d functions, want 8 or more", len(fs))
	}
	return fs
}

// tool is a program of the Python environment that infra/tools/install.sh makes.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(toolsDir(), "venv", "bin", name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		missing(t, name+" is missing: run infra/tools/install.sh")
	}
	return path
}

// toolsDir is where infra/tools/install.sh puts what it installs.
func toolsDir() string {
	if dir := os.Getenv("GROUNDSWELL_TOOLS"); dir != "" {
		return dir
	}
	return "../../.tools"
}

// missing skips the test, but not where nobody would see it.
func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why)
	}
	t.Skip(why)
}

type result struct {
	resources map[string]map[string]any
	err       error
}

var (
	translateOnce sync.Once
	translation   result
)

// translated are the resources that AWS CloudFormation gets: what SAM makes of
// the template.
func translated(t *testing.T) map[string]map[string]any {
	t.Helper()
	python := tool(t, "python")
	translateOnce.Do(func() {
		cmd := exec.Command(python, "translate.py", file)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			translation.err = &failure{err, stderr.String()}
			return
		}
		var doc struct{ Resources map[string]map[string]any }
		translation.err = json.Unmarshal(out, &doc)
		translation.resources = doc.Resources
	})
	if translation.err != nil {
		t.Fatal(translation.err)
	}
	return translation.resources
}

type failure struct {
	err    error
	stderr string
}

func (f *failure) Error() string { return f.err.Error() + "\n" + f.stderr }

// ofType are the resources of a type, by id, with their properties only.
func ofType(all map[string]map[string]any, typ string) map[string]map[string]any {
	out := map[string]map[string]any{}
	for id, r := range all {
		if r["Type"] == typ {
			out[id], _ = r["Properties"].(map[string]any)
		}
	}
	return out
}

// at walks down a value: maps by name, lists by index.
func at(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

// list is v as a list; a single value is a list of one.
func list(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

func decode(t *testing.T, s string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		t.Fatalf("%v: %s", err, s)
	}
	return v
}

func compact(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}
