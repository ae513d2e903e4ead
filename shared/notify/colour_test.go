package notify

import (
	"os"
	"strings"
	"testing"
)

// A mail is in the brand's colours, by day and in the dark.
func TestColoursOfTheBrand(t *testing.T) {
	t.Parallel()
	day, night := Colours{"#7a1f3d", "#fefefe", "#f0e0e5"}, Colours{"#e58aa8", "#010101", "#3a1c26"}
	x := texts()
	x.Light, x.Dark = day, night
	m, err := x.Launched("en", Launched{Title: "Tea", URL: "https://x.example", Own: true, Note: "Here"})
	if err != nil {
		t.Fatal(err)
	}
	_, dark, ok := strings.Cut(m.HTML, "@media (prefers-color-scheme: dark)")
	dark, light, ok2 := strings.Cut(dark, "</style>")
	if !ok || !ok2 {
		t.Fatal("no dark colours in the mail")
	}
	for _, c := range []string{day.Accent, day.OnAccent, day.Tint} {
		if !strings.Contains(light, c) {
			t.Errorf("%s is not in the mail's elements", c)
		}
	}
	for _, c := range []string{night.Accent, night.OnAccent, night.Tint} {
		if !strings.Contains(dark, c) {
			t.Errorf("%s is not among the dark colours", c)
		}
	}
	if all := light + dark; strings.Contains(all, own.Accent) || strings.Contains(all, ownAtDark.Accent) {
		t.Error("a colour of the portal's own is left")
	}
}

// Without a brand, the colours are those of the pages.
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
	light, dark, _ := strings.Cut(string(css), "@media (prefers-color-scheme: dark)")
	for c, in := range map[Colours]string{own: light, ownAtDark: dark} {
		for name, is := range map[string]string{"accent": c.Accent, "on-accent": c.OnAccent, "tint": c.Tint} {
			if !strings.Contains(in, "--"+name+": "+is+";") {
				t.Errorf("--%s is not %s in app.css", name, is)
			}
		}
	}
	for _, c := range []string{"#fbf8f3", "#181512", "#241f1a", "#665d53", "#b3a898", "#e3dbce", "#38322b", "#f0e9df"} {
		if !strings.Contains(string(css), c) || !strings.Contains(string(mail), c) {
			t.Errorf("%s is not in both app.css and the mail's layout", c)
		}
	}
}
