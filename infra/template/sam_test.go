package template_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestSAM lets the SAM CLI itself do what whoever deploys does: validate, and build,
// twice. The same source makes the same bytes, or an unchanged function would be
// deployed anew. `make build` builds them all; two show that SAM calls it right, one
// behind the API and one behind the stream.
func TestSAM(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds functions")
	}
	sam, err := filepath.Abs(filepath.Join(toolsDir(), "sam", "bin", "sam"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(sam); err != nil {
		missing(t, "the SAM CLI is missing: run infra/tools/install.sh")
	}
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command(sam, args...)
		cmd.Dir = "../.."
		// No account is asked: the region alone has to be one.
		cmd.Env = append(os.Environ(), "SAM_CLI_TELEMETRY=0", "AWS_DEFAULT_REGION=us-east-1", "__SAM_CLI_APP_DIR="+t.TempDir(), "MAKEFLAGS=", "MAKELEVEL=", "SETTINGS=")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("sam %v: %v\n%s", args, err, out)
		}
	}
	run("validate", "--lint")
	for _, id := range []string{"VotesFunction", "NotificationsFunction"} {
		var before []byte
		for range 2 {
			dir := t.TempDir()
			run("build", id, "--build-dir", dir)
			for _, nested := range []string{"Edge", "Watching"} {
				if _, err := os.Stat(filepath.Join(dir, nested, "template.yaml")); err != nil {
					t.Errorf("the stack within the stack was left out: %v", err)
				}
			}
			now, err := os.ReadFile(filepath.Join(dir, id, "bootstrap"))
			if err != nil {
				t.Fatal(err)
			}
			if before != nil && !bytes.Equal(before, now) {
				t.Errorf("%s: a second build makes something else", id)
			}
			before = now
		}
	}
}
