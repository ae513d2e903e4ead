package notify

import "groundswell/shared/mail"

// digestData is a Digest with what the templates need besides.
type digestData struct {
	base
	Digest
	URL string // behind the button
}

// digestPart is one of the lists, with what its template needs besides.
type digestPart struct {
	base
	Lines []DigestLine
}

// Part is for the template.
func (d digestData) Part(lines []DigestLine) digestPart { return digestPart{d.base, lines} }

// Digest writes a weekly summary in the language that fits the tag best.
func (t *Texts) Digest(tag string, d Digest) (mail.Message, error) {
	return t.make("digest", tag, d.Links, func(b base) any {
		return digestData{base: b, Digest: d, URL: b.BaseURL}
	})
}

type digestSample struct {
	name string
	data Digest
}

// digestSamples are a full week, a week of which there is little to say, and what
// people really type.
func digestSamples(baseURL, locale string) []digestSample {
	s := wordsOf(locale)
	at := func(n int) string { return baseURL + "/ideas/06EXAMPLE000000000000000" + string(rune('0'+n)) + "/idea" }
	full := Digest{Links: sampleLinks(baseURL), Name: s.name, From: firstDay, To: firstDay.AddDate(0, 0, 6),
		Yours:    []DigestLine{{s.title, at(1), "launched", 1203}, {s.everyday[0], at(2), "declined", 12}},
		Launched: []DigestLine{{s.everyday[1], at(3), "launched", 35094}},
		Moved:    []DigestLine{{s.everyday[2], at(4), "planned", 1}, {s.longTitle, at(5), "in_progress", -71}},
		Fresh:    []DigestLine{{s.everyday[3], at(6), "new", 88}, {"<b>Tea</b> & cake", at(7), "new", 7}}}
	return []digestSample{{"a full week", full},
		{"one new idea", Digest{From: full.From, To: full.To, Fresh: full.Fresh[:1]}}}
}
