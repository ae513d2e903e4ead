// Package emf reads lines in CloudWatch's Embedded Metric Format as strictly as
// CloudWatch does: a line that breaks the specification there becomes a log entry
// and no metric, and nobody hears of it. It is for tests and for the operator's eye;
// shared/metric writes such lines.
//
// Start with [Parse]. Limits are those of "Specification: Embedded metric format"
// in the Amazon CloudWatch User Guide.
package emf

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// Point is one value of one metric.
type Point struct {
	Namespace, Name, Unit string
	Dimensions            map[string]string
	Value                 float64
	At                    time.Time
}

// units are those of CloudWatch's MetricDatum that the portal could mean.
var units = []string{"Seconds", "Microseconds", "Milliseconds", "Bytes", "Count", "Percent", "Count/Second", "None"}

var namespace = regexp.MustCompile(`^[0-9A-Za-z.\-_/#:]{1,256}$`)

// Is reports whether a line says that it is one of the format, right or wrong.
func Is(line []byte) bool { return bytes.Contains(line, []byte(`"_aws"`)) }

// Parse reads one line.
func Parse(line []byte) ([]Point, error) {
	var root map[string]json.RawMessage
	if err := json.Unmarshal(line, &root); err != nil {
		return nil, err
	}
	var aws struct {
		Timestamp         *int64
		CloudWatchMetrics []struct {
			Namespace  string
			Dimensions [][]string
			Metrics    []struct {
				Name, Unit        string
				StorageResolution int
			}
		}
	}
	dec := json.NewDecoder(bytes.NewReader(root["_aws"]))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&aws); err != nil {
		return nil, fmt.Errorf("_aws: %w", err)
	}
	if aws.Timestamp == nil || *aws.Timestamp < 1e12 {
		return nil, errors.New("the Timestamp is not in milliseconds")
	}
	if len(aws.CloudWatchMetrics) == 0 {
		return nil, errors.New("no CloudWatchMetrics")
	}
	var out []Point
	for _, d := range aws.CloudWatchMetrics {
		switch {
		case !namespace.MatchString(d.Namespace):
			return nil, fmt.Errorf("bad Namespace %q", d.Namespace)
		case len(d.Dimensions) == 0:
			return nil, errors.New("no Dimensions")
		case len(d.Metrics) == 0 || len(d.Metrics) > 100:
			return nil, fmt.Errorf("%d Metrics", len(d.Metrics))
		}
		for _, set := range d.Dimensions {
			dimensions, err := values(root, set)
			if err != nil {
				return nil, err
			}
			for _, m := range d.Metrics {
				if m.Name == "" || len(m.Name) > 1024 || !slices.Contains(units, m.Unit) {
					return nil, fmt.Errorf("metric %q in %q", m.Name, m.Unit)
				}
				var v *float64
				if err := json.Unmarshal(root[m.Name], &v); err != nil || v == nil {
					return nil, fmt.Errorf("metric %s has no number at the root", m.Name)
				}
				out = append(out, Point{d.Namespace, m.Name, m.Unit, dimensions, *v, time.UnixMilli(*aws.Timestamp)})
			}
		}
	}
	return out, nil
}

// values are a set's dimensions: text at the root, 30 at most, 1 to 1024
// characters each.
func values(root map[string]json.RawMessage, set []string) (map[string]string, error) {
	if len(set) > 30 {
		return nil, fmt.Errorf("%d dimensions", len(set))
	}
	out := map[string]string{}
	for _, name := range set {
		var v string
		if err := json.Unmarshal(root[name], &v); err != nil || v == "" || len(v) > 1024 || len(name) > 250 {
			return nil, fmt.Errorf("dimension %q has no text at the root", name)
		}
		if _, twice := out[name]; twice {
			return nil, fmt.Errorf("dimension %s a second time", name)
		}
		out[name] = v
	}
	return out, nil
}
