package markdown

import (
	"strings"
	"sync"
	"testing"
)

func TestHTML(t *testing.T) {
	t.Parallel()
	const r = ` rel="nofollow ugc noopener"`
	for _, tt := range []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"a paragraph with hard breaks", "one\ntwo", "<p>one<br>\ntwo</p>\n"},
		{"emphasis", "*a* **b** `c<d`", "<p><em>a</em> <strong>b</strong> <code>c&lt;d</code></p>\n"},
		{"headings are demoted", "# a\n\n## b\n\n# c", "<h3>a</h3>\n<h4>b</h4>\n<h3>c</h3>\n"},
		{"headings jump no levels", "## a\n\n###### b\n\n# c", "<h3>a</h3>\n<h4>b</h4>\n<h3>c</h3>\n"},
		{"a list that starts at 3", "3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n"},
		{"a quote", "> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"},
		{"a link", "[a](https://example.com/?b=1&c=2)", `<p><a href="https://example.com/?b=1&amp;c=2"` + r + ">a</a></p>\n"},
		{"a link inside the portal", "[a](/ideas/1)", `<p><a href="/ideas/1"` + r + ">a</a></p>\n"},
		{"a link by name only", "[a](b)", "<p><a>a</a></p>\n"},
		{"a protocol-relative link", "[a](//evil.example/)", "<p><a>a</a></p>\n"},
		{"a back-slashed link", `[a](/\evil.example/)`, `<p><a href="/%5Cevil.example/"` + r + ">a</a></p>\n"},
		{"a script link", "[a](javascript:alert(1))", "<p><a>a</a></p>\n"},
		{"a script link in entities", "[a](java&#115;cript:alert(1))", "<p><a>a</a></p>\n"},
		{"a data link", "[a](data:text/html;base64,PHNjcmlwdD4=)", "<p><a>a</a></p>\n"},
		{"a mail link", "<a@example.com>", `<p><a href="mailto:a@example.com"` + r + ">a@example.com</a></p>\n"},
		{"raw HTML is left out", "a <script>alert(1)</script> <b onclick=x>b</b>", "<p>a alert(1) b</p>\n"},
		{"a block of raw HTML is left out", "<div onclick=x>\na\n</div>\n\nb", "\n<p>b</p>\n"},
		{"a picture becomes a link", "![tea](https://example.com/t.png)", `<p><a href="https://example.com/t.png"` + r + ">tea</a></p>\n"},
		{"a picture without words", "![](https://example.com/t.png)", `<p><a href="https://example.com/t.png"` + r + ">https://example.com/t.png</a></p>\n"},
		{"a picture in a link", "[![tea](/t.png)](/x)", `<p><a href="/x"` + r + ">tea</a></p>\n"},
		{"a bare address", "see https://example.com/a_b_c.", `<p>see <a href="https://example.com/a_b_c"` + r + ">https://example.com/a_b_c</a>.</p>\n"},
		{"a bare address first", "http://example.com", `<p><a href="http://example.com"` + r + ">http://example.com</a></p>\n"},
		{"bare addresses in brackets", "(https://example.com/a(b)) (http://example.com)", `<p>(<a href="https://example.com/a(b)"` + r + `>https://example.com/a(b)</a>) (<a href="http://example.com"` + r + ">http://example.com</a>)</p>\n"},
		{"a bare address in Chinese", "见https://example.com。好", `<p>见<a href="https://example.com"` + r + ">https://example.com</a>。好</p>\n"},
		{"no bare address in code", "`https://example.com`", "<p><code>https://example.com</code></p>\n"},
		{"no bare address in a link", "[https://example.com](https://example.org)", `<p><a href="https://example.org"` + r + ">https://example.com</a></p>\n"},
		{"no address after a letter", "xhttp://example.com", "<p>xhttp://example.com</p>\n"},
		{"a scheme alone", "https:// and ://", "<p>https:// and ://</p>\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := string(render(tt.in)); got != tt.want {
				t.Errorf("%q\n got %q\nwant %q", tt.in, got, tt.want)
			}
		})
	}
}

// The second defence has to hold alone: here it gets what goldmark never writes.
func TestSanitise(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"a script", "a<script>alert(1)</script>b", "ab"},
		{"a script that never ends", "a<script>alert(1)", "a"},
		{"an event handler", `<p onclick="x">a</p>`, "<p>a</p>"},
		{"a style", `<p style="x" class="y" id="z">a</p>`, "<p>a</p>"},
		{"a picture", `<img src=x onerror=alert(1)>a`, "a"},
		{"script link, spaced", "<a href=\" java\nscript:alert(1)\">a</a>", "<a>a</a>"},
		{"script link, entities", `<a href="&#106;avascript:alert(1)">a</a>`, "<a>a</a>"},
		{"an svg", `<svg><a href="/">x</a></svg>b`, "b"},
		{"a comment", "a<!-- --><!--> b", "a b"},
		{"an unclosed element", "<blockquote><p>a", "<blockquote><p>a</p></blockquote>"},
		{"a stray end tag", "a</p></div></main>", "a"},
		{"crossed elements", "<em><strong>a</em>b</strong>", "<em><strong>a</strong></em>b"},
		{"an odd start", `<ol start="1 onclick=x"><li>a</ol>`, "<ol><li>a</li></ol>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := sanitise([]byte(tt.in)); got != tt.want {
				t.Errorf("%q\n got %q\nwant %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestBomb(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		want     bool
	}{
		{"quotes", strings.Repeat(">", 32_000), true},
		{"lists", strings.Repeat("1. ", 10_000), true},
		{"links", strings.Repeat("[a](", 8_000), true},
		{"pictures", strings.Repeat("![](", 8_000), true},
		{"after a blank line", "a\n\n" + strings.Repeat("- ", 100), true},
		{"a rule", strings.Repeat("-", 200), false},
		{"a long list", strings.Repeat("- a\n", 5_000), false},
		{"nested quotes of a long thread", strings.Repeat("> ", 10) + "a", false},
		{"figures", strings.Repeat("1.5 2.5 ", 500), false},
		{"many links", strings.Repeat("[a](/b) ", 300), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := bomb(tt.in); got != tt.want {
				t.Errorf("bomb = %v", got)
			}
			harmless(t, tt.name, string(render(tt.in)))
		})
	}
}

func TestSimple(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"": true, "It's fine: 3 cups (or 4), 50% = half - no?\nYes!\n\n2026 was good": true, "茶，好。": true,
		"*a*": false, "a_b_": false, "`a`": false, "a [b](c)": false, "<b>": false, "&amp;": false, "a\\\nb": false, "# a": false, "- a": false, "+ a": false, "1. a": false, "1) a": false,
		"a\n===": false, "a\n---": false, "    a": false, "\ta": false, "a  \nb \n  \nc ": true, "see http://a.b": false, "\xff": false, "a\r\nb": false,
	} {
		if simple(s) != want {
			t.Errorf("simple(%q) = %v", s, !want)
		}
		if got, long := render(s), parsed(s); want && got != long {
			t.Errorf("%q\n  gave %q\nwant %q", s, got, long)
		}
	}
}

func BenchmarkRenderSimple(b *testing.B) {
	for b.Loop() {
		render("I would use that every day, and so would most of my friends.\nPlease do it!")
	}
}

func TestHTMLConcurrently(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 200 {
				s := strings.Repeat("*a* ", i%20+1)
				if got := HTML(s); got != render(s) {
					t.Errorf("HTML(%q) = %q", s, got)
				}
			}
		})
	}
	wg.Wait()
}

const sample = "I'd **love** this.\n\n* less sugar\n* more [tea](https://example.com/tea)\n\n> Honestly: https://example.com/why\n\n" +
	"It would make the morning better for everybody who stands in line at eight o'clock, and for those who serve them.\n"

func BenchmarkRender(b *testing.B) {
	for b.Loop() {
		render(sample)
	}
}

func BenchmarkHTMLKept(b *testing.B) {
	for b.Loop() {
		HTML(sample)
	}
}
