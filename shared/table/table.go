// Package table is the storage port: ordered items by key, conditional atomic
// writes, range queries and change records. Everything the portal keeps goes
// through it, so a driver is all that a new home for the data needs.
//
// Start with [Table], then [Query] and [Op]. The drivers are shared/table/dynamo
// (Amazon DynamoDB) and shared/table/local (one bbolt file); the contract both
// must meet is executable: shared/table/tabletest.
//
// The port knows nothing of ideas or votes. Row shapes live in shared/store.
// Conditions look only at a record's existence and version; there is no
// expression language, so every writer reads first and compares versions.
package table

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Indexes is the number of secondary indexes each record may appear in.
const Indexes = 3

// Limits that both drivers enforce. The first three are DynamoDB's
// (Developer Guide, "Quotas"); MaxOps is TransactWriteItems' 100 actions.
const (
	MaxPK     = 2048      // bytes of a partition key
	MaxSK     = 1024      // bytes of a sort key
	MaxRecord = 400 << 10 // bytes of a whole record, names included
	MaxOps    = 100       // operations in one atomic Write
	MaxLimit  = 1000      // records in one page of a Query or Scan
)

// Key names one record. PK and SK are non-empty UTF-8 without NUL; records of
// one PK are ordered bytewise by SK.
type Key struct{ PK, SK string }

func (k Key) String() string { return k.PK + "|" + k.SK }

// IndexKey places a record in one secondary index: partition P, sort key S.
// The zero value keeps it out of that index. Setting one half is an error.
// Among equal P and S the order is unspecified, so S should end in an id.
type IndexKey struct{ P, S string }

// Record is a header and an opaque body. Body is a JSON object (or empty):
// DynamoDB keeps it as a native map, bbolt as bytes, so byte-for-byte equality
// is promised only for what encoding/json.Marshal of a Go map or struct with
// sorted keys gives back after decoding; compare decoded values.
type Record struct {
	Key
	Kind string            // what the row is; stream filters match on it
	Ver  int64             // version that conditions compare
	TTL  int64             // Unix seconds after which the record is gone; 0 = never
	Idx  [Indexes]IndexKey // zero = not in that index
	Body []byte            // JSON object
}

// Expired reports whether the record's TTL has passed at t. Both drivers hide
// expired records from Get, BatchGet and Query although DynamoDB removes them
// up to days later. Conditions, too, treat an expired record as absent where
// they can: see [Cond].
func (r Record) Expired(t time.Time) bool { return r.TTL != 0 && r.TTL <= t.Unix() }

// Cond is a condition on the record stored under an operation's key before the
// call. An expired record that is still stored counts as absent for NotExists
// and Exists, and keeps its version for VerEq and VerBelow.
type Cond uint8

// The conditions.
const (
	Always    Cond = iota // no condition
	NotExists             // no live record under the key
	Exists                // a live record under the key
	VerEq                 // a record whose Ver is N
	VerBelow              // no record, or one whose Ver is below N
)

func (c Cond) String() string {
	return [...]string{"Always", "NotExists", "Exists", "VerEq", "VerBelow"}[c]
}

// Mut says what an operation does when its condition holds.
type Mut uint8

// The mutations.
const (
	Put    Mut = iota // store Rec, replacing what is there
	Delete            // remove the record under Rec.Key; removing nothing succeeds
	Check             // change nothing, only require the condition
)

// Op is one conditional operation of a Write. N is the version that VerEq and
// VerBelow compare with.
type Op struct {
	Mut  Mut
	Rec  Record
	Cond Cond
	N    int64
}

// Query asks for the records of one partition, in order of the sort key.
//
// Index 0 is the table itself (PK against Key.PK, order by Key.SK); 1 to 3 are
// Record.Idx[0] to [2]. Prefix, From (inclusive) and To (exclusive) narrow the
// sort key; Prefix and From/To are not combined. Limit is 1 to MaxLimit, 0
// means 100. After continues where Page.Next left off. Consistent reads are
// possible on the table only.
type Query struct {
	Index      int
	PK         string
	Prefix     string
	From, To   string
	Desc       bool
	Limit      int
	After      string
	Consistent bool
}

// Page is one answer to a Query. An empty Next is the end; a Next that is set
// may still lead to an empty page, and a page may be shorter than Limit (hidden
// expired records) although more follow.
type Page struct {
	Recs []Record
	Next string
}

// Table is the port. All methods are safe for concurrent use.
type Table interface {
	// Get returns the record under key, or ErrNotFound.
	Get(ctx context.Context, key Key, consistent bool) (Record, error)

	// BatchGet returns the live records under keys; missing ones are absent
	// from the map. Any number of distinct keys; the driver splits them.
	BatchGet(ctx context.Context, keys []Key, consistent bool) (map[Key]Record, error)

	// Query returns one page. A bad cursor is ErrBadCursor.
	Query(ctx context.Context, q Query) (Page, error)

	// Write applies all operations or none: 1 to MaxOps with distinct keys.
	// Conditions see the state before the call. It returns *CondError for the
	// first operation whose condition fails, ErrConflict when another write got
	// in the way (nothing was written, try again), and any other error for an
	// unknown outcome: read again before deciding.
	Write(ctx context.Context, ops ...Op) error

	// WriteEach applies each operation on its own, as Write with that one
	// operation would, and returns one error an operation. Any number of ops.
	WriteEach(ctx context.Context, ops ...Op) []error
}

// Scanner lists every live record, in no particular order, a page a call. It is
// the operator's (export, recount); nothing on a user's path may use it.
type Scanner interface {
	Scan(ctx context.Context, after string, limit int) (Page, error)
}

// Change is one committed change of one record: Old nil for an insert, New nil
// for a removal. Within one Source, Seq grows (compare with CompareSeq); for one
// key, changes chain exactly. Nothing is promised between Sources, not even for
// one partition key, and every change may be delivered more than once.
type Change struct {
	Source string    // a stream shard, or the local log
	Seq    string    // decimal digits, up to 40
	At     time.Time // about when it was committed (DynamoDB: whole seconds)
	Old    *Record
	New    *Record
}

// Key is the key of the record that changed.
func (c Change) Key() Key {
	if c.New != nil {
		return c.New.Key
	}
	return c.Old.Key
}

// Kind is the kind of the record that changed.
func (c Change) Kind() string {
	if c.New != nil {
		return c.New.Kind
	}
	return c.Old.Kind
}

// Consumer handles one batch of changes. A nil error acknowledges the batch;
// after any other the batch, or a part of it, is delivered again.
type Consumer func(ctx context.Context, batch []Change) error

// Errors of the port.
var (
	ErrNotFound  = errors.New("table: record not found")
	ErrConflict  = errors.New("table: conflicting write, nothing written")
	ErrBadCursor = errors.New("table: bad cursor")
)

// CondError says that the condition of operation Op (counted from 0) failed and
// that nothing was written.
type CondError struct{ Op int }

func (e *CondError) Error() string {
	return fmt.Sprintf("table: condition of operation %d failed", e.Op)
}

// FailedCond returns the index of the operation whose condition failed.
func FailedCond(err error) (op int, ok bool) {
	var ce *CondError
	if errors.As(err, &ce) {
		return ce.Op, true
	}
	return 0, false
}

// CompareSeq orders two sequence numbers of one Source as numbers.
func CompareSeq(a, b string) int {
	for len(a) > 0 && a[0] == '0' {
		a = a[1:]
	}
	for len(b) > 0 && b[0] == '0' {
		b = b[1:]
	}
	switch {
	case len(a) != len(b):
		return len(a) - len(b)
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
