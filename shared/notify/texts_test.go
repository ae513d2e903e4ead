package notify

import (
	"html/template"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"groundswell/shared/mail"
)

// locales that every mail must exist in.
var locales = []string{"en", "zh"}

func TestEveryMailInEveryLocale(t *testing.T) {
	t.Parallel()
	for _, locale := range locales {
		for _, tc := range []struct {
			name        string
			make        func(*Texts) (mail.Message, error)
			want, never []string
		}{
			{"sign-in", func(x *Texts) (mail.Message, error) { return x.signIn(locale, signInData{Code: "012345", Minutes: 10}) },
				[]string{"012345", "10", "Groundswell"}, nil},
			{"launched", func(x *Texts) (mail.Message, error) {
				return x.launched(locale, launchedData{Title: "Tea & <cake>", URL: "https://ideas.example.com/ideas/1/tea", Name: "Ann", Own: true, Votes: 1203, Note: "Come & *see*", Link: "https://example.com/tea"})
			}, []string{"Tea & <cake>", "https://ideas.example.com/ideas/1/tea", "Ann", "1203", "Come & *see*", "https://example.com/tea", "Groundswell"}, nil},
			{"launched, one vote", func(x *Texts) (mail.Message, error) {
				return x.launched(locale, launchedData{Title: "Tea", URL: "https://x.example", Name: "Ann", Own: true, Votes: 1})
			}, []string{"Tea"}, []string{"1 people", "***"}},
			{"launched, votes below zero, no note", func(x *Texts) (mail.Message, error) {
				return x.launched(locale, launchedData{Title: "Tea", URL: "https://x.example", Name: "Ann", Own: true, Votes: -3})
			}, []string{"Tea"}, []string{"-3", "people voted", "What the team says", "团队留言", "人为它投票"}},
			{"launched, merged", func(x *Texts) (mail.Message, error) {
				return x.launched(locale, launchedData{Title: "Tea", URL: "https://x.example", Name: "Ann", Votes: 2})
			}, []string{"Tea", "2"}, []string{"Your idea is", "your idea “", "您提交的创意“"}},
		} {
			t.Run(locale+" "+tc.name, func(t *testing.T) {
				t.Parallel()
				m, err := tc.make(texts())
				if err != nil {
					t.Fatal(err)
				}
				rich := visible(t, m.HTML)
				for _, want := range tc.want {
					if !strings.Contains(m.Text, want) {
						t.Errorf("text without %q:\n%s", want, m.Text)
					}
					if !strings.Contains(rich, want) {
						t.Errorf("HTML without %q:\n%s", want, m.HTML)
					}
				}
				for _, never := range append(tc.never, "<no value>", "ZgotmplZ", "\n\n\n") {
					if strings.Contains(m.Text+m.Subject, never) || never != "\n\n\n" && strings.Contains(m.HTML, never) {
						t.Errorf("%q in:\n%s\n%s\n%s", never, m.Subject, m.Text, m.HTML)
					}
				}
				if strings.Contains(m.Text, "<p") || strings.Contains(m.Text, "&amp;") {
					t.Errorf("markup in the text:\n%s", m.Text)
				}
				m.ID, m.From, m.To = "1", "a@example.com", "b@example.com"
				if err := m.Validate(); err != nil {
					t.Error(err)
				}
				if len(m.HTML) > 100<<10 {
					t.Errorf("HTML of %d bytes: Gmail clips at 102 KB", len(m.HTML))
				}
			})
		}
	}
}

// visible is the text and the links of an HTML mail; it checks what mail programs
// need of the markup on the way.
func visible(t *testing.T, s string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range doc.Descendants() {
		switch n.Type {
		case html.TextNode:
			b.WriteString(n.Data)
		case html.ElementNode:
			attr := map[string]string{}
			for _, a := range n.Attr {
				attr[a.Key] = a.Val
			}
			switch n.Data {
			case "script", "link", "style", "img", "form", "iframe":
				t.Errorf("<%s> in a mail", n.Data)
			case "html":
				if attr["lang"] == "" {
					t.Error("no language")
				}
			case "table":
				if attr["role"] != "presentation" {
					t.Error("a table for layout that readers would announce as one")
				}
			case "a":
				b.WriteString(" " + attr["href"] + " ")
			}
		}
	}
	return b.String()
}

func TestLocaleFallsBack(t *testing.T) {
	t.Parallel()
	x := texts()
	for tag, want := range map[string]string{"en": "en", "zh": "zh", "zh-Hans-CN": "zh", "en-GB": "en", "fr": "en", "": "en", "../../x": "en", "*": "en", ".": "en"} {
		if got, err := x.locale("launched", tag); err != nil || got != want {
			t.Errorf("locale %q: %q, %v; want %q", tag, got, err, want)
		}
	}
}

func TestMarkupIsEscaped(t *testing.T) {
	t.Parallel()
	for _, markdown := range []func(string) template.HTML{nil, texts().Markdown} {
		x := texts()
		x.Markdown = markdown
		m, err := x.launched("en", launchedData{Title: "<script>alert(1)</script>\r\nBcc: eve@example.com", Name: "<b>", URL: "javascript:alert(1)", Note: "<script>x</script>", Own: true})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(m.HTML, "<script") || strings.Contains(m.HTML, "javascript:") || strings.Contains(m.HTML, "<b>") {
			t.Errorf("HTML:\n%s", m.HTML)
		}
		if strings.ContainsAny(m.Subject, "\r\n") {
			t.Errorf("subject %q", m.Subject)
		}
	}
}

func TestMissingTemplates(t *testing.T) {
	t.Parallel()
	x := &Texts{FS: os.DirFS(t.TempDir())}
	if _, err := x.signIn("en", signInData{}); err == nil {
		t.Error("no error")
	}
}

// Each mail has both parts in each locale, and no file is there for nothing.
func TestTemplateFiles(t *testing.T) {
	t.Parallel()
	want := map[string]bool{"layout.html": true}
	for _, name := range []string{"launched", "sign_in"} {
		for _, l := range locales {
			want[name+"."+l+".txt"], want[name+"."+l+".html"] = true, true
		}
	}
	files, err := fs.Glob(templateFiles, "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !want[path.Base(f)] {
			t.Errorf("%s: which mail is that?", f)
		}
		delete(want, f)
	}
	for f := range want {
		t.Errorf("%s is missing", f)
	}
}
