// Package local is a queue inside the local program. Its jobs are rows of the
// portal's own table, so a killed process loses none.
//
// Start with [New], [Queue.Send] and [Queue.Run]. A job that is handed out moves
// behind a lease first; if the process dies meanwhile, it is handed out again. A
// job that fails comes back after a growing, jittered delay, and after
// Options.Receives it moves to the queue "<name>-dead", where it stays.
//
// One Run a queue: the table's file belongs to one process. Run takes over at once
// what a process before it had leased.
package local

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"time"

	"groundswell/shared/queue"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// Options tunes a Queue; a zero field is its default.
type Options struct {
	Lease    time.Duration // how long a handler may take; default 30 s
	Receives int           // tries before a job is dead; default 12
	Backoff  time.Duration // after the first failure, doubling; default 1 s
	MaxDelay time.Duration // that the doubling ends at; default 15 min
	Workers  int           // handlers at a time; default 4

	Clock  func() time.Time                       // default time.Now
	After  func(d time.Duration) <-chan time.Time // default time.After
	Jitter func(d time.Duration) time.Duration    // default: d/2 to d
	Log    *slog.Logger                           // default: discard
}

// Queue is a queue.Queue in rows of a store.
type Queue struct {
	store *store.Store
	name  string
	o     Options
	wake  chan struct{}
}

var _ queue.Timed = (*Queue)(nil)

// New makes the queue with the name. Queues of the same name in one store are the
// same queue.
func New(s *store.Store, name string, o Options) *Queue {
	def(&o.Lease, 30*time.Second)
	def(&o.Receives, 12)
	def(&o.Backoff, time.Second)
	def(&o.MaxDelay, 15*time.Minute)
	def(&o.Workers, 4)
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.After == nil {
		o.After = time.After
	}
	if o.Jitter == nil {
		o.Jitter = func(d time.Duration) time.Duration { return d/2 + rand.N(d/2+1) }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Queue{store: s, name: name, o: o, wake: make(chan struct{}, 1)}
}

func def[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

// Dead is the name of the queue's dead-letter queue.
func (q *Queue) Dead() string { return q.name + "-dead" }

// Send implements queue.Queue: up to a hundred jobs in one atomic write.
func (q *Queue) Send(ctx context.Context, bodies ...string) error {
	jobs := make([]queue.Job, len(bodies))
	for i, b := range bodies {
		jobs[i].Body = b
	}
	return q.SendJobs(ctx, jobs...)
}

// SendJobs implements queue.Timed.
func (q *Queue) SendJobs(ctx context.Context, jobs ...queue.Job) error {
	now := q.o.Clock()
	for len(jobs) > 0 {
		n := min(len(jobs), table.MaxOps)
		rows := make([]store.Job, n)
		for i, j := range jobs[:n] {
			rows[i] = store.Job{Queue: q.name, Body: j.Body, Sent: now, Due: now.Add(min(j.After, queue.MaxAfter))}
		}
		if err := q.store.AddJobs(ctx, rows, random); err != nil {
			return fmt.Errorf("send %d jobs: %w", n, err)
		}
		jobs = jobs[n:]
	}
	select {
	case q.wake <- struct{}{}:
	default: // awake already
	}
	return nil
}

// delay is the wait before the next try, after receives of them.
func (q *Queue) delay(err error, receives int) time.Duration {
	d := q.o.MaxDelay
	if shift := receives - 1; shift < 30 {
		d = min(d, q.o.Backoff<<shift)
	}
	return max(q.o.Jitter(d), queue.Delay(err))
}

// random keeps jobs of one millisecond apart; it is no secret.
func random() string { return strconv.FormatUint(rand.Uint64()|1<<63, 36) }
