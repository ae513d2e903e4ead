package portal_test

import (
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

func TestTeamOnly(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ada, ctx := d.signIn("ada@example.com"), t.Context()
	idea := d.submit(ada, "Tea for two")
	for name, do := range map[string]func(portal.Actor) error{
		"inbox": func(a portal.Actor) error { _, err := d.Inbox(ctx, a, ""); return err },
		"board": func(a portal.Actor) error { _, err := d.Board(ctx, a); return err },
		"idea":  func(a portal.Actor) error { _, err := d.TeamIdea(ctx, a, idea.ID); return err },
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, do(portal.Actor{}), portal.Unauthenticated, "sign_in_needed", "")
			refused(t, do(ada), portal.Forbidden, "team_only", "")
		})
	}
}

func TestInboxAndBoard(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	boss, ada := d.signIn("boss@example.com"), d.signIn("ada@example.com")
	first := d.submit(ada, "Tea for two")
	d.clock.Advance(time.Minute)
	second := d.submit(ada, "Tea for three")
	d.clock.Advance(time.Minute)
	done := d.submit(ada, "Tea for four")
	_, err := d.ChangeStatus(t.Context(), boss, done.ID, portal.StatusChange{To: portal.Planned})
	d.must(err)
	_, err = d.CastVote(t.Context(), boss, first.ID)
	d.must(err)
	d.drain()
	inbox, err := d.Inbox(t.Context(), boss, "")
	d.must(err)
	if got := ids(inbox); got != second.ID+" "+first.ID+" " {
		t.Errorf("inbox %s", got)
	}
	board, err := d.Board(t.Context(), boss)
	d.must(err)
	for i, want := range []string{first.ID + " " + second.ID + " ", "", done.ID + " ", "", "", "", ""} {
		if got := ids(board[i]); got != want {
			t.Errorf("%s: %q, want %q", portal.Statuses[i], got, want)
		}
	}
}

func ids(p portal.CardPage) (s string) {
	for _, c := range p.Cards {
		s += c.ID + " "
	}
	return s
}

func TestTold(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	boss, ada := d.signIn("boss@example.com"), d.signIn("ada@example.com")
	idea := d.submit(ada, "Tea for two")
	st := d.Store.(*store.Store)
	for _, line := range []store.Delivery{
		{Subject: idea.ID, Event: "launched", To: ada.ID, State: store.Sent, MessageID: "m", At: d.clock.Now()},
		{Subject: idea.ID, Event: "launched", To: portal.ImportedMember("x", "y"), State: store.Skipped, Why: "no_address", At: d.clock.Now()},
	} {
		_, err := st.PutDelivery(t.Context(), line, 0)
		d.must(err)
	}
	got, err := d.TeamIdea(t.Context(), boss, idea.ID)
	d.must(err)
	if got.Idea.ID != idea.ID || len(got.Told) != 2 || got.Next != "" {
		t.Fatalf("%+v", got)
	}
	for _, l := range got.Told {
		switch l.To {
		case ada.ID:
			if l.Name != ada.Name || l.State != "sent" || !l.At.Equal(d.clock.Now().Truncate(time.Millisecond)) {
				t.Errorf("%+v", l)
			}
		default:
			if l.Name != "" || l.State != "skipped" || l.Why != "no_address" {
				t.Errorf("%+v", l)
			}
		}
	}
	_, err = d.TeamIdea(t.Context(), boss, "nonsense")
	refused(t, err, portal.NotFound, "no_idea", "")
}
