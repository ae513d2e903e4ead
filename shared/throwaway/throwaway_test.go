package throwaway_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"groundswell/shared/throwaway"
)

func TestIs(t *testing.T) {
	t.Parallel()
	for email, want := range map[string]bool{
		"a@mailinator.com": true, "A@Mailinator.COM": true, "a@mailinator.com.": true,
		"a@team.mailinator.com": true, "a@x.y.mailinator.com": true, // all below it
		"a@nomailinatorhere.com": false, "a@mailinator.com.example.com": false, "a@mailinator": false,
		"a@com": false, "a@": false, "": false, "mailinator.com@example.com": false,
		`"x@mailinator.com"@example.com`: false, "a@#": false, "# disposable": false,
		"a@xn--yaho-sqa.com": true, "a@yahóo.com": true, "a@YAHÓO.com": true, // one domain, as DNS and as people write it
		"a@yahoo.com": false, "a@gmail.com": false, "a@qq.com": false, "a@163.com": false, "a@example.com": false, "a@教育.中国": false,
	} {
		if got := throwaway.Is(email); got != want {
			t.Errorf("%q: %v", email, got)
		}
	}
}

// Every line of the list is found, none beside it is, and the file is what the search
// needs: sorted, in lower case, one domain a line.
func TestList(t *testing.T) {
	t.Parallel()
	if v := throwaway.Version(); !regexp.MustCompile(`^disposable-email-domains-js \d+\.\d+\.\d+ of 20\d\d-\d\d-\d\d, CC0-1\.0, \d+ domains$`).MatchString(v) {
		t.Errorf("version %q", v)
	}
	lines := throwaway.Lines()
	if len(lines) < 4000 || !slices.IsSorted(lines) {
		t.Fatalf("%d domains, sorted: %v", len(lines), slices.IsSorted(lines))
	}
	for i, d := range lines {
		if d != strings.ToLower(d) || strings.ContainsAny(d, " \t\r@#/") || !strings.Contains(d, ".") {
			t.Errorf("line %d is no domain: %q", i+2, d)
		}
		if !throwaway.Is("a@"+d) || i > 0 && lines[i-1] == d {
			t.Errorf("%s is there twice, or not found", d)
		}
	}
}
