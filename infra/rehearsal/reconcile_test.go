package rehearsal

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"groundswell/shared/metric"
	"groundswell/shared/store"
)

// TestReconcile: a count that is wrong is a suspect for one run of the scheduled
// function, and for one hours later a difference: repaired, and alarmed about once.
func TestReconcile(t *testing.T) {
	t.Parallel()
	s := deploy(t)
	ann := s.client("ann@example.com").signIn()
	id := ann.submit("Counted again")
	ann.want(http.StatusOK, "PUT", "/api/v1/ideas/"+id+"/vote", "")
	s.settle()
	ids, err := s.store.Active(t.Context(), store.Day(time.Now()), "", 10)
	if err != nil || len(ids) != 1 || ids[0] != id {
		t.Fatalf("active today: %v, %v", ids, err)
	}
	if err := s.store.MarkActive(t.Context(), store.Day(time.Now().AddDate(0, 0, -1)), ids); err != nil {
		t.Fatal(err)
	}
	counts, err := s.store.Counts(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	lane := counts.Lanes[5]
	lane.Cells[1].N += 3
	if err := s.store.PutTally(t.Context(), lane); err != nil {
		t.Fatal(err)
	}
	event, err := os.ReadFile("../../functions/reconcile/event.json")
	if err != nil {
		t.Fatal(err)
	}
	run := func() float64 {
		t.Helper()
		if _, err := s.invoke(t.Context(), "reconcile", event); err != nil {
			t.Fatal(err)
		}
		return s.points(metric.CountDifferences)[""]
	}
	if n := run(); n != 0 {
		t.Errorf("%v differences at first sight", n)
	}
	_, suspects, err := s.store.Reconciliation(t.Context())
	if err != nil || len(suspects) != 1 || suspects[0].IdeaID != id {
		t.Fatalf("suspects %+v, %v", suspects, err)
	}
	suspects[0].Found = suspects[0].Found.Add(-8 * time.Hour)
	if err := s.store.PutSuspect(t.Context(), suspects[0]); err != nil {
		t.Fatal(err)
	}
	run()
	run() // finds nothing more
	// What a function prints arrives after its answer; by now the card has too.
	s.settle()
	if n := s.points(metric.CountDifferences)[""]; n != 1 {
		t.Errorf("%v differences", n)
	}
	if card, err := s.store.CardOf(t.Context(), id); err != nil || card.Votes != 1 {
		t.Errorf("the card says %d, %v", card.Votes, err)
	}
	if log := s.functions["reconcile"].Logs(); strings.Count(log, `"level":"ERROR","message":"count_difference"`) != 1 {
		t.Errorf("log:\n%s", log)
	}
}
