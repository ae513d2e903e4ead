package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"groundswell/shared/transfer"
)

// bar shows progress: a bar on a terminal; elsewhere, in a log, a line when a
// stage begins.
type bar struct {
	err   io.Writer
	tty   bool
	stage string
	p     *progressbar.ProgressBar
}

func newBar(s streams) *bar {
	f, ok := s.err.(*os.File)
	return &bar{err: s.err, tty: ok && term.IsTerminal(int(f.Fd()))}
}

// update is a transfer.Importer's Progress; a total below zero is unknown.
func (b *bar) update(p transfer.Progress) {
	if p.Stage != b.stage {
		b.end()
		b.stage = p.Stage
		if !b.tty {
			fmt.Fprintf(b.err, "%s ...\n", p.Stage)
			return
		}
		b.p = progressbar.NewOptions64(p.Total, progressbar.OptionSetWriter(b.err), progressbar.OptionSetDescription(p.Stage),
			progressbar.OptionThrottle(50*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
	}
	if b.p != nil {
		_ = b.p.Set64(p.Done) // a bar that can't be drawn is no reason to end
	}
}

// line prints a line without tearing the bar.
func (b *bar) line(w io.Writer, format string, args ...any) {
	if b.p != nil {
		_ = b.p.Clear()
	}
	fmt.Fprintf(w, format+"\n", args...)
}

// end takes the bar away.
func (b *bar) end() {
	if b.p != nil {
		_ = b.p.Finish()
		b.p = nil
	}
	b.stage = ""
}
