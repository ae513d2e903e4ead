package picture

import (
	"encoding/json"
	"strconv"
	"strings"
	"sync"

	"groundswell/frontend"
	"groundswell/shared/portal"
)

// The languages of the pictures: those whose letters the fonts have and whose
// messages are there.
const (
	english  = "en"
	mandarin = "zh"
)

// Languages are the tags of all languages of the portal, which its brand may have
// words in: i18n.Locales, without what that links.
func Languages() (tags []string) {
	files, _ := frontend.Files.ReadDir(frontend.LocalesDir) // embedded: can't fail
	for _, f := range files {
		tags = append(tags, strings.TrimSuffix(strings.TrimPrefix(f.Name(), "active."), ".json"))
	}
	return tags
}

// messages are a catalogue as it is written. The few words of a picture have no
// variables, so they are read without shared/i18n, whose libraries weigh as much as
// 4,000 Chinese characters; a test holds the two together.
type messages map[string]json.RawMessage

var catalogues sync.Map // language -> func() messages

func words(lang string) messages {
	load, _ := catalogues.LoadOrStore(lang, sync.OnceValue(func() (m messages) {
		b, err := frontend.Files.ReadFile(frontend.LocalesDir + "/active." + lang + ".json")
		if err == nil {
			err = json.Unmarshal(b, &m)
		}
		if err != nil {
			panic("picture: messages: " + err.Error()) // embedded, and read by tests
		}
		return m
	}))
	return load.(func() messages)()
}

func (m messages) status(s portal.Status) (text string) {
	_ = json.Unmarshal(m["status."+string(s)], &text) // a status that has no name is left out
	return text
}

// votes is the word beside a count of votes. English has a form for one, Chinese
// does not.
func (m messages) votes(n int) string {
	var forms map[string]string
	_ = json.Unmarshal(m["vote.word"], &forms)
	if one := forms["one"]; (n == 1 || n == -1) && one != "" {
		return one
	}
	return forms["other"]
}

// grouped is the number with commas between thousands, as both languages write it.
func grouped(n int) string {
	s := strconv.Itoa(n)
	digits := strings.TrimPrefix(s, "-")
	sign := s[:len(s)-len(digits)]
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}
