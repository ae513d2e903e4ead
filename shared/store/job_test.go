package store_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

func TestJobs(t *testing.T) {
	t.Parallel()
	ctx, s := t.Context(), mailStore(t)
	n := 0
	random := func() string { n++; return strconv.Itoa(1000 + n) }
	bodies := func(queue string) (got []string) {
		t.Helper()
		jobs, err := s.Jobs(ctx, queue, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range jobs {
			got = append(got, j.Body)
		}
		return got
	}
	if err := s.AddJobs(ctx, []store.Job{
		{Queue: "q", Body: "late", Sent: noon, Due: noon.Add(time.Minute)},
		{Queue: "q", Body: "now", Sent: noon, Due: noon},
		{Queue: "q2", Body: "elsewhere", Sent: noon, Due: noon},
	}, random); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"now", "late"}, bodies("q")); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}

	jobs, err := s.Jobs(ctx, "q", 10)
	if err != nil {
		t.Fatal(err)
	}
	was := jobs[0]
	is := was
	is.Leased, is.Receives, is.Due = true, 1, noon.Add(2*time.Minute)
	moved, err := s.MoveJob(ctx, was, is, random())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"late", "now"}, bodies("q")); diff != "" {
		t.Errorf("behind its lease (-want +got):\n%s", diff)
	}
	jobs, _ = s.Jobs(ctx, "q", 10)
	if diff := cmp.Diff(moved, jobs[1]); diff != "" {
		t.Errorf("MoveJob's answer and the row (-answer +row):\n%s", diff)
	}
	if _, err := s.MoveJob(ctx, was, is, random()); portal.KindOf(err) != portal.Stale {
		t.Errorf("moved again from where it was: %v, want Stale", err)
	}
	if err := s.DeleteJob(ctx, was); portal.KindOf(err) != portal.Stale {
		t.Errorf("deleted as it was: %v, want Stale", err)
	}
	dead := moved
	dead.Queue = "q-dead"
	if _, err := s.MoveJob(ctx, moved, dead, random()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"now"}, bodies("q-dead")); diff != "" {
		t.Errorf("dead letters (-want +got):\n%s", diff)
	}
	jobs, _ = s.Jobs(ctx, "q", 10)
	if err := s.DeleteJob(ctx, jobs[0]); err != nil {
		t.Fatal(err)
	}
	if got := bodies("q"); len(got) != 0 {
		t.Errorf("left over: %q", got)
	}
}
