package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// sound is a page without a fault; each case of TestFaults puts one in.
const sound = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Sound</title>
<link rel="icon" href="data:image/gif;base64,R0lGODlhAQABAAAAACw=">
<style>:root { color-scheme: light dark; --ink: #000; --paper: #fff } body { color: var(--ink); background: var(--paper) }
@media (prefers-color-scheme: dark) { :root { --ink: #fff; --paper: #000 } }</style>
<main><h1>Sound</h1><p>All is well.</p>%s</main>`

// TestFaults shows that a page is not called sound because nobody looked.
func TestFaults(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("drives a browser")
	}
	c := start(t)
	other := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	for name, f := range map[string]struct {
		html string
		want string // in what is found; "" = nothing is found
		with bool   // JavaScript
	}{
		"none":                       {"", "", true},
		"none, without JavaScript":   {`<script>document.title = ""; console.error("ran")</script>`, "", false},
		"a picture without words":    {`<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">`, "image-alt", true},
		"the same, no JavaScript":    {`<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">`, "image-alt", false},
		"a field without a name":     {`<input>`, "label: ", true},
		"pale words":                 {`<p style="color: #999; background: #fff">Pale</p>`, "color-contrast", true},
		"words that vanish at night": {`<p style="color: #333">Gone</p>`, "dark: color-contrast", true},
		"a small target":             {`<p><button style="width: 10px; height: 10px; padding: 0">a</button><button style="width: 10px; height: 10px; padding: 0">b</button>`, "target-size", true},
		"too wide a word":            {`<p style="width: 361px">Wide</p>`, "scrolls sideways", true},
		"another language":           {`<script>document.documentElement.lang = "de"</script>`, `the page is in "de"`, true},
		"an error in a script":       {`<script>nowhere()</script>`, "nowhere is not defined", true},
		"words on the console":       {`<script>console.warn("odd")</script>`, "console.warning", true},
		"a request to another host":  {`<link rel="stylesheet" href="` + other.URL + `/a.css">`, "another host", true},
		"a picture that is missing":  {`<img alt="" src="/missing.png">`, "/missing.png: 404", true},
		"what a policy forbids":      {`<meta http-equiv="Content-Security-Policy" content="img-src 'none'"><img alt="" src="/missing.png">`, "Content Security Policy", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/" {
					http.NotFound(w, r)
					return
				}
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				fmt.Fprintf(w, sound, f.html)
			}))
			t.Cleanup(server.Close)
			b := c.visit(t, &site{url: server.URL}, look{"en", 360, f.with})
			b.open("/")
			found := strings.Join(b.faults(), "\n")
			if f.want == "" && found != "" || !strings.Contains(found, f.want) {
				t.Errorf("found %q, want %q", found, f.want)
			}
		})
	}
}

// TestPress shows that a button that something covers can't be pressed, and one that
// is out of sight can.
func TestPress(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("drives a browser")
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, sound, `<div style="height: 3000px"></div><button id="far" onclick="document.title = 'far'">Far</button>
			<p style="position: relative"><button id="under">Under</button><i id="lid" style="position: absolute; inset: 0"></i></p>`)
	}))
	t.Cleanup(server.Close)
	b := start(t).visit(t, &site{url: server.URL}, look{"en", 360, true})
	b.open("/")
	b.press("#far")
	b.wait(`document.title === "far"`)
	at, err := chromedp.Run(b.ctx, chromedp.Evaluate[spot](find("#under")))
	if err != nil || !strings.Contains(at.Cover, `id="lid"`) {
		t.Errorf("the button under the lid is covered by %q, %v", at.Cover, err)
	}
}
