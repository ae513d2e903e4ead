package metric

import (
	"encoding/json"
	"io"
	"sync"
	"time"
)

// Options says where lines go and what they are about.
type Options struct {
	Out        io.Writer        // standard output, in a function
	Deployment string           // the table's name
	Clock      func() time.Time // nil: time.Now
}

// New makes a Meter that writes a line for each value.
func New(o Options) Meter {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	return &emitter{o: o}
}

// FromEnv is New for a function: to out, for the table that TABLE_NAME names.
func FromEnv(getenv func(string) string, out io.Writer) Meter {
	return New(Options{Out: out, Deployment: getenv("TABLE_NAME")})
}

type emitter struct {
	o  Options
	mu sync.Mutex // a line is one write, and lines don't mix
}

type directive struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []definition
}

type definition struct{ Name, Unit string }

func (e *emitter) Put(m Metric, of string, value float64) {
	dimensions := []string{Deployment}
	line := map[string]any{Deployment: e.o.Deployment, m.name: value}
	if m.dimension != "" {
		dimensions = append(dimensions, m.dimension)
		line[m.dimension] = of
	}
	line["_aws"] = struct {
		Timestamp         int64
		CloudWatchMetrics []directive
	}{e.o.Clock().UnixMilli(), []directive{{Namespace, [][]string{dimensions}, []definition{{m.name, m.unit}}}}}
	b, err := json.Marshal(line)
	if err != nil {
		return // not a number: nothing to graph
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	_, _ = e.o.Out.Write(append(b, '\n')) // whoever reads standard output has gone
}
