package i18n

import (
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"groundswell/frontend"
	"groundswell/shared/cache"
)

// Default is the language of readers whose languages we don't have.
const Default = "en"

// Locales are the tags of the languages there are, Default first.
func Locales() []string { return slices.Clone(known().tags) }

type locales struct {
	tags    []string
	matcher language.Matcher
	asked   *cache.Cache[string] // browsers send few different headers
}

const filePrefix, fileSuffix = "active.", ".json"

var known = sync.OnceValue(func() *locales {
	l := &locales{tags: []string{Default}, asked: cache.New[string](64 << 10)}
	files, _ := frontend.Files.ReadDir(frontend.LocalesDir) // embedded: can't fail
	for _, f := range files {
		tag := strings.TrimSuffix(strings.TrimPrefix(f.Name(), filePrefix), fileSuffix)
		if tag != Default {
			l.tags = append(l.tags, tag)
		}
	}
	parsed := make([]language.Tag, len(l.tags))
	for i, t := range l.tags {
		parsed[i] = language.Make(t)
	}
	l.matcher = language.NewMatcher(parsed)
	return l
})

func file(locale string) string {
	return path.Join(frontend.LocalesDir, filePrefix+locale+fileSuffix)
}

// Match is the locale for a reader with these preferences, the strongest first.
// Each may be empty, a language tag or a whole Accept-Language header. The first
// one for which there is a fitting language decides; if none does, it is Default.
func Match(preferred ...string) string {
	l := known()
	for _, p := range preferred {
		switch {
		case p == "":
			continue
		case slices.Contains(l.tags, p):
			return p
		}
		if tag := l.match(p); tag != "" {
			return tag
		}
	}
	return Default
}

// maxHeader is where a preference stops being one: real headers are shorter.
const maxHeader = 256

func (l *locales) match(p string) string {
	if len(p) > maxHeader {
		return ""
	}
	if tag, ok := l.asked.Get(p); ok {
		return tag
	}
	found := ""
	if tags, _, err := language.ParseAcceptLanguage(p); err == nil && len(tags) > 0 {
		if _, i, c := l.matcher.Match(tags...); c != language.No {
			found = l.tags[i]
		}
	}
	l.asked.Put(p, found, len(found))
	return found
}
