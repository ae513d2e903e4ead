package local

import (
	"bytes"
	"context"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"groundswell/shared/table"
	"groundswell/shared/table/internal/cursor"
)

// Get returns the record under key, or table.ErrNotFound. Every read is
// consistent here.
func (t *Table) Get(ctx context.Context, key table.Key, _ bool) (table.Record, error) {
	var r table.Record
	if err := key.Validate(); err != nil {
		return r, err
	}
	found := false
	err := t.view(ctx, func(tx *bolt.Tx) (err error) {
		r, found, err = t.get(tx.Bucket(bucketTable), tableKey(key))
		return err
	})
	if err == nil && !found {
		return table.Record{}, table.ErrNotFound
	}
	return r, err
}

// get finds a live record.
func (t *Table) get(b *bolt.Bucket, key []byte) (r table.Record, found bool, err error) {
	v := b.Get(key)
	if v == nil || t.expired(v) {
		return r, false, nil
	}
	r, err = decodeRecord(key, v)
	return r, err == nil, err
}

func (t *Table) expired(v []byte) bool {
	_, ttl := recordFence(v)
	return ttl != 0 && ttl <= t.clock().Unix()
}

// BatchGet returns the live records under keys, all from one state.
func (t *Table) BatchGet(ctx context.Context, keys []table.Key, _ bool) (map[table.Key]table.Record, error) {
	for i, k := range keys {
		if err := k.Validate(); err != nil {
			return nil, fmt.Errorf("key %d: %w", i, err)
		}
	}
	recs := make(map[table.Key]table.Record, len(keys))
	err := t.view(ctx, func(tx *bolt.Tx) error {
		b := tx.Bucket(bucketTable)
		for _, k := range keys {
			r, found, err := t.get(b, tableKey(k))
			if err != nil {
				return err
			}
			if found {
				recs[r.Key] = r
			}
		}
		return nil
	})
	return recs, err
}

// Query returns one page. As on DynamoDB a full page carries a cursor even if
// nothing follows.
func (t *Table) Query(ctx context.Context, q table.Query) (table.Page, error) {
	var page table.Page
	q, err := q.Normalize()
	if err != nil {
		return page, err
	}
	from, to := bounds(q)
	if q.After != "" {
		pos, err := cursor.Decode(q)
		if err != nil {
			return page, err
		}
		key := tableKey(pos.Key)
		if q.Index != 0 {
			key = indexKey(table.IndexKey{P: q.PK, S: pos.S}, key)
		}
		if q.Desc {
			to = key
		} else {
			from = append(key, 0) // the least key above
		}
	}
	err = t.view(ctx, func(tx *bolt.Tx) error {
		recs := tx.Bucket(bucketTable)
		keys := recs
		if q.Index != 0 {
			keys = tx.Bucket(bucketIndex[q.Index-1])
		}
		return scan(keys, from, to, q.Desc, func(k, v []byte) (more bool, err error) {
			var s []byte
			if q.Index != 0 {
				if s, k, v, err = resolve(recs, k, len(q.PK)+1); err != nil {
					return false, err
				}
			}
			if t.expired(v) {
				return true, nil
			}
			r, err := decodeRecord(k, v)
			if err != nil {
				return false, err
			}
			if page.Recs == nil {
				page.Recs = make([]table.Record, 0, min(q.Limit, 32))
			}
			page.Recs = append(page.Recs, r)
			if len(page.Recs) < q.Limit {
				return true, nil
			}
			page.Next = cursor.Encode(q, cursor.Pos{S: string(s), Key: r.Key})
			return false, nil
		})
	})
	if err != nil {
		return table.Page{}, err
	}
	return page, nil
}

// resolve splits an index key after the partition, which takes skip bytes, and
// reads the record that it stands for.
func resolve(recs *bolt.Bucket, indexKey []byte, skip int) (s, key, value []byte, err error) {
	s, key, ok := bytes.Cut(indexKey[skip:], []byte{0})
	if !ok {
		return nil, nil, nil, errCorrupt
	}
	if value = recs.Get(key); value == nil {
		return nil, nil, nil, fmt.Errorf("%w: index entry %q without its record", errCorrupt, indexKey)
	}
	return s, key, value, nil
}

// bounds returns the range of bucket keys of q: from inclusive, to exclusive.
// Keys hold no NUL, so that NUL as separator keeps the order of their parts.
func bounds(q table.Query) (from, to []byte) {
	from = append([]byte(q.PK), 0)
	to = append([]byte(q.PK), 1)
	switch {
	case q.Prefix != "":
		from = append(from, q.Prefix...)
		to = append(bytes.Clone(from), 0xff) // no UTF-8 text holds 0xff
	case q.From != "" || q.To != "":
		if q.To != "" {
			to = append(append(to[:0], from...), q.To...)
		}
		from = append(from, q.From...)
	}
	return from, to
}

// scan calls f for the entries of b from from up to, not including, to, the
// other way round if desc, until f wants no more.
func scan(b *bolt.Bucket, from, to []byte, desc bool, f func(k, v []byte) (more bool, err error)) error {
	c := b.Cursor()
	step := c.Next
	var k, v []byte
	if desc {
		step = c.Prev
		if k, _ = c.Seek(to); k == nil {
			k, v = c.Last()
		} else {
			k, v = c.Prev()
		}
	} else {
		k, v = c.Seek(from)
	}
	for ; k != nil && bytes.Compare(k, from) >= 0 && bytes.Compare(k, to) < 0; k, v = step() {
		if more, err := f(k, v); err != nil || !more {
			return err
		}
	}
	return nil
}

// Scan lists all live records in order of their keys.
func (t *Table) Scan(ctx context.Context, after string, limit int) (table.Page, error) {
	var page table.Page
	limit, err := table.NormalizeLimit(limit)
	if err != nil {
		return page, err
	}
	var from []byte
	if after != "" {
		key, err := cursor.DecodeScan(after)
		if err != nil {
			return page, err
		}
		from = append(tableKey(key), 0)
	}
	err = t.view(ctx, func(tx *bolt.Tx) error {
		return scan(tx.Bucket(bucketTable), from, []byte{0xff}, false, func(k, v []byte) (bool, error) {
			if t.expired(v) {
				return true, nil
			}
			r, err := decodeRecord(k, v)
			if err != nil {
				return false, err
			}
			page.Recs = append(page.Recs, r)
			if len(page.Recs) == limit {
				page.Next = cursor.EncodeScan(r.Key)
			}
			return len(page.Recs) < limit, nil
		})
	})
	return page, err
}
