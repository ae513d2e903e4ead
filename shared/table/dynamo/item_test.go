package dynamo

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/table"
)

func TestBodyRoundTrip(t *testing.T) {
	t.Parallel()
	for _, v := range []any{
		map[string]any{},
		map[string]any{"z": 1, "a": -1.5, "m": 1e21, "e": 5e-324 * 1e200, "big": uint64(1<<64 - 1)},
		map[string]any{"s": "plain", "t": "<&>\"\\\u2028\u0000 é \U0001F600", "": "empty key", "k\n<": ""},
		map[string]any{"l": []any{nil, true, false, []any{}, map[string]any{"x": []any{"y"}}}},
	} {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		a, err := bodyToAttr(b)
		if err != nil {
			t.Errorf("bodyToAttr(%s): %v", b, err)
			continue
		}
		if back, err := appendAttr(nil, a); err != nil || string(back) != string(b) {
			t.Errorf("%s came back as %s, %v", b, back, err)
		}
	}
}

func TestItemLeavesOutWhatIsEmpty(t *testing.T) {
	t.Parallel()
	it, err := newItem(table.Record{Key: table.Key{PK: "p", SK: "s"}, Idx: [3]table.IndexKey{1: {P: "x", S: "y"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"k", "ttl", "b", "g1p", "g1s", "g3p", "g3s"} {
		if _, there := it[name]; there {
			t.Errorf("attribute %s is there", name)
		}
	}
	if len(it) != 5 {
		t.Errorf("%d attributes; want pk, sk, v, g2p, g2s", len(it))
	}
}

func TestBefore(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{"6": "5\U0010FFFF", "a#": "a\"\U0010FFFF", "a\x01": "a", "\uE000": "\uD7FF\U0010FFFF", "é": "è\U0010FFFF"} {
		if got := before(s); got != want || got >= s {
			t.Errorf("before(%q) = %q; want %q, which is less", s, got, want)
		}
	}
}

func TestParseStreamRecord(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/stream_record.json")
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseStreamRecord(raw)
	if err != nil {
		t.Fatal(err)
	}
	rec := table.Record{Key: table.Key{PK: "V#01#a", SK: "u1"}, Kind: "vote", Ver: 1, TTL: 1800000000,
		Idx: [3]table.IndexKey{2: {P: "U#u1", S: "01"}}, Body: []byte(`{"at":1763807400000,"tags":["x",null,true,{"n":1.5}]}`)}
	want := table.Change{Source: "arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/2026", Seq: "4421584500000000017450439091",
		At: time.Unix(1763807400, 0).UTC(), Old: &rec}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("ParseStreamRecord (-want +got):\n%s", d)
	}
	for name, bad := range map[string]string{
		"no JSON":     `{`,
		"no image":    `{"dynamodb":{"SequenceNumber":"1"}}`,
		"no key":      `{"dynamodb":{"NewImage":{"v":{"N":"1"}}}}`,
		"wrong type":  `{"dynamodb":{"NewImage":{"pk":{"S":"p"},"sk":{"S":"s"},"v":{"S":"1"}}}}`,
		"no number":   `{"dynamodb":{"NewImage":{"pk":{"S":"p"},"sk":{"S":"s"},"v":{"N":"1.5"}}}}`,
		"binary body": `{"dynamodb":{"NewImage":{"pk":{"S":"p"},"sk":{"S":"s"},"b":{"M":{"x":{"B":"AA=="}}}}}}`,
		"body no map": `{"dynamodb":{"NewImage":{"pk":{"S":"p"},"sk":{"S":"s"},"b":{"S":"x"}}}}`,
	} {
		if c, err := ParseStreamRecord([]byte(bad)); err == nil {
			t.Errorf("%s: accepted as %+v", name, c)
		}
	}
}

func FuzzParseStreamRecord(f *testing.F) {
	raw, err := os.ReadFile("testdata/stream_record.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := ParseStreamRecord(raw)
		if err != nil {
			return
		}
		r := c.New
		if r == nil {
			r = c.Old
		}
		it, err := newItem(*r)
		if err != nil {
			t.Fatalf("newItem(%+v): %v", r, err)
		}
		if back, err := RecordFromImage(it); err != nil || !reflect.DeepEqual(*r, back) && !strings.Contains(string(r.Body), `\ufffd`) && halfIndex(r) == false {
			t.Errorf("%+v came back as %+v, %v", *r, back, err)
		}
	})
}

// halfIndex reports an index key without its other half, which an item may
// have and a record may not.
func halfIndex(r *table.Record) bool {
	for _, x := range r.Idx {
		if (x.P == "") != (x.S == "") {
			return true
		}
	}
	return false
}
