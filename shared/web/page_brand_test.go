package web_test

import (
	"strings"
	"testing"

	"groundswell/shared/brand"
	"groundswell/shared/portal"
	"groundswell/shared/web"
)

const teaHouse = `{"name": "Tea House", "tagline": {"en": "What should we brew?", "zh": "我们该泡什么？"}, "welcome": {"en": "Tell us <all>."},
	"product_url": "https://www.tea.example.com/?a=1&b=2", "accent": {"light": "#7a1f3d"},
	"logo": {"svg": "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'></svg>"},
	"categories": [{"id": "green-tea", "group": "product", "name": {"en": "Green tea", "zh": "绿茶"}}]}`

// branded is a site with a brand.
func branded(t *testing.T, text string) *site {
	t.Helper()
	b, err := brand.Parse(text, []string{"en", "zh"})
	if err != nil {
		t.Fatal(err)
	}
	return newPages(t, options{adjust: func(s *web.Server, p *portal.Portal) {
		s.Pages.Name, s.Pages.Brand, p.Categories = b.Name, b, b.Categories
	}})
}

func TestBrand(t *testing.T) {
	t.Parallel()
	r := branded(t, teaHouse).reader()
	r.open("/").want(200)
	for _, s := range []string{"Tea House", "What should we brew?", "Tell us &lt;all&gt;.", "Green tea", `<meta name="theme-color" content="#7a1f3d"`,
		`<a href="https://www.tea.example.com/?a=1&amp;b=2">tea.example.com</a>`, `<img class="mark" src="/brand/logo.`} {
		if !strings.Contains(r.body, s) {
			t.Errorf("the home page does not have %s", s)
		}
	}
	etag := r.last.Header.Get("Etag")
	style := between(t, r.body, `<link rel="stylesheet" href="/brand/`, `"`)
	logo := between(t, r.body, `<link rel="icon" href="/brand/`, `"`)
	if r.open("/", "Accept-Language", "zh").want(200); !strings.Contains(r.body, "我们该泡什么？") || !strings.Contains(r.body, "绿茶") {
		t.Errorf("in Chinese: %s", r.text())
	}
	r.open("/brand/"+style).want(200).header("Content-Type", "text/css; charset=utf-8").header("Cache-Control", "public, max-age=31536000, immutable")
	if !strings.Contains(r.body, "--accent:#7a1f3d") {
		t.Errorf("the style sheet is %s", r.body)
	}
	if csp := r.last.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "style-src 'self';") {
		t.Errorf("the brand loosens the pages' policy: %s", csp)
	}
	r.open("/brand/"+logo).want(200).header("Content-Type", "image/svg+xml")
	if csp := r.last.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") {
		t.Errorf("the logo's policy is %s", csp)
	}
	r.open("/brand/style.000000000000.css").want(404)

	other := branded(t, strings.Replace(teaHouse, "Tell us", "Tell all", 1)).reader()
	if other.open("/").want(200); other.last.Header.Get("Etag") == etag {
		t.Error("browsers would keep the page of the old brand")
	}
}

func TestNoBrand(t *testing.T) {
	t.Parallel()
	r := newPages(t, options{}).reader()
	r.open("/").want(200)
	if strings.Contains(r.body, "/brand/") || !strings.Contains(r.body, `<meta name="theme-color" content="#0d6a50"`) || !strings.Contains(r.body, `<svg class="mark"`) {
		t.Errorf("without a brand the page is not as it was:\n%s", r.body)
	}
}

// A category that the file no longer has is shown by its id.
func TestBrandWithoutCategoryInUse(t *testing.T) {
	t.Parallel()
	var rules *portal.Portal
	s := newPages(t, options{adjust: func(_ *web.Server, p *portal.Portal) { rules = p }})
	r := s.reader().signIn("ada@example.com")
	r.open("/submit").fill("/submit", "title", "Oat milk everywhere", "body", "Please.", "category", "coffee")
	r.want(200)
	idea := r.at
	rules.Categories = portal.Categories{{ID: "green-tea", Group: "product", Name: map[string]string{"en": "Green tea"}}}
	if r.open(idea).want(200); !strings.Contains(r.body, `<p class="crumb">coffee</p>`) {
		t.Errorf("the idea's page does not show the category's id, or leads to a list that is not there:\n%s", r.body)
	}
}

func between(t *testing.T, s, from, to string) string {
	t.Helper()
	_, s, ok := strings.Cut(s, from)
	if !ok {
		t.Fatalf("there is no %s", from)
	}
	s, _, _ = strings.Cut(s, to)
	return s
}
