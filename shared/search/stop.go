package search

import "strings"

// Words that say nothing about what a text is about, by language. They are few:
// what is left out here can't be found, and what is common without being in here
// weighs little by itself.
const (
	stopEnglish = " a an and are as at be been but by can could did do does for from had has have he her his how i if in into is it its" +
		" me my of on or our she should so than that the their them then there these they this those to too us was we were what when where" +
		" which who why will with would you your http https www i'd i'll i'm i've it's don't that's let's you're we're can't isn't doesn't "

	// Pairs of these characters, or one alone.
	stopHan  = "的了是我你他她它们们在有和就都也很不吗呢啊吧个這这那与及或被把让給给得地着过"
	stopKana = "のをにはがとでもへやかなだてしたれるすま"
)

// stopWord reports whether a folded word is no term.
func stopWord(w string) bool {
	return len(w) <= 8 && strings.Contains(stopEnglish, " "+w+" ")
}

// stopPair reports whether one or two folded characters of a script without blanks
// are no term.
func stopPair(pair string) bool {
	for _, r := range pair {
		if !strings.ContainsRune(stopHan, r) && !strings.ContainsRune(stopKana, r) {
			return false
		}
	}
	return true
}
