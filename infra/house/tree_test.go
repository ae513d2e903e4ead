package house_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestPackageComments(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if len(p.GoFiles) > 0 && len(strings.Fields(p.Doc)) < 5 {
			t.Errorf("%s has no package comment that says what it is for", p.path())
		}
		switch p.Name {
		case "util", "utils", "common", "types", "helpers", "misc", "base":
			t.Errorf("%s: the name says nothing", p.path())
		}
	}
}

// TestExportedNames wants a comment on whatever other packages can use.
func TestExportedNames(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if !p.within("shared", "frontend") {
			continue
		}
		for _, name := range p.GoFiles {
			file := filepath.Join(p.Dir, name)
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, file, nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Error(err)
				continue
			}
			for _, d := range f.Decls {
				for _, id := range undocumented(d) {
					t.Errorf("%s: %s has no comment", p.path()+"/"+name, id)
				}
			}
		}
	}
}

// undocumented are the exported names of d without a comment of their own or of
// the group that they stand in.
func undocumented(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && d.Name.IsExported() && (d.Recv == nil || exportedType(d.Recv.List[0].Type)) && !obvious(d.Name.Name) {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
					names = append(names, s.Name.Name)
				}
			case *ast.ValueSpec:
				for _, id := range s.Names {
					if id.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
						names = append(names, id.Name)
					}
				}
			}
		}
	}
	return names
}

// obvious names say all there is to say: they implement an interface of the
// standard library.
func obvious(method string) bool {
	switch method {
	case "Error", "Unwrap", "String", "Is", "Len", "Less", "Swap", "ServeHTTP", "Read", "Write", "Close",
		"MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText", "LogValue":
		return true
	}
	return false
}

func exportedType(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.StarExpr:
		return exportedType(e.X)
	case *ast.IndexExpr:
		return exportedType(e.X)
	case *ast.Ident:
		return e.IsExported()
	}
	return false
}

// TestInjectedClock: where rules live, time is passed in, so that a test of an
// expiry sets it.
func TestInjectedClock(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if !p.within("shared/portal", "shared/store", "shared/projection", "shared/notify") {
			continue
		}
		for _, name := range p.GoFiles {
			src, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			for _, call := range []string{"time.Now()", "time.Since(", "time.Until("} {
				if bytes.Contains(src, []byte(call)) {
					t.Errorf("%s/%s calls %s: use the clock that is passed in", p.path(), name, strings.TrimRight(call, "()"))
				}
			}
		}
	}
}

// TestNoMachine: no file names a folder of somebody's machine or a host that
// packages come from; both differ from place to place.
func TestNoMachine(t *testing.T) {
	t.Parallel()
	machine := regexp.MustCompile("(^|[\\s\"'`=(:])/(work|root|home|tmp|Users)/")
	hosts := regexp.MustCompile(`registry\.npm` + `js\.org|pypi\.` + `org|proxy\.golang\.` + `org|deb\.debian\.` + `org`)
	top, err := root()
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	err = filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(top, path)
		if d.IsDir() {
			switch rel {
			case ".git", ".tools", ".aws-sam", "build", "data":
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || rel == ".git" { // a file in a second work tree
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil || bytes.IndexByte(src, 0) >= 0 { // binary
			return err
		}
		files++
		for i, line := range bytes.Split(src, []byte("\n")) {
			if m := machine.Find(line); m != nil {
				t.Errorf("%s:%d names a folder of a machine: %s", rel, i+1, m)
			}
			if m := hosts.Find(line); m != nil {
				t.Errorf("%s:%d names a host that packages come from: %s", rel, i+1, m)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Errorf("only %d files seen", files)
	}
}
