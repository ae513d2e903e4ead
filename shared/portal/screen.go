package portal

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What holds a text until the team has seen it. The rules look for what hardly any
// customer writes and every spammer does; what they miss, members report. They are
// pure, so that they can be run over thousands of real texts (shared/transfer has that
// test), and each says what it saw. A rule never refuses: a machine that is wrong costs
// an honest member a wait, and not the idea.

// The codes of rules.
const (
	HeldLinks    = "links"
	HeldRepeats  = "repeats"
	HeldWords    = "words"
	HeldTrap     = "trap"
	HeldTooFast  = "too_fast"
	HeldFirst    = "first"
	HeldApproval = "approval"
	HeldReported = "reported"
)

// HoldReasons are all of them.
var HoldReasons = []string{HeldLinks, HeldRepeats, HeldWords, HeldTrap, HeldTooFast, HeldFirst, HeldApproval, HeldReported}

// Approval is what the team sees before anybody else does.
type Approval string

// The approvals. Members whom the team trusts, and the team, wait for none.
const (
	ApproveNothing Approval = ""
	ApproveFirst   Approval = "first" // what a member writes, until something of it is public
	ApproveAll     Approval = "all"
)

// Screen is how a portal wants texts to be looked at. The zero value is the default.
type Screen struct {
	Off      bool // no rule looks at texts and forms
	Approval Approval
	Links    int      // how many lead elsewhere before a text is held; 0 = DefaultLinks
	Reports  int      // how many members' reports hold a thing; 0 = DefaultReports, below 0 = none do
	Words    []string // that hold a text, beside those of the portal's own

	NoThrowaways bool // addresses of mailboxes that are thrown away can't sign in
}

// The defaults of Screen.
const (
	DefaultLinks   = 3
	DefaultReports = 3
)

// FormFacts is what a form tells of how it was filled in. The zero value tells nothing.
type FormFacts struct {
	Trapped bool          // something was typed where people see no field
	Took    time.Duration // from drawing the form to its coming back; 0 = not known
}

// MinFill is the shortest time in which somebody fills in a form that begins empty. It
// says nothing of forms in which there is something to change: see ReadForm.
const MinFill = 2 * time.Second

// Look is what the rules make of one text alone; before are the texts that the member
// wrote lately.
func (s Screen) Look(w Writing, before []string) (f Finding) {
	if s.Off {
		return f
	}
	f = s.LookAt(w.Form)
	all := w.Title + "\n" + w.Text
	most := s.Links
	if most == 0 {
		most = DefaultLinks
	}
	if n := countLinks(all); n > most {
		f.found(HeldLinks, fmt.Sprint(n))
	}
	if what := repeated(all); what != "" {
		f.found(HeldRepeats, what)
	} else if plain := plainText(w.Text); len(plain) >= minRepeated {
		n := 0
		for _, b := range before {
			if plainText(b) == plain {
				n++
			}
		}
		if n >= maxAgain {
			f.found(HeldRepeats, cutBytes(w.Text, 60))
		}
	}
	if word := s.listed(all); word != "" {
		f.found(HeldWords, word)
	}
	return f
}

// LookAt is what the rules make of how a form was filled in.
func (s Screen) LookAt(form FormFacts) (f Finding) {
	if s.Off {
		return f
	}
	if form.Trapped {
		f.found(HeldTrap, "")
	}
	if form.Took > 0 && form.Took < MinFill {
		f.found(HeldTooFast, fmt.Sprintf("%.1f s", form.Took.Seconds()))
	}
	return f
}

func (f *Finding) found(code, evidence string) {
	f.Codes = append(f.Codes, code)
	if evidence != "" {
		evidence = ": " + evidence
	}
	f.Evidence = append(f.Evidence, code+evidence)
}

// countLinks counts addresses of the web, and mail addresses no less.
func countLinks(s string) (n int) {
	s = strings.ToLower(s)
	for _, scheme := range []string{"http://", "https://"} {
		n += strings.Count(s, scheme)
	}
	for _, f := range strings.Fields(s) {
		if strings.HasPrefix(f, "www.") || strings.Contains(f, "](www.") {
			n++
		}
	}
	return n
}

const (
	minRepeated = 20 // bytes of a text that, written twice, is a repetition
	maxAgain    = 2  // times the same text before; once may be a slip
	maxRun      = 80 // times one letter in a row; people shout, but not that long
	maxLines    = 4  // times one line of some length
	manyWords   = 60 // from so many words on, fewer than one in eight has to be new
)

// repeated is what a text says over and over; "" if it doesn't.
func repeated(s string) string {
	run, last := 0, rune(-1)
	lines := map[string]int{}
	for _, r := range s {
		if r == last && unicode.IsLetter(r) {
			if run++; run >= maxRun {
				return strings.Repeat(string(r), 3) + "…"
			}
		} else {
			run, last = 1, r
		}
	}
	for l := range strings.Lines(s) {
		if l = plainText(l); len(l) >= minRepeated {
			if lines[l]++; lines[l] >= maxLines {
				return cutBytes(l, 60)
			}
		}
	}
	words, seen := strings.Fields(plainText(s)), map[string]int{}
	most := ""
	for _, w := range words {
		if seen[w]++; seen[w] > seen[most] {
			most = w
		}
	}
	if len(words) >= manyWords && len(seen)*8 < len(words) {
		return cutBytes(most, 60)
	}
	return ""
}

// plainText is what two texts have in common that differ in case, width, blanks and
// punctuation.
func plainText(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(norm.NFKC.String(s)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}

// The portal's own words. The list is short on purpose: it is for what has no place
// between customers in any sense of the word, and for the wares of spammers. Swearing
// is none of it: angry customers are customers. Lists that can be had hold thousands
// of words and many of the kitchen and the body, and hold honest ideas by the dozen.
const (
	listedEnglish = "viagra|cialis|casino|casinos|payday loan|payday loans|porn|pornhub|onlyfans|escort service|escort services|sugar daddy|forex signals|" +
		"crypto giveaway|bitcoin giveaway|double your bitcoin|essay writing service|buy followers|backlinks|work from home and earn|kill yourself|kys|" +
		"nigger|niggers|faggot|faggots|kike|kikes|spic|spics"
	listedHan = "代开发票|六合彩|时时彩|博彩|赌场|加微信|加我微信|刷单|办证|约炮|裸聊|迷药|操你妈|草泥马|傻逼|去死吧|支那"
)

// listed is the first word of the lists that the text holds. In scripts with blanks
// it has to stand alone.
func (s Screen) listed(text string) string {
	plain := " " + plainText(text) + " "
	han := strings.ReplaceAll(plain, " ", "")
	holds := func(w string) bool {
		if w = plainText(w); w == "" {
			return false
		}
		if r, _ := utf8.DecodeRuneInString(w); unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
			return strings.Contains(han, strings.ReplaceAll(w, " ", ""))
		}
		return strings.Contains(plain, " "+w+" ")
	}
	for _, list := range []string{listedEnglish, listedHan} {
		for w := range strings.SplitSeq(list, "|") {
			if holds(w) {
				return w
			}
		}
	}
	for _, w := range s.Words {
		if holds(w) {
			return w
		}
	}
	return ""
}

// reports is the rule's code if so many reports hold a thing.
func (s Screen) reports(n int) string {
	most := s.Reports
	if most == 0 {
		most = DefaultReports
	}
	if most > 0 && n >= most {
		return HeldReported
	}
	return ""
}
