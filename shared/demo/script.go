package demo

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"groundswell/shared/portal"
)

// script is one file: what everybody says and when, without people's ids and
// without dates.
type script struct {
	lang          string
	team          []string
	customer      string
	given, family []string
	ideas         []idea
	lists         []list
}

// list is one that the team saved.
type list struct{ query, by, name string }

type idea struct {
	category, by, title, body string
	key                       string
	age                       span
	votes                     int
	steps                     []step
	talk                      []remark
	offered                   bool // it is submitted by the portal's rules, and has no past
	deeds                     []deed
}

type step struct {
	after      span
	to         portal.Status // "" = merged
	into       string        // key of the idea that it was merged into
	by         string
	note, link string
}

type remark struct {
	after    span
	by, text string
	reply    bool
}

// deed is what is done about an idea by the portal's rules, see [Work].
type deed struct {
	word, with string // of a report and a decline the reason, of a burst how many
	after      span
	by, text   string
	remark     int // of idea.talk, that it follows; -1 = none
}

// span is a time as a script tells it; what is told in days leaves the hour open.
type span struct {
	time.Duration
	days bool
}

// block is a line that begins with @, and its text.
type block struct {
	line             int
	word, rest, text string
}

func parse(lang, src string) (script, error) {
	s := script{lang: lang}
	var at block
	var text []string
	end := func() error {
		at.text = unfold(text)
		if err := s.add(at); err != nil {
			return fmt.Errorf("%s.txt:%d: @%s: %w", lang, at.line, at.word, err)
		}
		text = text[:0]
		return nil
	}
	at.word = "#" // what stands before the first block is a remark
	for i, l := range strings.Split(src, "\n") {
		l = strings.TrimSpace(l)
		head, ok := strings.CutPrefix(l, "@")
		if !ok {
			text = append(text, l)
			continue
		}
		if err := end(); err != nil {
			return script{}, err
		}
		at = block{line: i + 1}
		at.word, at.rest, _ = strings.Cut(head, " ")
	}
	return s, end()
}

func (s *script) add(b block) error {
	switch b.word {
	case "#":
		return nil
	case "team":
		s.team = append(s.team, b.rest)
		return nil
	case "customer":
		s.customer = b.rest
		return nil
	case "given":
		s.given = names(b.text)
		return nil
	case "family":
		s.family = names(b.text)
		return nil
	case "list":
		f, by, err := fields(b.rest, 1)
		if err == nil {
			s.lists = append(s.lists, list{f[0], by, b.text})
		}
		return err
	case "idea", "offered":
		return s.addIdea(b)
	}
	if len(s.ideas) == 0 {
		return errors.New("there is no idea before it")
	}
	i := &s.ideas[len(s.ideas)-1]
	switch b.word {
	case "key":
		i.key = b.rest
		return nil
	case "link":
		if len(i.steps) == 0 {
			return errors.New("there is no step before it")
		}
		i.steps[len(i.steps)-1].link = b.rest
		return nil
	case "comment", "reply":
		return i.addRemark(b)
	}
	if with, ok := deedFields[b.word]; ok {
		return i.addDeed(b, with)
	}
	return i.addStep(b)
}

func (s *script) addIdea(b block) error {
	f, by, err := fields(b.rest, 3)
	if err != nil {
		return err
	}
	i := idea{category: f[0], by: by, offered: b.word == "offered"}
	if i.age, err = parseSpan(f[1]); err != nil {
		return err
	}
	if i.votes, err = strconv.Atoi(f[2]); err != nil || i.votes < 0 {
		return fmt.Errorf("%q is not a number of votes", f[2])
	}
	var ok bool
	if i.title, i.body, ok = strings.Cut(b.text, "\n\n"); !ok {
		return errors.New("its text is not a title, an empty line, and the idea")
	}
	s.ideas = append(s.ideas, i)
	return nil
}

func (i *idea) addRemark(b block) error {
	f, by, err := fields(b.rest, 1)
	if err != nil {
		return err
	}
	r := remark{by: by, text: b.text, reply: b.word == "reply"}
	if r.after, err = i.when(f[0]); err != nil {
		return err
	}
	if r.reply {
		last := len(i.talk) - 1
		if last < 0 || r.after.Duration < i.talk[last].after.Duration {
			return errors.New("it does not follow a comment")
		}
	}
	i.talk = append(i.talk, r)
	return nil
}

func (i *idea) addStep(b block) error {
	st := step{to: portal.Status(b.word), note: b.text}
	n := 1
	if b.word == "merged" {
		st.to, n = "", 2
	} else if !st.to.Valid() {
		return errors.New("there is no such word and no such status")
	}
	f, by, err := fields(b.rest, n)
	if err != nil {
		return err
	}
	if n == 2 {
		st.into = f[1]
	}
	st.by = by
	if st.after, err = i.when(f[0]); err != nil {
		return err
	}
	if n := len(i.steps); n > 0 && st.after.Duration <= i.steps[n-1].after.Duration {
		return errors.New("it is not after the step before it")
	}
	i.steps = append(i.steps, st)
	return nil
}

// deedFields are the words of deeds, and whether they have a field beside the time.
var deedFields = map[string]bool{"owner": false, "tags": false, "memo": false, "pin": false, "posted": false, "appeal": false,
	"burst": false, "report": true, "decline": true}

func (i *idea) addDeed(b block, with bool) error {
	n := 1
	if with {
		n = 2
	}
	f, by, err := fields(b.rest, n)
	if err != nil {
		return err
	}
	d := deed{word: b.word, by: by, text: b.text, remark: len(i.talk) - 1}
	switch {
	case with:
		d.with = f[1]
	case b.word == "burst":
		d.with, d.by = by, ""
	}
	if d.after, err = i.when(f[0]); err == nil {
		i.deeds = append(i.deeds, d)
	}
	return err
}

// when reads a time counted from the idea.
func (i *idea) when(s string) (span, error) {
	after, err := parseSpan(s)
	if err == nil && after.Duration >= i.age.Duration {
		err = fmt.Errorf("%s is still to come: the idea is younger", s)
	}
	return after, err
}

func parseSpan(s string) (span, error) {
	unit := map[byte]time.Duration{'h': time.Hour, 'd': 24 * time.Hour}[s[len(s)-1]]
	n, err := strconv.Atoi(s[:len(s)-1])
	if err != nil || unit == 0 || n <= 0 {
		return span{}, fmt.Errorf("%q is no time such as 12d or 20h", s)
	}
	return span{time.Duration(n) * unit, unit > time.Hour}, nil
}

// fields are the first n words of s, and the rest, which is somebody's name.
func fields(s string, n int) (first []string, name string, err error) {
	f := strings.SplitN(s, " ", n+1)
	if len(f) <= n || slices.Contains(f, "") {
		return nil, "", fmt.Errorf("%q lacks one of %d fields, or the name behind them", s, n)
	}
	return f[:n], f[n], nil
}

// starts is what begins a line of its own: the portal shows line ends as they are
// typed, and the scripts fold long lines for whoever reads them.
var starts = regexp.MustCompile(`^([-*>#] |\d+\. |$)`)

func unfold(lines []string) string {
	var b strings.Builder
	for i, l := range lines {
		switch {
		case i == 0:
		case starts.MatchString(l) || lines[i-1] == "":
			b.WriteByte('\n')
		default:
			b.WriteByte(' ')
		}
		b.WriteString(l)
	}
	return strings.Trim(b.String(), "\n")
}

func names(s string) (ns []string) {
	for n := range strings.SplitSeq(s, ",") {
		ns = append(ns, strings.TrimSpace(n))
	}
	return ns
}
