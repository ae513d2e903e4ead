package web

import (
	"bytes"
	"strings"
	"testing"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// part is a view with a mould, and the part of a template that shows it.
type part struct {
	page, name string
	view       interface{ marked(*slots) any }
}

// sampleParts are views with each of their branches taken and not, holding text.
func sampleParts(text string) []part {
	who := portal.Author{ID: "0123456789abcdefghjk", Name: text}
	team := portal.Author{Name: text, Team: true}
	at := whenView{"2026-03-01T09:30:00Z", "1 March 2026, 09:30 UTC", "1 March 2026"}
	vote := voteView{ID: "0123456789abcdefg", Title: text, Count: "35,094", Back: "/?sort=top&q=a%20b#i-1"}
	voted, closed := vote, vote
	voted.Voted, closed.Closed = true, true
	card := cardView{ID: vote.ID, URL: "/ideas/1/%E8%8C%B6", Title: text, Excerpt: text, Category: text, CategoryURL: "/?category=tea", Status: portal.Planned, Author: who, Created: at, Comments: "1 comment", Vote: vote}
	bare := cardView{ID: vote.ID, URL: "/ideas/1/x", Title: text, Category: text, CategoryURL: "/?category=tea", Author: team, Created: at, Comments: "0 comments", Vote: voted}
	comment := commentView{Anchor: "c-1", URL: "/ideas/1/a?comment=1#c-1", Author: who, Created: at, Edited: true, Body: "<p>zq00qz &amp; <em>more</em></p>"}
	mine, gone := comment, comment
	mine.MayEdit, mine.EditURL, mine.DeleteURL = true, "/ideas/1/comments/1/edit", "/ideas/1/comments/1/delete"
	mine.Reply = &commentForm{ID: "reply-1", Field: "reply-body-1", Action: "/ideas/1/comments", Parent: "1", Body: text, Open: true, Problem: fieldProblem{Field: "reply-body-1", Text: text}}
	gone.Deleted, gone.Orphan, gone.Body = true, true, ""
	idea := ideaView{base: base{SignIn: "/sign-in?next=%2Fideas%2F1"}, Card: card, Status: portal.Launched, Body: "<p>Text</p>", Answer: "<p>Answer</p>", Similar: "/?q=a", Steps: "<li>Step</li>", Discussion: text, Threads: "<p>Thread</p>",
		Linked: "<p>Linked</p>", Earlier: "/ideas/1/x#discussion", Pager: pager{"/", "/?cursor=x#discussion"}}
	frame := base{Site: text, Lang: "en", Title: text, Description: text, Canonical: "https://example.com/?a=b&c=d", Section: "ideas", Here: "/?q=%22", SignIn: "/sign-in?next=%2F", Me: &who, Notice: text, Main: "<p>Main</p>",
		Languages: []languageChoice{{"en", "English", true}, {"zh", "中文", false}}}
	failed := errorView{base: frame, Status: 500, Heading: text, Text: text, Target: "/ideas/1", Back: "/?q=a%20b", Wait: text, Search: true, RequestID: text}
	return []part{
		{"error", "main", failed}, {"error", "main", errorView{Status: 404, Heading: text, Text: text}},
		{"home", "card", card}, {"home", "card", bare}, {"home", "card", cardView{Vote: closed}}, {"home", "card", cardView{}},
		{"idea", "comment", comment}, {"idea", "comment", mine}, {"idea", "comment", gone}, {"idea", "comment", commentView{}},
		{"idea", "thread", castThread{"<p>a</p>", "<p>b</p>"}},
		{"idea", "step", stepView{To: portal.Planned, Name: text, At: at, By: who, Note: "<p>Note</p>", Idea: "1", Current: true}}, {"idea", "step", stepView{By: team}},
		{"idea", "answer", stepView{To: portal.Planned, Name: text, At: at, By: team, Note: "<p>Note</p>", Current: true}}, {"idea", "answer", stepView{By: team}},
		{"idea", "main", idea}, {"idea", "main", ideaView{Status: portal.New, Card: bare}},
		{"layout", "layout", frame}, {"layout", "layout", base{Lang: "en", Section: "me"}},
	}
}

// What is cast from a mould is what the template itself writes, to the byte.
func TestMoulds(t *testing.T) {
	t.Parallel()
	texts := []string{"Tea", `"><script>alert(1)</script>`, "a & b + c ' d ` e = f", "</textarea></title><!--", "zq00qz zq01qz zq99qz zq", "茶 & <牛奶>", "\x00\u2028\uFFFD", "{{.Title}}", " "}
	for _, locale := range i18n.Locales() {
		for _, text := range texts {
			for _, p := range sampleParts(text) {
				checkMould(t, locale, p)
			}
		}
	}
}

func FuzzMoulds(f *testing.F) {
	f.Add("Tea")
	f.Add(`"'&<>+zq01qz`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range sampleParts(text) {
			checkMould(t, "en", p)
		}
	})
}

func checkMould(t *testing.T, locale string, p part) {
	t.Helper()
	var want, got bytes.Buffer
	if err := fragment(&want, p.page, locale, p.name, p.view); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time the mould is there
		got.Reset()
		if err := cast(&got, p.page, locale, p.name, p.view.marked); err != nil {
			t.Fatal(err)
		}
		if g, w := got.String(), want.String(); g != w {
			i := 0
			for i < min(len(g), len(w)) && g[i] == w[i] {
				i++
			}
			t.Fatalf("%s of %s (%s): cast\n%q\nwhere the template writes\n%q", p.name, p.page, locale, around(g, i), around(w, i))
		}
	}
}

func around(s string, i int) string { return s[max(0, i-60):min(len(s), i+60)] }

// A script that somebody typed stays text, in every part.
func TestMouldsEscape(t *testing.T) {
	t.Parallel()
	for _, p := range sampleParts(`"><script>alert(1)</script>`) {
		var b bytes.Buffer
		if err := cast(&b, p.page, "en", p.name, p.view.marked); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "<script>alert") {
			t.Errorf("%s: a script got into the page:\n%s", p.name, b.String())
		}
	}
}
