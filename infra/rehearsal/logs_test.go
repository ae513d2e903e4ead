package rehearsal

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"groundswell/shared/metric"
	"groundswell/shared/metric/emf"
)

// codes are what a sign-in code could be in a line: six digits on their own.
var codes = regexp.MustCompile(`\b\d{6}\b`)

// readLogs reads all that the functions wrote, at the end of every test: no address,
// code, token or name that was used is in it, each line is one of JSON, what says
// that it is a metric is one, and each request and batch has its line with ids.
func (s *stack) readLogs() {
	s.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	named := map[string]string{} // dimension by metric
	for _, m := range metric.All() {
		named[m.Name()] = m.Dimension()
	}
	for name, f := range s.functions {
		logs := []byte(f.Logs())
		for word := range s.secret {
			// Ten thousand addresses of one domain are in no log that does not hold the domain.
			_, domain, address := strings.Cut(word, "@")
			if codes.MatchString(word) || address && !bytes.Contains(logs, []byte("@"+domain)) {
				continue
			}
			if bytes.Contains(logs, []byte(word)) {
				s.Errorf("the log of %s holds %q", name, word)
			}
		}
		for _, code := range codes.FindAllString(string(logs), -1) {
			if s.secret[code] {
				s.Errorf("the log of %s holds the code %s", name, code)
			}
		}
		for line := range bytes.Lines(logs) {
			s.readLine(name, line, named)
		}
	}
}

func (s *stack) readLine(function string, line []byte, named map[string]string) {
	s.Helper()
	if emf.Is(line) {
		points, err := emf.Parse(line)
		if err != nil {
			s.Errorf("%s: %v: %s", function, err, line)
			return
		}
		for _, p := range points {
			of, known := named[p.Name]
			_, has := p.Dimensions[of]
			if !known || p.Namespace != metric.Namespace || p.Dimensions[metric.Deployment] != s.values["Table"] || of != "" && !has {
				s.Errorf("%s: a metric that nobody knows: %s", function, line)
			}
		}
		return
	}
	var l map[string]any
	if err := json.Unmarshal(line, &l); err != nil {
		if !bytes.Contains(line, []byte("killed")) { // half a line of a process that died
			s.Logf("%s: not JSON: %.200s", function, line)
		}
		return
	}
	if slices.Contains([]any{"request", "stream batch", "stream batch failed", "queue batch", "reconcile"}, l["message"]) {
		for _, key := range []string{"requestId", "trace_id", "ms"} {
			if l[key] == nil || l[key] == "" {
				s.Errorf("%s: a line without %s: %s", function, key, line)
			}
		}
	}
}

// points are the values of a metric in all logs, added up by the value of its
// dimension, "" if it has none.
func (s *stack) points(m metric.Metric) map[string]float64 {
	s.Helper()
	sums := map[string]float64{}
	for _, f := range s.functions {
		for line := range bytes.Lines([]byte(f.Logs())) {
			if !emf.Is(line) {
				continue
			}
			points, err := emf.Parse(line)
			if err != nil {
				s.Fatal(err)
			}
			for _, p := range points {
				if p.Name == m.Name() {
					sums[p.Dimensions[m.Dimension()]] += p.Value
				}
			}
		}
	}
	return sums
}
