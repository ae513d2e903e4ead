package local_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/queue"
	"groundswell/shared/queue/local"
	"groundswell/shared/store"
	table "groundswell/shared/table/local"
)

// clock is set by the test.
type clock struct{ ns atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.ns.Store(time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC).UnixNano())
	return c
}
func (c *clock) now() time.Time          { return time.Unix(0, c.ns.Load()).UTC() }
func (c *clock) advance(d time.Duration) { c.ns.Add(int64(d)) }

func open(t *testing.T, path string, c *clock) (*store.Store, func()) {
	t.Helper()
	tab, err := table.Open(path, table.Options{NoSync: true, Clock: c.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tab.Close() })
	return &store.Store{Table: tab, Clock: c.now}, func() { tab.Close() }
}

func full(d time.Duration) time.Duration { return d }

// handler keeps what it gets, and fails as it is told.
type handler struct {
	fail func(body string) error

	mu  sync.Mutex
	got []string
}

func (h *handler) handle(ctx context.Context, body string) error {
	h.mu.Lock()
	h.got = append(h.got, body)
	h.mu.Unlock()
	if h.fail != nil {
		return h.fail(body)
	}
	return nil
}

func (h *handler) sorted() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Sorted(slices.Values(h.got))
}

func step(t *testing.T, q *local.Queue, h queue.Handler) int {
	t.Helper()
	n, err := q.Step(t.Context(), h)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func inQueue(t *testing.T, s *store.Store, name string) (bodies []string) {
	t.Helper()
	jobs, err := s.Jobs(t.Context(), name, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range jobs {
		bodies = append(bodies, j.Body)
	}
	return bodies
}

func TestSendAndHandle(t *testing.T) {
	t.Parallel()
	c := newClock()
	s, _ := open(t, filepath.Join(t.TempDir(), "db"), c)
	q := local.New(s, "mail", local.Options{Clock: c.now})
	var want []string
	for i := range 250 { // more than one write takes
		want = append(want, fmt.Sprintf("job %03d", i))
	}
	if err := q.Send(t.Context(), want...); err != nil {
		t.Fatal(err)
	}
	var h handler
	if n := step(t, q, h.handle); n != 250 {
		t.Errorf("%d jobs handled", n)
	}
	if diff := cmp.Diff(want, h.sorted()); diff != "" {
		t.Errorf("jobs (-want +got):\n%s", diff)
	}
	if left := inQueue(t, s, "mail"); len(left) != 0 {
		t.Errorf("left in the queue: %q", left)
	}
	if n := step(t, q, h.handle); n != 0 {
		t.Errorf("%d jobs handled again", n)
	}
}

func TestRetryGrowsAndEnds(t *testing.T) {
	t.Parallel()
	c := newClock()
	s, _ := open(t, filepath.Join(t.TempDir(), "db"), c)
	q := local.New(s, "mail", local.Options{Clock: c.now, Jitter: full, Receives: 5, MaxDelay: 3 * time.Second})
	h := handler{fail: func(string) error { return errors.New("not today") }}
	if err := q.Send(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	var waits []time.Duration
	for len(inQueue(t, s, "mail")) > 0 {
		jobs, err := s.Jobs(t.Context(), "mail", 1)
		if err != nil {
			t.Fatal(err)
		}
		d := jobs[0].Due.Sub(c.now())
		waits = append(waits, d)
		if d > 0 {
			c.advance(d - time.Millisecond)
			if n := step(t, q, h.handle); n != 0 {
				t.Errorf("handled before it was due")
			}
			c.advance(time.Millisecond)
		}
		if n := step(t, q, h.handle); n != 1 {
			t.Fatalf("%d jobs handled", n)
		}
	}
	if diff := cmp.Diff([]time.Duration{0, time.Second, 2 * time.Second, 3 * time.Second, 3 * time.Second}, waits); diff != "" {
		t.Errorf("waits (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a"}, inQueue(t, s, q.Dead())); diff != "" {
		t.Errorf("dead letters (-want +got):\n%s", diff)
	}
}

func TestWhatErrorsAskFor(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		err  error
		due  time.Duration // -1: dead
	}{
		{"plain", errors.New("no"), time.Second},
		{"later", fmt.Errorf("wrapped: %w", queue.Later(errors.New("no"), time.Hour)), time.Hour},
		{"sooner than the usual", queue.Later(errors.New("no"), time.Millisecond), time.Second},
		{"dead", fmt.Errorf("wrapped: %w", queue.ErrDead), -1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newClock()
			s, _ := open(t, filepath.Join(t.TempDir(), "db"), c)
			q := local.New(s, "mail", local.Options{Clock: c.now, Jitter: full})
			if err := q.Send(t.Context(), "a", "b"); err != nil {
				t.Fatal(err)
			}
			h := handler{fail: func(body string) error {
				if body == "a" {
					return tc.err
				}
				return nil
			}}
			step(t, q, h.handle)
			if diff := cmp.Diff([]string{"a", "b"}, h.sorted()); diff != "" {
				t.Errorf("a failure held up its neighbour (-want +got):\n%s", diff)
			}
			jobs, err := s.Jobs(t.Context(), "mail", 10)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case tc.due < 0:
				if dead := inQueue(t, s, q.Dead()); len(jobs) != 0 || len(dead) != 1 {
					t.Errorf("%d in the queue, %d dead", len(jobs), len(dead))
				}
			case len(jobs) != 1 || !jobs[0].Due.Equal(c.now().Add(tc.due)) || jobs[0].Leased:
				t.Errorf("in the queue: %+v, want it due in %v", jobs, tc.due)
			}
		})
	}
}

func TestPanicCostsOneTry(t *testing.T) {
	t.Parallel()
	c := newClock()
	s, _ := open(t, filepath.Join(t.TempDir(), "db"), c)
	q := local.New(s, "mail", local.Options{Clock: c.now, Jitter: full})
	if err := q.Send(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	step(t, q, func(context.Context, string) error { panic("oh") })
	c.advance(time.Second)
	var h handler
	if step(t, q, h.handle); len(h.got) != 1 {
		t.Errorf("handled %d times after the panic", len(h.got))
	}
}

// lease hands the only job out and never comes back, as a process that is killed.
func lease(t *testing.T, s *store.Store, c *clock, d time.Duration) {
	t.Helper()
	jobs, err := s.Jobs(t.Context(), "mail", 10)
	if err != nil || len(jobs) != 1 {
		t.Fatalf("jobs %+v, %v", jobs, err)
	}
	j := jobs[0]
	j.Leased, j.Due = true, c.now().Add(d)
	j.Receives++
	if _, err := s.MoveJob(t.Context(), jobs[0], j, "r"); err != nil {
		t.Fatal(err)
	}
}

func TestKilledWorkerRedelivers(t *testing.T) {
	t.Parallel()
	c := newClock()
	path := filepath.Join(t.TempDir(), "db")
	s, shut := open(t, path, c)
	q := local.New(s, "mail", local.Options{Clock: c.now, Receives: 3})
	if err := q.Send(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	lease(t, s, c, 30*time.Second)
	shut()

	s, _ = open(t, path, c)
	q = local.New(s, "mail", local.Options{Clock: c.now, Receives: 3})
	var h handler
	if n := step(t, q, h.handle); n != 0 {
		t.Errorf("%d jobs handled under another's lease", n)
	}
	c.advance(30 * time.Second)
	if step(t, q, h.handle); len(h.got) != 1 {
		t.Errorf("handled %d times", len(h.got))
	}

	// A job that takes the process down each time ends among the dead, too.
	if err := q.Send(t.Context(), "bomb"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		lease(t, s, c, time.Second)
		c.advance(time.Second)
	}
	step(t, q, func(context.Context, string) error { t.Error("handled a fourth time"); return nil })
	if diff := cmp.Diff([]string{"bomb"}, inQueue(t, s, q.Dead())); diff != "" {
		t.Errorf("dead letters (-want +got):\n%s", diff)
	}
}

// run runs the queue until the test ends.
func run(t *testing.T, q *local.Queue, h queue.Handler) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- q.Run(ctx, h) }()
	stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() { stop() })
	return stop
}

func TestRunWakesOnSend(t *testing.T) {
	t.Parallel()
	c := newClock()
	s, _ := open(t, filepath.Join(t.TempDir(), "db"), c)
	never := func(time.Duration) <-chan time.Time { return nil } // only Send can wake it
	q := local.New(s, "mail", local.Options{Clock: c.now, After: never})
	got := make(chan string)
	run(t, q, func(_ context.Context, body string) error { got <- body; return nil })
	for i := range 20 {
		want := fmt.Sprint(i)
		if err := q.Send(t.Context(), want); err != nil {
			t.Fatal(err)
		}
		if b := <-got; b != want {
			t.Errorf("got %q, want %q", b, want)
		}
	}
}

func TestRunTakesOverWhatWasLeased(t *testing.T) {
	t.Parallel()
	c := newClock()
	s, _ := open(t, filepath.Join(t.TempDir(), "db"), c)
	never := func(time.Duration) <-chan time.Time { return nil }
	q := local.New(s, "mail", local.Options{Clock: c.now, After: never})
	if err := q.Send(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	lease(t, s, c, time.Hour)
	got := make(chan string)
	run(t, q, func(_ context.Context, body string) error { got <- body; return nil })
	if b := <-got; b != "a" {
		t.Errorf("got %q", b)
	}
}

func TestRunWaitsForTheNextDueJob(t *testing.T) {
	t.Parallel()
	c := newClock()
	s, _ := open(t, filepath.Join(t.TempDir(), "db"), c)
	asked, fire := make(chan time.Duration), make(chan time.Time)
	q := local.New(s, "mail", local.Options{Clock: c.now, Jitter: full, After: func(d time.Duration) <-chan time.Time {
		asked <- d
		return fire
	}})
	if err := q.Send(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	tries := make(chan int, 2)
	n := 0
	stop := run(t, q, func(context.Context, string) error {
		n++
		tries <- n
		if n == 1 {
			return errors.New("no")
		}
		return nil
	})
	for d := range asked {
		if d == time.Second { // the job is back and due in a second
			break
		}
	}
	if got := <-tries; got != 1 {
		t.Errorf("try %d", got)
	}
	c.advance(time.Second)
	for second := false; !second; {
		select {
		case fire <- c.now():
		case <-asked:
		case got := <-tries:
			second = got == 2
		}
	}
	go func() { // Run may ask once more before it sees that it is over
		for range asked {
		}
	}()
	stop()
	close(asked)
}

func TestWorkersAreLimitedAndConcurrent(t *testing.T) {
	t.Parallel()
	c := newClock()
	s, _ := open(t, filepath.Join(t.TempDir(), "db"), c)
	q := local.New(s, "mail", local.Options{Clock: c.now, Workers: 3})
	for i := range 9 {
		if err := q.Send(t.Context(), fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	in, out := make(chan string), make(chan struct{})
	var now, most atomic.Int32
	stop := run(t, q, func(_ context.Context, body string) error {
		n := now.Add(1)
		defer now.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		in <- body
		<-out
		return nil
	})
	var got []string
	for range 3 {
		got = append(got, <-in) // three are at work at the same time
	}
	for range 6 {
		out <- struct{}{}
		got = append(got, <-in)
	}
	for range 3 {
		out <- struct{}{}
	}
	if err := stop(); !errors.Is(err, context.Canceled) {
		t.Errorf("Run: %v", err)
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"0", "1", "2", "3", "4", "5", "6", "7", "8"}, got); diff != "" {
		t.Errorf("jobs (-want +got):\n%s", diff)
	}
	if most.Load() != 3 {
		t.Errorf("%d at a time, want 3", most.Load())
	}
	if left := inQueue(t, s, "mail"); len(left) != 0 {
		t.Errorf("left in the queue: %q", left)
	}
}

// A shutdown lets the handler finish, and its job does not come again.
func TestShutdownLetsHandlersFinish(t *testing.T) {
	t.Parallel()
	c := newClock()
	s, _ := open(t, filepath.Join(t.TempDir(), "db"), c)
	q := local.New(s, "mail", local.Options{Clock: c.now})
	if err := q.Send(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	in, out := make(chan struct{}), make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- q.Run(ctx, func(ctx context.Context, _ string) error {
			close(in)
			<-out
			return ctx.Err()
		})
	}()
	<-in
	cancel()
	select {
	case <-done:
		t.Error("Run left its handler behind")
	default:
	}
	close(out)
	<-done
	if left := inQueue(t, s, "mail"); len(left) != 0 {
		t.Errorf("left in the queue: %q", left)
	}
}
