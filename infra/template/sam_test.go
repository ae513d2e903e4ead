package template_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestSAM lets the SAM CLI itself do what whoever deploys does: validate, and build.
// It makes the same bytes as the Makefile by itself, so the same source does so any
// time, and an unchanged function is not deployed anew. `make build` builds them all;
// two show that SAM calls it right, one behind the API and one behind the stream.
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
		dir, plain := t.TempDir(), t.TempDir()
		run("build", id, "--build-dir", dir)
		for _, nested := range []string{"Edge", "Watching"} {
			if _, err := os.Stat(filepath.Join(dir, nested, "template.yaml")); err != nil {
				t.Errorf("the stack within the stack was left out: %v", err)
			}
		}
		cmd := exec.Command("make", "build-"+id, "ARTIFACTS_DIR="+plain)
		cmd.Dir = "../.."
		cmd.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=", "SETTINGS=")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		for _, name := range []string{"bootstrap", "amazon.pem"} {
			if !bytes.Equal(whole(t, filepath.Join(dir, id, name)), whole(t, filepath.Join(plain, name))) {
				t.Errorf("%s: the second build of %s is another", id, name)
			}
		}
	}
}

func whole(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
