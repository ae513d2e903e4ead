package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// maxBytes is what a page may cost on the wire.
const maxBytes = 50_000

// report is what we read of Lighthouse's.
type report struct {
	Categories map[string]struct {
		Score     float64
		AuditRefs []struct {
			ID     string
			Weight float64
		}
	}
	Audits map[string]struct {
		Title        string
		Score        *float64
		NumericValue float64
		Details      json.RawMessage // a shape for each audit
	}
}

var categories = []string{"performance", "accessibility", "best-practices", "seo"}

// judge lets Lighthouse look at the page as on a phone on a slow line, its default.
func judge(ctx context.Context, url, file string) (r report, err error) {
	chromium := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chromium-headless-shell"} {
		if path, err := exec.LookPath(name); err == nil {
			chromium = path
			break
		}
	}
	cli := filepath.Join(cmp.Or(os.Getenv("GROUNDSWELL_TOOLS"), ".tools"), "lighthouse", "node_modules", "lighthouse", "cli", "index.js")
	cmd := exec.CommandContext(ctx, "node", cli, url, "--quiet", "--output=json", "--output-path="+file, "--only-categories="+strings.Join(categories, ","),
		"--chrome-flags=--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync")
	cmd.Env = append(os.Environ(), "CHROME_PATH="+chromium)
	if out, err := cmd.CombinedOutput(); err != nil {
		return r, fmt.Errorf("lighthouse on %s: %w\n%s", url, err, out)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(b, &r)
}

func (r report) score(category string) int { return int(r.Categories[category].Score*100 + 0.5) }

// requests is how many the page took.
func (r report) requests() int {
	var d struct{ Items []json.RawMessage }
	_ = json.Unmarshal(r.Audits["network-requests"].Details, &d) // 0 says enough
	return len(d.Items)
}

// line is the page in one line.
func (r report) line(path string) string {
	return fmt.Sprintf("%-40.40s performance %3d  accessibility %3d  best practices %3d  search %3d  | first paint %4.0f ms  largest %4.0f ms  blocking %3.0f ms  shift %g  %.1f KB in %d requests",
		path, r.score("performance"), r.score("accessibility"), r.score("best-practices"), r.score("seo"),
		r.Audits["first-contentful-paint"].NumericValue, r.Audits["largest-contentful-paint"].NumericValue, r.Audits["total-blocking-time"].NumericValue,
		r.Audits["cumulative-layout-shift"].NumericValue, r.Audits["total-byte-weight"].NumericValue/1000, r.requests())
}

// faults is what must not be, whatever the machine is doing.
func (r report) faults(path string) (err error) {
	for _, c := range categories[1:] {
		if r.score(c) == 100 {
			continue
		}
		for _, ref := range r.Categories[c].AuditRefs {
			if a := r.Audits[ref.ID]; ref.Weight > 0 && a.Score != nil && *a.Score < 1 {
				err = errors.Join(err, fmt.Errorf("%s: %s: %s", path, c, a.Title))
			}
		}
	}
	if shift := r.Audits["cumulative-layout-shift"].NumericValue; shift > 0 {
		err = errors.Join(err, fmt.Errorf("%s: the layout shifts by %g", path, shift))
	}
	if n := r.Audits["total-byte-weight"].NumericValue; n == 0 || n > maxBytes {
		err = errors.Join(err, fmt.Errorf("%s: %.0f bytes, at most %d", path, n, maxBytes))
	}
	return err
}
