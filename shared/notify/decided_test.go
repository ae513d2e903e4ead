package notify

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
)

// decide writes what the team decided about the idea, as the portal does.
func (w *world) decide(i *portal.Idea, what string, state portal.Visibility, by portal.Member) {
	w.t.Helper()
	w.clock.advance(time.Second)
	id, err := portal.IDs{Rand: strings.NewReader(strings.Repeat(what, 10))}.At(w.clock.now())
	w.must(err)
	i.Mod, i.Version = portal.Moderation{State: state}, i.Version+1
	w.must(w.store.Moderate(w.t.Context(), portal.Deed{Idea: &portal.IdeaUpdate{Idea: *i, Prev: i.Version - 1},
		Log: []portal.LogEntry{{ID: id, What: what, By: by.ID, Whose: i.AuthorID, Thing: portal.Thing{IdeaID: i.ID}, Reasons: []string{"spam"}, Note: "No links.", Told: what != portal.LogKeep}}}))
}

// TestDecidedMail: the author hears once of a decision that still stands, and of no
// other; what nobody decided about nobody hears of.
func TestDecidedMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ann, boss := w.member("Ann", "ann@example.org", "en"), w.member("team", "team@example.org", "en")
	quiet := w.wants(w.member("Quiet", "quiet@example.org", "en"), func(m *portal.MailPrefs) { m.Own = false })
	i, j, own := w.idea("Tea for two", ann), w.idea("Tea for me", quiet), w.idea("Tea for us", boss)
	w.decide(&i, portal.LogKeep, portal.Visible, boss)
	w.decide(&i, portal.LogHide, portal.Hidden, boss)
	w.decide(&j, portal.LogHide, portal.Hidden, boss)
	w.decide(&own, portal.LogHide, portal.Hidden, boss)
	var bag mailbag
	c := Consumer{Ideas: w.store, Queue: &bag, Log: slog.New(slog.DiscardHandler)}
	batch := w.changes()
	for range 2 { // changes may come twice
		w.must(c.Consume(t.Context(), batch))
	}
	var p postOffice
	var log logged
	worker := w.worker(&p, log.logger())
	for _, body := range bag.bodies {
		w.must(worker.Handle(t.Context(), body))
	}
	if len(p.sent) != 1 || p.sent[0].To != ann.Email || p.sent[0].Subject != "The team has taken your idea off: Tea for two" {
		t.Fatalf("mails %+v", p.sent)
	}
	for _, want := range []string{"No links.", "Spam or advertising", "https://ideas.example.com/ideas/" + i.ID} {
		if !strings.Contains(p.sent[0].Text, want) || !strings.Contains(p.sent[0].HTML, want) {
			t.Errorf("the mail does not say %q:\n%s", want, p.sent[0].Text)
		}
	}
	// Shown and hidden again before the mail is written: only the last is told.
	bag.bodies = nil
	w.decide(&i, portal.LogShow, portal.Visible, boss)
	w.decide(&i, portal.LogRemove, portal.Removed, boss)
	w.must(c.Consume(t.Context(), w.changes()))
	for _, body := range bag.bodies {
		w.must(worker.Handle(t.Context(), body))
	}
	if len(p.sent) != 2 || !strings.HasPrefix(p.sent[1].Subject, "The team has removed your idea") {
		t.Errorf("mails %+v", p.sent[1:])
	}
}
