// Command summary reads the output of `go test -json` and says how the tests went:
// a line for each package, the whole output of what failed, and a closing line
// that counts. It exits with 1 if anything failed, if a test was skipped in every run
// that it was part of, or if there was no test at all: a gate that tests nothing must
// not look green.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

func main() {
	if !summarize(os.Stdin, os.Stdout, time.Now) {
		os.Exit(1)
	}
}

// event is one line of `go test -json`; see `go doc test2json`. Build events name
// the package in ImportPath.
type event struct {
	Action     string
	Package    string
	ImportPath string
	Test       string
	Output     string
	Elapsed    float64 // seconds
}

type tally struct {
	passed, failed, packages int
	bad                      []string
	ran                      map[string]bool             // whether any run of the test was more than a skip, by package and test
	out                      map[string]*strings.Builder // by package and test
	tests                    map[string]int              // passed, by package
}

func summarize(r io.Reader, w io.Writer, now func() time.Time) bool {
	start := now()
	t := &tally{ran: map[string]bool{}, out: map[string]*strings.Builder{}, tests: map[string]int{}}
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				fmt.Fprintf(w, "%s", line) // not an event: the go command itself speaking
			} else {
				t.add(w, e)
			}
		}
		if err != nil {
			break
		}
	}
	return t.close(w, now().Sub(start))
}

func (t *tally) add(w io.Writer, e event) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "build-output":
		fmt.Fprint(w, e.Output)
	case "build-fail":
		t.bad = append(t.bad, e.ImportPath+" (build)")
	case "output":
		b := t.out[key]
		if b == nil {
			b = &strings.Builder{}
			t.out[key] = b
		}
		b.WriteString(e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			t.pkg(w, e)
		} else {
			t.test(w, e, key)
		}
		delete(t.out, key)
	}
}

func (t *tally) test(w io.Writer, e event, key string) {
	t.ran[key] = t.ran[key] || e.Action != "skip"
	switch e.Action {
	case "pass":
		t.passed++
		t.tests[e.Package]++
	case "fail":
		t.failed++
		t.bad = append(t.bad, e.Package+"."+e.Test)
		if b := t.out[key]; b != nil {
			fmt.Fprint(w, b.String())
		}
	}
}

func (t *tally) pkg(w io.Writer, e event) {
	switch e.Action {
	case "pass":
		t.packages++
		fmt.Fprintf(w, "ok    %-45s %4d tests %7.1fs\n", e.Package, t.tests[e.Package], e.Elapsed)
	case "fail":
		t.packages++
		if b := t.out[e.Package+" "]; b != nil {
			fmt.Fprint(w, b.String())
		}
		fmt.Fprintf(w, "FAIL  %-45s %4d tests %7.1fs\n", e.Package, t.tests[e.Package], e.Elapsed)
		t.bad = append(t.bad, e.Package)
	}
	for key, b := range t.out { // of tests that a panic or a timeout cut short
		if pkg, test, _ := strings.Cut(key, " "); pkg == e.Package {
			if test != "" && e.Action == "fail" {
				fmt.Fprint(w, b.String())
			}
			delete(t.out, key)
		}
	}
}

func (t *tally) close(w io.Writer, took time.Duration) bool {
	slices.Sort(t.bad)
	for _, name := range slices.Compact(t.bad) {
		fmt.Fprintln(w, "failed: ", name)
	}
	var skipped []string
	for key, ran := range t.ran {
		if !ran {
			skipped = append(skipped, strings.Replace(key, " ", ".", 1))
		}
	}
	for _, name := range slices.Sorted(slices.Values(skipped)) {
		fmt.Fprintln(w, "skipped:", name)
	}
	ok := len(t.bad) == 0 && len(skipped) == 0 && t.passed > 0
	verdict := "PASS"
	if !ok {
		verdict = "FAIL"
	}
	fmt.Fprintf(w, "%s: %d tests passed in %d packages, %d failed, %d skipped, %s\n",
		verdict, t.passed, t.packages, t.failed, len(skipped), took.Round(time.Second))
	return ok
}
