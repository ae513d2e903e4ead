package local

import (
	"bytes"
	"encoding/binary"
	"errors"

	"groundswell/shared/table"
)

// A stored record is Ver and TTL as varints, so that conditions can be checked
// without reading on; the length of the rest of the header; kind and index keys
// with their lengths; and the body up to the end. Its key is the bucket's key.

var errCorrupt = errors.New("local: corrupt record")

func tableKey(k table.Key) []byte {
	b := make([]byte, 0, len(k.PK)+1+len(k.SK))
	b = append(b, k.PK...)
	b = append(b, 0)
	return append(b, k.SK...)
}

func indexKey(x table.IndexKey, tableKey []byte) []byte {
	b := make([]byte, 0, len(x.P)+1+len(x.S)+1+len(tableKey))
	b = append(b, x.P...)
	b = append(b, 0)
	b = append(b, x.S...)
	b = append(b, 0)
	return append(b, tableKey...)
}

func ttlKey(ttl int64, tableKey []byte) []byte {
	b := make([]byte, 8, 8+len(tableKey))
	binary.BigEndian.PutUint64(b, uint64(ttl))
	return append(b, tableKey...)
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendRecord(b []byte, r *table.Record) []byte {
	b = binary.AppendVarint(b, r.Ver)
	b = binary.AppendVarint(b, r.TTL)
	n := len(r.Kind) + 1 + 2*table.Indexes // each length takes one byte up to 127
	for _, x := range r.Idx {
		n += len(x.P) + len(x.S)
	}
	for _, s := range [...]string{r.Kind, r.Idx[0].P, r.Idx[0].S, r.Idx[1].P, r.Idx[1].S, r.Idx[2].P, r.Idx[2].S} {
		for l := len(s); l > 127; l >>= 7 {
			n++
		}
	}
	b = binary.AppendUvarint(b, uint64(n))
	b = appendString(b, r.Kind)
	for _, x := range r.Idx {
		b = appendString(b, x.P)
		b = appendString(b, x.S)
	}
	return append(b, r.Body...)
}

// recordFence returns what conditions look at.
func recordFence(v []byte) (ver, ttl int64) {
	ver, n := binary.Varint(v)
	if n > 0 {
		ttl, _ = binary.Varint(v[n:])
	}
	return ver, ttl
}

// decodeRecord copies a record out of the file. One string holds its whole
// header, one slice its body: two allocations a record.
func decodeRecord(key, v []byte) (table.Record, error) {
	var r table.Record
	nul := bytes.IndexByte(key, 0)
	ver, n := binary.Varint(v)
	if n <= 0 || nul < 0 {
		return r, errCorrupt
	}
	v = v[n:]
	ttl, n := binary.Varint(v)
	if n <= 0 {
		return r, errCorrupt
	}
	v = v[n:]
	size, n := binary.Uvarint(v)
	if n <= 0 || size > uint64(len(v)-n) {
		return r, errCorrupt
	}
	head, body := v[n:n+int(size)], v[n+int(size):]

	all := make([]byte, 0, 512) // stays on the stack unless a header is long
	all = append(append(all, key...), head...)
	s := string(all)
	r.PK, r.SK = s[:nul], s[nul+1:len(key)]
	h := header{s: s[len(key):]}
	r.Ver, r.TTL = ver, ttl
	r.Kind = h.next()
	for i := range r.Idx {
		r.Idx[i] = table.IndexKey{P: h.next(), S: h.next()}
	}
	if h.bad || h.s != "" {
		return r, errCorrupt
	}
	if len(body) > 0 {
		r.Body = bytes.Clone(body)
	}
	return r, nil
}

// header reads strings with their lengths.
type header struct {
	s   string
	bad bool
}

func (h *header) next() string {
	var n uint64
	for i := 0; i < len(h.s) && i < 5; i++ {
		n |= uint64(h.s[i]&0x7f) << (7 * i)
		if h.s[i] < 0x80 {
			rest := h.s[i+1:]
			if n > uint64(len(rest)) {
				break
			}
			h.s = rest[n:]
			return rest[:n]
		}
	}
	h.bad, h.s = true, ""
	return ""
}
