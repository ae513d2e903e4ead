package local

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"time"

	bolt "go.etcd.io/bbolt"

	"groundswell/shared/table"
)

// A log entry is: time in Unix milliseconds (8 bytes), key and old record with
// their lengths (old: length + 1, 0 for none), then a byte that says whether a
// new record follows, and the new record up to the end.

// logEntry encodes a change; val, the new record encoded, is part of it.
func (w *writer) logEntry(was stored, r *table.Record) (entry, val []byte) {
	key, old := was.key, was.value
	n := 8 + 3 + len(key) + 5 + len(old) + 1
	if r != nil {
		n += 32 + 7*2 + len(r.Kind) + len(r.Body)
		for _, x := range r.Idx {
			n += len(x.P) + len(x.S)
		}
	}
	b := make([]byte, 8, n)
	binary.BigEndian.PutUint64(b, uint64(w.now.UnixMilli()))
	b = binary.AppendUvarint(b, uint64(len(key)))
	b = append(b, key...)
	if old == nil {
		b = append(b, 0)
	} else {
		b = binary.AppendUvarint(b, uint64(len(old))+1)
		b = append(b, old...)
	}
	if r == nil {
		return append(b, 0), nil
	}
	b = append(b, 1)
	start := len(b)
	b = appendRecord(b, r)
	return b, b[start:len(b):len(b)]
}

func (w *writer) append(entry []byte) error {
	w.head++
	if err := w.log.Put(seqKey(w.head), entry); err != nil {
		return fmt.Errorf("append to the log: %w", err)
	}
	w.changed = true
	return nil
}

func seqKey(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func decodeChange(seq, v []byte) (table.Change, error) {
	var c table.Change
	if len(seq) != 8 || len(v) < 8 {
		return c, errCorrupt
	}
	c.Seq = strconv.FormatUint(binary.BigEndian.Uint64(seq), 10)
	c.At = time.UnixMilli(int64(binary.BigEndian.Uint64(v))).UTC()
	v = v[8:]
	key, v, ok := lengthPrefixed(v, 0)
	if !ok {
		return c, errCorrupt
	}
	var old []byte
	if len(v) > 0 && v[0] == 0 {
		v = v[1:]
	} else {
		if old, v, ok = lengthPrefixed(v, 1); !ok {
			return c, errCorrupt
		}
		r, err := decodeRecord(key, old)
		if err != nil {
			return c, err
		}
		c.Old = &r
	}
	if len(v) == 0 {
		return c, errCorrupt
	}
	if v[0] == 1 {
		r, err := decodeRecord(key, v[1:])
		if err != nil {
			return c, err
		}
		c.New = &r
	}
	return c, nil
}

func lengthPrefixed(v []byte, more uint64) (s, rest []byte, ok bool) {
	n, w := binary.Uvarint(v)
	if w <= 0 || n < more || n-more > uint64(len(v)-w) {
		return nil, nil, false
	}
	end := w + int(n-more)
	return v[w:end], v[end:], true
}

// readLog returns up to limit changes after sequence number after, and the
// number up to which it looked.
func (t *Table) readLog(after uint64, limit int) (cs []table.Change, last uint64, err error) {
	last = after
	err = t.db.View(func(tx *bolt.Tx) error {
		c := tx.Bucket(bucketLog).Cursor()
		for k, v := c.Seek(seqKey(after + 1)); k != nil && len(cs) < limit; k, v = c.Next() {
			ch, err := decodeChange(k, v)
			if err != nil {
				return fmt.Errorf("log entry %x: %w", k, err)
			}
			ch.Source = t.source
			cs = append(cs, ch)
			last = binary.BigEndian.Uint64(k)
		}
		return nil
	})
	return cs, last, err
}

// trim removes up to limit entries from the start of the log, those that every
// consumer has seen, and returns the first sequence number that may remain.
func (w *writer) trim(seen uint64, limit int) (first uint64, err error) {
	var old []uint64 // first collected: deleting moves a cursor
	c := w.log.Cursor()
	k, _ := c.First()
	for ; k != nil && len(old) < limit && binary.BigEndian.Uint64(k) <= seen; k, _ = c.Next() {
		old = append(old, binary.BigEndian.Uint64(k))
	}
	first = seen + 1
	if k != nil {
		first = binary.BigEndian.Uint64(k)
	}
	for _, n := range old {
		if err := w.log.Delete(seqKey(n)); err != nil {
			return 0, fmt.Errorf("trim the log: %w", err)
		}
	}
	return first, nil
}
