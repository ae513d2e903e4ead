package local

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	bolt "go.etcd.io/bbolt"

	"groundswell/shared/table"
)

// Write applies all operations or none. Once it waits in the queue it is
// answered even if ctx ends: that takes milliseconds, and a known outcome is
// worth them.
func (t *Table) Write(ctx context.Context, ops ...table.Op) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := table.ValidateWrite(ops); err != nil {
		return err
	}
	r := newRequest(ops)
	if err := t.enqueue(r); err != nil {
		return err
	}
	<-r.done
	return r.err
}

// WriteEach applies each operation on its own, in order, many in one commit.
func (t *Table) WriteEach(ctx context.Context, ops ...table.Op) []error {
	errs := make([]error, len(ops))
	waiting := make([]*request, len(ops))
	for i := range ops {
		if errs[i] = ctx.Err(); errs[i] != nil {
			continue
		}
		if errs[i] = ops[i].Validate(); errs[i] != nil {
			continue
		}
		waiting[i] = newRequest(ops[i : i+1])
		if errs[i] = t.enqueue(waiting[i]); errs[i] != nil {
			waiting[i] = nil
		}
	}
	for i, r := range waiting {
		if r != nil {
			<-r.done
			errs[i] = r.err
		}
	}
	return errs
}

// writer is a write transaction with its buckets.
type writer struct {
	recs, ttl, log *bolt.Bucket
	index          [table.Indexes]*bolt.Bucket
	now            time.Time
	head           uint64 // last sequence number of the log
	changed        bool
	olds           []stored // what apply reads, kept to use its memory again
}

// stored is a record as it lies in the file; value is nil if there is none.
type stored struct{ key, value []byte }

func newWriter(b *bolt.Tx, now time.Time) *writer {
	w := &writer{now: now,
		recs: b.Bucket(bucketTable), ttl: b.Bucket(bucketTTL), log: b.Bucket(bucketLog)}
	for i := range w.index {
		w.index[i] = b.Bucket(bucketIndex[i])
	}
	w.head = w.log.Sequence()
	w.log.FillPercent = 1 // it only grows at its end
	return w
}

// apply carries out ops if all their conditions hold. A *table.CondError leaves
// the transaction as it was; after any other error it has to be rolled back.
func (w *writer) apply(ops []table.Op) error {
	w.olds = w.olds[:0]
	for i := range ops {
		op := &ops[i]
		key := tableKey(op.Rec.Key)
		old := w.recs.Get(key)
		ver, ttl := recordFence(old)
		expired := ttl != 0 && ttl <= w.now.Unix()
		if op.Cond != condExpired && !op.Cond.Met(op.N, old != nil, expired, ver) || op.Cond == condExpired && !expired {
			return &table.CondError{Op: i}
		}
		w.olds = append(w.olds, stored{key, old})
	}
	for i := range ops {
		var err error
		switch op := &ops[i]; op.Mut {
		case table.Put:
			err = w.put(w.olds[i], &op.Rec)
		case table.Delete:
			err = w.remove(w.olds[i])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) put(old stored, r *table.Record) error {
	entry, val := w.logEntry(old, r)
	if old.value != nil {
		if same, err := equal(old, val, r); err != nil || same {
			return err
		}
	}
	if err := w.reindex(old, r.Idx, r.TTL); err != nil {
		return err
	}
	if err := w.recs.Put(old.key, val); err != nil {
		return fmt.Errorf("put record: %w", err)
	}
	return w.append(entry)
}

func (w *writer) remove(old stored) error {
	if old.value == nil {
		return nil
	}
	entry, _ := w.logEntry(old, nil)
	if err := w.reindex(old, [table.Indexes]table.IndexKey{}, 0); err != nil {
		return err
	}
	if err := w.recs.Delete(old.key); err != nil {
		return fmt.Errorf("delete record: %w", err)
	}
	return w.append(entry)
}

// reindex moves the entries of a record from where old has them.
func (w *writer) reindex(old stored, idx [table.Indexes]table.IndexKey, ttl int64) error {
	key := old.key
	var was table.Record
	if old.value != nil {
		var err error
		if was, err = decodeRecord(key, old.value); err != nil {
			return err
		}
	}
	for i, b := range w.index {
		if was.Idx[i] == idx[i] {
			continue
		}
		if was.Idx[i].P != "" {
			if err := b.Delete(indexKey(was.Idx[i], key)); err != nil {
				return fmt.Errorf("delete index entry: %w", err)
			}
		}
		if idx[i].P != "" {
			if err := b.Put(indexKey(idx[i], key), nil); err != nil {
				return fmt.Errorf("put index entry: %w", err)
			}
		}
	}
	if was.TTL == ttl {
		return nil
	}
	if was.TTL != 0 {
		if err := w.ttl.Delete(ttlKey(was.TTL, key)); err != nil {
			return fmt.Errorf("delete expiry: %w", err)
		}
	}
	if ttl != 0 {
		if err := w.ttl.Put(ttlKey(ttl, key), nil); err != nil {
			return fmt.Errorf("put expiry: %w", err)
		}
	}
	return nil
}

// equal reports whether r, encoded as val, is what is stored as old. Bodies are
// compared as DynamoDB does, by value: the same members in another order, or
// other white space, are no change.
func equal(old stored, val []byte, r *table.Record) (bool, error) {
	if bytes.Equal(old.value, val) {
		return true, nil
	}
	ver, ttl := recordFence(old.value)
	if ver != r.Ver || ttl != r.TTL {
		return false, nil // a new version, as nearly always
	}
	was, err := decodeRecord(old.key, old.value)
	if err != nil || was.Kind != r.Kind || was.Idx != r.Idx || len(was.Body) == 0 || len(r.Body) == 0 {
		return false, err
	}
	a, errA := decodeBody(was.Body)
	b, errB := decodeBody(r.Body)
	return errA == nil && errB == nil && reflect.DeepEqual(a, b), nil
}

func decodeBody(b []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err
}
