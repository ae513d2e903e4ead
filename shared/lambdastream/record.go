package lambdastream

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"groundswell/shared/table"
)

// record is the part of a stream record that a Change is made of.
type record struct {
	Source string `json:"eventSourceARN"`
	Change struct {
		At  float64   `json:"ApproximateCreationDateTime"` // Unix seconds
		Seq string    `json:"SequenceNumber"`
		New attribute `json:"NewImage"`
		Old attribute `json:"OldImage"`
	} `json:"dynamodb"`
}

// attribute maps names to values still in DynamoDB's typed form.
type attribute map[string]json.RawMessage

// Decode reads one stream record. Its errors tell what is wrong with the record's
// form and never what is in it.
func Decode(raw []byte) (table.Change, error) {
	var r record
	if err := json.Unmarshal(raw, &r); err != nil {
		return table.Change{}, errors.New("not a stream record") // err may quote the contents
	}
	if !digits(r.Change.Seq) {
		return table.Change{}, errors.New("no sequence number")
	}
	if r.Change.New == nil && r.Change.Old == nil {
		return table.Change{}, errors.New("no image: the stream's view type must be NEW_AND_OLD_IMAGES")
	}
	c := table.Change{Source: r.Source, Seq: r.Change.Seq, At: instant(r.Change.At)}
	var err error
	if c.New, err = image(r.Change.New); err != nil {
		return table.Change{}, fmt.Errorf("new image: %w", err)
	}
	if c.Old, err = image(r.Change.Old); err != nil {
		return table.Change{}, fmt.Errorf("old image: %w", err)
	}
	if c.New != nil && c.Old != nil && c.New.Key != c.Old.Key {
		return table.Change{}, errors.New("images of two keys")
	}
	return c, nil
}

// image decodes a whole item, or nil for none.
func image(a attribute) (*table.Record, error) {
	if a == nil {
		return nil, nil
	}
	var (
		r   table.Record
		err error
	)
	for _, f := range []struct {
		name string
		dst  *string
		must bool
	}{
		{"pk", &r.PK, true},
		{"sk", &r.SK, true},
		{"k", &r.Kind, false},
		{"g1p", &r.Idx[0].P, false},
		{"g1s", &r.Idx[0].S, false},
		{"g2p", &r.Idx[1].P, false},
		{"g2s", &r.Idx[1].S, false},
		{"g3p", &r.Idx[2].P, false},
		{"g3s", &r.Idx[2].S, false},
	} {
		if *f.dst, err = a.text(f.name); err != nil {
			return nil, err
		}
		if f.must && *f.dst == "" {
			return nil, fmt.Errorf("%s is missing", f.name)
		}
	}
	if r.Ver, err = a.number("v"); err != nil {
		return nil, err
	}
	if r.TTL, err = a.number("ttl"); err != nil {
		return nil, err
	}
	if raw, ok := a["b"]; ok {
		if r.Body, err = object(raw); err != nil {
			return nil, fmt.Errorf("b: %w", err)
		}
	}
	return &r, nil
}

// text is the string under name, or "" if there is none.
func (a attribute) text(name string) (string, error) {
	raw, ok := a[name]
	if !ok {
		return "", nil
	}
	typ, v, err := split(raw)
	if err != nil || typ != "S" {
		return "", fmt.Errorf("%s is not a string", name)
	}
	var s *string
	if json.Unmarshal(v, &s) != nil || s == nil {
		return "", fmt.Errorf("%s is not a string", name)
	}
	return *s, nil
}

// number is the integer under name, or 0 if there is none.
func (a attribute) number(name string) (int64, error) {
	raw, ok := a[name]
	if !ok {
		return 0, nil
	}
	typ, v, err := split(raw)
	if err != nil || typ != "N" {
		return 0, fmt.Errorf("%s is not a number", name)
	}
	var s string
	if json.Unmarshal(v, &s) != nil {
		return 0, fmt.Errorf("%s is not a number", name)
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s is not an integer", name)
	}
	return n, nil
}

func instant(seconds float64) time.Time {
	if !(seconds > 0 && seconds < 1<<40) { // also no NaN
		return time.Time{}
	}
	whole, frac := math.Modf(seconds)
	return time.Unix(int64(whole), int64(math.Round(frac*1e3))*1e6).UTC()
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != "" && len(s) <= 64
}
