package notify

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// told are the members that the jobs name, in order, and how many fan-outs begin.
func told(t *testing.T, bodies []string) (to []string, fanOuts int) {
	t.Helper()
	for _, b := range bodies {
		switch j, ok := parseJob(b); {
		case ok && j.Kind == kindFanOut && j.Page == 0 && j.place == (place{}):
			fanOuts++
		case ok && j.Kind == kindLaunched:
			to = append(to, j.To)
		case ok && j.Kind == kindMerged: // see TestAuthorsHearOfMerges
		default:
			t.Errorf("job %s", b)
		}
	}
	return to, fanOuts
}

func TestWhoHearsOfWhat(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		do   func(w *world, ann, bob, team portal.Member)
		want []string // names
		fan  int      // fan-outs
	}{
		{"nothing but a new idea", func(w *world, ann, bob, team portal.Member) { w.idea("tea", ann) }, nil, 0},
		{"launched", func(w *world, ann, bob, team portal.Member) {
			i := w.idea("tea", ann)
			w.move(&i, portal.Launched, team)
		}, []string{"ann"}, 1},
		{"another status", func(w *world, ann, bob, team portal.Member) {
			i := w.idea("tea", ann)
			w.move(&i, portal.Planned, team)
		}, nil, 1},
		{"another status, silently", func(w *world, ann, bob, team portal.Member) {
			i := w.idea("tea", ann)
			w.move(&i, portal.Planned, team, func(h *portal.HistoryEntry) { h.Silent = true })
		}, nil, 0},
		{"silent: the submitter hears of it", func(w *world, ann, bob, team portal.Member) {
			i := w.idea("tea", ann)
			w.move(&i, portal.Launched, team, func(h *portal.HistoryEntry) { h.Silent = true })
		}, []string{"ann"}, 0},
		{"imported", func(w *world, ann, bob, team portal.Member) {
			i := w.idea("tea", ann)
			w.move(&i, portal.Launched, team, func(h *portal.HistoryEntry) { h.Imported = true })
		}, nil, 0},
		{"one's own idea", func(w *world, ann, bob, team portal.Member) {
			i := w.idea("tea", team)
			w.move(&i, portal.Launched, team)
		}, nil, 1},
		{"with a duplicate", func(w *world, ann, bob, team portal.Member) {
			i, dup := w.idea("tea", ann), w.idea("cold tea", bob)
			w.merge(&dup, &i, team)
			w.move(&i, portal.Launched, team)
		}, []string{"ann", "bob"}, 1},
		{"with duplicates of one's own, and of the actor's", func(w *world, ann, bob, team portal.Member) {
			i, dup, dup2 := w.idea("tea", ann), w.idea("cold tea", ann), w.idea("hot tea", team)
			w.merge(&dup, &i, team)
			w.merge(&dup2, &i, team)
			w.move(&i, portal.Launched, team)
		}, []string{"ann"}, 1},
		{"a launched idea merged is no launch", func(w *world, ann, bob, team portal.Member) {
			i, dup := w.idea("tea", ann), w.idea("cold tea", bob)
			w.move(&dup, portal.Launched, team, func(h *portal.HistoryEntry) { h.Imported = true })
			w.merge(&dup, &i, team)
		}, nil, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			ann, bob, team := w.member("ann", "ann@example.org", "en"), w.member("bob", "bob@example.org", "en"), w.member("team", "team@example.org", "en")
			names := map[string]string{ann.ID: "ann", bob.ID: "bob", team.ID: "team"}
			tc.do(w, ann, bob, team)
			var q mailbag
			c := &Consumer{Ideas: w.store, Queue: &q, Log: slog.New(slog.DiscardHandler)}
			changes := w.changes()
			if len(changes) == 0 {
				t.Fatal("no changes")
			}
			if err := c.Consume(t.Context(), changes); err != nil {
				t.Fatal(err)
			}
			got := map[string]int{}
			to, fan := told(t, q.bodies)
			for _, id := range to {
				got[names[id]]++
			}
			if fan != tc.fan {
				t.Errorf("%d fan-outs, want %d", fan, tc.fan)
			}
			want := map[string]int{}
			for _, n := range tc.want {
				want[n] = 1
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("jobs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOnlyInsertsCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.idea("tea", w.member("ann", "ann@example.org", "en"))
	w.move(&i, portal.Launched, w.member("team", "", "en"))
	all := w.changes()
	launch := all[len(all)-1]
	for _, ch := range all {
		if ch.New != nil && ch.New.Kind == store.KindHistory {
			launch = ch
		}
	}
	other := *launch.New
	other.Kind = store.KindIdea
	var q mailbag
	c := &Consumer{Ideas: w.store, Queue: &q, Log: slog.New(slog.DiscardHandler)}
	if err := c.Consume(t.Context(), []table.Change{
		{Old: launch.New},                  // removed
		{Old: launch.New, New: launch.New}, // changed
		{New: &other},                      // something else
	}); err != nil || len(q.bodies) != 0 {
		t.Errorf("jobs %q, %v", q.bodies, err)
	}
	if err := c.Consume(t.Context(), []table.Change{launch}); err != nil || len(q.bodies) != 2 {
		t.Errorf("jobs %q, %v", q.bodies, err)
	}
}

// ideas fails for one of them.
type ideas struct {
	*store.Store
	bad string
}

func (i ideas) Idea(ctx context.Context, id string, strong bool) (portal.Idea, error) {
	if id == i.bad {
		return portal.Idea{}, errors.New("throttled")
	}
	return i.Store.Idea(ctx, id, strong)
}

func TestOneFailureHoldsUpNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	team := w.member("team", "", "en")
	ann, bob, cat := w.member("ann", "ann@example.org", "en"), w.member("bob", "bob@example.org", "en"), w.member("cat", "cat@example.org", "en")
	one, two, dup := w.idea("one", ann), w.idea("two", bob), w.idea("dup", cat)
	w.merge(&dup, &two, team)
	w.move(&one, portal.Launched, team)
	w.move(&two, portal.Launched, team)
	batch := w.changes()

	for _, tc := range []struct {
		name, bad string
		want      []string
	}{
		{"an idea", one.ID, []string{bob.ID, cat.ID}},
		{"a duplicate", dup.ID, []string{ann.ID, bob.ID}},
	} {
		var q mailbag
		var log logged
		c := &Consumer{Ideas: ideas{w.store, tc.bad}, Queue: &q, Log: log.logger()}
		// Two unreadable records come along.
		history := table.Record{Key: table.Key{PK: "I#x", SK: "2H#1"}, Kind: store.KindHistory, Body: []byte(`{"t":7}`)}
		gone := table.Record{Key: table.Key{PK: "I#" + portal.ImportedAt(w.clock.now(), "t", "gone"), SK: "2H#2"}, Kind: store.KindHistory, Ver: 2, Body: []byte(`{"f":"new","t":"launched","by":"x"}`)}
		err := c.Consume(t.Context(), append([]table.Change{{New: &history}, {New: &gone}}, batch...))
		if err == nil {
			t.Errorf("%s: no error, so the batch would not come again", tc.name)
		}
		got := map[string]bool{}
		to, fan := told(t, q.bodies)
		for _, id := range to {
			got[id] = true
		}
		if fan != 3 {
			t.Errorf("%s: %d fan-outs, want those of all three", tc.name, fan)
		}
		want := map[string]bool{}
		for _, id := range tc.want {
			want[id] = true
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
		if log.count("history_unreadable") != 1 || log.count("launched_idea_missing") != 1 {
			t.Errorf("%s: log\n%s", tc.name, log.String())
		}
	}

	c := &Consumer{Ideas: w.store, Queue: &mailbag{fail: errors.New("queue down")}, Log: slog.New(slog.DiscardHandler)}
	if err := c.Consume(t.Context(), batch); err == nil {
		t.Error("no error with the queue down")
	}
	// What can't be read, alone, must not block the stream.
	history := table.Record{Key: table.Key{PK: "I#x", SK: "2H#1"}, Kind: store.KindHistory, Body: []byte(`{"t":7}`)}
	if err := c.Consume(t.Context(), []table.Change{{New: &history}}); err != nil {
		t.Errorf("unreadable record: %v", err)
	}
}
