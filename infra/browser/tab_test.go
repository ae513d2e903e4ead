package browser

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// look is how somebody comes to the portal.
type look struct {
	lang   string // "en", "zh"
	width  int64  // of the window, in CSS pixels
	script bool   // false = JavaScript is off
}

func (l look) String() string {
	s := fmt.Sprintf("%s at %d px", l.lang, l.width)
	if !l.script {
		s += " without JavaScript"
	}
	return s
}

// tab is somebody's browser: it shares no cookie and no cached file with others.
type tab struct {
	*testing.T
	look
	site *site
	axe  string
	ctx  context.Context
	*watch
}

// visit opens a tab that has been nowhere yet.
func (c *chrome) visit(t *testing.T, s *site, l look) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(c.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	b := &tab{T: t, look: l, site: s, axe: c.axe, ctx: ctx, watch: &watch{home: s.url, byID: map[network.RequestID]int{}}}
	if err := chromedp.Listen(ctx, b.see); err != nil {
		t.Fatal(err)
	}
	languages := map[string]string{"en": "en-GB,en", "zh": "zh-CN,zh"}
	call(b, network.Enable, network.EnableParams{})
	call(b, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: c.agent, AcceptLanguage: languages[l.lang]})
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !l.script})
	b.resize(l.width)
	b.dark(false)
	return b
}

// call is a command of the DevTools protocol.
func call[P, R any](b *tab, c cdp.Command[P, R], p P) R {
	b.Helper()
	r, err := chromedp.Call(b.ctx, c, p)
	if err != nil {
		b.Fatalf("%s: %v", c.Method, err)
	}
	return r
}

func (b *tab) resize(width int64) {
	b.Helper()
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: 900, DeviceScaleFactor: 1, Mobile: width < 600})
}

// dark switches the system's colours. Movement is reduced, so that a colour is never
// judged on its way to another.
func (b *tab) dark(yes bool) {
	b.Helper()
	scheme := "light"
	if yes {
		scheme = "dark"
	}
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
}

// eval asks the page; it works without the page's JavaScript too.
func eval[T any](b *tab, expression string) T {
	b.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.Fatalf("%s: %v\n%s", b.look, err, expression)
	}
	return v
}

// wait waits until the expression is true, through any change of page.
func (b *tab) wait(expression string) {
	b.Helper()
	await(b.T, b.where()+": "+expression, func() bool {
		is, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](expression))
		if errors.Is(err, context.Canceled) {
			b.Fatalf("%s: %v", expression, err)
		}
		return err == nil && is
	})
}

// where is what a failure says about the place.
func (b *tab) where() string {
	at, err := chromedp.Run(b.ctx, chromedp.Location())
	if err != nil {
		at = err.Error()
	}
	return b.look.String() + ", " + strings.TrimPrefix(at, b.site.url)
}

const complete = `document.readyState === "complete"`

// open types an address.
func (b *tab) open(path string) {
	b.Helper()
	if err := chromedp.Do(b.ctx, chromedp.Navigate(b.site.url+path)); err != nil {
		b.Fatalf("%s: %s: %v", b.look, path, err)
	}
	b.wait(complete)
}

// shows waits until there is an element in which the text stands.
func (b *tab) shows(selector, text string) {
	b.Helper()
	b.wait(fmt.Sprintf(`%s && [...document.querySelectorAll(%q)].some((e) => e.textContent.includes(%q) && e.checkVisibility())`, complete, selector, text))
}

// spot is where to press in the window, and what is in the way.
type spot struct {
	X, Y  float64
	Cover string
}

// find is a page's answer to where the spot is.
func find(selector string) string {
	return fmt.Sprintf(`(() => {
		const e = [...document.querySelectorAll(%q)].find((e) => e.checkVisibility());
		e.scrollIntoView({ block: "center", behavior: "instant" });
		const r = e.getClientRects()[0], X = r.x + r.width / 2, Y = r.y + r.height / 2;
		const top = document.elementFromPoint(X, Y);
		return { X, Y, Cover: !top ? "the window's edge" : e.contains(top) ? "" : top.outerHTML.slice(0, 200) };
	})()`, selector)
}

// press clicks on the middle of the first visible element that fits. Whatever
// covers it would take the click, so that is a failure.
func (b *tab) press(selector string) {
	b.Helper()
	b.wait(fmt.Sprintf(`[...document.querySelectorAll(%q)].some((e) => e.checkVisibility())`, selector))
	at := eval[spot](b, find(selector))
	if at.Cover != "" {
		b.Fatalf("%s: %s is covered by %s", b.where(), selector, at.Cover)
	}
	for _, typ := range []input.DispatchMouseEventType{chromedp.MouseMoved, chromedp.MousePressed, chromedp.MouseReleased} {
		call(b, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: typ, X: at.X, Y: at.Y, Button: "left", ClickCount: 1})
	}
}

// follow presses what leads to another page, and waits for that.
func (b *tab) follow(selector string) {
	b.Helper()
	before := eval[float64](b, `performance.timeOrigin`)
	b.press(selector)
	b.wait(fmt.Sprintf(`performance.timeOrigin !== %v && %s`, before, complete))
}

// write replaces what stands in a field.
func (b *tab) write(selector, text string) {
	b.Helper()
	b.press(selector)
	eval[chromedp.Void](b, fmt.Sprintf(`document.querySelector(%q).select()`, selector))
	call(b, input.InsertText, input.InsertTextParams{Text: text})
	b.wait(fmt.Sprintf(`document.querySelector(%q).value === %q`, selector, text))
}

// choose picks an option of a list, as far as a page can tell.
func (b *tab) choose(selector, value string) {
	b.Helper()
	b.wait(fmt.Sprintf(`document.querySelector(%q) !== null`, selector))
	eval[chromedp.Void](b, fmt.Sprintf(`(() => {
		const e = document.querySelector(%q);
		e.value = %q;
		for (const type of ["input", "change"]) e.dispatchEvent(new Event(type, { bubbles: true }));
	})()`, selector, value))
}

// shoot draws the page from top to bottom.
func (b *tab) shoot() []byte {
	b.Helper()
	size := eval[struct{ W, H float64 }](b, `({ W: document.documentElement.clientWidth, H: document.documentElement.scrollHeight })`)
	beyond := true
	shot := call(b, page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: &beyond,
		Clip: &page.Viewport{Width: size.W, Height: size.H, Scale: 1}})
	return shot.Data
}
