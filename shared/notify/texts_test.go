package notify

import (
	"html/template"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"groundswell/shared/i18n"
	"groundswell/shared/mail"
	"groundswell/shared/markdown"
	"groundswell/shared/portal"
)

// samples are all mails as they go out.
func samples(t *testing.T) []Sample {
	t.Helper()
	x := texts()
	x.Markdown = markdown.HTML
	all, err := Samples(x, i18n.Locales())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range i18n.Locales() {
		if n := len([]rune(wordsOf(l).longTitle)); n != 253 {
			t.Errorf("%s: the long title has %d characters", l, n)
		}
	}
	if len(all) < 10*len(i18n.Locales()) {
		t.Fatalf("%d samples only", len(all))
	}
	return all
}

// mostHTML is far below the 102 KB at which Gmail cuts a mail off.
const mostHTML = 30 << 10

func TestEveryMail(t *testing.T) {
	t.Parallel()
	missing := regexp.MustCompile(`\b(mail|status|step)\.[a-z]+[._a-z]*`) // a message that is missing shows as its id
	for _, s := range samples(t) {
		t.Run(s.Locale+" "+s.Kind+" "+s.Case, func(t *testing.T) {
			t.Parallel()
			m := s.Mail
			if err := m.Validate(); err != nil {
				t.Error(err)
			}
			if len(m.HTML) > mostHTML {
				t.Errorf("HTML of %d bytes", len(m.HTML))
			}
			for part, words := range map[string]string{"subject": m.Subject, "text": m.Text, "HTML": m.HTML} {
				if id := missing.FindString(words); id != "" {
					t.Errorf("%s: no words for %s", part, id)
				}
				for _, never := range []string{"<no value>", "ZgotmplZ", "{{", "%!"} {
					if strings.Contains(words, never) {
						t.Errorf("%s with %q:\n%s", part, never, words)
					}
				}
			}
			doc, err := html.Parse(strings.NewReader(m.HTML))
			if err != nil {
				t.Fatal(err)
			}
			checkMarkup(t, doc, s.Locale)
			checkSaysTheSame(t, doc, m.Text)
			checkPlain(t, m.Text)
		})
	}
}

// checkMarkup is what mail programs and screen readers need.
func checkMarkup(t *testing.T, doc *html.Node, locale string) {
	t.Helper()
	seen := map[string]int{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		seen[n.Data]++
		switch n.Data {
		case "script", "link", "img", "picture", "video", "audio", "svg", "form", "iframe", "object", "embed", "base":
			t.Errorf("<%s> in a mail", n.Data)
		case "style":
			checkStyle(t, n.FirstChild.Data)
		case "html":
			if attr(n, "lang") != locale || attr(n, "dir") == "" {
				t.Errorf("lang %q, dir %q", attr(n, "lang"), attr(n, "dir"))
			}
		case "body": // programs that show several mails drop html and body
			for c := range n.ChildNodes() {
				if c.Data == "div" && attr(c, "role") == "article" && attr(c, "lang") == locale && attr(c, "dir") != "" {
					seen["language inside"]++
				}
			}
		case "table":
			if attr(n, "role") != "presentation" {
				t.Error("a table for layout that readers would announce as one")
			}
		case "a":
			if href := attr(n, "href"); !strings.HasPrefix(href, "https://") {
				t.Errorf("link to %q is not absolute", href)
			}
			if attr(n, "style") == "" {
				t.Errorf("link to %q without a style: it would be blue", attr(n, "href"))
			}
		case "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr":
			if !strings.Contains(attr(n, "style"), "margin") {
				t.Errorf("<%s> without a margin: each program has its own", n.Data)
			}
		}
		for _, a := range n.Attr {
			if a.Key == "src" || a.Key == "srcset" || a.Key == "background" || strings.Contains(a.Val, "url(") || strings.HasPrefix(a.Key, "on") {
				t.Errorf("%s=%q loads or runs something", a.Key, a.Val)
			}
		}
	}
	for _, one := range []string{"h1", "style", "title", "language inside"} {
		if seen[one] != 1 {
			t.Errorf("%d of %s, want 1", seen[one], one)
		}
	}
}

// checkStyle: what a program that drops the style element must not miss is not in it.
func checkStyle(t *testing.T, css string) {
	t.Helper()
	if strings.ContainsAny(css, "@\\") && (strings.Contains(css, "@import") || strings.Contains(css, "@font-face")) {
		t.Error("the style loads something")
	}
	outside := regexp.MustCompile(`(?s)@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}`).ReplaceAllString(css, "")
	outside = strings.Replace(outside, ":root { color-scheme: light dark; supported-color-schemes: light dark; }", "", 1)
	if s := strings.TrimSpace(outside); s != "" {
		t.Errorf("styles that are not for the dark or small screens: %s", s)
	}
	if !strings.Contains(css, "prefers-color-scheme: dark") {
		t.Error("no dark colours")
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// checkSaysTheSame wants every fact of the HTML, and every address, in the text too.
func checkSaysTheSame(t *testing.T, doc *html.Node, plain string) {
	t.Helper()
	// Markup in a note is dropped in the HTML, and stays what it was in the text.
	squeeze := strings.NewReplacer("alert(1)", "", " ", "", "\n", "", "\u00a0", "", "\u200c", "", "\u034f", "").Replace
	plain = squeeze(plain)
	body := false
	for n := range doc.Descendants() {
		switch {
		case n.Type == html.ElementNode && n.Data == "body":
			body = true
		case n.Type == html.ElementNode && n.Data == "a":
			if href := attr(n, "href"); !strings.Contains(plain, href) {
				t.Errorf("text without the address %s", href)
			}
		case n.Type == html.TextNode && body && !strings.Contains(attr(n.Parent, "style"), "display:none"):
			if said := squeeze(n.Data); !strings.Contains(plain, said) {
				t.Errorf("text without %q:\n%s", n.Data, plain)
			}
		}
	}
}

// checkPlain: the text part is plain, and set to be read.
func checkPlain(t *testing.T, plain string) {
	t.Helper()
	if strings.Contains(plain, "\n\n\n") || strings.Contains(plain, "&amp;") || strings.Contains(plain, "<p") || !strings.HasSuffix(plain, "\n") || strings.HasSuffix(plain, "\n\n") {
		t.Errorf("not tidy:\n%s", plain)
	}
	lines := strings.Split(plain, "\n")
	if !strings.HasPrefix(lines[1], "====") {
		t.Errorf("no heading:\n%s", plain)
	}
	for _, l := range lines {
		if wide(l) > columns && len(pieces(l)) > 1 {
			t.Errorf("line of %d columns: %s", wide(l), l)
		}
		if l != "-- " && l != strings.TrimRight(l, " ") {
			t.Errorf("line %q ends with spaces", l)
		}
	}
}

func TestCodeCanBeCopied(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{"en": "It is good for 10 minutes", "zh": "10 分钟内有效"} {
		m, err := texts().signIn(tag, signInData{Code: "012345", Minutes: 10})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(m.Subject, "012345") || !strings.Contains(m.Text, "\n\n012345\n\n") || !strings.Contains(m.HTML, ">012345<") {
			t.Errorf("the code can't be copied in one go:\n%s\n%s\n%s", m.Subject, m.Text, m.HTML)
		}
		if !strings.Contains(m.Text, want) || !strings.Contains(m.HTML, want) {
			t.Errorf("mail without %q:\n%s", want, m.Text)
		}
	}
}

func TestLaunchedSays(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	usual := Launched{Title: "Tea", URL: "https://ideas.example.com/ideas/1/tea", Name: "Ann", Own: true, Votes: 35094, Days: 1461, Note: "Come & *see*",
		Link: "https://example.com/tea", Path: []Step{{To: portal.New, Submitted: true, At: day}, {To: portal.Planned, At: day.AddDate(0, 0, 9)}, {To: portal.Launched, At: day.AddDate(0, 2, 0), Last: true}}}
	for _, tc := range []struct {
		name        string
		tag         string
		change      func(*Launched)
		want, never []string
	}{
		{"usual", "en", func(*Launched) {}, []string{"Your idea is real", "Hello Ann,", "35,094", "people wanted it", "1,461", "days from idea to launch", "https://example.com/tea",
			"A word from the team", "Submitted", "4 May 2026", "Coming soon", "13 May 2026", "Launched", "4 July 2026", "because you shared the idea on Groundswell"}, []string{"merged"}},
		{"usual", "zh", func(*Launched) {}, []string{"你的点子成真了", "Ann，你好！", "35,094", "人想要它", "1,461", "团队的话", "2026年5月4日", "即将推出", "已上线", "2026年7月4日"}, []string{"并入", "您"}},
		{"merged", "en", func(l *Launched) { l.Own = false }, []string{"An idea like yours is real", "was merged into this one", "See the idea"}, []string{"Your idea is", "See your idea", "it began with you"}},
		{"merged", "zh", func(l *Launched) { l.Own = false }, []string{"你参与的点子成真了", "并入了这一个"}, []string{"你的点子成真"}},
		{"one vote, one day", "en", func(l *Launched) { l.Votes, l.Days = 1, 1 }, []string{"person wanted it", "day from idea to launch"}, []string{"people", "days"}},
		{"no vote, the same day", "en", func(l *Launched) { l.Votes, l.Days = 0, 0 }, nil, []string{"wanted it", "from idea to launch"}},
		{"votes below zero", "en", func(l *Launched) { l.Votes = -71 }, []string{"days from idea"}, []string{"-71", ">71", "wanted it"}},
		{"votes below zero", "zh", func(l *Launched) { l.Votes = -71 }, nil, []string{"-71", "人想要"}},
		{"no note, no link", "en", func(l *Launched) { l.Note, l.Link = "", "" }, []string{"See your idea"}, []string{"A word from", "Where to find"}},
		{"no name, no path", "zh", func(l *Launched) { l.Name, l.Path = "", nil }, []string{"看看你的点子"}, []string{"，你好", "一路走来"}},
	} {
		t.Run(tc.tag+" "+tc.name, func(t *testing.T) {
			t.Parallel()
			l := usual
			tc.change(&l)
			m, err := texts().Launched(tc.tag, l)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range tc.want {
				if !strings.Contains(strings.ReplaceAll(m.Text, "\n", " "), want) || !strings.Contains(m.HTML, want) {
					t.Errorf("mail without %q:\n%s\n%s", want, m.Text, m.HTML)
				}
			}
			for _, never := range tc.never {
				if strings.Contains(m.Subject+m.Text+m.HTML, never) {
					t.Errorf("mail with %q:\n%s", never, m.Text)
				}
			}
		})
	}
}

func TestLanguageFallsBack(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{"en": "en", "zh": "zh", "zh-Hans-CN": "zh", "en-GB": "en", "xx": "en", "": "en", "../../x": "en", "*": "en"} {
		m, err := texts().signIn(tag, signInData{Code: "012345", Minutes: 2})
		if err != nil || !strings.Contains(m.HTML, `<html lang="`+want+`"`) {
			t.Errorf("language %q: %v; want %q\n%s", tag, err, want, m.HTML)
		}
	}
}

// A language that runs the other way turns the page, not only the words.
func TestRightToLeft(t *testing.T) {
	t.Parallel()
	x := texts()
	x.Words = func(string) Words { return hebrew{i18n.For("en")} }
	m, err := x.signIn("he", signInData{Code: "012345", Minutes: 2})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(m.HTML, `dir="rtl"`) || strings.Contains(m.HTML, `align="left"`) || !strings.Contains(m.HTML, `<span dir="ltr"`) {
		t.Errorf("HTML:\n%s", m.HTML)
	}
}

type hebrew struct{ Words }

func (hebrew) Locale() string { return "he" }

func TestMarkupIsEscaped(t *testing.T) {
	t.Parallel()
	for _, render := range []func(string) template.HTML{nil, texts().Markdown, markdown.HTML} {
		x := texts()
		x.Markdown, x.Portal = render, "<u>Ideas</u>"
		m, err := x.Launched("en", Launched{Title: "<script>alert(1)</script>\r\nBcc: eve@example.com", Name: "<b>", URL: "javascript:alert(1)", Link: "javascript:alert(2)", Note: "<script>x</script> [x](javascript:alert(3))", Own: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, never := range []string{"<script", `href="javascript:`, "<b>", "<u>"} {
			if strings.Contains(m.HTML, never) {
				t.Errorf("HTML with %s:\n%s", never, m.HTML)
			}
		}
		if strings.ContainsAny(m.Subject, "\r\n") {
			t.Errorf("subject %q", m.Subject)
		}
	}
}

// A subject fits into a header, whatever the title is made of.
func TestSubjectOfLongTitles(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		strings.Repeat("word ", 51):             strings.TrimSpace(strings.Repeat("word ", 15)) + "…",
		strings.Repeat("点", portal.MaxTitle):    strings.Repeat("点", 39) + "…",
		strings.Repeat("\U0001F375", 255):       strings.Repeat("\U0001F375", 39) + "…",
		"A title that fits":                     "A title that fits",
		strings.Repeat("x", 80):                 strings.Repeat("x", 80),
		"One, " + strings.Repeat("endless", 30): ("One, " + strings.Repeat("endless", 30))[:79] + "…",
		strings.Repeat("abcd, ", 20):            strings.Repeat("abcd, ", 12) + "abcd…",
	} {
		m, err := texts().Launched("en", Launched{Title: title, URL: "https://x.example", Own: true})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimPrefix(m.Subject, "Your idea is real: "); got != want {
			t.Errorf("title %q:\n got %q\nwant %q", title, got, want)
		}
		m.ID, m.From, m.To = "1", "a@example.com", "b@example.com"
		if err := m.Validate(); err != nil {
			t.Errorf("title %q: %v", title, err)
		}
	}
}

func TestMissingTemplates(t *testing.T) {
	t.Parallel()
	x := texts()
	x.FS = os.DirFS(t.TempDir())
	if _, err := x.signIn("en", signInData{}); err == nil {
		t.Error("no error")
	}
	if _, err := Samples(x, []string{"en"}); err == nil {
		t.Error("samples without templates: no error")
	}
}

// Each mail has both parts, and no file is there for nothing.
func TestTemplateFiles(t *testing.T) {
	t.Parallel()
	want := map[string]bool{"decided.html": true, "decided.txt": true, "digest.html": true, "digest.txt": true, "entered.html": true, "entered.txt": true, "followed.html": true, "followed.txt": true, "launched.html": true, "launched.txt": true, "layout.html": true, "layout.txt": true, "merged.html": true, "merged.txt": true, "sign_in.html": true, "sign_in.txt": true, "test.html": true, "test.txt": true}
	files, err := fs.Glob(templateFiles, "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !want[f] {
			t.Errorf("%s: which mail is that?", f)
		}
		delete(want, f)
	}
	for f := range want {
		t.Errorf("%s is missing", f)
	}
	for _, kind := range []string{kindLaunched, kindSignIn, kindDigest, kindTest, kindChanged, kindDecided, kindEntered} {
		found := false
		for _, s := range samples(t) {
			found = found || s.Kind == kind
		}
		if !found {
			t.Errorf("no sample of %s", kind)
		}
	}
	if (mail.Message{}).Validate() == nil {
		t.Error("an empty mail is valid: the samples prove nothing")
	}
}
