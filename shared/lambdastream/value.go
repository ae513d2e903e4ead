package lambdastream

import (
	"encoding/json"
	"errors"
	"fmt"
)

// maxDepth is how deep DynamoDB lets lists and maps nest (Developer Guide,
// "Quotas": 32 levels), with some room.
const maxDepth = 40

// object turns a map attribute into a JSON object with sorted keys. Numbers keep
// their digits.
func object(raw []byte) ([]byte, error) {
	v, err := plain(raw, 0)
	if err != nil {
		return nil, err
	}
	if _, ok := v.(map[string]any); !ok {
		return nil, errors.New("is not a map")
	}
	return json.Marshal(v)
}

// plain undoes DynamoDB's typing of one value: {"M":{"n":{"N":"1"}}} is {"n":1}.
// A body is JSON, so it holds no sets and no binary values.
func plain(raw []byte, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errors.New("is nested too deeply")
	}
	typ, v, err := split(raw)
	if err != nil {
		return nil, err
	}
	switch typ {
	case "S":
		return decode[string](v)
	case "N":
		s, err := decode[string](v)
		if err != nil || !validNumber(s) {
			return nil, errors.New("has a number that is none")
		}
		return json.Number(s), nil
	case "BOOL":
		return decode[bool](v)
	case "NULL":
		return nil, nil
	case "L":
		list, err := decode[[]json.RawMessage](v)
		if err != nil {
			return nil, err
		}
		out := make([]any, len(list))
		for i, e := range list {
			if out[i], err = plain(e, depth+1); err != nil {
				return nil, err
			}
		}
		return out, nil
	case "M":
		m, err := decode[map[string]json.RawMessage](v)
		if err != nil {
			return nil, err
		}
		out := make(map[string]any, len(m))
		for name, e := range m {
			if out[name], err = plain(e, depth+1); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return nil, errors.New("has a value of a type that JSON lacks")
}

// split takes {"S":"x"} apart into S and "x".
func split(raw []byte) (typ string, value json.RawMessage, err error) {
	var m map[string]json.RawMessage
	if json.Unmarshal(raw, &m) != nil || len(m) != 1 {
		return "", nil, errors.New("is not a typed value")
	}
	for typ, value = range m {
	}
	return typ, value, nil
}

func decode[T any](raw []byte) (T, error) {
	var v *T // a pointer, to tell null from the zero value
	if json.Unmarshal(raw, &v) != nil || v == nil {
		var zero T
		return zero, fmt.Errorf("has a malformed value")
	}
	return *v, nil
}

func validNumber(s string) bool {
	if s == "" || !(s[0] == '-' || s[0] >= '0' && s[0] <= '9') {
		return false
	}
	return json.Valid([]byte(s)) // of what starts like this, JSON allows numbers alone
}
