package web_test

import (
	"encoding/json"
	"strings"
	"testing"

	"groundswell/shared/brand"
	"groundswell/shared/portal"
	"groundswell/shared/web"
)

// What the service worker keeps is there, is the same for everybody, and has nothing
// of the member who happens to load it.
func TestOffline(t *testing.T) {
	t.Parallel()
	b, err := brand.Parse(`{"name": "Tea House", "accent": {"light": "#7a1f3d"}}`, []string{"en", "zh"})
	if err != nil {
		t.Fatal(err)
	}
	s := newPages(t, options{adjust: func(s *web.Server, _ *portal.Portal) { s.Pages.Name, s.Pages.Brand = b.Name, b }})
	ada := s.reader().signIn("ada@example.com")
	ada.open("/sw.js").want(200).header("Content-Type", "text/javascript; charset=utf-8").header("Cache-Control", "no-cache")
	first, _, _ := strings.Cut(ada.body, "\n")
	var kept struct {
		Build string
		Pages map[string]string
		Files []string
	}
	if err := json.Unmarshal([]byte(strings.TrimSuffix(strings.TrimPrefix(first, "const kept = "), ";")), &kept); err != nil || kept.Build == "" {
		t.Fatalf("%v in %q", err, first)
	}
	if len(kept.Pages) != 2 || len(kept.Files) != 5 {
		t.Errorf("kept are %v and %v", kept.Pages, kept.Files)
	}
	for _, f := range kept.Files {
		ada.open(f).want(200)
		if !strings.Contains(ada.last.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s is kept, and may change", f)
		}
	}
	for lang, words := range map[string]string{"en": "You are offline", "zh": "网络断开了"} {
		ada.open(kept.Pages[lang], "Accept-Language", "zh;q=0.5, en;q=0.1").want(200).sees(words, "Tea House").seesNot("My page", "我的页面")
		ada.header("Content-Language", lang)
		for _, f := range kept.Files[:2] {
			if !strings.Contains(ada.body, f) {
				t.Errorf("%s: %s is kept and not used", lang, f)
			}
		}
	}
	ada.open("/offline/xx").want(200).header("Content-Language", "en")
}
