// Package cursor writes and reads the page cursors of the table drivers: a
// position in one partition of one index, opaque to callers, in URL-safe text.
//
// A cursor is refused when it was cut, altered, made for another partition or
// index, or points outside the range of the query. It is not a secret and not
// signed: all that a forger gains is another place in the list that the query
// may read anyway.
package cursor

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"strings"

	"groundswell/shared/table"
)

// Pos is a position: the record's key and, in an index, its sort key there.
type Pos struct {
	S string // sort key in the index; empty on the table itself
	table.Key
}

const (
	version = 1
	scan    = 0xff // in place of the index number
	header  = 5    // version and checksum
	// maxText bounds what is decoded: three keys, two separators, in base64.
	maxText = (header + table.MaxSK + 2 + table.MaxPK + table.MaxSK + 2) * 4 / 3
)

var encoding = base64.RawURLEncoding.Strict()

// Encode returns the cursor for position p of q.
func Encode(q table.Query, p Pos) string {
	if q.Index == 0 {
		return seal(0, q.PK, p.SK)
	}
	return seal(byte(q.Index), q.PK, p.S+"\x00"+p.PK+"\x00"+p.SK)
}

// Decode reads q.After, which must not be empty.
func Decode(q table.Query) (Pos, error) {
	text, ok := open(byte(q.Index), q.PK, q.After)
	if !ok {
		return Pos{}, table.ErrBadCursor
	}
	p := Pos{Key: table.Key{PK: q.PK, SK: text}}
	sort := text
	if q.Index != 0 {
		parts := strings.Split(text, "\x00")
		if len(parts) != 3 {
			return Pos{}, table.ErrBadCursor
		}
		p = Pos{S: parts[0], Key: table.Key{PK: parts[1], SK: parts[2]}}
		sort = p.S
		if (table.Key{PK: q.PK, SK: p.S}).Validate() != nil {
			return Pos{}, table.ErrBadCursor
		}
	}
	if p.Key.Validate() != nil || !q.Contains(sort) {
		return Pos{}, table.ErrBadCursor
	}
	return p, nil
}

// EncodeScan returns the cursor for position k of a Scan.
func EncodeScan(k table.Key) string { return seal(scan, "", k.PK+"\x00"+k.SK) }

// DecodeScan reads the cursor of a Scan.
func DecodeScan(s string) (table.Key, error) {
	text, ok := open(scan, "", s)
	pk, sk, two := strings.Cut(text, "\x00")
	k := table.Key{PK: pk, SK: sk}
	if !ok || !two || k.Validate() != nil {
		return table.Key{}, table.ErrBadCursor
	}
	return k, nil
}

func seal(index byte, partition, text string) string {
	b := make([]byte, header, header+len(text))
	b[0] = version
	b = append(b, text...)
	binary.BigEndian.PutUint32(b[1:], sum(index, partition, text))
	return encoding.EncodeToString(b)
}

func open(index byte, partition, s string) (text string, ok bool) {
	if len(s) > maxText || strings.ContainsAny(s, "\r\n") { // encoding/base64 would skip line ends
		return "", false
	}
	b, err := encoding.DecodeString(s)
	if err != nil || len(b) <= header || b[0] != version {
		return "", false
	}
	text = string(b[header:])
	return text, binary.BigEndian.Uint32(b[1:]) == sum(index, partition, text)
}

func sum(index byte, partition, text string) uint32 {
	c := crc32.ChecksumIEEE([]byte{index})
	c = crc32.Update(c, crc32.IEEETable, []byte(partition))
	c = crc32.Update(c, crc32.IEEETable, []byte{0})
	return crc32.Update(c, crc32.IEEETable, []byte(text))
}
