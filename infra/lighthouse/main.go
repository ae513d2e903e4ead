// Command lighthouse judges the main pages as Google's Lighthouse does on a phone:
// the front page, the most voted idea, and Ideas in Action with ten launches.
//
//	make lighthouse                        # the made-up community of -demo
//	make lighthouse ARGS='-ideas FOLDER'   # research files of My Starbucks Idea
//
// Accessibility, best practices and search must have 100, nothing may move while a
// page loads, and a page may cost 50 KB: else it fails. Performance is told and not
// judged, because Lighthouse works it out from times on this machine: run it while
// nothing else does. infra/browser holds what does not depend on time in every test run.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ideas := flag.String("ideas", "", "`folder` with ideas.csv and comments.csv; empty = the demo community")
	flag.Parse()
	if err := run(ctx, *ideas); err != nil {
		fmt.Fprintln(os.Stderr, "lighthouse:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, ideas string) error {
	dir, err := os.MkdirTemp("", "lighthouse")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p, err := start(ctx, dir, ideas)
	if err != nil {
		return err
	}
	defer p.stop()
	paths, err := p.pages(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, path := range paths {
		r, err := judge(ctx, p.url+path, filepath.Join(dir, "report.json"))
		if err != nil {
			return err
		}
		fmt.Println(r.line(path))
		failed = errors.Join(failed, r.faults(path))
	}
	return failed
}

// command runs a program of the module and shows what it says if it fails.
func command(ctx context.Context, name string, args ...string) error {
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return nil
}
