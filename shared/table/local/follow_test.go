package local_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"groundswell/shared/table"
	"groundswell/shared/table/local"
	"groundswell/shared/table/tabletest"
)

func put(t *testing.T, tab table.Table, sk string) {
	t.Helper()
	if err := tab.Write(t.Context(), table.Op{Rec: table.Record{Key: table.Key{PK: "p", SK: sk}, Kind: sk[:1], Ver: 1}}); err != nil {
		t.Fatal(err)
	}
}

// consumer remembers the sort keys of what it was handed, batch by batch.
type consumer struct {
	mu   sync.Mutex
	seen []string
	fail func(batch string) error
}

func (c *consumer) consume(_ context.Context, batch []table.Change) error {
	var keys []string
	for _, ch := range batch {
		keys = append(keys, ch.Key().SK)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	s := strings.Join(keys, " ")
	c.seen = append(c.seen, s)
	if c.fail != nil {
		return c.fail(s)
	}
	return nil
}

func (c *consumer) log() string { c.mu.Lock(); defer c.mu.Unlock(); return strings.Join(c.seen, ", ") }

// follow runs a consumer until the test ends or stop is called.
func follow(t *testing.T, tab *local.Table, name string, o local.FollowOptions, c table.Consumer) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- tab.Follow(ctx, name, o, c) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Follow: %v", err)
		}
	})
}

func drained(t *testing.T, tab *local.Table, names ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := tab.Drained(ctx, names...); err != nil {
		t.Fatal(err)
	}
}

func TestFollowDeliversInOrderAndAgain(t *testing.T) {
	t.Parallel()
	tab, _ := tabletest.OpenLocal(t)
	for i := range 5 {
		put(t, tab, fmt.Sprint("a", i))
	}
	fails := 2
	c := &consumer{fail: func(batch string) error {
		if batch == "a2 a3" && fails > 0 {
			fails--
			return errors.New("not yet")
		}
		return nil
	}}
	var waits []int
	stop := follow(t, tab, "c", local.FollowOptions{Max: 2, Backoff: func(n int) time.Duration { waits = append(waits, n); return 0 }}, c.consume)
	drained(t, tab, "c")
	put(t, tab, "b") // wakes a consumer that waits
	drained(t, tab, "c")
	stop()
	if got, want := c.log(), "a0 a1, a2 a3, a2 a3, a2 a3, a4, b"; got != want {
		t.Errorf("batches %s; want %s", got, want)
	}
	if fmt.Sprint(waits) != "[1 2]" {
		t.Errorf("tries before the waits: %v; want 1 and 2", waits)
	}
}

func TestFollowGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "t.db")
	for turn, want := range []string{"a0", "a1", "a2"} {
		tab, err := local.Open(path, local.Options{NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		put(t, tab, fmt.Sprint("a", turn))
		c := &consumer{}
		stop := follow(t, tab, "c", local.FollowOptions{}, c.consume)
		drained(t, tab, "c")
		if turn == 1 { // a stopped consumer may start again in the same process
			stop()
			stop = follow(t, tab, "c", local.FollowOptions{}, c.consume)
			drained(t, tab, "c")
		}
		if err := tab.Close(); err != nil {
			t.Fatal(err)
		}
		stop()
		if got := c.log(); got != want {
			t.Errorf("turn %d: batches %q; want %q", turn, got, want)
		}
	}
}

func TestFollowKeep(t *testing.T) {
	t.Parallel()
	tab, _ := tabletest.OpenLocal(t)
	for _, sk := range []string{"x1", "a1", "x2", "x3", "a2"} {
		put(t, tab, sk)
	}
	c := &consumer{}
	defer follow(t, tab, "c", local.FollowOptions{Max: 2, Keep: func(c table.Change) bool { return c.Kind() == "a" }}, c.consume)()
	drained(t, tab, "c")
	if got, want := c.log(), "a1, a2"; got != want {
		t.Errorf("batches %q; want %q", got, want)
	}
}

func TestFollowOnceAtATime(t *testing.T) {
	t.Parallel()
	tab, _ := tabletest.OpenLocal(t)
	put(t, tab, "a")
	running := make(chan bool)
	defer follow(t, tab, "c", local.FollowOptions{}, func(context.Context, []table.Change) error { running <- true; return nil })()
	<-running
	if err := tab.Follow(t.Context(), "c", local.FollowOptions{}, nil); err == nil || !strings.Contains(err.Error(), "c is already following") {
		t.Errorf("second Follow = %v; want an error that names the consumer", err)
	}
}

// TestLogWaitsForTheSlowest: what one of the known consumers has not seen stays,
// through trimming and through opening anew; what all have seen goes.
func TestLogWaitsForTheSlowest(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "t.db")
	open := func() *local.Table {
		tab, err := local.Open(path, local.Options{NoSync: true, Consumers: []string{"fast", "slow"}})
		if err != nil {
			t.Fatal(err)
		}
		return tab
	}
	const n = 2000
	tab := open()
	var ops []table.Op
	for i := range n {
		ops = append(ops, table.Op{Rec: table.Record{Key: table.Key{PK: "p", SK: fmt.Sprintf("%04d", i)}}})
	}
	for _, err := range tab.WriteEach(t.Context(), ops...) {
		if err != nil {
			t.Fatal(err)
		}
	}
	fast := &consumer{}
	stop := follow(t, tab, "fast", local.FollowOptions{}, fast.consume)
	drained(t, tab, "fast")
	put(t, tab, "zz")
	if err := tab.Close(); err != nil {
		t.Fatal(err)
	}
	stop()

	tab = open()
	slow, fast := &consumer{}, &consumer{}
	defer follow(t, tab, "slow", local.FollowOptions{Max: 7}, slow.consume)()
	defer follow(t, tab, "fast", local.FollowOptions{}, fast.consume)()
	drained(t, tab, "fast", "slow")
	seen := strings.Fields(strings.ReplaceAll(slow.log(), ",", ""))
	if len(seen) != n+1 || seen[0] != "0000" || seen[n-1] != fmt.Sprintf("%04d", n-1) {
		t.Errorf("slow consumer saw %d changes; want %d in order", len(seen), n+1)
	}
	put(t, tab, "zzz") // takes the checkpoints along, and trims
	drained(t, tab, "fast", "slow")

	late := &consumer{}
	defer follow(t, tab, "late", local.FollowOptions{}, late.consume)()
	drained(t, tab, "late")
	if got := len(strings.Fields(late.log())); got >= n {
		t.Errorf("late consumer still saw %d changes; want those that the log retains", got)
	}
	if err := tab.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestDrainedEndsWithItsContext(t *testing.T) {
	t.Parallel()
	tab, _ := tabletest.OpenLocal(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := tab.Drained(ctx, "nobody"); !errors.Is(err, context.Canceled) {
		t.Errorf("Drained = %v; want context.Canceled", err)
	}
}

func TestSweep(t *testing.T) {
	t.Parallel()
	tab, clock := tabletest.OpenLocal(t)
	var ops []table.Op
	for i := range 700 {
		r := table.Record{Key: table.Key{PK: "p", SK: fmt.Sprintf("a%03d", i)}, Ver: 1, TTL: clock.Now().Unix() + 60}
		if i%7 == 0 {
			r.TTL += int64(60 * (i % 2)) // half of these live longer
		}
		ops = append(ops, table.Op{Rec: r})
	}
	for _, err := range tab.WriteEach(t.Context(), ops...) {
		if err != nil {
			t.Fatal(err)
		}
	}
	clock.Advance(time.Minute)
	// One expired record is written anew and has to stay.
	anew := ops[1].Rec
	anew.TTL += 3600
	if err := tab.Write(t.Context(), table.Op{Rec: anew, Cond: table.NotExists}); err != nil {
		t.Fatal(err)
	}
	removed := 0
	defer follow(t, tab, "c", local.FollowOptions{}, func(_ context.Context, batch []table.Change) error {
		for _, c := range batch {
			if c.New == nil {
				removed++
			}
		}
		return nil
	})()
	n, err := tab.Sweep(t.Context())
	if want := 700 - 50 - 1; err != nil || n != want {
		t.Errorf("Sweep = %d, %v; want %d", n, err, want)
	}
	drained(t, tab, "c")
	if removed != n {
		t.Errorf("%d removals in the log; want %d", removed, n)
	}
	if p, err := tab.Query(t.Context(), table.Query{PK: "p", Limit: 1000}); err != nil || len(p.Recs) != 51 {
		t.Errorf("%d records left, %v; want 51", len(p.Recs), err)
	}
	if n, err := tab.Sweep(t.Context()); n != 0 || err != nil {
		t.Errorf("second Sweep = %d, %v; want nothing to do", n, err)
	}
}
