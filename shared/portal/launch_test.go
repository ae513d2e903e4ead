package portal_test

import (
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// Who would hear of a launch, whoever looks.
func TestReaders(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	boss, ada, bea := d.signIn("boss@example.com"), d.signIn("ada@example.com"), d.signIn("bea@example.com")
	idea := d.submit(ada, "Tea for two")
	d.clock.Advance(time.Minute)
	dup := d.submit(bea, "Tea for us")
	_, err := d.Merge(t.Context(), boss, dup.ID, portal.MergeChange{Into: idea.ID})
	d.must(err)
	got, err := d.TeamIdea(t.Context(), boss, idea.ID)
	d.must(err)
	if len(got.Readers) != 2 || got.Readers[0].ID != ada.ID || !got.Readers[0].Own || got.Readers[1].ID != bea.ID || got.Readers[1].Own || got.Readers[0].Why+got.Readers[1].Why != "" {
		t.Errorf("readers %+v", got.Readers)
	}

	own := d.submit(boss, "Tea for the team")
	got, err = d.TeamIdea(t.Context(), boss, own.ID)
	d.must(err)
	if len(got.Readers) != 0 {
		t.Errorf("whoever launches their own idea hears of it: %+v", got.Readers)
	}

	_, err = portal.Suppress(t.Context(), d.Store, "ada@example.com", portal.Suppression{Complaint: d.clock.Now()})
	d.must(err)
	d.must(d.DeleteAccount(t.Context(), bea, "bea@example.com"))
	got, err = d.TeamIdea(t.Context(), boss, idea.ID)
	d.must(err)
	if len(got.Readers) != 2 || got.Readers[0].Why != "suppressed" || got.Readers[1].Why != "deleted" {
		t.Errorf("readers %+v", got.Readers)
	}
}

func TestPreviewLaunch(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	boss, ada := d.signIn("boss@example.com"), d.signIn("ada@example.com")
	idea := d.submit(ada, "Tea for two")
	change := portal.StatusChange{To: portal.Declined, Note: "Here it is \n", Link: "https://tea.example.com/"} // what it says of the status is not asked
	got, err := d.PreviewLaunch(t.Context(), boss, idea.ID, ada.ID, change)
	d.must(err)
	last := got.Page.History[len(got.Page.History)-1]
	if got.To.ID != ada.ID || last.Ver != got.Ver || !last.Launch() || last.Note != "Here it is" || last.Link != change.Link || got.Page.Idea.Status != portal.Launched {
		t.Errorf("%+v", got)
	}
	now, err := d.Idea(t.Context(), boss, portal.IdeaQuery{ID: idea.ID, Comments: 1, Fresh: true})
	d.must(err)
	if now.Idea.Status != portal.New || len(now.History) != 1 {
		t.Errorf("looking at the mail changed the idea: %+v", now)
	}

	_, err = d.PreviewLaunch(t.Context(), boss, idea.ID, boss.ID, change)
	refused(t, err, portal.NotFound, "no_reader", "")
	_, err = d.PreviewLaunch(t.Context(), boss, "nonsense", ada.ID, change)
	refused(t, err, portal.NotFound, "no_idea", "")
	_, err = d.PreviewLaunch(t.Context(), boss, idea.ID, ada.ID, portal.StatusChange{Link: "tea"})
	refused(t, err, portal.Invalid, "not_a_link", "link")
	_, err = d.PreviewLaunch(t.Context(), ada, idea.ID, ada.ID, change)
	refused(t, err, portal.Forbidden, "team_only", "")
	other := d.submit(boss, "Tea for all")
	_, err = d.Merge(t.Context(), boss, idea.ID, portal.MergeChange{Into: other.ID})
	d.must(err)
	_, err = d.PreviewLaunch(t.Context(), boss, idea.ID, ada.ID, change)
	refused(t, err, portal.Conflict, "merged", "")
}

// Between a launch and the ledger's first word of it, the log says who is waiting.
func TestToldPending(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	boss, ada := d.signIn("boss@example.com"), d.signIn("ada@example.com")
	idea := d.submit(ada, "Tea for two")
	told := func() []portal.Told {
		t.Helper()
		got, err := d.TeamIdea(t.Context(), boss, idea.ID)
		d.must(err)
		return got.Told
	}
	if got := told(); len(got) != 0 {
		t.Errorf("told before the launch: %+v", got)
	}
	_, err := d.ChangeStatus(t.Context(), boss, idea.ID, portal.StatusChange{To: portal.Launched})
	d.must(err)
	if got := told(); len(got) != 1 || got[0].To != ada.ID || got[0].Name != ada.Name || got[0].State != portal.ToldPending || got[0].At.IsZero() {
		t.Errorf("waiting: %+v", got)
	}
	_, err = d.Store.(*store.Store).PutDelivery(t.Context(), store.Delivery{Subject: idea.ID, Event: "launched", To: ada.ID, State: store.Sent, At: d.clock.Now()}, 0)
	d.must(err)
	if got := told(); len(got) != 1 || got[0].State != "sent" {
		t.Errorf("told: %+v", got)
	}
}
