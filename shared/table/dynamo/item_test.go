package dynamo

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

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

// TestForeignItem: what somebody else wrote is a record without a body where only
// that is strange, and an error where the header is.
func TestForeignItem(t *testing.T) {
	t.Parallel()
	item := func(name string, v types.AttributeValue) map[string]types.AttributeValue {
		it := map[string]types.AttributeValue{attrPK: str("p"), attrSK: str("s"), attrVer: &types.AttributeValueMemberN{Value: "3"},
			attrBody: &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"a": str("x")}}}
		it[name] = v
		return it
	}
	r, err := RecordFromImage(item(attrBody, str("not a map")))
	if err != nil || r.PK != "p" || r.Ver != 3 || r.Body != nil {
		t.Errorf("%+v, %v; want a record without a body", r, err)
	}
	for _, name := range []string{attrPK, attrVer} {
		if r, err := RecordFromImage(item(name, &types.AttributeValueMemberBOOL{Value: true})); err == nil {
			t.Errorf("%s is no key: %+v", name, r)
		}
	}
}
