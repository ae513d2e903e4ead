package startbench

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// module is the checkout's root, seen from this folder.
const module = "../.."

// functions lists the folders under functions/ that hold a program.
func functions(tb testing.TB) []string {
	tb.Helper()
	mains, err := filepath.Glob(filepath.Join(module, "functions", "*", "main.go"))
	if err != nil {
		tb.Fatal(err)
	}
	names := make([]string, len(mains))
	for i, m := range mains {
		names[i] = filepath.Base(filepath.Dir(m))
	}
	return names
}

// build makes a bootstrap as the Makefile does and returns its path.
func build(tb testing.TB, pkg, goarch string) string {
	tb.Helper()
	bin := filepath.Join(tb.TempDir(), "bootstrap")
	env := []string{"CGO_ENABLED=0"}
	if goarch != "" {
		env = append(env, "GOOS=linux", "GOARCH="+goarch)
	}
	goTool(tb, env, "build", "-tags", "lambda.norpc,nethttpomithttp2", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid=", "-o", bin, pkg)
	return bin
}

func goTool(tb testing.TB, env []string, args ...string) string {
	tb.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = module
	cmd.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		tb.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, &stderr)
	}
	return string(out)
}

// zipSize is the size of the deployment package of one binary, in bytes.
func zipSize(tb testing.TB, bin string) int64 {
	tb.Helper()
	f, err := os.Open(bin)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var n counter
	z := zip.NewWriter(&n)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	w, err := z.Create("bootstrap")
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := io.Copy(w, f); err != nil {
		tb.Fatal(err)
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return int64(n)
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
