package cursor

import (
	"errors"
	"testing"

	"groundswell/shared/table"
)

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		q table.Query
		p Pos
	}{
		"table":             {table.Query{PK: "p"}, Pos{Key: table.Key{PK: "p", SK: "s"}}},
		"table in a prefix": {table.Query{PK: "p", Prefix: "s"}, Pos{Key: table.Key{PK: "p", SK: "sé"}}},
		"index":             {table.Query{PK: "g", Index: 2}, Pos{S: "7", Key: table.Key{PK: "p", SK: "s"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.q.After = Encode(tc.q, tc.p)
			got, err := Decode(tc.q)
			if err != nil || got != tc.p {
				t.Errorf("Decode(%q) = %v, %v; want %v", tc.q.After, got, err, tc.p)
			}
		})
	}
	k := table.Key{PK: "p", SK: "s"}
	if got, err := DecodeScan(EncodeScan(k)); err != nil || got != k {
		t.Errorf("DecodeScan = %v, %v; want %v", got, err, k)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	at := Pos{S: "5", Key: table.Key{PK: "p", SK: "5"}}
	good := Encode(table.Query{PK: "p"}, at)
	inIndex := Encode(table.Query{PK: "p", Index: 1}, at)
	for name, q := range map[string]table.Query{
		"empty text":        {PK: "p", After: "!"},
		"cut":               {PK: "p", After: good[:len(good)-1]},
		"longer":            {PK: "p", After: good + "A"},
		"altered":           {PK: "p", After: "B" + good[1:]},
		"with line ends":    {PK: "p", After: good[:5] + "\r\n" + good[5:]},
		"another partition": {PK: "q", After: good},
		"another index":     {PK: "p", Index: 2, After: inIndex},
		"table's, in index": {PK: "p", Index: 1, After: good},
		"outside prefix":    {PK: "p", Prefix: "6", After: good},
		"below from":        {PK: "p", From: "6", After: good},
		"at to":             {PK: "p", To: "5", After: good},
		"a scan's":          {PK: "p", After: EncodeScan(at.Key)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if p, err := Decode(q); !errors.Is(err, table.ErrBadCursor) {
				t.Errorf("Decode = %v, %v; want ErrBadCursor", p, err)
			}
		})
	}
	if _, err := DecodeScan(good); !errors.Is(err, table.ErrBadCursor) {
		t.Errorf("DecodeScan of a query's cursor = %v; want ErrBadCursor", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(Encode(table.Query{PK: "p"}, Pos{Key: table.Key{PK: "p", SK: "5"}}), 0)
	f.Add(Encode(table.Query{PK: "p", Index: 1}, Pos{S: "5", Key: table.Key{PK: "p", SK: "5"}}), 1)
	f.Fuzz(func(t *testing.T, after string, index int) {
		q := table.Query{PK: "p", From: "4", To: "6", Index: index & 3, After: after}
		p, err := Decode(q)
		if err != nil {
			return
		}
		if again := Encode(q, p); again != after {
			t.Errorf("accepted %q, but writes the same position as %q", after, again)
		}
	})
}
