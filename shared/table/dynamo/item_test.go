package dynamo

import (
	"encoding/json"
	"testing"

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
