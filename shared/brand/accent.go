package brand

import "fmt"

// enough is the contrast that text needs with what is behind it, level AA:
// https://www.w3.org/TR/WCAG22/#contrast-minimum
const enough = 4.5

// scheme is daylight or the dark: the grounds that the accent is read on, and what
// pages get if nobody says. The values are those of frontend/static/app.css; a test
// holds them together.
type scheme struct {
	name          string
	paper, raised colour
	look
	tinted colour  // what the accent is mixed into for the tint
	part   float64 // and how much of it at most
}

// Colours are what a scheme's pages and mails get, each like "#0d6a50". All of it
// can be read: the accent on the page and on the tint, OnAccent on the accent.
type Colours struct {
	Accent   string
	OnAccent string // text on the accent
	Tint     string // behind what stands out
}

var (
	light = scheme{"light", shade("#fbf8f3"), shade("#fffdf9"), look{shade(DefaultAccent), white, shade("#e3f0ea")}, white, 0.12}
	dark  = scheme{"dark", shade("#181512"), shade("#211d19"), look{shade("#74c9a8"), shade("#0c221a"), shade("#1d3129")}, shade("#181512"), 0.16}
)

// look is Colours to reckon with.
type look struct{ accent, on, tint colour }

func (l look) colours() Colours {
	return Colours{Accent: l.accent.String(), OnAccent: l.on.String(), Tint: l.tint.String()}
}

// DefaultAccent is the accent of a portal without a brand, in daylight.
const DefaultAccent = "#0d6a50"

// looks reads the colours. What the file leaves open follows from what it says: in
// the dark, the accent is daylight's, made light enough.
func (p *problems) looks(f *file) (day, night look) {
	nightly := f.Accent.Dark
	if c, ok := parseColour(f.Accent.Light); ok && nightly == "" {
		nightly = readable(c, dark.paper, dark.raised).String()
	}
	return p.look(light, f.Accent.Light, f.OnAccent.Light), p.look(dark, nightly, f.OnAccent.Dark)
}

func (p *problems) look(s scheme, accent, on string) look {
	l := s.look
	if accent != "" {
		c, ok := parseColour(accent)
		if !ok {
			p.add("accent."+s.name, "%q is no colour: write it like %s", accent, s.accent)
			return l
		}
		if ratio := worst(c, s.paper, s.raised); ratio < enough {
			p.add("accent."+s.name, "%s has a contrast of %s:1 with the page behind it, and text needs %.1f:1; the nearest that will do is %s",
				c, cut(ratio), enough, readable(c, s.paper, s.raised))
		}
		l = look{accent: c, on: textOn(c), tint: s.tintOf(c)}
	}
	if on != "" {
		c, ok := parseColour(on)
		if !ok {
			p.add("on_accent."+s.name, "%q is no colour: write it like %s", on, s.on)
			return l
		}
		if ratio := contrast(c, l.accent); ratio < enough {
			p.add("on_accent."+s.name, "%s has a contrast of %s:1 with the accent behind it, %s, and text needs %.1f:1; the nearest that will do is %s",
				c, cut(ratio), l.accent, enough, readable(c, l.accent))
		}
		l.on = c
	}
	return l
}

// tintOf is behind what stands out. Links stand on it too, so there is no more of
// the accent in it than leaves them readable.
func (s scheme) tintOf(accent colour) colour {
	for part := s.part; part > 0; part -= 0.01 {
		if t := mix(s.tinted, accent, part); contrast(accent, t) >= enough {
			return t
		}
	}
	return s.tinted
}

// textOn is white if that will do, for it looks calmer. One of the two always will.
func textOn(c colour) colour {
	if contrast(c, white) >= enough {
		return white
	}
	return black
}

// style is the style sheet that follows app.css.
func style(day, night look) string {
	set := func(l look) string {
		return fmt.Sprintf(":root{--accent:%s;--on-accent:%s;--tint:%s}", l.accent, l.on, l.tint)
	}
	return set(day) + "\n@media (prefers-color-scheme:dark){" + set(night) + "}\n"
}
