package web

import (
	"net/url"
	"strings"
	"testing"
)

// FuzzLocal: wherever somebody sends a reader through us, it is a page of ours.
func FuzzLocal(f *testing.F) {
	for _, s := range []string{"/", "//a", "/\\a", "/a?b#c", "https://a", "/\t/a", "/%2f/a", "/..//a", "/a/..//b", "/\u2028/a"} {
		f.Add(s)
	}
	base, err := url.Parse("https://ideas.example.com/sign-in")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := local(s)
		if !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\\\t\r\n\x00") {
			t.Fatalf("local(%q) = %q", s, got)
		}
		if u, err := url.Parse(got); err == nil && base.ResolveReference(u).Host != base.Host {
			t.Fatalf("local(%q) = %q leads to %s", s, got, base.ResolveReference(u))
		}
	})
}
