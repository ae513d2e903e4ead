// Package tabletest is the contract of the storage port, executable. [Run] is
// the suite that every driver passes; [Faulty] wraps a driver and fails on
// demand; [Sweep] fails every write of a piece of code in turn; [OpenLocal]
// gives a test an empty table.
//
// The package supports tests and must not be imported by a program.
package tabletest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/table"
)

// Clock is a clock that moves only when told to.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that stands at the present second. Not in the past:
// DynamoDB, and DynamoDB Local too, remove records whose TTL has really passed.
func NewClock() *Clock { return &Clock{now: time.Now().UTC().Truncate(time.Second)} }

// Now returns the time that the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Env is an empty table under test and what the suite needs around it.
type Env struct {
	Table table.Table
	Clock *Clock // the driver's clock

	// Feed returns the committed changes that it has not returned before, in
	// the order of the feed. It blocks until there is one or ctx ends. The
	// suite expects that the feed of the test table has one Source at a time.
	Feed func(ctx context.Context) ([]table.Change, error)
}

// A group is a set of cases that share a file.
type group map[string]func(*suite)

// Run tests the driver that open opens. It opens one table and keeps each case
// in partitions of its own, because creating tables is what takes longest on
// DynamoDB Local. The whole suite makes about 200 calls.
func Run(t *testing.T, open func(t *testing.T) *Env) {
	env := open(t)
	feed := &feedReader{env: env}
	for _, g := range []group{writeCases, condCases, readCases, queryCases, ttlCases, limitCases, raceCases, feedCases} {
		for _, name := range slices.Sorted(maps.Keys(g)) {
			t.Run(name, func(t *testing.T) {
				g[name](&suite{T: t, Env: env, feed: feed, prefix: name + "/"})
			})
		}
	}
}

// suite is one running case.
type suite struct {
	*testing.T
	*Env
	feed   *feedReader
	prefix string
}

// key returns a key in a partition that belongs to this case alone.
func (s *suite) key(pk, sk string) table.Key { return table.Key{PK: s.prefix + pk, SK: sk} }

// rec returns a small record of version 1.
func (s *suite) rec(pk, sk string) table.Record {
	return table.Record{Key: s.key(pk, sk), Kind: "test", Ver: 1, Body: []byte(`{"sk":"` + sk + `"}`)}
}

func put(r table.Record) table.Op                          { return table.Op{Rec: r} }
func putIf(r table.Record, c table.Cond, n int64) table.Op { return table.Op{Rec: r, Cond: c, N: n} }
func del(k table.Key) table.Op                             { return delIf(k, table.Always, 0) }
func delIf(k table.Key, c table.Cond, n int64) table.Op    { return keyOp(table.Delete, k, c, n) }
func check(k table.Key, c table.Cond, n int64) table.Op    { return keyOp(table.Check, k, c, n) }
func at(r table.Record, ver int64) table.Record            { r.Ver = ver; return r }
func withTTL(r table.Record, t time.Time) table.Record     { r.TTL = t.Unix(); return r }
func inIndex(r table.Record, n int, p, x string) table.Record {
	r.Idx[n-1] = table.IndexKey{P: p, S: x}
	return r
}

func keyOp(m table.Mut, k table.Key, c table.Cond, n int64) table.Op {
	return table.Op{Mut: m, Rec: table.Record{Key: k}, Cond: c, N: n}
}

func (s *suite) write(ops ...table.Op) {
	s.Helper()
	if err := s.Table.Write(s.Context(), ops...); err != nil {
		s.Fatalf("Write: %v", err)
	}
}

// fails requires that the condition of operation op fails and is named.
func (s *suite) fails(op int, ops ...table.Op) {
	s.Helper()
	err := s.Table.Write(s.Context(), ops...)
	if got, ok := table.FailedCond(err); !ok || got != op {
		s.Errorf("Write = %v; want the condition of operation %d to fail", err, op)
	}
}

// has requires that want is stored; missing requires that nothing is.
func (s *suite) has(want table.Record) {
	s.Helper()
	got, err := s.Table.Get(s.Context(), want.Key, true)
	if err != nil {
		s.Errorf("Get(%s): %v", want.Key, err)
		return
	}
	if d := diff(want, got); d != "" {
		s.Errorf("Get(%s) (-want +got):\n%s", want.Key, d)
	}
}

func (s *suite) missing(k table.Key) {
	s.Helper()
	if got, err := s.Table.Get(s.Context(), k, true); err != table.ErrNotFound {
		s.Errorf("Get(%s) = %v, %v; want ErrNotFound", k, got, err)
	}
}

func (s *suite) page(q table.Query) table.Page {
	s.Helper()
	p, err := s.Table.Query(s.Context(), q)
	if err != nil {
		s.Fatalf("Query(%+v): %v", q, err)
	}
	return p
}

// all pages through q to its end.
func (s *suite) all(q table.Query) []table.Record {
	s.Helper()
	var recs []table.Record
	for range 100 {
		p := s.page(q)
		recs = append(recs, p.Recs...)
		if q.After = p.Next; q.After == "" {
			return recs
		}
	}
	s.Fatalf("Query(%+v) does not end", q)
	return nil
}

// lists requires the sort keys that q finds, all pages together. Index reads
// are tried again for a while: only the table itself is up to date at once.
func (s *suite) lists(q table.Query, want string) {
	s.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for {
		got := sortKeys(s.all(q))
		if got == want {
			return
		}
		if q.Index == 0 || time.Now().After(deadline) {
			s.Errorf("Query(%+v) = %q; want %q", q, got, want)
			return
		}
	}
}

func sortKeys(recs []table.Record) string {
	var sks []string
	for _, r := range recs {
		sks = append(sks, r.SK)
	}
	return strings.Join(sks, " ")
}

// diff compares records; bodies as decoded JSON, which is all that is promised.
func diff(want, got any) string {
	return cmp.Diff(want, got, cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Body" },
		cmp.Comparer(sameJSON)))
}

// changes returns what the case has changed since it last asked, found by
// writing a fence and reading the feed up to it.
func (s *suite) changes() []table.Change {
	s.Helper()
	s.feed.fences++
	fence := table.Record{Key: table.Key{PK: "fence", SK: fmt.Sprintf("%04d", s.feed.fences)}, Kind: "fence", Ver: 1}
	s.write(put(fence))
	ctx, cancel := context.WithTimeout(s.Context(), 30*time.Second)
	defer cancel()
	cs, err := s.feed.until(ctx, fence.Key)
	if err != nil {
		s.Fatalf("read the feed up to %s: %v", fence.Key, err)
	}
	return slices.DeleteFunc(cs, func(c table.Change) bool { return !strings.HasPrefix(c.Key().PK, s.prefix) })
}

// feedReader reads the feed across cases.
type feedReader struct {
	env    *Env
	ahead  []table.Change
	fences int
}

func (f *feedReader) until(ctx context.Context, fence table.Key) ([]table.Change, error) {
	for {
		i := slices.IndexFunc(f.ahead, func(c table.Change) bool { return c.Key() == fence })
		if i >= 0 {
			cs := f.ahead[:i]
			f.ahead = slices.Clone(f.ahead[i+1:])
			return cs, nil
		}
		more, err := f.env.Feed(ctx)
		if err != nil {
			return nil, err
		}
		f.ahead = append(f.ahead, more...)
	}
}
