package brand_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"groundswell/shared/brand"
	"groundswell/shared/portal"
)

var locales = []string{"en", "zh"}

func parse(t *testing.T, text string) *brand.Brand {
	t.Helper()
	b, err := brand.Parse(text, locales)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDefault(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", " \n", "{}"} {
		if d := cmp.Diff(brand.Default(), parse(t, text), cmpopts.IgnoreUnexported(brand.Brand{})); d != "" {
			t.Errorf("%q is not the default:\n%s", text, d)
		}
	}
	b := brand.Default()
	if b.Style != "" || b.Icon != "" || b.Mark != "" || len(b.Categories) != 15 || b.Light.Accent != brand.DefaultAccent {
		t.Errorf("the default is %+v", b)
	}
	if b := parse(t, `{"accent":{"light":"#0D6A50","dark":"#74c9a8"},"on_accent":{"dark":"#0c221a"}}`); b.Style == "" && b.Light.Accent != brand.DefaultAccent {
		t.Errorf("the default's colours, said aloud: %+v", b)
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	b := parse(t, "\ufeff"+`{
		"name": " Tea House ", "tagline": {"en": "What should we brew?", "zh": "我们该泡什么？"}, "welcome": {"en": "Tell us."},
		"product_url": "https://tea.example.com", "logo": {"path": "M3 15c3 0 3-5 6-5z", "view_box": "0 0 12 18.5"},
		"accent": {"light": "#7a1f3d"},
		"categories": [{"id": "green-tea", "group": "product", "name": {"en": "Green tea", "zh": "绿茶"}, "description": {"en": "Leaves"}}]}`)
	want := &brand.Brand{
		Name: "Tea House", Tagline: brand.Text{"en": "What should we brew?", "zh": "我们该泡什么？"}, Welcome: brand.Text{"en": "Tell us."},
		ProductURL: "https://tea.example.com",
		Light:      brand.Colours{Accent: "#7a1f3d", OnAccent: "#ffffff", Tint: "#efe4e8"},
		Dark:       brand.Colours{Accent: "#ad7588", OnAccent: "#000000", Tint: "#221c1a"},
		Categories: portal.Categories{{ID: "green-tea", Group: "product",
			Name: map[string]string{"en": "Green tea", "zh": "绿茶"}, Description: map[string]string{"en": "Leaves"}}},
		Mark:  `<svg class="mark" viewBox="0 0 12 18.5" width="24" height="24" aria-hidden="true" focusable="false"><path d="M3 15c3 0 3-5 6-5z" fill="currentColor"/></svg>`,
		Style: b.Style, Icon: b.Icon, Hash: b.Hash,
	}
	if d := cmp.Diff(want, b, cmpopts.IgnoreUnexported(brand.Brand{})); d != "" {
		t.Error(d)
	}
	if b.Tagline.In("zh") != "我们该泡什么？" || b.Welcome.In("zh") != "Tell us." || brand.Text(nil).In("en") != "" {
		t.Error("a text is in the reader's language, or else in English")
	}
	css := file(t, b, b.Style)
	if css.Type != "text/css; charset=utf-8" || !strings.Contains(string(css.Body), ":root{--accent:#7a1f3d;--on-accent:#ffffff;") ||
		!strings.Contains(string(css.Body), "@media (prefers-color-scheme:dark){:root{--accent:#") {
		t.Errorf("%+v\n%s", css, css.Body)
	}
	if icon := file(t, b, b.Icon); !strings.Contains(string(icon.Body), "#7a1f3d") || !strings.Contains(icon.CSP, "sandbox") {
		t.Errorf("%+v\n%s", icon, icon.Body)
	}
	if other := parse(t, `{"accent":{"light":"#5b2a86"}}`); other.Style == b.Style || other.Hash == b.Hash {
		t.Error("another colour has the same address")
	}
}

func TestPicture(t *testing.T) {
	t.Parallel()
	b := parse(t, `{"logo":{"svg":"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><script>alert(1)</script></svg>"}}`)
	f := file(t, b, b.Icon)
	if f.Type != "image/svg+xml" || !strings.HasPrefix(f.CSP, "default-src 'none';") || !strings.HasSuffix(f.CSP, "sandbox") {
		t.Errorf("a picture that was opened on its own could run scripts: %+v", f)
	}
	if !strings.HasPrefix(b.Mark, "<img ") || strings.Contains(b.Mark, "script") || b.Style != "" {
		t.Errorf("%+v", b)
	}
}

// file is the one at the address.
func file(t *testing.T, b *brand.Brand, address string) brand.File {
	t.Helper()
	f, ok := b.File(strings.TrimPrefix(address, brand.Path))
	if !ok {
		t.Fatalf("there is nothing at %q", address)
	}
	return f
}

func TestParseWrong(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 4001)
	category := func(id, group, more string) string {
		return fmt.Sprintf(`{"categories":[{"id":%q,"group":%q%s}]}`, id, group, more)
	}
	const named = `,"name":{"en":"A"}`
	for name, c := range map[string]struct {
		text string
		want []string // lines of the error
	}{
		"not JSON":               {"{\n\"name\": Tea}", []string{"line 2: no JSON: invalid character"}},
		"half of it":             {`{"name":"Tea"`, []string{"no JSON: it ends in the middle"}},
		"two of them":            {"{}\n{}", []string{"line 2: there is more after the end"}},
		"a list":                 {`[]`, []string{"must be an object, not array"}},
		"a number":               {`{"name":1}`, []string{"name: must be text in quotes, not number"}},
		"a text for a list":      {`{"categories":"tea"}`, []string{"categories: must be a list, not string"}},
		"a text for an object":   {`{"tagline":"Hello"}`, []string{"tagline: must be an object, not string"}},
		"a field misspelt":       {`{"colour":"red"}`, []string{`unknown field "colour"`}},
		"too large":              {`{"name":"` + strings.Repeat("x", brand.MaxFile) + `"}`, []string{"at most 65536 will do"}},
		"a long name":            {`{"name":"` + long[:61] + `"}`, []string{"name: has 61 characters, at most 60 fit"}},
		"a name of two lines":    {`{"name":"a\nb"}`, []string{"name: has a line break"}},
		"a long tagline":         {`{"tagline":{"en":"` + long[:121] + `"}}`, []string{"tagline.en: has 121 characters, at most 120 fit"}},
		"a long welcome":         {`{"welcome":{"en":"` + long[:401] + `"}}`, []string{"welcome.en: has 401 characters, at most 400 fit"}},
		"an unknown language":    {`{"welcome":{"en":"Hi","zh-CN":"x"}}`, []string{"welcome.zh-CN: the portal has no such language, only en, zh"}},
		"no English":             {`{"tagline":{"zh":"x"}}`, []string{"tagline.en: is missing"}},
		"an address of a script": {`{"product_url":"javascript:alert(1)"}`, []string{"product_url: \"javascript:alert(1)\" must be like https://"}},
		"a long address":         {`{"product_url":"https://example.com/` + long[:500] + `"}`, []string{"product_url: has 520 characters, at most 500 fit"}},
		"a path with a quote":    {`{"logo":{"path":"M0 0\"/><script>"}}`, []string{"logo.path: must be what stands in the d attribute"}},
		"a long path":            {`{"logo":{"path":"M` + strings.Repeat("0 ", 2001) + `"}}`, []string{"logo.path: has 4003 bytes, at most 4000 fit"}},
		"a view box of words":    {`{"logo":{"path":"M0 0h1","view_box":"0 0 all"}}`, []string{"logo.view_box: \"0 0 all\" must be four numbers"}},
		"two logos":              {`{"logo":{"path":"M0 0h1","svg":"<svg"}}`, []string{"logo: say path or svg, not both"}},
		"half a picture":         {`{"logo":{"svg":"<svg>"}}`, []string{"logo.svg: must be a whole picture"}},
		"a huge picture":         {`{"logo":{"svg":"` + strings.Repeat("x", brand.MaxSVG+1) + `"}}`, []string{"logo.svg: has 32769 bytes, at most 32768 fit"}},
		"no colour":              {`{"accent":{"light":"red","dark":"#12345g"}}`, []string{`accent.light: "red" is no colour: write it like #0d6a50`, `accent.dark: "#12345g" is no colour`}},
		"no colour for text":     {`{"on_accent":{"light":"white"}}`, []string{`on_accent.light: "white" is no colour: write it like #ffffff`}},
		"a pale accent":          {`{"accent":{"light":"#00a862"}}`, []string{"accent.light: #00a862 has a contrast of 2.9", "text needs 4.5:1; the nearest that will do is #00"}},
		"a dull one in the dark": {`{"accent":{"dark":"#0d6a50"}}`, []string{"accent.dark: #0d6a50 has a contrast of 2.5", "the nearest that will do is #"}},
		"text lost on buttons":   {`{"accent":{"light":"#7a1f3d"},"on_accent":{"light":"#7a1f3d","dark":"#ffffff"}}`, []string{"on_accent.light: #7a1f3d has a contrast of 1.00:1", "on_accent.dark: #ffffff has a contrast of"}},
		"text lost on the usual": {`{"on_accent":{"dark":"#ffffff"}}`, []string{"on_accent.dark: #ffffff has a contrast of 1."}},
		"an id with a space":     {category("green tea", "product", named), []string{`categories[0].id: "green tea" must have lower-case letters`}},
		"a long id":              {category(long[:41], "product", named), []string{"at most 40 of them"}},
		"an id twice":            {`{"categories":[{"id":"a","group":"product","name":{"en":"A"}},{"id":"a","group":"product","name":{"en":"A"}}]}`, []string{`categories[1].id: "a" is that of categories[0] already`}},
		"an unknown group":       {category("a", "drinks", named), []string{`categories[0].group: "drinks" must be one of product, experience, involvement`}},
		"a nameless category":    {category("a", "product", ""), []string{"categories[0].name.en: is missing"}},
		"a long category":        {category("a", "product", `,"name":{"en":"`+long[:61]+`"}`), []string{"categories[0].name.en: has 61 characters, at most 60 fit"}},
		"a long description":     {category("a", "product", named+`,"description":{"en":"`+long[:201]+`"}`), []string{"categories[0].description.en: has 201 characters, at most 200 fit"}},
		"too many categories":    {`{"categories":[` + strings.Repeat(`{},`, 50) + `{}]}`, []string{"categories: there are 51, at most 50 fit"}},
		"all errors at once":     {`{"name":"a\tb","product_url":"x","accent":{"light":"x"}}`, []string{"name: ", "\nproduct_url: ", "\naccent.light: "}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := brand.Parse(c.text, locales)
			if err == nil {
				t.Fatalf("accepted as %+v", b)
			}
			for _, s := range c.want {
				if !strings.Contains(err.Error(), s) {
					t.Errorf("error = %v\nwant %q", err, s)
				}
			}
		})
	}
}

// What an error suggests is accepted.
func TestSuggestions(t *testing.T) {
	t.Parallel()
	text := `{"accent":{"light":"#ffcc00","dark":"#112233"},"on_accent":{"light":"#eeeeee"}}`
	for range 3 {
		_, err := brand.Parse(text, locales)
		if err == nil {
			return
		}
		for _, l := range strings.Split(err.Error(), "\n") {
			from := l[strings.Index(l, ": #")+2:][:7]
			to := l[strings.LastIndex(l, "#"):]
			text = strings.Replace(text, from, to, 1)
		}
	}
	t.Errorf("after taking every suggestion: %s", text)
}

// What is looked at before it is public is said here, and mistakes are told.
func TestModeration(t *testing.T) {
	t.Parallel()
	b := parse(t, `{"moderation": {"rules": false, "approval": "first", "links": 5, "reports": 0, "words": ["rival", "奶盖"], "throwaway": "refuse"}}`)
	want := portal.Screen{Off: true, Approval: portal.ApproveFirst, Links: 5, Reports: -1, Words: []string{"rival", "奶盖"}, NoThrowaways: true}
	if d := cmp.Diff(want, b.Screen); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if b := parse(t, `{"moderation": {"approval": "off", "rules": true}}`); b.Screen.Off || b.Screen.Approval != portal.ApproveNothing {
		t.Errorf("said aloud, the default is %+v", b.Screen)
	}
	for text, field := range map[string]string{
		`{"approval": "some"}`: "moderation.approval", `{"links": 0}`: "moderation.links", `{"reports": -1}`: "moderation.reports",
		`{"words": [" "]}`: "moderation.words[0]", `{"throwaway": "hide"}`: "moderation.throwaway", `{"rules": "yes"}`: "moderation.rules", `{"links": "3"}`: "moderation.links",
	} {
		if _, err := brand.Parse(`{"moderation": `+text+`}`, locales); err == nil || !strings.HasPrefix(err.Error(), field) {
			t.Errorf("%s: %v, want something about %s", text, err, field)
		}
	}
}
