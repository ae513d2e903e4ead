package markdown

import (
	"strings"
	"testing"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// oracle is an independent opinion of what is harmless.
func oracle() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h3", "h4", "h5", "h6", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a")
	p.AllowAttrs("href", "rel").OnElements("a")
	p.AllowAttrs("start").OnElements("ol")
	p.AllowNoAttrs().OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	return p
}

func FuzzHTML(f *testing.F) {
	for _, s := range []string{
		"It's fine, really: 3 cups (or 4) a day!\nNo more.\n\n\n\"Yes\" - he said; 50% of it = 1.5\n2026 was good\n\na", "\n\na\n", "茶\u00a0\u3000好。\n\u2028x\u0085", "a\n==", "1) a",
		sample, "# a\n<script>alert(1)</script>", "[a](javascript:alert(1))", "![a](x onerror=alert(1))", "<a@b.c>", "<https://a.b>",
		"[a]: javascript:x\n[a]", "`<script>`", "    <script>", "```html\n<img onerror=x>\n```", "a&lt;b&#60;script>", "https://a.b/\"onclick=x",
		"[a](<https://a.b/ \" onclick=x>)", "](https://x)[", "**[a](b)", "1. a\n   - b\n     > c", "\x00<\x00script>", "https://[::1]:80/%zz", "a\\\nb",
		"[![a](b)](c)", "![[a](b)](c)", "http://a.b/(c", "[a](/\\\\b)", "[a](%2f%2fb)", "<a href=x>", "<!-- a -->", "&#x6A;avascript:x",
	} {
		f.Add(s)
	}
	policy := oracle()
	f.Fuzz(func(t *testing.T, s string) {
		out := string(render(s))
		harmless(t, s, out)
		if simple(s) {
			if long := string(parsed(s)); out != long {
				t.Errorf("%q\ngave %q\nwhere goldmark gives %q", s, out, long)
			}
		}
		if diff := firstDifference(tokens(out), tokens(policy.Sanitize(out))); diff != "" {
			t.Errorf("%q\ngave %q\nin which the oracle changed %s", s, out, diff)
		}
		if again := sanitise([]byte(out)); again != out {
			t.Errorf("%q\ngave %q\nwhich is sanitised to %q", s, out, again)
		}
	})
}

// FuzzSanitise tries the second defence without the first.
func FuzzSanitise(f *testing.F) {
	for _, s := range []string{
		"<p>a</p>", "<script>x</script>", "<a href='javascript:x'>", "<svg><style><img onerror=x>", "<textarea><p></textarea><script>", "<noscript><p title='</noscript><img onerror=x>'>",
		"<math><mtext><table><mglyph><style><!--</style><img title='--><img onerror=x>'>", "<a href=\"x\" href=\"javascript:x\">", "<!--><img onerror=x>-->", "<a/href=//b>", "<p<a>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { harmless(t, s, sanitise([]byte(s))) })
}

// harmless fails the test if a browser could run anything in out, or if out could
// reach beyond the element it is put in.
func harmless(t *testing.T, in, out string) {
	t.Helper()
	depth := 0
	for _, tok := range tokens(out) {
		switch tok.Type {
		case html.EndTagToken:
			depth--
		case html.StartTagToken:
			if tok.Data != "br" && tok.Data != "hr" {
				depth++
			}
			if strings.Contains(" script style iframe object embed svg math img form input base link meta ", " "+tok.Data+" ") {
				t.Errorf("%q\ngave %q\nwith <%s>", in, out, tok.Data)
			}
		case html.CommentToken, html.DoctypeToken:
			t.Errorf("%q\ngave %q\nwith %s", in, out, tok)
		}
		for _, a := range tok.Attr {
			v := strings.ToLower(strings.Map(func(r rune) rune {
				if r <= ' ' {
					return -1
				}
				return r
			}, a.Val))
			if a.Key != "href" && a.Key != "rel" && a.Key != "start" || strings.HasPrefix(v, "javascript:") || strings.HasPrefix(v, "data:") || strings.HasPrefix(v, "vbscript:") ||
				strings.HasPrefix(v, "//") || strings.HasPrefix(v, `/\`) || strings.HasPrefix(v, `\`) {
				t.Errorf("%q\ngave %q\nwith %s=%q", in, out, a.Key, a.Val)
			}
		}
		if depth < 0 {
			t.Fatalf("%q\ngave %q\nwhich closes more than it opens", in, out)
		}
	}
	if depth != 0 {
		t.Errorf("%q\ngave %q\nwhich leaves %d elements open", in, out, depth)
	}
}

func tokens(s string) []html.Token {
	var out []html.Token
	for z := html.NewTokenizer(strings.NewReader(s)); z.Next() != html.ErrorToken; {
		t := z.Token()
		if n := len(out); t.Type == html.TextToken && n > 0 && out[n-1].Type == html.TextToken {
			out[n-1].Data += t.Data
			continue
		}
		out = append(out, t)
	}
	return out
}

func firstDifference(a, b []html.Token) string {
	for i := range max(len(a), len(b)) {
		if i >= len(a) {
			return "nothing to " + b[i].String()
		}
		if i >= len(b) {
			return a[i].String() + " to nothing"
		}
		if a[i].String() != b[i].String() {
			return a[i].String() + " to " + b[i].String()
		}
	}
	return ""
}
