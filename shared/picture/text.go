package picture

import (
	"strings"

	"github.com/rivo/uniseg"
)

// breakLines breaks the text into lines no wider than width, where Unicode allows it
// (UAX #14: between Chinese characters too, but not before their full stop). A word
// that is wider than a line is broken between its characters.
func (l *letters) breakLines(text string, width float64) []string {
	var lines []string
	var line strings.Builder
	var filled float64 // of the line
	flush := func() {
		if s := strings.TrimSpace(line.String()); s != "" {
			lines = append(lines, s)
		}
		line.Reset()
		filled = 0
	}
	state := -1
	for text != "" {
		var word string
		word, text, _, state = uniseg.FirstLineSegmentInString(text, state)
		bare := l.width(strings.TrimRight(word, " "))
		if filled+bare > width {
			flush()
		}
		for bare > width {
			var head string
			head, word = l.head(word, width)
			lines = append(lines, head)
			bare = l.width(strings.TrimRight(word, " "))
		}
		line.WriteString(word)
		filled += l.width(word)
	}
	flush()
	return lines
}

// balanced breaks the text into as many lines as width needs, but even ones: no word
// is left alone on the last.
func (l *letters) balanced(text string, width float64) []string {
	lines := l.breakLines(text, width)
	if len(lines) < 2 || len(lines) > 4 {
		return lines
	}
	low, high := width/2, width
	for range 6 {
		middle := (low + high) / 2
		if narrow := l.breakLines(text, middle); len(narrow) > len(lines) {
			low = middle
		} else {
			high, lines = middle, narrow
		}
	}
	return lines
}

// head cuts the longest beginning off the text that is no wider than width: one
// character at least, since narrower than that nothing can be.
func (l *letters) head(text string, width float64) (head, rest string) {
	rest = text
	for rest != "" {
		cluster, after, _, _ := uniseg.FirstGraphemeClusterInString(rest, -1)
		if head != "" && l.width(head+cluster) > width {
			break
		}
		head, rest = head+cluster, after
	}
	return head, rest
}

// cutTo makes the line end in an ellipsis within width.
func (l *letters) cutTo(line string, width float64) string {
	head, _ := l.head(line, width-l.width("…"))
	return strings.TrimRight(head, " ,.;:，。；：、-") + "…"
}

// A block is text in lines, in the largest of some sizes that lets it fit.
type block struct {
	*letters
	lines   []string
	leading float64 // from one base line to the next
}

// fit sets the text as large as width and height allow. At the smallest size what
// does not fit is cut.
func fit(text string, width, height float64, sizes []float64) (block, error) {
	text = strings.Join(strings.Fields(text), " ")
	var b block
	for i, size := range sizes {
		l, err := newLetters(size, text)
		if err != nil {
			return b, err
		}
		b = block{letters: l, lines: l.breakLines(text, width), leading: size * 1.22}
		room := int((height-size)/b.leading) + 1
		if len(b.lines) <= room && len(b.lines) <= i+2 || i == len(sizes)-1 && len(b.lines) <= room { // the larger, the fewer lines
			b.lines = b.balanced(text, width)
			return b, nil
		}
		if i == len(sizes)-1 {
			last := strings.Join(b.lines[room-1:], " ")
			b.lines = append(b.lines[:room-1:room-1], l.cutTo(last, width))
		}
	}
	return b, nil
}
