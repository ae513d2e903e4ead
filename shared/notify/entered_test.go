package notify

import (
	"crypto/rand"
	"log/slog"
	"strings"
	"testing"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// enter writes an idea down for a customer, as the portal does.
func (w *world) enter(title string, whose portal.Member) portal.Idea {
	w.t.Helper()
	now := w.clock.now()
	i := portal.Idea{ID: portal.ImportedAt(now, "test", title), Title: title, Category: "tea", Status: portal.New, AuthorID: whose.ID, CreatedAt: now, UpdatedAt: now, Version: 1, Entered: true}
	w.must(w.store.CreateIdea(w.t.Context(), portal.NewIdea{Idea: i, Body: "With *milk*.",
		History: portal.HistoryEntry{IdeaID: i.ID, Ver: 1, At: now, To: portal.New, By: whose.Author(), Entered: portal.Entered{By: portal.ImportedMember("test", "team"), Channel: portal.ByPhone, Words: "Psst."}}}))
	return i
}

// TestEnteredMail: a customer hears once that the team wrote an idea down for them, in
// their language, with links that work; nobody hears who does not want to, or whose
// address takes no mail, or of an idea that is not public any more.
func TestEnteredMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	links := &portal.MailLinks{Store: w.store, Clock: w.clock.now, Rand: rand.Reader}
	cora, dora := w.member("Cora", "cora@example.org", "zh"), w.member("Dora", "dora@example.org", "en")
	quiet := w.wants(w.member("Quiet", "quiet@example.org", "en"), func(m *portal.MailPrefs) { m.Own = false })
	barred := w.member("Barred", "barred@example.org", "en")
	_, err := portal.Suppress(t.Context(), w.store, barred.Email, portal.Suppression{Complaint: w.clock.now()})
	w.must(err)
	i := w.enter("Tea for Cora", cora)
	w.idea("Dora's own", dora)
	taken, q, b := w.enter("Tea for Dora", dora), w.enter("Tea for Quiet", quiet), w.enter("Tea for Barred", barred)
	taken.Mod, taken.Version = portal.Moderation{State: portal.Withdrawn}, 2
	w.must(w.store.UpdateIdea(t.Context(), portal.IdeaUpdate{Idea: taken, Prev: 1}))
	var bag mailbag
	c := Consumer{Ideas: w.store, Queue: &bag, Log: slog.New(slog.DiscardHandler)}
	batch := w.changes()
	for range 2 { // changes may come twice
		w.must(c.Consume(t.Context(), batch))
	}
	var p postOffice
	var log logged
	worker := w.worker(&p, log.logger())
	worker.Linker = links
	for _, body := range bag.bodies {
		w.must(worker.Handle(t.Context(), body))
	}
	if len(p.sent) != 1 || p.sent[0].To != cora.Email || p.sent[0].Subject != "我们记录了你的点子：Tea for Cora" {
		t.Fatalf("mails %+v", p.sent)
	}
	m := p.sent[0]
	_, after, _ := strings.Cut(m.Text, "https://ideas.example.com/withdraw?t=")
	link, _, _ := strings.Cut(after, "\n")
	ticket, err := links.Verify(t.Context(), portal.ToWithdraw, link)
	if err != nil || ticket.MemberID != cora.ID || string(ticket.Scope) != i.ID {
		t.Errorf("the link %q: %+v, %v", link, ticket, err)
	}
	for _, want := range []string{"你在电话里告诉了我们一个点子。", "With milk.", "https://ideas.example.com/ideas/" + i.ID, link, "https://ideas.example.com/mail-preferences?t="} {
		if !strings.Contains(m.Text, want) || !strings.Contains(m.HTML, want) {
			t.Errorf("the mail does not say %q:\n%s", want, m.Text)
		}
	}
	if strings.Contains(m.Text+m.HTML, "Psst.") || len(m.Headers) == 0 || m.Headers[0].Name != "List-Unsubscribe" {
		t.Errorf("the mail has the team's words, or no way to unsubscribe: %+v", m.Headers)
	}
	for _, x := range []struct {
		idea portal.Idea
		why  string
	}{{taken, portal.UnsentHidden}, {q, portal.UnsentNotWanted}, {b, portal.UnsentSuppressed}} {
		if d, err := w.store.Delivery(t.Context(), x.idea.ID, kindEntered, x.idea.AuthorID); err != nil || d.State != store.Skipped || d.Why != x.why {
			t.Errorf("%s: %+v, %v; want %s", x.idea.Title, d, err, x.why)
		}
	}
}
