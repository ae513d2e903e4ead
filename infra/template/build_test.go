package template_test

import (
	"archive/zip"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestBuild makes what is deployed, by the targets that SAM calls: an arm64
// program and the certificates that the environment points at, small enough.
func TestBuild(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds all programs for arm64") // short was asked for
	}
	if _, err := exec.LookPath("make"); err != nil {
		missing(t, "make is missing")
	}
	dir := t.TempDir()
	cmd := exec.Command("make", "build", "BUILD="+dir)
	cmd.Dir = "../.."
	cmd.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=")
	if out, err := cmd.CombinedOutput(); err != nil { // pack fails over the budget
		t.Fatalf("make build: %v\n%s", err, out)
	}
	for _, f := range functions(t) {
		z, err := zip.OpenReader(filepath.Join(dir, f.ID+".zip"))
		if err != nil {
			t.Error(err)
			continue
		}
		files := map[string]os.FileMode{}
		for _, e := range z.File {
			files[e.Name] = e.Mode()
		}
		if len(files) != 2 || files["bootstrap"].Perm() != 0o755 || files["amazon.pem"] == 0 {
			t.Errorf("%s: %v", f.ID, files)
		}
		if err := z.Close(); err != nil {
			t.Error(err)
		}
		if head := read(t, filepath.Join(dir, f.ID, "bootstrap"), 20); string(head[:4]) != "\x7fELF" || head[18] != 0xb7 {
			t.Errorf("%s: not a program for Linux on arm64", f.ID)
		}
		if in, err := os.Stat(filepath.Join(dir, f.ID+".zip")); err != nil || in.Size() >= 5e6 {
			t.Errorf("%s: %d bytes, want under 5 MB (%v)", f.ID, in.Size(), err)
		}
	}
}

func read(t *testing.T, file string, n int) []byte {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := make([]byte, n)
	if _, err := f.Read(b); err != nil {
		t.Fatal(err)
	}
	return b
}
