package web_test

import (
	"strings"
	"testing"
	"time"

	"groundswell/shared/projection"
	"groundswell/shared/store"
)

// TestCharts: what happened stands in its week, in the drawing and in the table, and
// the way of an idea is measured. Nobody but the team sees it.
func TestCharts(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada, team := s.reader().signIn("ada@example.com"), s.reader().signIn("team@example.com")
	ada.open("/team/charts").want(403)
	team.open("/team/charts").want(200).sees("Nothing to draw yet")
	id := ada.newIdea("Oat milk")
	ada.newIdea("Soy milk")
	ada.browser.put("/ideas/" + id + "/vote").want(200)
	s.clock.pass(10 * 24 * time.Hour) // from Sunday 1 March to Wednesday of the week after next
	team, ada = s.reader().signIn("team@example.com"), s.reader().signIn("ada@example.com")
	ada.browser.post("/ideas/"+id+"/comments", `{"body": "Yes"}`).want(201)
	team.browser.post("/ideas/"+id+"/status", `{"status": "launched"}`).want(200)
	s.settle()
	counts := &projection.Consumer{Store: &store.Store{Table: s.table, Clock: s.clock.Now}, Clock: s.clock.Now}
	if n, err := counts.Settle(t.Context()); n != 2 || err != nil {
		t.Fatalf("%d ideas settled, %v", n, err)
	}
	team.open("/team/charts").want(200).sees(
		"9 March 2026 0 0 1 2 March 2026 0 0 0 23 February 2026 2 1 0 16 February 2026 0 0 0",
		"2 in these weeks; most in the week from 23 February 2026: 2.", "This week so far: 1",
		"New 2 100% – Under review 1 50% 10 days", "Launched 1 50% 0 days", "10 days from new to launched, at the median")
	if n := strings.Count(team.body, "<rect"); n != 3+5 { // a bar for each week that has something, and one a step
		t.Errorf("%d bars are drawn", n)
	}
}
