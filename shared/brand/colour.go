package brand

import (
	"fmt"
	"math"
	"strconv"
)

// colour is sRGB, 0 to 255 each.
type colour [3]float64

// parseColour reads "#0d6a50" and "#fff".
func parseColour(s string) (c colour, ok bool) {
	if len(s) == 4 {
		s = string([]byte{s[0], s[1], s[1], s[2], s[2], s[3], s[3]})
	}
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

// shade reads a constant.
func shade(s string) colour { c, _ := parseColour(s); return c }

func (c colour) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(math.Round(c[0])), int(math.Round(c[1])), int(math.Round(c[2])))
}

// mix is what a screen shows, so its parts are whole numbers: what is measured is
// what is written to the style sheet.
func mix(a, b colour, part float64) (m colour) {
	for i := range m {
		m[i] = math.Round(a[i]*(1-part) + b[i]*part)
	}
	return m
}

// contrast is the ratio of two colours, 1 to 21, as WCAG 2.2 defines it:
// https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
func contrast(a, b colour) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
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

// worst is the lowest contrast of c with any of the grounds.
func worst(c colour, grounds ...colour) float64 {
	w := 21.0
	for _, g := range grounds {
		w = min(w, contrast(c, g))
	}
	return w
}

var (
	white = colour{255, 255, 255}
	black = colour{0, 0, 0}
)

// readable is the colour nearest to c that can be read on all the grounds: c made
// darker or lighter, which keeps its hue, as little as will do.
func readable(c colour, grounds ...colour) colour {
	for step := range 256 {
		for _, end := range []colour{black, white} {
			if m := mix(c, end, float64(step)/255); worst(m, grounds...) >= enough {
				return m
			}
		}
	}
	return c // can't be: black or white is readable on any ground
}

// cut is the ratio as people write it. It is cut, not rounded: 4.496 is not 4.5.
func cut(ratio float64) string { return strconv.FormatFloat(math.Floor(ratio*100)/100, 'f', 2, 64) }
