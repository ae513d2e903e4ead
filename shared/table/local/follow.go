package local

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"groundswell/shared/table"
)

// FollowOptions are the options of Follow. The zero value is good.
type FollowOptions struct {
	// Max is the number of changes in one batch at most; 0 means 100.
	Max int

	// Keep, if set, says which changes the consumer wants to see, as the event
	// filter of a Lambda function does. The rest count as seen.
	Keep func(table.Change) bool

	// Backoff is how long to wait after a batch has failed for the n-th time
	// in a row, counted from 1. nil: 50 ms, doubling up to 30 s, with jitter.
	Backoff func(n int) time.Duration
}

// Follow hands the changes of the log to consumer, batch after batch in order,
// starting behind the last batch that a consumer of this name acknowledged, and
// waits for more. It returns nil when ctx ends or the table is closed.
//
// A batch that fails is delivered again, after a while and for ever, because
// leaving it out would leave derived records wrong. After a crash the last
// batches may be delivered a second time. One name may be followed once at a
// time.
func (t *Table) Follow(ctx context.Context, name string, o FollowOptions, consumer table.Consumer) error {
	if o.Max == 0 {
		o.Max = 100
	}
	if o.Backoff == nil {
		o.Backoff = backoff
	}
	if !t.feed.start(name) {
		return fmt.Errorf("local: consumer %s is already following", name)
	}
	defer t.feed.stop(name)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-t.closing:
			cancel()
		case <-ctx.Done():
		}
	}()
	for {
		acked, head, changed := t.feed.state(name)
		if acked >= head {
			select {
			case <-changed:
				continue
			case <-ctx.Done():
				return nil
			}
		}
		batch, last, err := t.readLog(acked, o.Max)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the log for %s: %w", name, err)
		}
		if len(batch) == 0 {
			last = head // trimmed before this consumer was first heard of
		}
		if !t.deliver(ctx, name, o, consumer, batch) {
			return nil
		}
		t.feed.ack(name, last)
	}
}

// deliver calls consumer until it takes the batch; false means that ctx ended.
func (t *Table) deliver(ctx context.Context, name string, o FollowOptions, consumer table.Consumer, batch []table.Change) bool {
	if o.Keep != nil {
		kept := batch[:0]
		for _, c := range batch {
			if o.Keep(c) {
				kept = append(kept, c)
			}
		}
		batch = kept
	}
	if len(batch) == 0 {
		return ctx.Err() == nil
	}
	for n := 1; ; n++ {
		err := consumer(ctx, batch)
		if err == nil {
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		wait := o.Backoff(n)
		t.log.WarnContext(ctx, "batch failed", "consumer", name, "try", n, "changes", len(batch),
			"first_seq", batch[0].Seq, "retry_in", wait, "error", err)
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return false
		}
	}
}

func backoff(n int) time.Duration {
	d := min(50*time.Millisecond<<min(n-1, 10), 30*time.Second)
	return d/2 + rand.N(d/2)
}

// Drained waits until all named consumers have seen every change there is,
// those that they cause themselves included. While others keep writing, that
// may be never: ctx ends the wait.
func (t *Table) Drained(ctx context.Context, names ...string) error {
	for {
		done, changed := t.feed.drained(names)
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-t.closing:
			return ErrClosed
		case <-ctx.Done():
			return fmt.Errorf("wait for %v: %w", names, ctx.Err())
		}
	}
}
