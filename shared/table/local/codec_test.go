package local

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/table"
)

func TestRecordRoundTrip(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", table.MaxPK)
	for name, r := range map[string]table.Record{
		"empty":          {},
		"all":            {Kind: "vote", Ver: 7, TTL: 1800000000, Idx: [3]table.IndexKey{{P: "a", S: "b"}, {}, {P: "c", S: "d"}}, Body: []byte(`{}`)},
		"extreme":        {Ver: math.MinInt64, TTL: math.MaxInt64},
		"long":           {Kind: long[:300], Idx: [3]table.IndexKey{{P: long, S: long[:128]}, {P: long[:127], S: long[:1024]}, {P: "x", S: "y"}}, Body: []byte(long)},
		"long body":      {Body: []byte(strings.Repeat("y", table.MaxRecord))},
		"negative":       {Ver: -1},
		"largest":        {Ver: math.MaxInt64},
		"body is no ttl": {Body: []byte{0, 1, 2, 3}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r.Key = table.Key{PK: "pk", SK: "sk"}
			v := appendRecord(nil, &r)
			got, err := decodeRecord(tableKey(r.Key), v)
			if d := cmp.Diff(r, got); err != nil || d != "" {
				t.Errorf("decodeRecord: %v (-want +got):\n%s", err, d)
			}
			if ver, ttl := recordFence(v); ver != r.Ver || ttl != r.TTL {
				t.Errorf("recordFence = %d, %d; want %d, %d", ver, ttl, r.Ver, r.TTL)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	r := table.Record{Kind: "vote", Ver: 7, TTL: 1800000000, Idx: [3]table.IndexKey{{P: "a", S: "b"}}, Body: []byte(`{}`)}
	old := stored{key: []byte("p\x00s"), value: appendRecord(nil, &r)}
	entry, val := (&writer{}).logEntry(old, &r)
	f.Add(old.key, val)
	f.Add(old.key, entry)
	f.Fuzz(func(_ *testing.T, key, v []byte) { // must not panic
		_, _ = decodeRecord(key, v)
		_, _ = decodeChange([]byte("12345678"), v)
		_, _ = recordFence(v)
	})
}
