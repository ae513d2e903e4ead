package tabletest

import (
	"bytes"
	"encoding/json"
	"reflect"
)

// sameJSON compares two bodies as decoded values, numbers by their digits.
func sameJSON(a, b []byte) bool {
	x, errA := decodeJSON(a)
	y, errB := decodeJSON(b)
	return errA == nil && errB == nil && reflect.DeepEqual(x, y)
}

func decodeJSON(b []byte) (v any, err error) {
	if len(b) == 0 {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err
}
