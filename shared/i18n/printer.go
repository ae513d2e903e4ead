package i18n

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"groundswell/frontend"
)

// Printer speaks one language. It is safe for concurrent use.
type Printer struct {
	locale    string
	tag       language.Tag
	fixed     map[string]string                    // messages without variables: no template to run
	counted   map[string]map[plural.Form][2]string // those with a count alone: what stands before and behind it
	localizer *goi18n.Localizer
	numbers   *message.Printer
	plain     bool // its digits are 0-9
	date      layout
	dateTime  layout
}

var printers sync.Map // locale -> func() *Printer

// For is the printer of a locale; of [Default] if there is no such one.
func For(locale string) *Printer {
	if !slices.Contains(known().tags, locale) {
		locale = Default
	}
	if p, ok := printers.Load(locale); ok {
		return p.(func() *Printer)()
	}
	p, _ := printers.LoadOrStore(locale, sync.OnceValue(func() *Printer { return load(locale) }))
	return p.(func() *Printer)()
}

// load reads a catalogue. The files are part of the program and a test reads each
// of them, so a broken one is a programmer's mistake.
func load(locale string) *Printer {
	tag := language.Make(locale)
	bundle := goi18n.NewBundle(tag)
	b, err := frontend.Files.ReadFile(file(locale))
	if err != nil {
		panic(fmt.Sprintf("i18n: %v", err))
	}
	f, err := bundle.ParseMessageFileBytes(b, file(locale))
	if err != nil {
		panic(fmt.Sprintf("i18n: %s: %v", file(locale), err))
	}
	p := &Printer{locale: locale, tag: tag, fixed: make(map[string]string, len(f.Messages)), counted: map[string]map[plural.Form][2]string{}, localizer: goi18n.NewLocalizer(bundle, locale), numbers: message.NewPrinter(tag)}
	for _, m := range f.Messages {
		if !strings.Contains(m.Other, "{{") {
			p.fixed[m.ID] = m.Other
		} else if forms := countForms(m); forms != nil {
			p.counted[m.ID] = forms
		}
	}
	p.plain = p.numbers.Sprint(0) == "0"
	months := strings.Fields(p.fixed["format.months"])
	p.date, p.dateTime = layoutOf(p.fixed["format.date"], months), layoutOf(p.fixed["format.date_time"], months)
	return p
}

// countForms splits the forms of a message at its count, if that is its only
// variable. go-i18n runs a template for each: 4 us, and a list has forty of them.
func countForms(m *goi18n.Message) map[plural.Form][2]string {
	const count = "{{.Count}}"
	forms := map[plural.Form][2]string{}
	for form, text := range map[plural.Form]string{plural.Zero: m.Zero, plural.One: m.One, plural.Two: m.Two, plural.Few: m.Few, plural.Many: m.Many, plural.Other: m.Other} {
		before, after, ok := strings.Cut(text, count)
		if text != "" && !ok || strings.Contains(before+after, "{{") {
			return nil
		}
		if text != "" {
			forms[form] = [2]string{before, after}
		}
	}
	return forms
}

// Locale is the language tag, for the lang attribute.
func (p *Printer) Locale() string { return p.locale }

// Has reports whether there is such a message.
func (p *Printer) Has(id string) bool {
	if _, ok := p.fixed[id]; ok {
		return true
	}
	s, _ := p.localizer.Localize(&goi18n.LocalizeConfig{MessageID: id, TemplateData: map[string]any{}})
	return s != ""
}

// T is the message with the id; pairs of names and values fill its variables. A
// message that is missing shows as its id: no reason to fail a page.
func (p *Printer) T(id string, pairs ...any) string {
	if s, ok := p.fixed[id]; ok {
		return s
	}
	return p.localize(id, &goi18n.LocalizeConfig{MessageID: id, TemplateData: data(pairs, 0)})
}

// N is the message in the plural form that count needs. Its variable Count is the
// count, written as the language writes numbers.
func (p *Printer) N(id string, count int, pairs ...any) string {
	if forms := p.counted[id]; forms != nil && len(pairs) == 0 {
		f, ok := forms[plural.Cardinal.MatchPlural(p.tag, max(count, -count), 0, 0, 0, 0)]
		if !ok {
			f = forms[plural.Other]
		}
		return f[0] + p.Number(count) + f[1]
	}
	d := data(pairs, 1)
	d["Count"] = p.Number(count)
	return p.localize(id, &goi18n.LocalizeConfig{MessageID: id, PluralCount: count, TemplateData: d})
}

func (p *Printer) localize(id string, c *goi18n.LocalizeConfig) string {
	// With an error there is still a best effort: a message that is a plain string
	// has no plural forms, and is right for every count.
	if s, _ := p.localizer.Localize(c); s != "" {
		return s
	}
	return id
}

func data(pairs []any, more int) map[string]any {
	m := make(map[string]any, len(pairs)/2+more)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return m
}

// Number writes a number with the language's separators of thousands.
func (p *Printer) Number(n int) string {
	if p.plain && 0 <= n && n < 1000 {
		return small(n)
	}
	return p.numbers.Sprint(n)
}

func small(n int) string {
	const digits = "0123456789"
	switch {
	case n < 10:
		return digits[n : n+1]
	case n < 100:
		return string([]byte{digits[n/10], digits[n%10]})
	}
	return string([]byte{digits[n/100], digits[n/10%10], digits[n%10]})
}

// Date writes the day, in UTC: what a page says must not depend on the machine
// that wrote it, and pages are shared by readers everywhere.
func (p *Printer) Date(t time.Time) string { return p.date.format(t) }

// DateTime writes the minute, in UTC.
func (p *Printer) DateTime(t time.Time) string { return p.dateTime.format(t) }

// layout is a layout of package time around a month's name, if it has one that
// time does not know.
type layout struct {
	before, after string
	months        []string
}

const longMonth = "January"

func layoutOf(s string, months []string) layout {
	before, after, ok := strings.Cut(s, longMonth)
	if !ok || len(months) != 12 {
		return layout{before: s}
	}
	return layout{before, after, months}
}

func (l layout) format(t time.Time) string {
	t = t.UTC()
	if l.months == nil {
		return t.Format(l.before)
	}
	return t.Format(l.before) + l.months[t.Month()-1] + t.Format(l.after)
}

// IDs are the ids of all messages of a locale's catalogue, for tests.
func IDs(locale string) ([]string, error) {
	b, err := frontend.Files.ReadFile(file(locale))
	if err != nil {
		return nil, err
	}
	bundle := goi18n.NewBundle(language.Make(locale))
	f, err := bundle.ParseMessageFileBytes(b, file(locale))
	if err != nil {
		return nil, err
	}
	ids := make(map[string]bool, len(f.Messages))
	for _, m := range f.Messages {
		ids[m.ID] = true
	}
	return slices.Sorted(maps.Keys(ids)), nil
}
