package fakeaws

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Pattern is one filter of an event source mapping for a DynamoDB stream (AWS
// Lambda Developer Guide, "Filter rule syntax"): objects mirror the record, arrays
// hold alternatives. It knows null, literals, prefix, suffix, equals-ignore-case,
// anything-but, exists and $or. Anything else is an error, numeric comparison first:
// Lambda does not support it for DynamoDB, whose numbers are strings.
type Pattern struct{ root any }

// ParsePattern reads a filter's Pattern.
func ParsePattern(src string) (Pattern, error) {
	root, err := decodeJSON([]byte(src))
	if err != nil {
		return Pattern{}, fmt.Errorf("filter pattern: %w", err)
	}
	m, ok := root.(map[string]any)
	if !ok || len(m) == 0 {
		return Pattern{}, fmt.Errorf("filter pattern: is not an object with fields")
	}
	for name := range m {
		switch name {
		case "dynamodb", "eventID", "eventName", "eventSource", "eventSourceARN", "eventVersion", "awsRegion", "userIdentity", "$or":
		default:
			return Pattern{}, fmt.Errorf("filter pattern: a stream record has no field %q", name)
		}
	}
	if err := checkPattern("", m); err != nil {
		return Pattern{}, fmt.Errorf("filter pattern: %w", err)
	}
	return Pattern{m}, nil
}

// Match reports whether the record, in the JSON of an event's Records, passes.
// It is an error for exists to meet an object: it works on leaves only.
func (p Pattern) Match(record []byte) (bool, error) {
	v, err := decodeJSON(record)
	if err != nil {
		return false, fmt.Errorf("stream record: %w", err)
	}
	return matchNode("", p.root, v, true)
}

// MatchAny reports whether one of the patterns matches; no patterns let all pass.
func MatchAny(patterns []Pattern, record []byte) (bool, error) {
	for _, p := range patterns {
		if ok, err := p.Match(record); ok || err != nil {
			return ok, err
		}
	}
	return len(patterns) == 0, nil
}

func decodeJSON(b []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("text after the JSON value")
	}
	return v, nil
}

func checkPattern(path string, node any) error {
	switch n := node.(type) {
	case map[string]any:
		if len(n) == 0 {
			return fmt.Errorf("%s: empty object", path)
		}
		for name, sub := range n {
			at := path + "." + name
			if name == "$or" {
				alternatives, ok := sub.([]any)
				if !ok || len(alternatives) < 2 {
					return fmt.Errorf("%s: needs two alternatives", at)
				}
				for _, a := range alternatives {
					if _, ok := a.(map[string]any); !ok {
						return fmt.Errorf("%s: alternatives are objects", at)
					}
					if err := checkPattern(at, a); err != nil {
						return err
					}
				}
				continue
			}
			if err := checkPattern(at, sub); err != nil {
				return err
			}
		}
		return nil
	case []any:
		if len(n) == 0 {
			return fmt.Errorf("%s: empty array", path)
		}
		for _, rule := range n {
			if err := checkRule(path, rule); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("%s: values stand in arrays", path)
}

func checkRule(path string, rule any) error {
	m, ok := rule.(map[string]any)
	if !ok {
		if _, nested := rule.([]any); nested {
			return fmt.Errorf("%s: array in an array", path)
		}
		return nil
	}
	if len(m) != 1 {
		return fmt.Errorf("%s: a rule has one operator", path)
	}
	for op, arg := range m {
		switch op {
		case "exists":
			if _, ok := arg.(bool); !ok {
				return fmt.Errorf("%s: exists takes true or false", path)
			}
		case "prefix", "suffix", "equals-ignore-case":
			if _, ok := arg.(string); !ok {
				return fmt.Errorf("%s: %s takes a string", path, op)
			}
		case "anything-but":
			for _, v := range asList(arg) {
				switch v.(type) {
				case string, json.Number:
				default:
					return fmt.Errorf("%s: anything-but takes strings or numbers", path)
				}
			}
		default:
			return fmt.Errorf("%s: operator %q is not supported for DynamoDB streams", path, op)
		}
	}
	return nil
}

// matchNode matches one node; present is false if the record has nothing there.
func matchNode(path string, pattern, value any, present bool) (bool, error) {
	switch p := pattern.(type) {
	case map[string]any:
		object, _ := value.(map[string]any)
		for name, sub := range p {
			var ok bool
			var err error
			if name == "$or" {
				ok, err = matchOr(path, sub.([]any), value, present)
			} else {
				v, has := object[name]
				ok, err = matchNode(path+"."+name, sub, v, has)
			}
			if !ok || err != nil {
				return false, err
			}
		}
		return true, nil
	case []any:
		for _, rule := range p {
			if ok, err := matchRule(path, rule, value, present); ok || err != nil {
				return ok, err
			}
		}
	}
	return false, nil
}

func matchOr(path string, alternatives []any, value any, present bool) (bool, error) {
	for _, a := range alternatives {
		if ok, err := matchNode(path, a, value, present); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

func matchRule(path string, rule, value any, present bool) (bool, error) {
	m, operator := rule.(map[string]any)
	if operator {
		if want, ok := m["exists"]; ok {
			if _, object := value.(map[string]any); object {
				return false, fmt.Errorf("filter pattern: %s: exists works on leaves, and the record has an object there", path)
			}
			return present == want.(bool), nil
		}
	}
	if !present {
		return false, nil
	}
	if list, ok := value.([]any); ok { // one element is enough
		for _, v := range list {
			if matchLeaf(rule, v) {
				return true, nil
			}
		}
		return false, nil
	}
	return matchLeaf(rule, value), nil
}

func matchLeaf(rule, value any) bool {
	if _, object := value.(map[string]any); object {
		return false
	}
	m, operator := rule.(map[string]any)
	if !operator {
		return rule == value
	}
	s, text := value.(string)
	for op, arg := range m {
		switch op {
		case "prefix":
			return text && strings.HasPrefix(s, arg.(string))
		case "suffix":
			return text && strings.HasSuffix(s, arg.(string))
		case "equals-ignore-case":
			return text && strings.EqualFold(s, arg.(string))
		case "anything-but":
			for _, v := range asList(arg) {
				if v == value {
					return false
				}
			}
			return true
		}
	}
	return false
}

func asList(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}
