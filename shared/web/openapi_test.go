package web

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

func TestOpenAPIIsGenerated(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := yaml.Unmarshal(src, &doc); err != nil {
		t.Fatal(err)
	}
	want, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want)+"\n", string(openAPI)); d != "" {
		t.Errorf("openapi.json is not openapi.yaml: run go generate ./shared/web\n%s", d)
	}
}
