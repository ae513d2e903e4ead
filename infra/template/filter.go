package template

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Filter is an event filter of AWS Lambda (Developer Guide, "Control which events
// Lambda sends to your function"): a JSON object whose leaves list what is allowed.
type Filter map[string]any

// ParseFilter reads a pattern. It refuses what is not known to work on a DynamoDB
// stream, the numeric operators above all: numbers are strings there.
func ParseFilter(pattern string) (Filter, error) {
	var f Filter
	if err := json.Unmarshal([]byte(pattern), &f); err != nil {
		return nil, fmt.Errorf("filter %s: %w", pattern, err)
	}
	if len(f) == 0 {
		return nil, errors.New("filter: empty")
	}
	return f, checkFilter(f)
}

func checkFilter(f map[string]any) error {
	for name, v := range f {
		switch v := v.(type) {
		case map[string]any:
			if err := checkFilter(v); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		case []any:
			for _, leaf := range v {
				if _, ok := leaf.(string); !ok {
					return fmt.Errorf("filter: %s: %v is not a string: operators are not used here", name, leaf)
				}
			}
		default:
			return fmt.Errorf("filter: %s: %v is neither an object nor a list", name, v)
		}
	}
	return nil
}

// Match reports whether a record, as JSON, passes: every leaf of the filter has
// what the record has there.
func (f Filter) Match(record []byte) (bool, error) {
	var r map[string]any
	if err := json.Unmarshal(record, &r); err != nil {
		return false, fmt.Errorf("filter: record: %w", err)
	}
	return matchObject(f, r), nil
}

// Match reports whether the source delivers the record: one filter is enough.
func (s Source) Match(record []byte) (bool, error) {
	for _, f := range s.Filters {
		if ok, err := f.Match(record); ok || err != nil {
			return ok, err
		}
	}
	return len(s.Filters) == 0, nil
}

func matchObject(want, got map[string]any) bool {
	for name, w := range want {
		g, ok := got[name]
		if !ok {
			return false
		}
		switch w := w.(type) {
		case map[string]any:
			if sub, ok := g.(map[string]any); !ok || !matchObject(w, sub) {
				return false
			}
		case []any:
			found := false
			for _, leaf := range w {
				found = found || leaf == g
			}
			if !found {
				return false
			}
		}
	}
	return true
}
