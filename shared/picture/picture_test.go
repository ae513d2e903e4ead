package picture

import (
	"image"
	"image/color"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// word is a sheet whose words don't matter.
func word(title string) sheet {
	return sheet{Title: title, Category: "Food", Count: "1,204", Votes: "votes", Status: portal.Planned, State: "Coming soon",
		Name: "Groundswell", Accent: "#0d6a50", OnAccent: "#ffffff", Wave: true}
}

// marks is the box around the pixels of the area that are not of its most frequent colour.
func marks(img *image.Paletted, area image.Rectangle) (box image.Rectangle) {
	count := map[uint8]int{}
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			count[img.ColorIndexAt(x, y)]++
		}
	}
	var ground uint8
	for c, n := range count {
		if n > count[ground] {
			ground = c
		}
	}
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			if img.ColorIndexAt(x, y) != ground {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return box
}

// Titles of all lengths and scripts stay in their column: nothing runs into the
// margin, the vote box or the rule below.
func TestTitleStaysInItsPlace(t *testing.T) {
	t.Parallel()
	sides := []image.Rectangle{
		image.Rect(Width-margin+3, 40, Width, ruleAt), // right of the column; a letter's swash may hang over
		image.Rect(margin+boxWidth+2, 40, column-8, ruleAt),
		image.Rect(column, ruleAt-12, Width, ruleAt),
	}
	for name, title := range map[string]string{
		"short":                "Tea",
		"a sentence":           "A shelf for wet umbrellas at the door, please",
		"253 characters":       strings.Repeat("every morning at six, ", 11) + "and again",
		"255 Chinese":          strings.Repeat("希望门店提供自带杯优惠，", 21) + "谢谢你",
		"one long word":        strings.Repeat("Umbrella", 30),
		"both scripts":         strings.Repeat("用 app 点单 mobile order ", 9),
		"the widest letters":   strings.Repeat("W", 255),
		"what no font has":     "🍵🍵🍵",
		"a bit that none has":  "More 🍵 for tea time",
		"only blanks and dots": ". . .",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			img, err := draw(word(title))
			if err != nil {
				t.Fatal(err)
			}
			for _, side := range sides {
				if got := marks(img, side); !got.Empty() {
					t.Errorf("there is ink at %v, in %v", got, side)
				}
			}
			if got := marks(img, image.Rect(column, topEdge+52, Width-margin, ruleAt-12)); got.Empty() {
				t.Error("there is no title")
			}
		})
	}
}

// No line is wider than asked for, nothing but blanks is lost, and a balanced text
// has as many lines as one that is not.
func TestBreakLines(t *testing.T) {
	t.Parallel()
	bits := []string{"a", "Latte", "umbrella", "-", " ", "  ", "希望", "，", "。", "“", "”", "W", "Donaudampfschifffahrt", "é", "1,000"}
	r := rand.New(rand.NewPCG(1, 2))
	bare := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return r
		}, s)
	}
	for range 300 {
		var text strings.Builder
		for range 1 + r.IntN(40) {
			text.WriteString(bits[r.IntN(len(bits))])
		}
		width := 60 + 600*r.Float64()
		l, err := newLetters(40, text.String())
		if err != nil {
			t.Fatal(err)
		}
		lines := l.breakLines(text.String(), width)
		for _, line := range lines {
			if w := l.width(line); w > width+1 { // kerning over a break may add up to a pixel
				t.Errorf("%q is %.1f wide, want at most %.1f", line, w, width)
			}
			if strings.HasPrefix(line, "。") && len(lines) > 1 && line != lines[0] && !strings.HasPrefix(bare(text.String()), "。") && l.width(line) < width/2 {
				// A full stop may begin a line only where a single word fills the one before.
				if prev := lines[indexOf(lines, line)-1]; l.width(prev)+l.width("。") <= width {
					t.Errorf("a full stop begins a line: %q", lines)
				}
			}
		}
		if got, want := bare(strings.Join(lines, "")), bare(text.String()); got != want {
			t.Errorf("%q became %q", want, got)
		}
		if even := l.balanced(text.String(), width); len(even) != len(lines) {
			t.Errorf("%q: %d lines, %d when balanced", text.String(), len(lines), len(even))
		}
	}
}

func indexOf(lines []string, line string) int {
	for i, l := range lines {
		if l == line {
			return i
		}
	}
	return -1
}

// The vote box of a launched idea is filled with the accent; its edge is all that
// others have of the colour of controls.
func TestLaunchedIsFilled(t *testing.T) {
	t.Parallel()
	s := word("A shelf for wet umbrellas")
	s.Accent, s.OnAccent = "#7a1f3d", "#fff0f5"
	for status, want := range map[portal.Status]color.Color{
		portal.Planned:  color.RGBA{0xff, 0xfd, 0xf9, 0xff},
		portal.Launched: color.RGBA{0x7a, 0x1f, 0x3d, 0xff},
	} {
		s.Status = status
		img, err := draw(s)
		if err != nil {
			t.Fatal(err)
		}
		if got := img.At(margin+12, topEdge+boxHeight/2); got != want {
			t.Errorf("%s: the box is %v, want %v", status, got, want)
		}
		if got := img.At(10, 5); got != (color.RGBA{0x7a, 0x1f, 0x3d, 0xff}) {
			t.Errorf("%s: the stripe is %v", status, got)
		}
	}
	s.Accent = "red"
	if _, err := draw(s); err == nil {
		t.Error("red is drawn, and is no colour as a brand writes it")
	}
}

// Each tag stands for one picture.
func TestTagTellsSheetsApart(t *testing.T) {
	t.Parallel()
	seen := map[string]sheet{}
	for _, change := range []func(*sheet){
		func(*sheet) {}, func(s *sheet) { s.Title += "s" }, func(s *sheet) { s.Category = "" }, func(s *sheet) { s.Count = "1,205" },
		func(s *sheet) { s.Votes = "vote" }, func(s *sheet) { s.Status = portal.InProgress }, func(s *sheet) { s.State = "" }, func(s *sheet) { s.Name = "Tea" },
		func(s *sheet) { s.Accent = "#000000" }, func(s *sheet) { s.OnAccent = "#fffffe" }, func(s *sheet) { s.Wave = false },
	} {
		s := word("Umbrellas")
		change(&s)
		if other, ok := seen[s.tag()]; ok {
			t.Errorf("%+v and %+v have one tag", s, other)
		}
		seen[s.tag()] = s
	}
}

// The words are those of the pages, in both languages, and the fonts have their letters.
func TestWords(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{english, mandarin} {
		p, w := i18n.For(lang), words(lang)
		if p.Locale() != lang {
			t.Fatalf("there are no messages in %s", lang)
		}
		texts := []string{"0123456789,-"}
		for _, s := range portal.Statuses {
			if got, want := w.status(s), p.T("status."+string(s)); got != want {
				t.Errorf("%s: %s is %q, want %q", lang, s, got, want)
			}
			texts = append(texts, w.status(s))
		}
		for _, n := range []int{-71, -1, 0, 1, 2, 999, 1_000, 35_094, 1_234_567, -1_000} {
			if got, want := grouped(n), p.Number(n); got != want {
				t.Errorf("%s: %d is %q, want %q", lang, n, got, want)
			}
			if got, want := w.votes(n), p.N("vote.word", n); got != want {
				t.Errorf("%s: %d %q, want %q", lang, n, got, want)
			}
			texts = append(texts, w.votes(n))
		}
		for _, c := range portal.DefaultCategories() {
			texts = append(texts, c.Name[lang])
		}
		l, err := newLetters(30, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range strings.Join(texts, "") {
			if l.of(r) == none {
				t.Errorf("%s: no font has %q", lang, r)
			}
		}
	}
	if got := strings.Join(Languages(), " "); got != strings.Join(i18n.Locales(), " ") {
		t.Errorf("the languages are %s, want %v", got, i18n.Locales())
	}
}

func BenchmarkDraw(b *testing.B) {
	for name, title := range map[string]string{"short": "Oat milk", "long": strings.Repeat("every morning at six, ", 11), "chinese": strings.Repeat("希望门店提供自带杯优惠，", 20)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := encode(word(title)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
