package notify

import (
	"fmt"
	"math"
	"strconv"
)

// The portal's colours, as frontend/static/app.css has them. Mails carry their own:
// no mail program knows custom properties.
const (
	accent       = "#0d6a50"
	accentAtDark = "#74c9a8"
	paper        = "#fbf8f3"
	paperAtDark  = "#181512"
	ink          = "#241f1a"
	white        = "#ffffff"
	black        = "#000000"
)

// enough is the contrast that text needs (WCAG 2.2, 1.4.3).
const enough = 4.5

// palette is what follows from the brand's accent, in daylight and in the dark.
type palette struct {
	Fill, OnFill         string // of buttons
	Text                 string // accented text on paper
	Tint                 string // behind what stands out
	DarkFill, DarkOnFill string
	DarkText             string
	DarkTint             string
}

// paletteOf derives what the brand did not set, such that all of it can be read.
func paletteOf(brand string) palette {
	c, dark := must(brand), must(accentAtDark)
	tint := mix(must(white), c, 0.12)
	if brand != accent {
		dark = until(c, must(white), func(c colour) bool { return contrast(c, tintAtDark(c)) >= enough })
	}
	text := until(c, must(ink), func(c colour) bool { return min(contrast(c, must(paper)), contrast(c, tint)) >= enough })
	return palette{
		Fill: c.String(), OnFill: on(c), Text: text.String(), Tint: tint.String(),
		DarkFill: dark.String(), DarkOnFill: on(dark), DarkText: dark.String(), DarkTint: tintAtDark(dark).String(),
	}
}

func tintAtDark(c colour) colour { return mix(must(paperAtDark), c, 0.16) }

// on is the colour of text on c: white if that will do, for it looks calmer. One of
// the two always will.
func on(c colour) string {
	if contrast(c, must(white)) >= enough {
		return white
	}
	return black
}

// until moves c towards end until it can be read.
func until(c, end colour, readable func(colour) bool) colour {
	for part := 0.0; part < 1; part += 0.05 {
		if m := mix(c, end, part); readable(m) {
			return m
		}
	}
	return end
}

// colour is sRGB, 0 to 255 each.
type colour [3]float64

// parseColour reads "#0d6a50".
func parseColour(s string) (c colour, ok bool) {
	if len(s) != 7 || s[0] != '#' {
		return c, false
	}
	for i := range c {
		v, err := strconv.ParseUint(s[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return c, false
		}
		c[i] = float64(v)
	}
	return c, true
}

func must(s string) colour { c, _ := parseColour(s); return c }

func (c colour) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(math.Round(c[0])), int(math.Round(c[1])), int(math.Round(c[2])))
}

func mix(a, b colour, part float64) (m colour) {
	for i := range m {
		m[i] = a[i]*(1-part) + b[i]*part
	}
	return m
}

// contrast is the ratio that WCAG 2.2 defines, 1 to 21.
func contrast(a, b colour) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func (c colour) luminance() float64 {
	var l [3]float64
	for i, v := range c {
		if v /= 255; v <= 0.04045 {
			l[i] = v / 12.92
		} else {
			l[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2]
}
