package startbench

import (
	"bytes"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
)

// Budgets of what a function does before its main: what the Go runtime counts, which
// is the same on every machine, where milliseconds are not.
const (
	maxInitBytes  = 900_000
	maxInitAllocs = 4_800
)

var initLine = regexp.MustCompile(`(?m)^init (\S+) @.* clock, (\d+) bytes, (\d+) allocs$`)

// TestInit: package initialisation, which every cold start pays for, stays within
// its budget. Whoever exceeds it finds the costly package by name.
func TestInit(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds every function")
	}
	for _, name := range functions(t) {
		cmd := exec.Command(build(t, source(name), ""))
		cmd.Env = []string{"GODEBUG=inittrace=1"} // and nothing else: it ends as soon as it looks for its settings
		var trace bytes.Buffer
		cmd.Stderr = &trace
		if err := cmd.Run(); err == nil {
			t.Errorf("%s starts without any settings", name)
		}
		var heap, allocs, costly int
		var who string
		for _, m := range initLine.FindAllStringSubmatch(trace.String(), -1) {
			b, _ := strconv.Atoi(m[2])
			n, _ := strconv.Atoi(m[3])
			heap, allocs = heap+b, allocs+n
			if b > costly {
				costly, who = b, m[1]
			}
		}
		t.Logf("%-14s %8d bytes %6d allocations; most by %s (%d bytes)", name, heap, allocs, who, costly)
		if heap == 0 {
			t.Errorf("%s: no trace of its initialisation:\n%s", name, &trace)
		}
		if heap > maxInitBytes || allocs > maxInitAllocs {
			t.Errorf("%s allocates %d bytes, %d times, before main; the budget is %d, %d. Most by %s (%d bytes)", name, heap, allocs, maxInitBytes, maxInitAllocs, who, costly)
		}
	}
}
