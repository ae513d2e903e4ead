package tabletest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"

	"groundswell/shared/table"
)

// How says in which way a call fails.
type How uint8

// The ways of failing.
const (
	Before   How = iota // a write fails, its outcome unknown to the caller: nothing was written
	After               // a write fails, its outcome unknown to the caller: it was committed
	Conflict            // a write fails with table.ErrConflict: nothing was written
	Throttle            // a read fails with ErrThrottled
)

func (h How) String() string {
	return [...]string{"before commit", "after commit", "by conflict", "throttled"}[h]
}

// Injected errors. A caller has to treat both as it treats any error of a
// driver that the port does not name.
var (
	ErrInjected  = errors.New("tabletest: injected fault, outcome unknown")
	ErrThrottled = errors.New("tabletest: injected throttling")
)

// Rates are the shares, 0 to 1, of calls that fail by chance.
type Rates struct{ Before, After, Conflict, Throttle float64 }

// Faulty is a table that fails on demand: by plan ([Faulty.Fail]), by chance
// ([Faulty.SetRates]), or by showing index queries an older state
// ([Faulty.SetLag]). One goroutine that makes the same calls with the same seed
// meets the same faults. Each operation of a WriteEach is a write of its own.
type Faulty struct {
	inner table.Table

	mu     sync.Mutex
	rnd    *rand.Rand
	rates  Rates
	plan   map[How]map[int]bool
	reads  int
	writes int
	fired  int
	lag    *lagging
}

var (
	_ table.Table   = (*Faulty)(nil)
	_ table.Scanner = (*Faulty)(nil)
)

// NewFaulty wraps inner. Until told otherwise it never fails.
func NewFaulty(inner table.Table, seed uint64) *Faulty {
	return &Faulty{inner: inner, rnd: rand.New(rand.NewPCG(seed, 0)), plan: map[How]map[int]bool{}}
}

// Fail makes the n-th write (for Throttle: read) from now fail, counted from 0.
func (f *Faulty) Fail(how How, n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.plan[how] == nil {
		f.plan[how] = map[int]bool{}
	}
	if how == Throttle {
		n += f.reads
	} else {
		n += f.writes
	}
	f.plan[how][n] = true
}

// SetRates makes calls fail by chance from now on.
func (f *Faulty) SetRates(r Rates) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rates = r
}

// SetLag makes each index query from now on miss the last n writes or fewer,
// how many is drawn for each query anew: as on DynamoDB, a later query may even
// see less than an earlier one. n = 0 ends it.
//
// While it lags, the wrapper answers index queries from its own copy: it has to
// see every write from the empty table on, and it makes writes one at a time.
func (f *Faulty) SetLag(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n == 0 {
		f.lag = nil
		return
	}
	f.lag = newLagging(n)
}

// Fired is the number of faults so far; Writes the number of writes tried.
func (f *Faulty) Fired() int { f.mu.Lock(); defer f.mu.Unlock(); return f.fired }

// Writes is the number of writes tried so far, those that failed included.
func (f *Faulty) Writes() int { f.mu.Lock(); defer f.mu.Unlock(); return f.writes }

// nextWrite decides the fate of the next write.
func (f *Faulty) nextWrite() (How, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.writes
	f.writes++
	p := f.rnd.Float64()
	for _, x := range [...]struct {
		how  How
		rate float64
	}{{Before, f.rates.Before}, {After, f.rates.After}, {Conflict, f.rates.Conflict}} {
		if f.plan[x.how][n] || p < x.rate {
			f.fired++
			return x.how, true
		}
		p -= x.rate
	}
	return 0, false
}

func (f *Faulty) nextRead() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.reads
	f.reads++
	if f.plan[Throttle][n] || f.rnd.Float64() < f.rates.Throttle {
		f.fired++
		return fmt.Errorf("read %d: %w", n, ErrThrottled)
	}
	return nil
}

// Write is table.Table's, with faults.
func (f *Faulty) Write(ctx context.Context, ops ...table.Op) error {
	how, fails := f.nextWrite()
	if fails && how == Conflict {
		return fmt.Errorf("injected: %w", table.ErrConflict)
	}
	if fails && how == Before {
		return ErrInjected
	}
	f.mu.Lock()
	lag := f.lag
	f.mu.Unlock()
	var err error
	if lag == nil {
		err = f.inner.Write(ctx, ops...)
	} else {
		err = lag.write(func() error { return f.inner.Write(ctx, ops...) }, ops)
	}
	if err == nil && fails {
		return ErrInjected
	}
	return err
}

// WriteEach is table.Table's, with faults for each operation.
func (f *Faulty) WriteEach(ctx context.Context, ops ...table.Op) []error {
	errs := make([]error, len(ops))
	for i, op := range ops {
		errs[i] = f.Write(ctx, op)
	}
	return errs
}

// Get is table.Table's, with faults.
func (f *Faulty) Get(ctx context.Context, k table.Key, consistent bool) (table.Record, error) {
	if err := f.nextRead(); err != nil {
		return table.Record{}, err
	}
	return f.inner.Get(ctx, k, consistent)
}

// BatchGet is table.Table's, with faults.
func (f *Faulty) BatchGet(ctx context.Context, keys []table.Key, consistent bool) (map[table.Key]table.Record, error) {
	if err := f.nextRead(); err != nil {
		return nil, err
	}
	return f.inner.BatchGet(ctx, keys, consistent)
}

// Query is table.Table's, with faults and lag.
func (f *Faulty) Query(ctx context.Context, q table.Query) (table.Page, error) {
	if err := f.nextRead(); err != nil {
		return table.Page{}, err
	}
	f.mu.Lock()
	lag := f.lag
	missing := 0
	if lag != nil {
		missing = f.rnd.IntN(lag.max + 1)
	}
	f.mu.Unlock()
	if lag == nil || q.Index == 0 {
		return f.inner.Query(ctx, q)
	}
	return lag.query(q, missing)
}

// Scan is table.Scanner's, with faults. The wrapped table has to have it.
func (f *Faulty) Scan(ctx context.Context, after string, limit int) (table.Page, error) {
	if err := f.nextRead(); err != nil {
		return table.Page{}, err
	}
	sc, ok := f.inner.(table.Scanner)
	if !ok {
		return table.Page{}, fmt.Errorf("tabletest: %T is no table.Scanner", f.inner)
	}
	return sc.Scan(ctx, after, limit)
}
