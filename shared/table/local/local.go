// Package local is the table port in one bbolt file: records, indexes and the
// change log, for one process on one machine.
//
// Start with [Open], then [Table.Follow], which is to the local program what a
// stream with a Lambda function is in the cloud. An acknowledged write is on
// the disk; many writers share one fsync (see group.go).
//
// The package must not show bbolt to its callers, and must mean what
// shared/table/dynamo means: shared/table/tabletest says what that is.
//
// The file:
//
//	t         pk NUL sk            -> record
//	g1 g2 g3  P NUL S NUL pk NUL sk -> nothing (the key of the record is in the key)
//	x         ttl, key             -> nothing (what expires when)
//	log       sequence number      -> time, key, old record, new record
//	meta      format, id, and a checkpoint for each consumer of the log
package local

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"groundswell/shared/table"
)

// format is the version of the file's layout.
const format = 1

// ErrClosed says that the table has been closed; nothing was done.
var ErrClosed = errors.New("local: table is closed")

// ErrInUse says that the file belongs to somebody else just now.
var ErrInUse = errors.New("another process has this file open")

// Options are the options of Open. The zero value is good.
type Options struct {
	Clock  func() time.Time // nil: time.Now
	Logger *slog.Logger     // nil: none

	// Consumers names all consumers of the change log that the program runs,
	// so that the log keeps what one of them has not seen even when the others
	// start first. A name new to the file starts with the oldest change that
	// the log still holds.
	Consumers []string

	// NoSync leaves out fsync, for tests. A crash of the machine, though not
	// of the process, then loses data.
	NoSync bool
}

// Table is an open file. It implements table.Table and table.Scanner.
type Table struct {
	db     *bolt.DB
	clock  func() time.Time
	log    *slog.Logger
	source string

	queue    chan *request // to the committer
	sending  sync.RWMutex  // held to send; write-held to close
	closed   bool
	closing  chan struct{} // closed when Close begins
	finished chan struct{} // closed when the committer has ended

	feed feed
}

var (
	_ table.Table   = (*Table)(nil)
	_ table.Scanner = (*Table)(nil)
)

var (
	bucketTable = []byte("t")
	bucketIndex = [table.Indexes][]byte{[]byte("g1"), []byte("g2"), []byte("g3")}
	bucketTTL   = []byte("x")
	bucketLog   = []byte("log")
	bucketMeta  = []byte("meta")

	metaFormat = []byte("format")
	metaID     = []byte("id")
)

// metaCheckpoint precedes the names of consumers among the keys of meta.
const metaCheckpoint = "checkpoint/"

// Open opens the file at path and creates it if there is none. A file that
// another process, or another Table, has open is an error that names it.
func Open(path string, o Options) (*Table, error) {
	db, err := bolt.Open(path, 0o600, &bolt.Options{
		Timeout:      time.Second, // of waiting for the lock on the file
		NoSync:       o.NoSync,
		FreelistType: bolt.FreelistMapType,
		// Addresses, not memory: growing the mapping makes writers wait for
		// all readers, so leave room from the start.
		InitialMmapSize: mmapSize,
	})
	if errors.Is(err, berrors.ErrTimeout) {
		return nil, fmt.Errorf("open %s: %w", path, ErrInUse)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	t := &Table{
		db: db, clock: o.Clock, log: o.Logger,
		queue:   make(chan *request, 1024),
		closing: make(chan struct{}), finished: make(chan struct{}),
	}
	if t.clock == nil {
		t.clock = time.Now
	}
	if t.log == nil {
		t.log = slog.New(slog.DiscardHandler)
	}
	t.feed.init()
	if err := t.load(); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), db.Close())
	}
	for _, name := range o.Consumers {
		t.feed.register(name)
	}
	go t.commitLoop()
	return t, nil
}

// load reads the meta data, and writes it first if the file is new.
func (t *Table) load() error {
	fresh := false
	err := t.db.View(func(tx *bolt.Tx) error {
		meta := tx.Bucket(bucketMeta)
		if fresh = meta == nil; fresh {
			return nil
		}
		if v := meta.Get(metaFormat); len(v) != 1 || v[0] != format {
			return fmt.Errorf("format %x, this program reads %d", v, format)
		}
		t.source = "local-" + string(meta.Get(metaID))
		t.feed.head = tx.Bucket(bucketLog).Sequence()
		return meta.ForEach(func(k, v []byte) error {
			if name, ok := strings.CutPrefix(string(k), metaCheckpoint); ok {
				t.feed.acked[name] = binary.BigEndian.Uint64(v)
			}
			return nil
		})
	})
	if err != nil || !fresh {
		return err
	}
	id := rand.Text()[:12]
	t.source = "local-" + id
	return t.db.Update(func(tx *bolt.Tx) error {
		for _, name := range append([][]byte{bucketTable, bucketTTL, bucketLog, bucketMeta}, bucketIndex[:]...) {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		meta := tx.Bucket(bucketMeta)
		return errors.Join(meta.Put(metaFormat, []byte{format}), meta.Put(metaID, []byte(id)))
	})
}

// Close waits for the writes that are under way, ends every Follow and closes
// the file. Calls made after it return ErrClosed.
func (t *Table) Close() error {
	t.sending.Lock()
	if t.closed {
		t.sending.Unlock()
		return nil
	}
	t.closed = true
	close(t.closing)
	close(t.queue)
	t.sending.Unlock()
	<-t.finished
	if err := t.db.Close(); err != nil {
		return fmt.Errorf("close the table file: %w", err)
	}
	return nil
}

// view runs f in a read transaction.
func (t *Table) view(ctx context.Context, f func(tx *bolt.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	err := t.db.View(f)
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return ErrClosed
	}
	return err
}
