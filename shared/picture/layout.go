package picture

import (
	"image"
	"image/color"

	"golang.org/x/image/vector"

	"groundswell/shared/portal"
)

// Width and Height are the picture's, in pixels: 1.91 to 1, as previews show it.
const (
	Width  = 1200
	Height = 630
)

// sheet is what stands on a picture, in the words of its language.
type sheet struct {
	Title    string
	Category string
	Count    string // of votes
	Votes    string // the word below the count
	Status   portal.Status
	State    string // the status in words; "" is not shown
	Name     string // the portal's
	Accent   string
	OnAccent string
	Wave     bool // the portal's own mark stands before its name
}

// inks are those of the pages in daylight (frontend/static/app.css).
type inks struct {
	paper, text, soft, line, accent ink // on paper
	edge, raised                    ink // the vote box, its face on its edge
	boxText, boxSoft, boxAccent     ink // in the vote box
	onAccent                        ink
	palette                         color.Palette
}

func newInks(accent, onAccent string) (inks, error) {
	var out inks
	var p palette
	var err error
	shade := func(s string) (c color.RGBA) {
		if err == nil {
			c, err = hex(s)
		}
		return c
	}
	paper, raised, text, soft, line, edge := shade("#fbf8f3"), shade("#fffdf9"), shade("#241f1a"), shade("#665d53"), shade("#d9cfbf"), shade("#8d8376")
	strong, on := shade(accent), shade(onAccent)
	out.paper = p.ink(paper, paper)
	out.text, out.soft, out.line, out.accent = p.ink(paper, text), p.ink(paper, soft), p.ink(paper, line), p.ink(paper, strong)
	out.edge, out.raised = p.ink(paper, edge), p.ink(edge, raised)
	out.boxText, out.boxSoft, out.boxAccent = p.ink(raised, text), p.ink(raised, soft), p.ink(raised, strong)
	out.onAccent = p.ink(strong, on)
	out.palette = p.colours
	return out, err
}

// Where things are. The margin also keeps words out of what round or square
// previews cut off.
const (
	margin    = 72
	column    = 300 // the title's left edge
	topEdge   = 84
	ruleAt    = 512
	footer    = 572 // base line
	boxWidth  = 176
	boxHeight = 204
)

var titleSizes = []float64{92, 78, 68, 58, 52, 46, 41, 37, 34}

// draw makes the picture.
func draw(s sheet) (*image.Paletted, error) {
	k, err := newInks(s.Accent, s.OnAccent)
	if err != nil {
		return nil, err
	}
	c := newCanvas(Width, Height, k.palette, k.paper)
	c.bar(0, 0, Width, 12, k.accent)
	if err := c.votes(s, k); err != nil {
		return nil, err
	}
	if err := c.title(s, k); err != nil {
		return nil, err
	}
	c.bar(margin, ruleAt, Width-2*margin, 2, k.line)
	return c.img, c.footer(s, k)
}

// votes draws the pages' vote button; that of a launched idea is filled.
func (c *canvas) votes(s sheet, k inks) error {
	arrow, count, word := k.boxAccent, k.boxText, k.boxSoft
	if s.Status == portal.Launched {
		c.fill(margin, topEdge, boxWidth, boxHeight, k.accent, func(p *vector.Rasterizer) { rounded(p, 0, 0, boxWidth, boxHeight, 18) })
		arrow, count, word = k.onAccent, k.onAccent, k.onAccent
	} else {
		c.box(margin, topEdge, boxWidth, boxHeight, 18, 2.5, k.edge, k.raised)
	}
	middle := float64(margin + boxWidth/2)
	c.fill(int(middle)-26, topEdge+34, 52, 40, arrow, func(p *vector.Rasterizer) {
		p.MoveTo(26, 2)
		p.LineTo(50, 36)
		p.QuadTo(51, 39, 47, 39)
		p.LineTo(5, 39)
		p.QuadTo(1, 39, 2, 36)
		p.ClosePath()
	})
	for _, line := range []struct {
		text string
		size float64
		y    float64
		with ink
	}{{s.Count, 60, topEdge + 138, count}, {s.Votes, 30, topEdge + 178, word}} {
		l, err := newLetters(line.size, line.text)
		if err != nil {
			return err
		}
		if w, room := l.width(line.text), float64(boxWidth-28); w > room {
			if l, err = newLetters(line.size*room/w, line.text); err != nil {
				return err
			}
		}
		c.text(l, line.text, middle-l.width(line.text)/2, line.y, line.with)
	}
	return nil
}

func (c *canvas) title(s sheet, k inks) error {
	y := float64(topEdge)
	if s.Category != "" {
		l, err := newLetters(30, s.Category)
		if err != nil {
			return err
		}
		line := s.Category
		if l.width(line) > Width-margin-column {
			line = l.cutTo(line, Width-margin-column)
		}
		c.text(l, line, column, y+26, k.accent)
		y += 52
	}
	title := s.Title
	l, err := newLetters(titleSizes[0], title)
	if err != nil {
		return err
	}
	if !l.known(title) {
		title = s.Name
	}
	b, err := fit(title, Width-margin-column, ruleAt-28-y, titleSizes)
	if err != nil {
		return err
	}
	y += b.size * 0.82 // to the first base line: as high as capitals are
	for i, line := range b.lines {
		c.text(b.letters, line, column, y+float64(i)*b.leading, k.text)
	}
	return nil
}

func (c *canvas) footer(s sheet, k inks) error {
	right := float64(Width - margin)
	if s.State != "" {
		l, err := newLetters(32, s.State)
		if err != nil {
			return err
		}
		right -= l.width(s.State)
		c.text(l, s.State, right, footer, k.soft)
		right -= 34
		c.status(s.Status, right+9, footer-11, k)
		right -= 40
	}
	left := float64(margin)
	if s.Wave {
		c.wave(margin, footer-38, 54, k.accent)
		left += 70
	}
	l, err := newLetters(36, s.Name)
	if err != nil {
		return err
	}
	name := s.Name
	if l.width(name) > right-left {
		name = l.cutTo(name, right-left)
	}
	c.text(l, name, left, footer, k.text)
	return nil
}

// status is the mark that the pages put before a status.
func (c *canvas) status(of portal.Status, x, y float64, k inks) {
	const r = 10
	ring := k.accent
	switch of {
	case portal.New, portal.Declined, portal.AlreadyOffered:
		ring = k.soft
	case portal.UnderReview:
		ring = k.text
	}
	c.dot(x, y, r, ring)
	switch of {
	case portal.Launched, portal.Declined: // filled
	case portal.InProgress: // half
		c.fill(int(x), int(y-r+3), r-2, 2*r-6, k.paper, func(p *vector.Rasterizer) {
			p.MoveTo(0, 0)
			p.CubeTo(curve*7, 0, 7, 7-curve*7, 7, 7)
			p.CubeTo(7, 7+curve*7, curve*7, 14, 0, 14)
			p.ClosePath()
		})
	default:
		c.dot(x, y, r-3, k.paper)
	}
}

// wave is the portal's own mark, a swell, stroked with round ends: size pixels for
// the 24 units of frontend/templates/parts/icons.html.
func (c *canvas) wave(x, y, size int, with ink) {
	const half = 1.25 // units; of the stroke
	scale := float64(size) / 24
	curves := [][4][2]float64{
		{{3, 15}, {6, 15}, {6, 10}, {9, 10}},
		{{9, 10}, {12, 10}, {12, 17}, {15, 17}},
		{{15, 17}, {18, 17}, {18, 8}, {21, 8}},
	}
	for _, b := range curves {
		const parts = 24
		for i := range parts {
			t := float64(i) / (parts - 1)
			var at [2]float64
			for d := range at {
				u := 1 - t
				at[d] = u*u*u*b[0][d] + 3*u*u*t*b[1][d] + 3*u*t*t*b[2][d] + t*t*t*b[3][d]
			}
			c.dot(float64(x)+at[0]*scale, float64(y)+at[1]*scale, half*scale, with)
		}
	}
}
