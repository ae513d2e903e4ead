package tabletest_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"groundswell/shared/table"
	"groundswell/shared/table/tabletest"
)

func rec(sk string) table.Record { return table.Record{Key: table.Key{PK: "p", SK: sk}, Ver: 1} }

func stored(t *testing.T, tab table.Table, sk string) bool {
	t.Helper()
	_, err := tab.Get(t.Context(), table.Key{PK: "p", SK: sk}, true)
	if err != nil && !errors.Is(err, table.ErrNotFound) {
		t.Fatal(err)
	}
	return err == nil
}

func TestFaultyByPlan(t *testing.T) {
	t.Parallel()
	for how, tc := range map[tabletest.How]struct {
		err    error
		stored bool
	}{
		tabletest.Before:   {tabletest.ErrInjected, false},
		tabletest.After:    {tabletest.ErrInjected, true},
		tabletest.Conflict: {table.ErrConflict, false},
	} {
		t.Run(how.String(), func(t *testing.T) {
			t.Parallel()
			inner, _ := tabletest.OpenLocal(t)
			f := tabletest.NewFaulty(inner, 0)
			f.Fail(how, 1)
			errs := f.WriteEach(t.Context(), table.Op{Rec: rec("0")}, table.Op{Rec: rec("1")}, table.Op{Rec: rec("2")})
			if errs[0] != nil || !errors.Is(errs[1], tc.err) || errs[2] != nil {
				t.Errorf("errors %v; want %v in the middle", errs, tc.err)
			}
			if got := stored(t, inner, "1"); got != tc.stored {
				t.Errorf("record is stored: %t; want %t", got, tc.stored)
			}
			if f.Fired() != 1 || f.Writes() != 3 {
				t.Errorf("%d faults in %d writes; want 1 in 3", f.Fired(), f.Writes())
			}
		})
	}
}

func TestFaultyReads(t *testing.T) {
	t.Parallel()
	inner, _ := tabletest.OpenLocal(t)
	f := tabletest.NewFaulty(inner, 0)
	f.Fail(tabletest.Throttle, 0)
	f.Fail(tabletest.Throttle, 2)
	_, err0 := f.Get(t.Context(), rec("0").Key, true)
	_, err1 := f.BatchGet(t.Context(), nil, true)
	_, err2 := f.Query(t.Context(), table.Query{PK: "p"})
	if !errors.Is(err0, tabletest.ErrThrottled) || err1 != nil || !errors.Is(err2, tabletest.ErrThrottled) {
		t.Errorf("errors %v, %v, %v; want the first and the third throttled", err0, err1, err2)
	}
}

func TestFaultyByChanceIsRepeatable(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) (outcomes string) {
		inner, _ := tabletest.OpenLocal(t)
		f := tabletest.NewFaulty(inner, seed)
		f.SetRates(tabletest.Rates{Before: 0.2, After: 0.2, Conflict: 0.2, Throttle: 0.3})
		for i := range 200 {
			err := f.Write(t.Context(), table.Op{Rec: rec(fmt.Sprint(i))})
			_, readErr := f.Query(t.Context(), table.Query{PK: "p", Limit: 1})
			outcomes += fmt.Sprint(err, readErr, stored(t, inner, fmt.Sprint(i)), "\n")
		}
		return outcomes
	}
	one := run(1)
	if again := run(1); one != again {
		t.Error("the same seed gave other faults")
	}
	if one == run(2) {
		t.Error("another seed gave the same faults")
	}
	for _, what := range []string{"outcome unknown<nil>false", "outcome unknown<nil>true", "conflicting write", "throttling"} {
		if !strings.Contains(strings.ReplaceAll(one, " ", ""), strings.ReplaceAll(what, " ", "")) {
			t.Errorf("no %q in 200 writes and reads", what)
		}
	}
}

func TestSweepMeetsEveryWrite(t *testing.T) {
	t.Parallel()
	var met []string
	for fault := range tabletest.Sweep() {
		inner, _ := tabletest.OpenLocal(t)
		tab := fault.Wrap(inner)
		failed := false
		for i := range 3 { // the code under test: three writes, ends at the first error
			if err := tab.Write(t.Context(), table.Op{Rec: rec(fmt.Sprint(i))}); err != nil {
				failed = true
				break
			}
		}
		if failed != fault.Fired() {
			t.Errorf("%s: failed %t, fired %t", fault, failed, fault.Fired())
		}
		if failed {
			met = append(met, fault.String())
		}
	}
	var want []string
	for _, how := range []string{"before commit", "after commit", "by conflict"} {
		for n := range 3 {
			want = append(want, fmt.Sprintf("write %d fails %s", n, how))
		}
	}
	if !slices.Equal(met, want) {
		t.Errorf("met %q; want %q", met, want)
	}
}

// TestLagConverges: an index query under lag sees a state that was true once,
// not more than so many writes ago, pages included.
func TestLagConverges(t *testing.T) {
	t.Parallel()
	inner, _ := tabletest.OpenLocal(t)
	f := tabletest.NewFaulty(inner, 3)
	f.SetLag(3)
	var states []string // what the index held after each write
	lagged := false
	for i := range 60 {
		r := rec(fmt.Sprintf("%02d", i*7%20))
		r.Ver = int64(i)
		r.Idx[0] = table.IndexKey{P: "x", S: fmt.Sprintf("%02d", i%20)}
		op := table.Op{Rec: r}
		if i%5 == 4 {
			op.Mut = table.Delete
		}
		if err := f.Write(t.Context(), op); err != nil {
			t.Fatal(err)
		}
		states = append(states, index(t, inner, i%2 == 0))
		got := index(t, f, i%2 == 0)
		recent := states[max(0, len(states)-4):]
		if i%2 == 0 {
			lagged = lagged || got != states[len(states)-1]
		}
		for j := range recent { // states alternate in direction: make them alike
			if (len(states)-len(recent)+j)%2 != i%2 {
				recent = slices.Clone(recent)
				fields := strings.Fields(recent[j])
				slices.Reverse(fields)
				recent[j] = strings.Join(fields, " ")
			}
		}
		if got != "" && !slices.Contains(recent, got) {
			t.Fatalf("write %d: index shows %s; want one of %q", i, got, recent)
		}
	}
	if !lagged {
		t.Error("the index never lagged")
	}
	f.SetLag(0)
	if got, want := index(t, f, false), index(t, inner, false); got != want {
		t.Errorf("without lag the index shows %s; want %s", got, want)
	}
}

func index(t *testing.T, tab table.Table, desc bool) string {
	t.Helper()
	// One page: the lag may change from page to page.
	p, err := tab.Query(t.Context(), table.Query{Index: 1, PK: "x", Desc: desc})
	if err != nil {
		t.Fatal(err)
	}
	var s []string
	for _, r := range p.Recs {
		s = append(s, fmt.Sprint(r.SK, "@", r.Ver))
	}
	return strings.Join(s, " ")
}

// TestLagPages: index queries answered from the wrapper's own copy page like any
// other.
func TestLagPages(t *testing.T) {
	t.Parallel()
	inner, _ := tabletest.OpenLocal(t)
	f := tabletest.NewFaulty(inner, 0)
	f.SetLag(1)
	for i := range 5 {
		r := rec(fmt.Sprint(i))
		r.Idx[1] = table.IndexKey{P: "x", S: fmt.Sprint(i)}
		if err := f.Write(t.Context(), table.Op{Rec: r}); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Write(t.Context(), table.Op{Rec: rec("z")}); err != nil { // now the five are settled
		t.Fatal(err)
	}
	for _, tc := range []struct {
		q    table.Query
		want string
	}{
		{table.Query{Limit: 2}, "0 1 2 3 4"},
		{table.Query{Limit: 2, Desc: true}, "4 3 2 1 0"},
		{table.Query{From: "1", To: "3", Limit: 1}, "1 2"},
	} {
		var got []string
		for tc.q.Index, tc.q.PK = 2, "x"; ; {
			p, err := f.Query(t.Context(), tc.q)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range p.Recs {
				got = append(got, r.SK)
			}
			if tc.q.After = p.Next; p.Next == "" {
				break
			}
		}
		if strings.Join(got, " ") != tc.want {
			t.Errorf("Query(%+v) = %v; want %s", tc.q, got, tc.want)
		}
	}
	if _, err := f.Query(t.Context(), table.Query{Index: 2, PK: "x", After: "forged"}); !errors.Is(err, table.ErrBadCursor) {
		t.Errorf("forged cursor: %v; want ErrBadCursor", err)
	}
}
