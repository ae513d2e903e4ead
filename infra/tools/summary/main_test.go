package main

import (
	"strings"
	"testing"
	"time"
)

func TestSummarize(t *testing.T) {
	t.Parallel()
	const pass = `{"Action":"output","Package":"p","Test":"TestA","Output":"chatter\n"}
{"Action":"pass","Package":"p","Test":"TestA","Elapsed":0.1}
{"Action":"pass","Package":"p","Elapsed":1.5}
`
	for name, c := range map[string]struct {
		in   string
		ok   bool
		want []string // in the output
		not  string
	}{
		"all passed": {pass, true, []string{"ok    p", "PASS: 1 tests passed in 1 packages, 0 failed, 0 skipped, 0s"}, "chatter"},
		"a failure shows its output": {pass + `{"Action":"output","Package":"q","Test":"TestB","Output":"q_test.go:1: wrong\n"}
{"Action":"fail","Package":"q","Test":"TestB"}
{"Action":"fail","Package":"q"}
`, false, []string{"q_test.go:1: wrong", "failed:  q.TestB", "FAIL: 1 tests passed in 2 packages, 1 failed"}, "chatter"},
		"a skip is no pass": {pass + `{"Action":"skip","Package":"p","Test":"TestC"}` + "\n", false,
			[]string{"skipped: p.TestC", "FAIL"}, "chatter"},
		"a skip in a short run is none where another run had the test": {`{"Action":"skip","Package":"p","Test":"TestA"}` + "\n" + pass +
			`{"Action":"skip","Package":"p","Test":"TestA"}` + "\n", true, []string{"PASS: 1 tests", "0 skipped"}, "skipped:"},
		"a package without tests is no skip": {pass + `{"Action":"skip","Package":"empty"}` + "\n", true, []string{"PASS"}, "skipped:"},
		"a package that does not build": {pass + `{"ImportPath":"r","Action":"build-output","Output":"r.go:1: undefined: x\n"}
{"ImportPath":"r","Action":"build-fail"}
`, false, []string{"r.go:1: undefined: x", "failed:  r (build)"}, "chatter"},
		"a panic cuts a test short": {`{"Action":"output","Package":"p","Test":"TestA","Output":"panic: boom\n"}
{"Action":"fail","Package":"p"}
`, false, []string{"panic: boom", "failed:  p"}, "PASS"},
		"the go command's own words": {"go: no such tool\n", false, []string{"go: no such tool", "FAIL: 0 tests"}, "PASS"},
		"nothing":                    {"", false, []string{"FAIL: 0 tests"}, "PASS"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			ok := summarize(strings.NewReader(c.in), &out, func() time.Time { return time.Unix(0, 0) })
			if ok != c.ok {
				t.Errorf("ok = %v, want %v", ok, c.ok)
			}
			for _, s := range c.want {
				if !strings.Contains(out.String(), s) {
					t.Errorf("no %q in:\n%s", s, out.String())
				}
			}
			if strings.Contains(out.String(), c.not) {
				t.Errorf("%q in:\n%s", c.not, out.String())
			}
		})
	}
}
