package web

import (
	"bytes"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"sync"
)

// html/template finds out anew, for each value of each comment, what it is and how
// to write it: 0.3 us a value, ten times as long as reading the comment from the
// store. So parts that pages have many of are cast from moulds instead. A mould is
// what the template itself wrote, once, for a view with marks in place of its
// strings; casting puts the strings there, escaped. Each combination of what the
// template branches on has its own mould. The template stays the only place that
// says what a part looks like, and a test holds both ways against each other, byte
// for byte.

// A mould is the text between marks, and which slot each mark stands for.
type mould struct {
	text  []string // one more than slots
	slots []int
}

// slots gathers what differs from one view to the next: the strings that are
// written (of), and what the template branches on (flag, word), which makes the
// mould's key. A string of "" is a branch too: templates leave out what is empty.
type slots struct {
	values []string
	key    []byte
}

// of takes a string that the template writes in text or in a quoted attribute, and
// returns the mark to put in its place. An address must be one of ours: casting
// escapes it for HTML, but does not check it as html/template would.
func (s *slots) of(value string) string {
	if value == "" {
		s.key = append(s.key, '0')
		return ""
	}
	s.key = append(s.key, '1')
	s.values = append(s.values, escaper().Replace(value))
	return marks[len(s.values)-1]
}

// html takes finished HTML.
func (s *slots) html(value template.HTML) template.HTML {
	if value == "" {
		s.key = append(s.key, '0')
		return ""
	}
	s.key = append(s.key, '1')
	s.values = append(s.values, string(value))
	return template.HTML(marks[len(s.values)-1]) //nolint:gosec // a mark is a constant
}

func (s *slots) flag(b bool) {
	if b {
		s.key = append(s.key, 'y')
	} else {
		s.key = append(s.key, 'n')
	}
}

// word takes a string that the template compares, or of which there are few. There
// is a mould for each for ever, so it must not be a reader's.
func (s *slots) word(w string) { s.key = append(append(s.key, w...), ' ') }

// escaper writes what html/template writes, in text and in attributes.
var escaper = sync.OnceValue(func() *strings.Replacer {
	return strings.NewReplacer("\x00", "\uFFFD", `"`, "&#34;", "&", "&amp;", "'", "&#39;", "+", "&#43;", "<", "&lt;", ">", "&gt;")
})

// marks are letters and digits only: no context of HTML escapes those.
var marks = [...]string{"zq00qz", "zq01qz", "zq02qz", "zq03qz", "zq04qz", "zq05qz", "zq06qz", "zq07qz", "zq08qz", "zq09qz", "zq10qz", "zq11qz",
	"zq12qz", "zq13qz", "zq14qz", "zq15qz", "zq16qz", "zq17qz", "zq18qz", "zq19qz", "zq20qz", "zq21qz", "zq22qz", "zq23qz", "zq24qz", "zq25qz", "zq26qz", "zq27qz", "zq28qz", "zq29qz", "zq30qz", "zq31qz"}

const markLen = len("zq00qz")

var (
	mouldsMu sync.RWMutex
	moulds   = map[string]*mould{}
	slotPool = sync.Pool{New: func() any { return &slots{values: make([]string, 0, len(marks)), key: make([]byte, 0, 128)} }}
)

// cast writes a part of a page. mark replaces a view's strings by marks, with the
// slots given to it, and returns the result.
func cast(b *bytes.Buffer, page, locale, part string, mark func(*slots) any) error {
	s := slotPool.Get().(*slots)
	defer func() {
		clear(s.values)
		s.values, s.key = s.values[:0], s.key[:0]
		slotPool.Put(s)
	}()
	s.word(page)
	s.word(locale)
	s.word(part)
	sample := mark(s)
	mouldsMu.RLock()
	m := moulds[string(s.key)]
	mouldsMu.RUnlock()
	if m == nil {
		var err error
		if m, err = newMould(page, locale, part, sample); err != nil {
			return err
		}
		mouldsMu.Lock()
		moulds[string(s.key)] = m
		mouldsMu.Unlock()
	}
	for i, slot := range m.slots {
		b.WriteString(m.text[i])
		b.WriteString(s.values[slot])
	}
	b.WriteString(m.text[len(m.slots)])
	return nil
}

func newMould(page, locale, part string, sample any) (*mould, error) {
	t, err := templates(page, locale)
	if err != nil {
		return nil, err
	}
	var out strings.Builder
	if err := t.ExecuteTemplate(&out, part, sample); err != nil {
		return nil, fmt.Errorf("make mould of %s: %w", part, err)
	}
	return split(out.String()), nil
}

// split finds the marks in s.
func split(s string) *mould {
	m, from := &mould{}, 0
	for i := 0; i+markLen <= len(s); i++ {
		if s[i] != 'z' {
			continue
		}
		slot := slices.Index(marks[:], s[i:i+markLen])
		if slot < 0 {
			continue
		}
		m.text, m.slots = append(m.text, s[from:i]), append(m.slots, slot)
		from = i + markLen
		i = from - 1
	}
	m.text = append(m.text, s[from:])
	return m
}
