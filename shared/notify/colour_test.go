package notify

import (
	"math"
	"os"
	"strings"
	"testing"
)

// Whatever the brand's colour is, everything can be read, by day and by night.
func TestPalettesCanBeRead(t *testing.T) {
	t.Parallel()
	for _, brand := range []string{accent, "#000000", "#ffffff", "#ffcc00", "#ff0000", "#0000ff", "#777777", "#00ff00", "#e91e63", "#181512"} {
		p := paletteOf(brand)
		for name, pair := range map[string][2]string{
			"button":           {p.OnFill, p.Fill},
			"button, dark":     {p.DarkOnFill, p.DarkFill},
			"link":             {p.Text, paper},
			"link, dark":       {p.DarkText, paperAtDark},
			"on tint":          {ink, p.Tint},
			"on tint, dark":    {"#f0e9df", p.DarkTint},
			"soft on paper":    {"#665d53", paper},
			"soft, dark":       {"#b3a898", paperAtDark},
			"link on tint":     {p.Text, p.Tint},
			"link, dark, tint": {p.DarkText, p.DarkTint},
			"quote on tint":    {"#665d53", p.Tint},
			"quote, dark tint": {"#b3a898", p.DarkTint},
		} {
			if c := contrast(must(pair[0]), must(pair[1])); c < enough {
				t.Errorf("%s: %s: %s on %s has a contrast of %.2f", brand, name, pair[0], pair[1], c)
			}
		}
	}
}

func TestContrast(t *testing.T) {
	t.Parallel()
	for pair, want := range map[[2]string]float64{{"#000000", "#ffffff"}: 21, {"#ffffff", "#ffffff"}: 1, {"#767676", "#ffffff"}: 4.54} {
		if got := contrast(must(pair[0]), must(pair[1])); math.Abs(got-want) > 0.01 {
			t.Errorf("%v: %.3f, want %.2f", pair, got, want)
		}
	}
}

func TestAccent(t *testing.T) {
	t.Parallel()
	for set, want := range map[string]string{"": accent, "#e91e63": "#e91e63", "red": accent, "#12345": accent, "#12345g": accent, "#e91e63;}": accent} {
		x := texts()
		x.Accent = set
		m, err := x.Launched("en", Launched{Title: "Tea", URL: "https://x.example", Own: true})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(m.HTML, `bgcolor="`+want+`"`) || set != "" && set != want && strings.Contains(m.HTML, `="`+set) {
			t.Errorf("accent %q: the button is not %s", set, want)
		}
	}
}

// The colours are those of the pages.
func TestColoursOfThePages(t *testing.T) {
	t.Parallel()
	css, err := os.ReadFile("../../frontend/static/app.css")
	if err != nil {
		t.Fatal(err)
	}
	mail, err := os.ReadFile("../../frontend/templates/mail/layout.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []string{accent, accentAtDark, paper, paperAtDark, ink} {
		if !strings.Contains(string(css), c) {
			t.Errorf("app.css no longer has %s", c)
		}
	}
	for _, c := range []string{paper, paperAtDark, ink, "#665d53", "#b3a898", "#e3dbce", "#38322b", "#f0e9df"} {
		if !strings.Contains(string(css), c) || !strings.Contains(string(mail), c) {
			t.Errorf("%s is not in both app.css and the mail's layout", c)
		}
	}
}
