package local

import (
	"bytes"
	"context"

	bolt "go.etcd.io/bbolt"

	"groundswell/shared/table"
)

// condExpired holds for a record whose TTL has passed. Only Sweep uses it: a
// version would not do, as a record written anew may have the old one's.
const condExpired table.Cond = 0xff

// sweepBatch is the number of records that Sweep removes in one go.
const sweepBatch = 256

// Sweep removes the records whose TTL has passed and returns their number. They
// are hidden from readers already; removing them gives back their space and
// tells the consumers of the log. A program calls it now and then.
func (t *Table) Sweep(ctx context.Context) (removed int, err error) {
	for {
		keys, err := t.expiredKeys(ctx)
		if err != nil || len(keys) == 0 {
			return removed, err
		}
		var waiting []*request
		for _, k := range keys {
			r := newRequest([]table.Op{{Mut: table.Delete, Rec: table.Record{Key: k}, Cond: condExpired}})
			if err := t.enqueue(r); err != nil {
				return removed, err
			}
			waiting = append(waiting, r)
		}
		for _, r := range waiting {
			<-r.done
			_, anew := table.FailedCond(r.err)
			switch {
			case r.err == nil:
				removed++
			case !anew:
				return removed, r.err
			}
		}
	}
}

// expiredKeys returns the keys of some records that have expired.
func (t *Table) expiredKeys(ctx context.Context) (keys []table.Key, err error) {
	end := ttlKey(t.clock().Unix()+1, nil)
	err = t.view(ctx, func(tx *bolt.Tx) error {
		return scan(tx.Bucket(bucketTTL), nil, end, false, func(k, _ []byte) (bool, error) {
			pk, sk, _ := bytes.Cut(k[8:], []byte{0})
			keys = append(keys, table.Key{PK: string(pk), SK: string(sk)})
			return len(keys) < sweepBatch, nil
		})
	})
	return keys, err
}
