package notify

import "strings"

type decidedSample struct {
	name string
	data Decided
}

// decidedSamples are all verdicts, on ideas and comments, with what people type.
func decidedSamples(baseURL, locale string) (all []decidedSample) {
	s := wordsOf(locale)
	usual := Decided{Title: s.title, URL: baseURL + "/ideas/06EXAMPLE0000000000000000/mugs", Name: s.name, Links: sampleLinks(baseURL)}
	for _, what := range []string{"approve", "decline", "hide", "uphold", "restore", "remove"} {
		d := usual
		d.What = what
		if what != "approve" {
			d.Reasons, d.Note = []string{"off_topic"}, strings.Split(s.note, "\n")[0]
		}
		all = append(all, decidedSample{what, d})
		d.Comment = true
		all = append(all, decidedSample{what + ", a comment", d})
	}
	gone := all[len(all)-2].data
	gone.Title, gone.Name = "", ""
	hostile := all[2].data
	hostile.Title, hostile.Name, hostile.Note = `<b>Tea</b> & "cake" </h2><script>alert(1)</script>`, "<i>Ann</i> & Co", "<script>alert(2)</script>"
	return append(all, decidedSample{"an idea without a title", gone}, decidedSample{"markup in every field", hostile})
}
