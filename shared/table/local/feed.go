package local

import (
	"fmt"
	"maps"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
)

// feed is what the process knows of the log and of its consumers.
type feed struct {
	mu        sync.Mutex
	head      uint64            // last sequence number committed
	first     uint64            // the log holds nothing below it
	acked     map[string]uint64 // last sequence number each consumer has finished with
	dirty     bool              // acked is ahead of the file
	flush     *time.Timer       // fires when the file has to catch up
	following map[string]bool
	changed   chan struct{} // closed, and replaced, when head or acked moves
}

func (f *feed) init() {
	f.acked, f.following = map[string]uint64{}, map[string]bool{}
	f.changed = make(chan struct{})
	f.flush = time.NewTimer(time.Hour)
	f.flush.Stop()
}

// notify wakes everyone who waits for changed. f.mu is held.
func (f *feed) notify() {
	close(f.changed)
	f.changed = make(chan struct{})
}

func (f *feed) committed(head uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.head = head
	f.notify()
}

// start marks a consumer as followed; false means that it is already.
func (f *feed) start(name string) bool {
	f.register(name)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.following[name] {
		return false
	}
	f.following[name] = true
	return true
}

func (f *feed) stop(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.following, name)
}

// register makes the log wait for a consumer, from now on and in the file.
func (f *feed) register(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, known := f.acked[name]; !known {
		f.acked[name] = 0
		f.setDirty()
	}
}

func (f *feed) ack(name string, seq uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.acked[name] = seq
	f.setDirty()
	f.notify()
}

func (f *feed) setDirty() {
	if !f.dirty {
		f.dirty = true
		f.flush.Reset(flushAfter)
	}
}

// state returns the position of a consumer, the head of the log, and a channel
// that is closed when either moves.
func (f *feed) state(name string) (acked, head uint64, changed <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.acked[name], f.head, f.changed
}

// drained reports whether all named consumers stand at the head of the log.
func (f *feed) drained(names []string) (bool, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, name := range names {
		if seq, known := f.acked[name]; !known || seq < f.head {
			return false, f.changed
		}
	}
	return true, f.changed
}

// saved notes that the file has these checkpoints.
func (f *feed) saved(acks map[string]uint64) {
	if acks == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if maps.Equal(acks, f.acked) {
		f.dirty = false
		f.flush.Stop()
	} else {
		f.flush.Reset(flushAfter)
	}
}

// saveCheckpoints writes the checkpoints that the file does not have and trims
// the log below the lowest. idle says that nothing else wants the disk. It
// returns what it wrote, nil for nothing.
func (t *Table) saveCheckpoints(b *bolt.Tx, w *writer, idle bool) (map[string]uint64, error) {
	f := &t.feed
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.dirty {
		return nil, nil
	}
	meta := b.Bucket(bucketMeta)
	lowest := w.head
	for name, seq := range f.acked {
		lowest = min(lowest, seq)
		if err := meta.Put([]byte(metaCheckpoint+name), seqKey(seq)); err != nil {
			return nil, fmt.Errorf("save checkpoint: %w", err)
		}
	}
	if worth := uint64(minTrim); lowest >= f.first+worth || idle && lowest >= f.first {
		first, err := w.trim(lowest, maxTrim)
		if err != nil {
			return nil, err
		}
		f.first = first
	}
	return maps.Clone(f.acked), nil
}
