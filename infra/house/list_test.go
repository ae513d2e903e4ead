package house_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const module = "groundswell/"

// pkg is a package of this module, as the go command lists it.
type pkg struct {
	ImportPath string
	Name       string
	Dir        string
	Doc        string
	GoFiles    []string
	Imports    []string // of its own files, without tests
	Deps       []string // everything that it links, itself left out

	TestImports, XTestImports []string
}

// path is the package's place in the module: shared/portal.
func (p pkg) path() string { return strings.TrimPrefix(p.ImportPath, module) }

// within reports whether the package is one of the folders, or below one.
func (p pkg) within(folders ...string) bool {
	for _, f := range folders {
		if p.path() == f || strings.HasPrefix(p.path(), f+"/") {
			return true
		}
	}
	return false
}

// root is the folder of the module.
var root = sync.OnceValues(func() (string, error) {
	wd, err := os.Getwd()
	return filepath.Dir(filepath.Dir(wd)), err
})

var list = sync.OnceValues(func() ([]pkg, error) {
	dir, err := root()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("go", "list", "-e",
		"-json=ImportPath,Name,Dir,Doc,GoFiles,Imports,Deps,TestImports,XTestImports", "./...")
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, errors.New("go list: " + stderr.String())
	}
	var all []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := dec.Decode(&p); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
})

func packages(t *testing.T) []pkg {
	t.Helper()
	all, err := list()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 10 {
		t.Fatalf("go list found only %d packages", len(all))
	}
	return all
}
