package browser

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// programs are what Chromium may be called. The first are the headless shell, the same
// engine without a browser's windows: all goes in two thirds of the time. (What Debian has
// in the PATH for it is a script, which would be ended in its place.)
var programs = []string{"/usr/lib/chromium/chromium-headless-shell", "chromium-headless-shell", "chrome-headless-shell",
	"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// tools returns Chromium's program and the text of axe-core; `make tools` installs
// both. Where the run is a gate, that one of them is missing is a failure.
func tools(t *testing.T) (chromium, axe string) {
	t.Helper()
	missing := t.Skip
	if os.Getenv("CI") == "true" {
		missing = t.Fatal
	}
	for _, name := range programs {
		if path, err := exec.LookPath(name); err == nil {
			chromium = path
			break
		}
	}
	if chromium == "" {
		missing("Chromium is missing: make tools installs it")
	}
	folder := os.Getenv("GROUNDSWELL_TOOLS")
	if folder == "" {
		folder = filepath.Join("..", "..", ".tools")
	}
	src, err := os.ReadFile(filepath.Join(folder, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		missing("axe-core is missing: make tools installs it: ", err)
	}
	return chromium, string(src)
}

// chrome is one Chromium; every tab of it has cookies and a cache of its own.
type chrome struct {
	ctx   context.Context
	axe   string
	agent string // how it names itself
}

// start starts Chromium with an empty profile and ends it with the test. It talks to
// nobody but the portal.
func start(t *testing.T) *chrome {
	t.Helper()
	path, axe := tools(t)
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox, chromedp.DisableGPU)
	for _, flag := range []string{"disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync"} {
		opts = append(opts, chromedp.Flag(flag, true))
	}
	// The test's own context ends before its cleanups run, and would kill Chromium
	// while it writes to its profile.
	ctx, cancel := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), opts...)
	ctx, _ = chromedp.NewContext(ctx) // Cancel, below, ends it
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Errorf("end Chromium: %v", err)
		}
		cancel()
	})
	agent, err := chromedp.Run(ctx, chromedp.Evaluate[string](`navigator.userAgent`))
	if err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return &chrome{ctx: ctx, axe: axe, agent: agent}
}
