package main

import (
	"bytes"
	"math"
	"os"
	"strings"
	"testing"
	"time"
)

func text(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestRunbook: the runbook holds what the command prints.
func TestRunbook(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := run(&b, "../.."); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text(t, "../README.md"), "\n\n"+b.String()+"\n") {
		t.Errorf("infra/README.md does not hold the table of costs:\n%s", &b)
	}
}

// TestModel: units are those of the table of access patterns, and the requests make
// a hundred.
func TestModel(t *testing.T) {
	t.Parallel()
	_, m, err := read()
	if err != nil {
		t.Fatal(err)
	}
	doc := text(t, "../../shared/store/doc.go")
	sum := 0.0
	for _, r := range m.Requests {
		sum += r.Of
		for _, a := range r.Access {
			found := false
			for l := range strings.SplitSeq(doc, "\n") {
				l = strings.TrimPrefix(l, "//\t")
				found = found || strings.HasPrefix(l, a.Name+"  ") && strings.HasSuffix(l, "  "+a.Says)
			}
			if !found {
				t.Errorf("%s: shared/store/doc.go does not say that %q takes %q", r.What, a.Name, a.Says)
			}
		}
		if f := r.Follows; f.Reads+f.Writes+f.Invocations+f.Mails > 0 && f.Assumed == "" {
			t.Errorf("%s: not said what is assumed", r.What)
		}
	}
	if math.Abs(sum-100) > 1e-9 {
		t.Errorf("%v requests of a hundred", sum)
	}
}

// TestPrices: each price says where it is from and when it was read, and is one that
// AWS asked for within the last two years.
func TestPrices(t *testing.T) {
	t.Parallel()
	prices, _, err := read()
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range prices {
		at, err := time.Parse(time.DateOnly, p.Read)
		if err != nil || time.Since(at) > 2*365*24*time.Hour {
			t.Errorf("%s was read on %q: read it again", name, p.Read)
		}
		if p.USD <= 0 || p.Per <= 0 || !strings.HasPrefix(p.Source, "aws.amazon.com/") {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

// TestLines: nothing is paid twice, and more requests never cost less.
func TestLines(t *testing.T) {
	t.Parallel()
	prices, m, err := read()
	if err != nil {
		t.Fatal(err)
	}
	before := lines(prices, m, standing{}, 0)
	for _, n := range m.Months {
		for i, l := range lines(prices, m, standing{}, n) {
			if l.usd < before[i].usd || math.IsNaN(l.usd) {
				t.Errorf("%s costs %v at %v requests, and %v at fewer", l.what, l.usd, n, before[i].usd)
			}
			before[i] = l
		}
	}
	if got := (price{USD: 2, Per: 10, Free: 5}).of(25); got != 4 {
		t.Errorf("25 units, 5 free, 10 for 2: %v, want 4", got)
	}
	if got := (price{USD: 2, Per: 10, Free: 5}).of(3); got != 0 {
		t.Errorf("3 units, 5 free: %v, want 0", got)
	}
}
