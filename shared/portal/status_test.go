package portal_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"groundswell/shared/portal"
)

func TestChangeStatus(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		from        portal.Status
		change      portal.StatusChange
		kind        portal.Kind
		code, field string
	}{
		"one step":                    {portal.New, portal.StatusChange{To: portal.UnderReview}, 0, "", ""},
		"several at once":             {portal.New, portal.StatusChange{To: portal.Launched, Note: "It is there."}, 0, "", ""},
		"back":                        {portal.Planned, portal.StatusChange{To: portal.UnderReview}, 0, "", ""},
		"nowhere":                     {portal.Planned, portal.StatusChange{To: portal.Planned}, portal.Conflict, "same_status", "status"},
		"unknown":                     {portal.New, portal.StatusChange{To: "done"}, portal.Invalid, "unknown", "status"},
		"declined without a reason":   {portal.New, portal.StatusChange{To: portal.Declined, Note: " \n "}, portal.Invalid, "note_needed", "note"},
		"declined with a reason":      {portal.New, portal.StatusChange{To: portal.Declined, Note: "Too dear."}, 0, "", ""},
		"offered already, but where?": {portal.New, portal.StatusChange{To: portal.AlreadyOffered}, portal.Invalid, "note_or_link_needed", "note"},
		"offered already, there":      {portal.New, portal.StatusChange{To: portal.AlreadyOffered, Link: "https://example.com/menu"}, 0, "", ""},
		"link that runs":              {portal.New, portal.StatusChange{To: portal.AlreadyOffered, Link: "javascript:alert(1)"}, portal.Invalid, "not_a_link", "link"},
		"stale":                       {portal.New, portal.StatusChange{To: portal.Planned, Version: 9}, portal.Stale, "stale", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			ann, boss := d.signIn("ann@example.com"), d.signIn("boss@example.com")
			i := d.submit(ann, "Some idea")
			steps := 1
			if c.from != portal.New {
				var err error
				i, err = d.ChangeStatus(t.Context(), boss, i.ID, portal.StatusChange{To: c.from})
				d.must(err)
				steps++
			}
			_, err := d.ChangeStatus(t.Context(), ann, i.ID, c.change)
			refused(t, err, portal.Forbidden, "team_only", "")
			got, err := d.ChangeStatus(t.Context(), boss, i.ID, c.change)
			if c.code != "" {
				refused(t, err, c.kind, c.code, c.field)
			} else if err != nil || got.Status != c.change.To || got.Version != i.Version+1 {
				t.Errorf("%+v, %v", got, err)
			} else {
				steps++
			}
			p, err := d.Idea(t.Context(), portal.Actor{}, portal.IdeaQuery{ID: i.ID})
			d.must(err)
			if len(p.History) != steps {
				t.Fatalf("history %+v; want %d steps", p.History, steps)
			}
			if last := p.History[steps-1]; c.code == "" && (last.From != c.from || last.To != c.change.To || last.By.ID != boss.ID || !last.By.Team ||
				last.Note != c.change.Note || last.Link != c.change.Link) {
				t.Errorf("last step %+v", last)
			}
		})
	}
}

// TestStatusRace lets ten team members decide at once from the same version: one
// does, nine are told.
func TestStatusRace(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	boss := d.signIn("boss@example.com")
	i := d.submit(d.signIn("ann@example.com"), "Decide about me")
	var won atomic.Int32
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			_, err := d.ChangeStatus(d.Context(), boss, i.ID, portal.StatusChange{To: portal.Planned, Version: i.Version})
			if err == nil {
				won.Add(1)
			} else {
				refused(t, err, portal.Stale, "stale", "")
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d changes from one version", won.Load())
	}
}
