package intake_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/intake"
	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/local"
	"groundswell/shared/table/tabletest"
)

// office is a portal whose admin imports, four rows a step.
type office struct {
	*portal.Portal
	admin portal.Actor
	under *local.Table
}

func newOffice(t *testing.T, under *local.Table, clock *tabletest.Clock, tab table.Table) office {
	t.Helper()
	s := &store.Store{Table: tab, Clock: clock.Now}
	p := &portal.Portal{Store: s, Clock: clock.Now, IDs: portal.IDs{Rand: rand.NewChaCha8([32]byte{7})}, Categories: portal.DefaultCategories(), Locales: []string{"en"}}
	p.Intakes = &intake.Reader{Store: s, Categories: p.Categories, Clock: clock.Now, Chunk: 2, Most: 4}
	m := portal.Member{ID: portal.ImportedMember("t", "boss"), Name: "Boss", Email: "boss@example.com", Role: portal.RoleAdmin, Version: 1}
	if _, err := (&store.Store{Table: under, Clock: clock.Now}).CreateMember(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	return office{p, portal.Actor{Member: m}, under}
}

func sheet() []byte {
	var b strings.Builder
	b.WriteString("id,title,category,created,votes,author\n")
	for i := range 9 {
		fmt.Fprintf(&b, "%d,%s %d,tea,2024-01-0%d,%d,Ann\n", i, []string{"Oat milk", "X"}[i/8], i, i+1, i)
	}
	return []byte(strings.Replace(b.String(), "X 8", "X", 1))
}

// move imports the sheet and tries each request again until it is answered, as people do.
func (o office) move(ctx context.Context) (in portal.Intake, err error) {
	again := func(f func() error) error {
		for try := 0; ; try++ {
			if err := f(); err == nil || try == 3 {
				return err
			}
		}
	}
	err = again(func() (err error) {
		in, err = o.OpenIntake(ctx, o.admin, "ideas.csv", sheet(), portal.IntakeSetup{Preset: "generic", Source: "acme"})
		return err
	})
	for steps := 0; err == nil && in.State != portal.IntakeDone && steps < 20; steps++ {
		err = again(func() (err error) { in, err = o.StepIntake(ctx, o.admin, in.ID); return err })
	}
	return in, err
}

// kinds are how many rows of each kind there are, quotas left out.
func (o office) kinds(t *testing.T) map[string]int {
	t.Helper()
	n := map[string]int{}
	for after := ""; ; {
		page, err := o.under.Scan(t.Context(), after, table.MaxLimit)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Recs {
			if r.Kind != store.KindUse {
				n[r.Kind]++
			}
			if store.IsIntake(r) && r.TTL == 0 {
				t.Errorf("%s stays for ever", r.Key)
			}
		}
		if after = page.Next; after == "" {
			return n
		}
	}
}

// Whichever write fails, before or after it was committed: repeated, the import comes to
// the same rows, one line in the log, and leaves nothing of the file but what was wrong.
func TestImportThroughFaults(t *testing.T) {
	t.Parallel()
	tab, clock := tabletest.OpenLocal(t)
	whole := newOffice(t, tab, clock, tab)
	in, err := whole.move(t.Context())
	if err != nil || in.Rows["ideas"] != (portal.IntakeTally{Read: 9, New: 8, Rejected: 1}) || in.Left != "ideas.csv" || in.Total != 9 {
		t.Fatalf("%+v, %v", in, err)
	}
	want := whole.kinds(t)
	if want[store.KindIdea] != 8 || want[store.KindLog] != 1 || want[store.KindPiece] != 1 {
		t.Fatalf("%v", want)
	}
	for fault := range tabletest.Sweep() {
		tab, clock := tabletest.OpenLocal(t)
		o := newOffice(t, tab, clock, fault.Wrap(tab))
		in, err := o.move(t.Context())
		if err != nil {
			t.Fatalf("%v: %v", fault, err)
		}
		if _, err := o.StepIntake(t.Context(), o.admin, in.ID); err != nil { // as a double click
			t.Fatalf("%v: %v", fault, err)
		}
		got := o.kinds(t)
		if got[store.KindPiece] == want[store.KindPiece]+1 { // of a file whose import nobody heard of: it goes after a day
			got[store.KindPiece]--
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%v: without (-), with (+):\n%s", fault, d)
		}
		if sum := in.Rows["ideas"]; sum.Read != 9 || sum.New+sum.Known != 8 || sum.Rejected != 1 {
			t.Errorf("%v: %+v", fault, sum)
		}
	}
}

// Nothing of an import is left when it is given up, when the account goes, or after a day.
func TestImportIsForgotten(t *testing.T) {
	t.Parallel()
	for name, forget := range map[string]func(o office, in portal.Intake) error{
		"given up": func(o office, in portal.Intake) error { return o.EndIntake(t.Context(), o.admin, in.ID) },
		"account": func(o office, _ portal.Intake) error {
			return o.DeleteAccount(t.Context(), o.admin, "boss@example.com")
		},
		"done, ended": func(o office, _ portal.Intake) error {
			in, err := o.move(t.Context())
			if err != nil {
				return err
			}
			return o.EndIntake(t.Context(), o.admin, in.ID)
		},
	} {
		tab, clock := tabletest.OpenLocal(t)
		o := newOffice(t, tab, clock, tab)
		in, err := o.OpenIntake(t.Context(), o.admin, "ideas.csv", sheet(), portal.IntakeSetup{Preset: "generic"})
		if err != nil {
			t.Fatal(err)
		}
		if err := forget(o, in); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if n := o.kinds(t); n[store.KindIntake] > 0 || n[store.KindPiece] > 0 {
			t.Errorf("%s leaves %v", name, n)
		}
	}
	tab, clock := tabletest.OpenLocal(t)
	o := newOffice(t, tab, clock, tab)
	in, err := o.OpenIntake(t.Context(), o.admin, "ideas.csv", sheet(), portal.IntakeSetup{Preset: "generic"})
	if err != nil {
		t.Fatal(err)
	}
	clock.Advance(portal.IntakeLife)
	if _, err := o.StepIntake(t.Context(), o.admin, in.ID); portal.KindOf(err) != portal.NotFound {
		t.Errorf("after a day: %v", err)
	}
}

// A file of any bytes comes back as it was, from as many pieces as it takes.
func TestPieces(t *testing.T) {
	t.Parallel()
	tab, clock := tabletest.OpenLocal(t)
	s := &store.Store{Table: tab, Clock: clock.Now}
	rnd := rand.NewChaCha8([32]byte{3})
	for _, size := range []int{1, 1 << 10, 300 << 10, 900 << 10} {
		data := make([]byte, size)
		_, _ = rnd.Read(data)
		in := portal.Intake{ID: fmt.Sprint("i", size), State: portal.IntakeOpen, At: clock.Now()}
		if err := s.PutIntakeFile(t.Context(), in, data); err != nil {
			t.Fatal(err)
		}
		got, err := s.IntakeFile(t.Context(), in)
		if err != nil || !slices.Equal(got, data) {
			t.Errorf("%d bytes: %d came back, %v", size, len(got), err)
		}
		if err := s.DropIntakeFile(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		if _, err := s.IntakeFile(t.Context(), in); portal.KindOf(err) != portal.NotFound {
			t.Errorf("%d bytes: still there: %v", size, err)
		}
	}
}
