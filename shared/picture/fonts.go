package picture

import (
	_ "embed" // the fonts
	"fmt"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

//go:embed fonts/latin.ttf
var latinTTF []byte

//go:embed fonts/han.ttf
var hanTTF []byte

// fonts reads both fonts' tables of contents; letters are read when they are drawn.
// Embedded and drawn in the tests, they can't fail.
var fonts = sync.OnceValues(func() (both [2]*sfnt.Font, err error) {
	for i, b := range [][]byte{latinTTF, hanTTF} {
		if both[i], err = opentype.Parse(b); err != nil {
			return both, fmt.Errorf("parse font: %w", err)
		}
	}
	return both, nil
})

const (
	latin = iota
	han
	none // no font has it
)

// letters is both fonts in one size, in pixels to the em.
type letters struct {
	size  float64
	fonts [2]*sfnt.Font
	faces [2]font.Face
	buf   sfnt.Buffer
	wide  bool // quotation marks and dashes are as wide as Chinese characters
}

func newLetters(size float64, text string) (*letters, error) {
	both, err := fonts()
	if err != nil {
		return nil, err
	}
	l := &letters{size: size, fonts: both, wide: chinese(text)}
	for i, f := range both {
		// Dots per inch of 72 make points pixels.
		if l.faces[i], err = opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone}); err != nil {
			return nil, fmt.Errorf("size font: %w", err)
		}
	}
	return l, nil
}

// chinese reports whether the text has a Chinese character.
func chinese(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// signs are those that Chinese and Latin text share and write in different widths.
const signs = "“”‘’…—·"

// of is the font that has the character.
func (l *letters) of(r rune) int {
	order := [...]int{latin, han}
	if l.wide && strings.ContainsRune(signs, r) {
		order = [...]int{han, latin}
	}
	for _, f := range order {
		if i, err := l.fonts[f].GlyphIndex(&l.buf, r); err == nil && i != 0 {
			return f
		}
	}
	return none
}

// walk calls f with each character that can be drawn, its font, and where it
// stands from the text's start. It returns the text's width.
func (l *letters) walk(text string, f func(r rune, font int, x fixed.Int26_6)) fixed.Int26_6 {
	var x fixed.Int26_6
	before, in := rune(-1), none
	for _, r := range text {
		at := l.of(r)
		if at == none {
			continue
		}
		if before >= 0 && at == in {
			x += l.faces[at].Kern(before, r)
		}
		if f != nil {
			f(r, at, x)
		}
		w, _ := l.faces[at].GlyphAdvance(r)
		x += w
		before, in = r, at
	}
	return x
}

// width of the text in pixels.
func (l *letters) width(text string) float64 { return float64(l.walk(text, nil)) / 64 }

// known reports whether most of the text can be drawn: a title of emoji or in a
// script that the fonts lack would leave nothing to read.
func (l *letters) known(text string) bool {
	have, all := 0, 0
	for _, r := range text {
		if unicode.IsSpace(r) {
			continue
		}
		if all++; l.of(r) != none {
			have++
		}
	}
	return 2*have > all
}
