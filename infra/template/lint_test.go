package template_test

import (
	"maps"
	"os/exec"
	"slices"
	"testing"
)

// TestLint runs what `sam validate --lint` runs, with the informational rules on
// top. It must have nothing to say.
func TestLint(t *testing.T) {
	t.Parallel()
	args := append([]string{"-c", "I", "--"}, slices.Sorted(maps.Keys(parts(t)))...)
	out, err := exec.Command(tool(t, "cfn-lint"), args...).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("cfn-lint: %v\n%s", err, out)
	}
}
