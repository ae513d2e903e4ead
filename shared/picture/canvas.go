package picture

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// steps is how many shades an ink has between its ground and itself.
const steps = 20

// ink is a colour on a ground, as the first of its shades in the palette.
type ink uint8

// palette gathers the shades of the inks.
type palette struct {
	colours color.Palette
}

func hex(s string) (c color.RGBA, err error) {
	c.A = 0xff
	if _, err := fmt.Sscanf(s, "#%02x%02x%02x", &c.R, &c.G, &c.B); err != nil {
		return c, fmt.Errorf("colour %q: %w", s, err)
	}
	return c, nil
}

// ink adds the shades from ground to c.
func (p *palette) ink(ground, c color.RGBA) ink {
	first := len(p.colours)
	for i := range steps {
		mix := func(a, b uint8) uint8 { return uint8((int(a)*(steps-1-i) + int(b)*i + (steps-1)/2) / (steps - 1)) }
		p.colours = append(p.colours, color.RGBA{mix(ground.R, c.R), mix(ground.G, c.G), mix(ground.B, c.B), 0xff})
	}
	return ink(first)
}

// canvas is a picture in the making. A pixel belongs to the ink that was put there
// last; where an ink meets itself, the stronger shade stays.
type canvas struct {
	img  *image.Paletted
	path vector.Rasterizer
}

func newCanvas(width, height int, p color.Palette, ground ink) *canvas {
	c := &canvas{img: image.NewPaletted(image.Rect(0, 0, width, height), p)}
	for i := range c.img.Pix {
		c.img.Pix[i] = uint8(ground)
	}
	return c
}

// stamp puts ink where mask is, whose point at stands at the corner of r.
func (c *canvas) stamp(r image.Rectangle, mask *image.Alpha, at image.Point, with ink) {
	at = at.Add(r.Intersect(c.img.Rect).Min.Sub(r.Min))
	r = r.Intersect(c.img.Rect)
	for y := range r.Dy() {
		src := mask.Pix[mask.PixOffset(at.X, at.Y+y):][:r.Dx()]
		dst := c.img.Pix[c.img.PixOffset(r.Min.X, r.Min.Y+y):][:r.Dx()]
		for x, a := range src {
			shade := (int(a)*(steps-1) + 127) / 255
			if shade == 0 {
				continue
			}
			v := uint8(with) + uint8(shade)
			if old := dst[x]; old < uint8(with) || old >= uint8(with)+steps || old < v {
				dst[x] = v
			}
		}
	}
}

// text writes a line from x on, above the base line y, and returns its width.
func (c *canvas) text(l *letters, line string, x, y float64, with ink) float64 {
	start := fixed.Point26_6{X: fixed.Int26_6(x * 64), Y: fixed.Int26_6(y * 64)}
	return float64(l.walk(line, func(r rune, font int, dx fixed.Int26_6) {
		rect, mask, at, _, ok := l.faces[font].Glyph(start.Add(fixed.Point26_6{X: dx}), r)
		if alpha, isAlpha := mask.(*image.Alpha); ok && isAlpha {
			c.stamp(rect, alpha, at, with)
		}
	})) / 64
}

// fill fills the path that draw takes, in pixels of the box x, y, w, h.
func (c *canvas) fill(x, y, w, h int, with ink, draw func(*vector.Rasterizer)) {
	c.path.Reset(w, h)
	draw(&c.path)
	mask := image.NewAlpha(image.Rect(0, 0, w, h))
	c.path.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	c.stamp(image.Rect(x, y, x+w, y+h), mask, image.Point{}, with)
}

// bar fills a rectangle.
func (c *canvas) bar(x, y, w, h int, with ink) {
	c.fill(x, y, w, h, with, func(p *vector.Rasterizer) { rounded(p, 0, 0, float32(w), float32(h), 0) })
}

// curve is how far the handles of a cubic stand from its ends to make a quarter of a circle.
const curve = 0.5523

func rounded(p *vector.Rasterizer, x, y, w, h, r float32) {
	k := r * (1 - curve)
	p.MoveTo(x+r, y)
	p.LineTo(x+w-r, y)
	p.CubeTo(x+w-k, y, x+w, y+k, x+w, y+r)
	p.LineTo(x+w, y+h-r)
	p.CubeTo(x+w, y+h-k, x+w-k, y+h, x+w-r, y+h)
	p.LineTo(x+r, y+h)
	p.CubeTo(x+k, y+h, x, y+h-k, x, y+h-r)
	p.LineTo(x, y+r)
	p.CubeTo(x, y+k, x+k, y, x+r, y)
	p.ClosePath()
}

// box fills a rounded rectangle with paper and draws its edge.
func (c *canvas) box(x, y, w, h int, radius, edge float32, line, paper ink) {
	W, H := float32(w), float32(h)
	c.fill(x, y, w, h, line, func(p *vector.Rasterizer) { rounded(p, 0, 0, W, H, radius) })
	c.fill(x, y, w, h, paper, func(p *vector.Rasterizer) {
		rounded(p, edge, edge, W-2*edge, H-2*edge, radius-edge)
	})
}

func (c *canvas) dot(x, y, r float64, with ink) {
	d := int(2*r) + 2
	c.fill(int(x-r), int(y-r), d, d, with, func(p *vector.Rasterizer) {
		rounded(p, float32(x-r-math.Floor(x-r)), float32(y-r-math.Floor(y-r)), float32(2*r), float32(2*r), float32(r))
	})
}
