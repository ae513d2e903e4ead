package main

import (
	"fmt"
	"strings"
	"testing"
)

func TestListOf(t *testing.T) {
	t.Parallel()
	many := []string{"B.example.net", "yahoó.com", "a_b.example.net", "b.example.net"}
	for n := range 4000 {
		many = append(many, fmt.Sprintf("%04d.example.org", n))
	}
	text, err := listOf("list 1.0.0 of 2026-01-31, CC0-1.0", many)
	if err != nil || !strings.HasPrefix(text, "# list 1.0.0 of 2026-01-31, CC0-1.0, 4004 domains\n0000.example.org\n") ||
		!strings.HasSuffix(text, "\na_b.example.net\nb.example.net\nxn--yaho-tqa.com\nyahoó.com\n") {
		t.Errorf("%v, %.80s ... %s", err, text, text[max(0, len(text)-80):])
	}
	for name, bad := range map[string][]string{"a real provider": append(many, "gmail.com"), "no domain": append(many, "a b.example"), "too few": many[:10]} {
		if _, err := listOf("x", bad); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
