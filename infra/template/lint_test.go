package template_test

import (
	"os/exec"
	"testing"
)

// TestLint runs what `sam validate --lint` runs, with the informational rules on
// top. It must have nothing to say.
func TestLint(t *testing.T) {
	t.Parallel()
	out, err := exec.Command(tool(t, "cfn-lint"), "-c", "I", "--", file).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("cfn-lint: %v\n%s", err, out)
	}
}
