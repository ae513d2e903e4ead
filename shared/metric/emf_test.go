package metric_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/metric"
	"groundswell/shared/metric/emf"
)

// TestLines: every metric becomes a line that meets the specification, with what
// was put in it and nothing more.
func TestLines(t *testing.T) {
	t.Parallel()
	for _, m := range metric.All() {
		var out bytes.Buffer
		meter := metric.New(metric.Options{Out: &out, Deployment: "portal", Clock: func() time.Time { return time.UnixMilli(1_700_000_000_123) }})
		meter.Put(m, "sent", 2.5)
		if n := strings.Count(out.String(), "\n"); n != 1 || !strings.HasSuffix(out.String(), "}\n") {
			t.Errorf("%s: %d lines: %s", m.Name(), n, out.String())
		}
		points, err := emf.Parse(out.Bytes())
		if err != nil {
			t.Errorf("%s: %v", m.Name(), err)
			continue
		}
		want := emf.Point{Namespace: "Groundswell", Name: m.Name(), Unit: m.Unit(), Value: 2.5, At: time.UnixMilli(1_700_000_000_123),
			Dimensions: map[string]string{"Table": "portal"}}
		if m.Dimension() != "" {
			want.Dimensions[m.Dimension()] = "sent"
		}
		if d := cmp.Diff([]emf.Point{want}, points); d != "" {
			t.Errorf("%s: %s", m.Name(), d)
		}
	}
}

// TestNotANumber: what JSON can't say writes no half line.
func TestNotANumber(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	metric.New(metric.Options{Out: &out, Deployment: "portal"}).Put(metric.Lag, "mail", math.NaN())
	if out.Len() != 0 {
		t.Errorf("wrote %q", &out)
	}
}

// TestAtOnce: lines of many goroutines don't mix.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	var out pieces
	meter := metric.FromEnv(func(string) string { return "portal" }, &out)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { meter.Put(metric.Votes, "", 1) })
	}
	wg.Wait()
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	for _, l := range lines {
		if !json.Valid(l) {
			t.Errorf("line %q", l)
		}
	}
	if len(lines) != 20 {
		t.Errorf("%d lines", len(lines))
	}
}

// pieces is a writer that must not be used by two at once: the race detector, and
// lost writes, tell.
type pieces []byte

func (p *pieces) Write(b []byte) (int, error) {
	for _, c := range b {
		*p = append(*p, c)
	}
	return len(b), nil
}

func TestLog(t *testing.T) {
	t.Parallel()
	for level, lines := range map[slog.Level]int{slog.LevelInfo: 0, slog.LevelDebug: 1} {
		var out bytes.Buffer
		metric.Log(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: level}))).Put(metric.Mails, "sent", 1)
		if n := strings.Count(out.String(), "name=Mails of=sent value=1"); n != lines {
			t.Errorf("%v: %d lines: %s", level, n, &out)
		}
	}
}
