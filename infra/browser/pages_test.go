package browser

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
)

// pairs are the ways to come to the portal such that every two of language, width and
// JavaScript meet: half of all there are, and what depends on all three at once has
// not been invented.
var pairs = []look{
	{"en", 360, true},
	{"zh", 1440, true},
	{"en", 1440, false},
	{"zh", 360, false},
}

// TestPortal shares one Chromium between everything that is looked at. Of its three
// portals one is changed all the time, one keeps still, and one is empty.
func TestPortal(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("drives a browser")
	}
	c := start(t)
	var teams []string
	for _, l := range pairs {
		teams = append(teams, teamOf(l))
	}
	busy, quiet, empty := open(t, teams...), open(t, teams...), open(t)
	busy.settle(t, teams[0])
	quiet.settle(t, teams[0])
	t.Run("first visit", func(t *testing.T) { t.Parallel(); firstVisit(t, c, quiet) })
	t.Run("offline", func(t *testing.T) { t.Parallel(); offline(t, c, quiet, look{"zh", 360, true}) })
	for _, l := range pairs {
		t.Run("journey/"+l.String(), func(t *testing.T) { t.Parallel(); journey(t, c, busy, l) })
		t.Run("visitor/"+l.String(), func(t *testing.T) { t.Parallel(); visitor(t, c, quiet, l) })
		t.Run("voter/"+l.String(), func(t *testing.T) { t.Parallel(); voter(t, c, busy, l) })
		t.Run("console/"+l.String(), func(t *testing.T) { t.Parallel(); console(t, c, l) })
		t.Run("moderation/"+l.String(), func(t *testing.T) { t.Parallel(); moderation(t, c, l) })
		t.Run("nothing yet/"+l.String(), func(t *testing.T) { t.Parallel(); nothingYet(t, c, empty, l) })
	}
}

// The most that the first visit of a page may cost.
const (
	mostBytes    = 50_000 // on the wire, headers included
	mostRequests = 6
)

// firstVisit counts what the portal's main pages cost somebody who has never been
// there, and watches whether anything moves while they appear. Scripts arrive after
// the first paint, as they do on a slow line: what they change, they change before
// everybody's eyes. What search engines want of a page is asked here too.
func firstVisit(t *testing.T, c *chrome, s *site) {
	idea := func() string {
		b := c.visit(t, s, look{"en", 1440, true})
		b.open("/?sort=top")
		b.follow("article.card h3 a")
		return eval[string](b, `location.pathname`)
	}()
	for path, content := range map[string]string{"/": "article.card", idea: ".steps li", "/in-action": "article.launch"} {
		for _, width := range widths {
			visitFirst(t, c, s, path, content, width)
		}
	}
}

func visitFirst(t *testing.T, c *chrome, s *site, path, content string, width int64) {
	painted := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".js") {
			<-painted
		}
		s.one.Handler().ServeHTTP(w, r)
	}))
	defer slow.Close()
	b := c.visit(t, &site{url: slow.URL}, look{"en", width, true})
	call(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `
		globalThis.shifts = [];
		new PerformanceObserver((list) => list.getEntries().forEach((e) => shifts.push(e.value + " " + e.sources.map((s) => s.node?.outerHTML?.slice(0, 200)))))
			.observe({ type: "layout-shift", buffered: true });
		addEventListener("load", () => requestAnimationFrame(() => requestAnimationFrame(() => (globalThis.settled = true))));`})
	call(b, page.Navigate, page.NavigateParams{URL: slow.URL + path})
	b.wait(`performance.getEntriesByName("first-contentful-paint").length > 0`)
	close(painted)
	b.wait(`globalThis.settled === true`)
	if n := eval[int](b, `document.querySelectorAll("`+content+`").length`); n == 0 {
		t.Errorf("%s has no %s: that is no page to measure", path, content)
	}
	for _, shift := range eval[[]string](b, `shifts`) {
		t.Errorf("%s: the layout shifts by %s", b.where(), shift)
	}
	for _, lack := range eval[[]string](b, wanting) {
		t.Errorf("%s: %s", b.where(), lack)
	}
	requests, bytes := b.cost()
	t.Logf("%s at %d px: %d bytes in %d requests", path, width, bytes, len(requests))
	if bytes > mostBytes || len(requests) > mostRequests {
		t.Errorf("%s at %d px: %d bytes, at most %d; %d requests, at most %d:\n%s", path, width, bytes, mostBytes,
			len(requests), mostRequests, strings.Join(requests, "\n"))
	}
	for _, c := range b.complaints() {
		t.Error(c)
	}
}

// wanting is what keeps a page down in search engines, by the rules that Lighthouse
// has: no description, no canonical address, links that do not say where they lead.
const wanting = `(() => {
	const out = [];
	if (!document.querySelector("meta[name=description]")?.content) out.push("there is no description");
	if (!document.querySelector("link[rel=canonical]")?.href) out.push("there is no canonical address");
	if (document.querySelector("head script:not([type=module], [async], [defer])")) out.push("a script holds the page up");
	for (const a of document.querySelectorAll("a[href]")) if (/^(click here|go|here|more|read more|see more|start|this)$/i.test(a.textContent.trim())) out.push("a link says only " + a.textContent);
	return out;
})()`

// visitor looks at what is open to everybody, wrong turns included.
func visitor(t *testing.T, c *chrome, s *site, l look) {
	b := c.visit(t, s, l)
	for _, p := range []struct {
		name, path string
		status     int64
	}{
		{"home", "/", 200},
		{"home-top", "/?sort=top", 200},
		{"home-found", "/?q=oat", 200},
		{"home-none-found", "/?q=zxqwv", 200},
		{"in-action", "/in-action", 200},
		{"roadmap", "/roadmap", 200},
		{"sign-in", "/sign-in", 200},
		{"not-found", "/nowhere", 404},
		{"no-such-idea", "/ideas/nobodyhadit", 404},
		{"bad-query", "/?sort=upside-down", 422},
	} {
		b.open(p.path)
		if got := b.answered(); got != p.status {
			t.Errorf("%s: %d, want %d", b.where(), got, p.status)
		}
		b.check(p.name)
	}
	b.open("/?sort=top")
	b.follow("article.card h3 a")
	b.check("idea")
	b.follow(`a[rel="author"]`)
	b.check("member")
	b.open("/in-action")
	b.follow("main article h2 a")
	b.check("idea-launched")
}

// nothingYet looks at a portal on its first day.
func nothingYet(t *testing.T, c *chrome, s *site, l look) {
	b := c.visit(t, s, l)
	for name, path := range map[string]string{"empty-home": "/", "empty-in-action": "/in-action", "empty-roadmap": "/roadmap"} {
		b.open(path)
		b.check(name)
	}
}
