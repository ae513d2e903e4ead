package web

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"groundswell/shared/portal"
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

// TestDeedsInTheContract: the log answers with no act that the contract leaves out.
func TestDeedsInTheContract(t *testing.T) {
	t.Parallel()
	var doc struct {
		Components struct {
			Schemas struct {
				Deed struct{ Enum []string }
			}
		}
	}
	if err := json.Unmarshal(openAPI, &doc); err != nil {
		t.Fatal(err)
	}
	got := doc.Components.Schemas.Deed.Enum
	if d := cmp.Diff(slices.Sorted(slices.Values(portal.LogActs)), slices.Sorted(slices.Values(got))); d != "" {
		t.Errorf("acts of the log and of the contract:\n%s", d)
	}
}

// TestSlugsAreNoPages: no title makes an address that is another page's.
func TestSlugsAreNoPages(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, r := range Routes() {
		rest, ok := strings.CutPrefix(r.Pattern, "GET /ideas/{id}/")
		if !ok || strings.ContainsAny(rest, "{/") {
			continue
		}
		seen++
		if portal.Slug(rest) == rest {
			t.Errorf("an idea named %q has the address of %s", rest, r.Pattern)
		}
	}
	if seen < 2 {
		t.Errorf("%d pages below an idea: does the test still know their addresses?", seen)
	}
}
