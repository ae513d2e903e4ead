package brand

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"groundswell/frontend"
)

// Known ratios, by the definition of WCAG 2.2 and published checkers.
func TestContrast(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"#000000", "#ffffff", 21},
		{"#ffffff", "#000", 21},
		{"#808080", "#808080", 1},
		{"#777777", "#ffffff", 4.478},
		{"#767676", "#ffffff", 4.542},
		{"#ff0000", "#ffffff", 3.998},
		{"#0000ff", "#ffffff", 8.592},
		{"#ffff00", "#ffffff", 1.074},
	} {
		if got := contrast(shade(c.a), shade(c.b)); math.Abs(got-c.want) > 0.001 {
			t.Errorf("%s on %s is %.4f, want %.3f", c.a, c.b, got, c.want)
		}
	}
	if got := cut(4.4999); got != "4.49" {
		t.Errorf("4.4999 is written %s, which looks like enough", got)
	}
}

// inks are --ink and --soft of app.css: text that may stand on a tint.
var inks = map[string][2]string{"light": {"#241f1a", "#665d53"}, "dark": {"#f0e9df", "#b3a898"}}

// Whatever colour is set, what follows from it and what is suggested can be read.
func TestEverythingFollowingIsReadable(t *testing.T) {
	t.Parallel()
	for r := 0; r < 256; r += 36 {
		for g := 0; g < 256; g += 36 {
			for b := 0; b < 256; b += 36 {
				c := colour{float64(r), float64(g), float64(b)}
				for _, s := range []scheme{light, dark} {
					a := readable(c, s.paper, s.raised)
					if w := worst(a, s.paper, s.raised); w < enough {
						t.Fatalf("%s: %s is suggested instead of %s and has %.2f", s.name, a, c, w)
					}
					if w := contrast(textOn(a), a); w < enough {
						t.Fatalf("%s: %s on %s has %.2f", s.name, textOn(a), a, w)
					}
					for _, ink := range []colour{a, shade(inks[s.name][0]), shade(inks[s.name][1])} {
						if tint := s.tintOf(a); contrast(ink, tint) < enough {
							t.Fatalf("%s: %s on %s, the tint of %s, has %.2f", s.name, ink, tint, a, contrast(ink, tint))
						}
					}
				}
			}
		}
	}
	if c := shade("#7a1f3d"); readable(c, light.paper) != c {
		t.Error("a colour that will do is left as it is")
	}
}

// The schemes are those of the style sheet.
func TestSchemes(t *testing.T) {
	t.Parallel()
	css, err := frontend.Files.ReadFile("static/app.css")
	if err != nil {
		t.Fatal(err)
	}
	day, night, ok := strings.Cut(string(css), "@media (prefers-color-scheme: dark)")
	if !ok {
		t.Fatal("app.css has no dark colours")
	}
	for s, text := range map[*scheme]string{&light: day, &dark: night} {
		for name, want := range map[string]colour{"paper": s.paper, "raised": s.raised, "accent": s.accent, "on-accent": s.on, "tint": s.tint,
			"ink": shade(inks[s.name][0]), "soft": shade(inks[s.name][1])} {
			m := regexp.MustCompile(`--` + name + `: (#[0-9a-f]+);`).FindStringSubmatch(text)
			if m == nil || m[1] != want.String() {
				t.Errorf("%s: --%s is %q in app.css, %s here", s.name, name, m, want)
			}
		}
	}
}
