package brand

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"groundswell/shared/portal"
)

// fallback is the language that every text must have.
const fallback = "en"

// Groups are the groups that categories can be in: pages have names for them in
// every language.
var Groups = []string{"product", "experience", "involvement"}

// text checks one line of text, and trims it.
func (p *problems) text(field string, s *string, limit int) {
	*s = strings.TrimSpace(*s)
	if n := utf8.RuneCountInString(*s); n > limit {
		p.add(field, "has %d characters, at most %d fit", n, limit)
	}
	if !utf8.ValidString(*s) || strings.ContainsFunc(*s, unicode.IsControl) {
		p.add(field, "has a line break or another control character")
	}
}

// texts checks a text in its languages.
func (p *problems) texts(field string, m map[string]string, limit int, locales []string) {
	if len(m) == 0 {
		return
	}
	for _, tag := range slices.Sorted(maps.Keys(m)) {
		if !slices.Contains(locales, tag) {
			p.add(field+"."+tag, "the portal has no such language, only %s", strings.Join(locales, ", "))
		}
		s := m[tag]
		p.text(field+"."+tag, &s, limit)
		m[tag] = s
	}
	if m[fallback] == "" {
		p.add(field+"."+fallback, "is missing: it is for readers of all other languages")
	}
}

// url checks an address, and spells it the one way.
func (p *problems) url(field, s string) string {
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	switch {
	case len(s) > MaxURL:
		p.add(field, "has %d characters, at most %d fit", len(s), MaxURL)
	case err != nil, u.Scheme != "https" && u.Scheme != "http", u.Host == "", u.User != nil:
		p.add(field, "%q must be like https://www.example.com", s)
	default:
		return u.String()
	}
	return ""
}

var categoryID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func (p *problems) categories(cs portal.Categories, locales []string) {
	if len(cs) > MaxCategories {
		p.add("categories", "there are %d, at most %d fit", len(cs), MaxCategories)
	}
	seen := map[string]int{}
	for i, c := range cs {
		field := fmt.Sprintf("categories[%d]", i)
		switch first, twice := seen[c.ID]; {
		case len(c.ID) > MaxCategoryID || !categoryID.MatchString(c.ID):
			p.add(field+".id", "%q must have lower-case letters, digits and single hyphens, at most %d of them", c.ID, MaxCategoryID)
		case twice:
			p.add(field+".id", "%q is that of categories[%d] already", c.ID, first)
		default:
			seen[c.ID] = i
		}
		if !slices.Contains(Groups, c.Group) {
			p.add(field+".group", "%q must be one of %s", c.Group, strings.Join(Groups, ", "))
		}
		if len(c.Name) == 0 {
			p.add(field+".name."+fallback, "is missing: it is for readers of all other languages")
		}
		p.texts(field+".name", c.Name, MaxName, locales)
		p.texts(field+".description", c.Description, MaxDescription, locales)
	}
}
