package web_test

import (
	"fmt"
	"testing"
)

// Whose report is the one that hides the idea is thanked where there is something to read.
func TestReportThatHides(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	id := s.reader().signIn("ann@example.com").newIdea("Cheap watches")
	at := "/ideas/" + id
	for n := range 3 {
		r := s.reader().signIn(fmt.Sprintf("reader%d@example.com", n))
		r.open(at+"/report").want(200).fill(at+"/report", "reason", "spam").want(200).sees("Thank you")
		if last := n == 2; last != (r.at == "/?done=reported") {
			t.Errorf("after report %d, on %s", n+1, r.at)
		}
	}
	s.reader().open(at).want(404)
}
