package local

import (
	"errors"
	"runtime"
	"time"

	berrors "go.etcd.io/bbolt/errors"

	"groundswell/shared/table"
)

// Group commit: one goroutine takes whatever requests have queued up while the
// last commit waited for the disk, applies them one after the other in one bbolt
// transaction, and answers all of them after its fsync. A lone writer never
// waits for company, a crowd shares the disk. bbolt's own Batch waits a fixed
// time instead, and runs everything again when one condition fails.

const (
	maxGroup = 1024 // operations in one transaction, about; bounds the wait of the first
	maxTrim  = 4096 // log entries removed in one transaction
	minTrim  = 512  // log entries worth removing while there is other work

	// flushAfter is how long an acknowledged checkpoint waits for a commit that
	// takes it along, before it gets one of its own.
	flushAfter = 500 * time.Millisecond
)

// request is an atomic write on its way to the committer.
type request struct {
	ops  []table.Op
	err  error
	done chan struct{}
}

func newRequest(ops []table.Op) *request { return &request{ops: ops, done: make(chan struct{})} }

func (t *Table) enqueue(r *request) error {
	t.sending.RLock()
	defer t.sending.RUnlock()
	if t.closed {
		return ErrClosed
	}
	t.queue <- r
	return nil
}

func (t *Table) commitLoop() {
	defer close(t.finished)
	var group []*request
	for {
		group = group[:0]
		select {
		case r, ok := <-t.queue:
			if !ok {
				t.commit(nil) // the last checkpoints
				return
			}
			// Writers that the last commit has just answered may be about to
			// write again: let them, so that groups do not come in halves.
			runtime.Gosched()
			group = t.take(append(group, r))
		case <-t.feed.flush.C:
		}
		t.commit(group)
	}
}

// take adds what is in the queue, without waiting.
func (t *Table) take(group []*request) []*request {
	for n := len(group[0].ops); n < maxGroup; {
		select {
		case r, ok := <-t.queue:
			if !ok {
				return group
			}
			group = append(group, r)
			n += len(r.ops)
		default:
			return group
		}
	}
	return group
}

func (t *Table) commit(group []*request) {
	head, err := t.commitGroup(group)
	if err != nil {
		t.log.Error("commit", "error", err, "requests", len(group))
		for _, r := range group {
			r.err = err
		}
	}
	if head != 0 {
		t.feed.committed(head)
	}
	for _, r := range group {
		close(r.done)
	}
}

// commitGroup returns the new head of the log, or 0 if nothing was logged.
func (t *Table) commitGroup(group []*request) (head uint64, err error) {
	b, err := t.db.Begin(true)
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreClosed(b.Rollback()))
		}
	}()
	w := newWriter(b, t.clock())
	for _, r := range group {
		r.err = w.apply(r.ops)
		if _, failed := table.FailedCond(r.err); r.err != nil && !failed {
			return 0, r.err
		}
	}
	if w.changed {
		if err := w.log.SetSequence(w.head); err != nil {
			return 0, err
		}
		head = w.head
	}
	acks, err := t.saveCheckpoints(b, w, len(group) == 0)
	if err != nil {
		return 0, err
	}
	if !w.changed && acks == nil {
		return 0, b.Rollback()
	}
	if err := b.Commit(); err != nil {
		return 0, err
	}
	t.feed.saved(acks)
	return head, nil
}

func ignoreClosed(err error) error {
	if errors.Is(err, berrors.ErrTxClosed) {
		return nil
	}
	return err
}
