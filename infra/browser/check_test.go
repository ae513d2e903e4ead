package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// rules are what axe-core looks for: WCAG 2.2 up to AA, and what its authors found
// to be good practice beyond it.
const rules = `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]`

// check looks at the page that the tab is on. The name is the screenshots'.
func (b *tab) check(name string) {
	b.Helper()
	for _, f := range b.faults() {
		b.Errorf("%s (%s): %s", b.where(), name, f)
	}
	b.screenshots(name)
}

// faults is all that is wrong with the page, in light and in dark, and what was wrong
// on the way to it.
func (b *tab) faults() (found []string) {
	b.Helper()
	b.wait(complete)
	if got := eval[string](b, `document.documentElement.lang`); !strings.HasPrefix(got, b.lang) {
		found = append(found, fmt.Sprintf("the page is in %q, want %q", got, b.lang))
	}
	if out := eval[string](b, overflow); out != "" {
		found = append(found, out)
	}
	world := b.loadAxe()
	found = append(found, b.violations(world, rules)...)
	b.dark(true) // changes nothing but colours
	for _, v := range b.violations(world, `{ type: "rule", values: ["color-contrast"] }`) {
		found = append(found, "dark: "+v)
	}
	b.dark(false)
	return append(found, b.complaints()...)
}

// overflow names what makes the page scroll sideways, "" for nothing.
const overflow = `(() => {
	const width = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth <= width) return "";
	const wide = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > width + 1);
	return "it scrolls sideways, " + wide.slice(0, 4).map((e) => e.tagName + "." + e.className).join(" ");
})()`

// loadAxe brings axe-core into a world of its own on the page: the page's scripts
// don't see it, and the page's policy need not allow it.
func (b *tab) loadAxe() runtime.ExecutionContextID {
	b.Helper()
	frame := call(b, page.GetFrameTree, cdp.Empty{}).FrameTree.Frame.ID
	world := call(b, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: frame, WorldName: "axe"}).ExecutionContextID
	b.judge(func() error {
		return chromedp.Do(b.ctx, chromedp.Evaluate[chromedp.Void](b.axe+";0", in(world)))
	})
	return world
}

// judge runs what needs JavaScript also where the page has none: what the page would
// have run has been left out by then.
func (b *tab) judge(f func() error) {
	b.Helper()
	if !b.script {
		call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: false})
		defer call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	}
	if err := f(); err != nil {
		b.Fatalf("%s: axe: %v", b.where(), err)
	}
}

func in(world runtime.ExecutionContextID) chromedp.EvaluateOption {
	return func(p *runtime.EvaluateParams) { p.ContextID = world }
}

// violations are what axe-core finds by these rules alone.
func (b *tab) violations(world runtime.ExecutionContextID, only string) []string {
	b.Helper()
	type report struct {
		Passes     int
		Violations []string
	}
	var r report
	b.judge(func() (err error) {
		// Of what is in order axe names one place each: to describe all takes a quarter of its time.
		r, err = chromedp.Run(b.ctx, chromedp.Evaluate[report](`axe.run(document, { resultTypes: ["violations"], runOnly: `+only+` }).then((r) => ({
			Passes: r.passes.length,
			Violations: r.violations.map((v) => v.id + ": " + v.help + "\n" + v.nodes.slice(0, 4).map((n) =>
				"    " + n.html.slice(0, 200) + "\n      " + [...n.any, ...n.all, ...n.none].map((c) => c.message).join("; ")).join("\n")),
		}))`, in(world), chromedp.EvalAwaitPromise))
		return err
	})
	if r.Passes == 0 {
		return append(r.Violations, "axe looked at nothing")
	}
	return r.Violations
}

// widths are those of a phone, a tablet and a desk.
var widths = []int64{360, 768, 1440}

// screenshots draws the page at all widths, in light and in dark, if asked to.
func (b *tab) screenshots(name string) {
	b.Helper()
	folder := os.Getenv("GROUNDSWELL_SCREENSHOTS")
	if folder == "" || !b.script {
		return
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		b.Fatal(err)
	}
	for _, width := range widths {
		b.resize(width)
		for scheme, dark := range map[string]bool{"light": false, "dark": true} {
			b.dark(dark)
			file := filepath.Join(folder, fmt.Sprintf("%s-%s-%d-%s.png", name, b.lang, width, scheme))
			if err := os.WriteFile(file, b.shoot(), 0o644); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.resize(b.width)
	b.dark(false)
}
