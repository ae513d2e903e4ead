package local

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/queue"
	"groundswell/shared/store"
)

// idle is how long Run sleeps at most: Send wakes it, so this only limits how long
// a wake-up that got lost, or a clock that was set, can do harm.
const idle = 30 * time.Second

// retryStore is the pause after the table could not be read.
const retryStore = time.Second

// Run hands jobs to handle until ctx ends; then it waits for the handlers at work,
// whose own context ends with their lease only. It returns ctx's error.
func (q *Queue) Run(ctx context.Context, handle queue.Handler) error {
	if err := q.takeOver(ctx); err != nil {
		q.o.Log.ErrorContext(ctx, "queue_take_over_failed", "queue", q.name, "error", err)
	}
	r := runner{q: q, handle: handle, busy: map[string]bool{}, freed: make(chan struct{}, 1)}
	defer r.wg.Wait()
	for ctx.Err() == nil {
		wait, err := r.start(ctx)
		if err != nil {
			q.o.Log.ErrorContext(ctx, "queue_read_failed", "queue", q.name, "error", err)
			wait = retryStore
		}
		select {
		case <-ctx.Done():
		case <-q.wake:
		case <-r.freed:
		case <-q.o.After(wait):
		}
	}
	return ctx.Err()
}

// Step handles what is due now, once each, and returns how many jobs that were.
// It is Run's single step, for tests and tools that want to set the pace.
func (q *Queue) Step(ctx context.Context, handle queue.Handler) (int, error) {
	r := runner{q: q, handle: handle, busy: map[string]bool{}, freed: make(chan struct{}, 1)}
	jobs, err := q.store.Jobs(ctx, q.name, 1000)
	if err != nil {
		return 0, err
	}
	now, n := q.o.Clock(), 0
	for _, j := range jobs {
		if j.Due.After(now) {
			break
		}
		r.one(ctx, j)
		n++
	}
	return n, nil
}

// takeOver makes jobs due that a process before this one had leased.
func (q *Queue) takeOver(ctx context.Context) error {
	jobs, err := q.store.Jobs(ctx, q.name, 1000)
	if err != nil {
		return err
	}
	var errs []error
	for _, j := range jobs {
		if j.Leased && j.Due.After(q.o.Clock()) {
			is := j
			is.Leased, is.Due = false, q.o.Clock()
			_, err := q.store.MoveJob(ctx, j, is, random())
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

type runner struct {
	q      *Queue
	handle queue.Handler
	wg     sync.WaitGroup
	freed  chan struct{} // a worker has become free

	mu   sync.Mutex
	busy map[string]bool // rows that a worker of ours has; their keys as read
}

// start gives due jobs to free workers and returns how long there is nothing more
// to do, unless a worker becomes free.
func (r *runner) start(ctx context.Context) (time.Duration, error) {
	r.mu.Lock()
	busy := len(r.busy)
	r.mu.Unlock()
	if busy >= r.q.o.Workers {
		return idle, nil
	}
	jobs, err := r.q.store.Jobs(ctx, r.q.name, 2*r.q.o.Workers)
	if err != nil {
		return 0, err
	}
	now := r.q.o.Clock()
	for _, j := range jobs {
		if j.Due.After(now) {
			return min(j.Due.Sub(now), idle), nil
		}
		if !r.take(j.Key) {
			continue
		}
		r.wg.Go(func() {
			defer r.free(j.Key)
			r.one(ctx, j)
		})
	}
	return idle, nil
}

func (r *runner) take(key string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.busy[key] || len(r.busy) >= r.q.o.Workers {
		return false
	}
	r.busy[key] = true
	return true
}

func (r *runner) free(key string) {
	r.mu.Lock()
	delete(r.busy, key)
	r.mu.Unlock()
	select {
	case r.freed <- struct{}{}:
	default:
	}
}

// one leases the job, has it handled, and takes it out of the queue or puts it
// back.
func (r *runner) one(ctx context.Context, was store.Job) {
	q := r.q
	log := q.o.Log.With("queue", q.name, "job", was.Key, "receives", was.Receives+1)
	j := was
	j.Receives++
	if j.Receives > q.o.Receives {
		// Handed out often and never put back: it takes the process down.
		q.move(ctx, was, q.dead(was), "job_dead", errors.New("lease ran out each time"))
		return
	}
	j.Leased, j.Due = true, q.o.Clock().Add(q.o.Lease)
	j, err := q.store.MoveJob(ctx, was, j, random())
	if portal.KindOf(err) == portal.Stale || ctx.Err() != nil {
		return // somebody else has it; or it stays where it is
	}
	if err != nil {
		log.WarnContext(ctx, "job_claim_failed", "error", err)
		return
	}
	// A handler at work is not cut off by a shutdown, only by its lease.
	hctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), q.o.Lease)
	defer cancel()
	err = try(hctx, r.handle, j.Body)
	ctx = context.WithoutCancel(ctx)
	switch {
	case err == nil:
		if err := q.store.DeleteJob(ctx, j); err != nil && portal.KindOf(err) != portal.Stale {
			log.WarnContext(ctx, "job_delete_failed", "error", err) // it comes back after its lease
		}
	case errors.Is(err, queue.ErrDead) || j.Receives >= q.o.Receives:
		q.move(ctx, j, q.dead(j), "job_dead", err)
	default:
		back := j
		back.Leased, back.Due = false, q.o.Clock().Add(q.delay(err, j.Receives))
		q.move(ctx, j, back, "job_failed", err)
	}
}

func (q *Queue) dead(j store.Job) store.Job {
	j.Queue, j.Leased, j.Due = q.Dead(), false, q.o.Clock()
	return j
}

// move puts the job where it belongs after a failure and logs that, once.
func (q *Queue) move(ctx context.Context, was, is store.Job, event string, cause error) {
	log := q.o.Log.With("queue", q.name, "job", was.Key, "receives", was.Receives, "error", cause)
	if event == "job_dead" {
		log.ErrorContext(ctx, event)
	} else {
		log.WarnContext(ctx, event, "due", is.Due)
	}
	if _, err := q.store.MoveJob(ctx, was, is, random()); err != nil && portal.KindOf(err) != portal.Stale {
		q.o.Log.WarnContext(ctx, "job_move_failed", "queue", q.name, "job", was.Key, "error", err) // it comes back after its lease
	}
}

// try turns a panic into an error: it costs one try of one job.
func try(ctx context.Context, handle queue.Handler, body string) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("handler panicked with %T\n%s", v, debug.Stack())
		}
	}()
	return handle(ctx, body)
}
