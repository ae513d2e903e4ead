package template_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"
)

type finding struct{ Rule, Resource, Says string }

type acknowledgement struct {
	Rule string   `yaml:"rule"`
	On   []string `yaml:"on"`
	Why  string   `yaml:"why"`
}

func (a acknowledgement) covers(f finding) bool {
	return a.Rule == f.Rule && (a.On == nil || slices.Contains(a.On, f.Resource))
}

// TestNag lets cdk-nag's packs AwsSolutions and Serverless review what AWS
// CloudFormation gets. Each finding is one that nag.yaml gives a reason for.
func TestNag(t *testing.T) {
	t.Parallel()
	python := tool(t, "python")
	modules, err := filepath.Abs(filepath.Join(toolsDir(), "nag", "node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(modules); err != nil {
		missing(t, "cdk-nag is missing: run infra/tools/install.sh")
	}
	args := []string{"nag.js"}
	for part := range parts(t) {
		out, err := exec.Command(python, "translate.py", part).Output()
		if err != nil {
			t.Fatalf("%s: %v", part, err)
		}
		to := filepath.Join(t.TempDir(), "template.json")
		if err := os.WriteFile(to, out, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, to)
	}
	cmd := exec.Command("node", args...)
	cmd.Env = append(os.Environ(), "NODE_PATH="+modules, "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION=1")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("nag.js: %v", err)
	}
	var found []finding
	if err := json.Unmarshal(out, &found); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	raw, err := os.ReadFile("nag.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var known []acknowledgement
	if err := yaml.Unmarshal(raw, &known); err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if !slices.ContainsFunc(known, func(a acknowledgement) bool { return a.covers(f) }) {
			t.Errorf("%s: %s: %s", f.Resource, f.Rule, f.Says)
		}
	}
	for _, a := range known {
		if len(a.Why) < 30 {
			t.Errorf("%s: no reason", a.Rule)
		}
		if !slices.ContainsFunc(found, a.covers) {
			t.Errorf("nag.yaml: %s is found no more", a.Rule)
		}
		for _, id := range a.On {
			if !slices.Contains(found, finding{a.Rule, id, says(found, a.Rule)}) {
				t.Errorf("nag.yaml: %s is not found on %s any more", a.Rule, id)
			}
		}
	}
	if len(found) == 0 {
		t.Error("nothing found at all: the packs did not run")
	}
}

func says(found []finding, rule string) string {
	for _, f := range found {
		if f.Rule == rule {
			return f.Says
		}
	}
	return ""
}
