package portal_test

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/tabletest"
)

// toldInShop is what somebody said in a shop.
func toldInShop(email string) portal.BehalfDraft {
	return portal.BehalfDraft{IdeaDraft: portal.IdeaDraft{Title: "Decaf after six", Body: "I can't sleep.", Category: "coffee"}, Email: email, Name: "Cora", Locale: "zh",
		Channel: portal.InShop, Words: "Said it at the till, Tuesday.", Agreed: true}
}

// TestSubmitFor: the idea is the customer's, who is a member from then on.
func TestSubmitFor(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	boss, ctx := d.signIn("boss@example.com"), t.Context()
	idea, again, err := d.SubmitFor(ctx, boss, toldInShop(" Cora@Example.com "))
	if err != nil || again {
		t.Fatal(again, err)
	}
	m, err := d.Store.MemberByEmail(ctx, "cora@example.com")
	d.must(err)
	if m.Name != "Cora" || m.Locale != "zh" || m.Role != portal.RoleMember || m.Mail != portal.DefaultMail() || idea.AuthorID != m.ID {
		t.Errorf("member %+v of idea %+v", m, idea)
	}
	d.drain()
	page, err := d.Idea(ctx, portal.Actor{}, portal.IdeaQuery{ID: idea.ID})
	d.must(err)
	h := page.History[0]
	if page.Card.Author.Name != "Cora" || page.Card.Author.Team || page.Card.Votes != 0 || page.Body != "I can't sleep." || !page.Idea.Entered ||
		h.By.ID != m.ID || h.Entered != (portal.Entered{By: boss.ID, Channel: portal.InShop, Words: "Said it at the till, Tuesday."}) {
		t.Errorf("page %+v", page)
	}
	seen, err := d.TeamIdea(ctx, boss, idea.ID)
	if err != nil || seen.EnteredBy.ID != boss.ID || seen.EnteredBy.Name != boss.Name || len(seen.Readers) != 1 || seen.Readers[0].ID != m.ID {
		t.Errorf("in the console by %+v, a launch is told to %+v, %v", seen.EnteredBy, seen.Readers, err)
	}
	log, err := d.Log(ctx, boss, portal.LogQuery{What: portal.LogEnter})
	if err != nil || len(log.Entries) != 1 || log.Entries[0].By != boss.ID || log.Entries[0].Whose != m.ID || log.Entries[0].Thing.IdeaID != idea.ID || log.Entries[0].To != "shop" {
		t.Errorf("log %+v, %v", log.Entries, err)
	}

	// Signing in with the address leads to the same member, who has the name that they have.
	cora := d.signIn("cora@example.com")
	second := toldInShop("cora@example.com")
	second.Title, second.Name = "Tea after ten", "Somebody else"
	idea, _, err = d.SubmitFor(ctx, boss, second)
	d.must(err)
	if own, _, err := d.Store.IdeasBy(ctx, cora.ID, "", 9); err != nil || cora.ID != m.ID || cora.Name != "Cora" || len(own) != 2 || own[0] != idea.ID {
		t.Errorf("%+v has the ideas %v, %v", cora.Member, own, err)
	}
}

func TestSubmitForRefuses(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	boss, eve, ctx := d.signIn("boss@example.com"), d.signIn("eve@example.com"), t.Context()
	_, err := d.Sanction(ctx, boss, portal.Block, []string{eve.ID}, "spam", "")
	d.must(err)
	for name, c := range map[string]struct {
		change      func(*portal.BehalfDraft)
		code, field string
	}{
		"no title":            {func(b *portal.BehalfDraft) { b.Title = " " }, "required", "title"},
		"no category":         {func(b *portal.BehalfDraft) { b.Category = "" }, "required", "category"},
		"no address":          {func(b *portal.BehalfDraft) { b.Email = "cora" }, "not_an_email", "email"},
		"somebody blocked":    {func(b *portal.BehalfDraft) { b.Email = "eve@example.com" }, "customer_blocked", "email"},
		"somebody of ours":    {func(b *portal.BehalfDraft) { b.Email = "boss@example.com" }, "customer_is_team", "email"},
		"a name that is none": {func(b *portal.BehalfDraft) { b.Name = "Former Member" }, "reserved", "name"},
		"a long name":         {func(b *portal.BehalfDraft) { b.Name = strings.Repeat("x", portal.MaxName+1) }, "too_long", "name"},
		"a language":          {func(b *portal.BehalfDraft) { b.Locale = "tlh" }, "unknown", "locale"},
		"no channel":          {func(b *portal.BehalfDraft) { b.Channel = "" }, "required", "channel"},
		"a channel":           {func(b *portal.BehalfDraft) { b.Channel = "pigeon" }, "unknown", "channel"},
		"many words":          {func(b *portal.BehalfDraft) { b.Words = strings.Repeat("字", portal.MaxEnteredWords+1) }, "too_long", "words"},
		"no consent":          {func(b *portal.BehalfDraft) { b.Agreed = false }, "not_agreed", "agreed"},
	} {
		t.Run(name, func(t *testing.T) {
			draft := toldInShop("cora@example.com")
			c.change(&draft)
			_, _, err := d.SubmitFor(ctx, boss, draft)
			refused(t, err, portal.Invalid, c.code, c.field)
		})
	}
	_, _, err = d.SubmitFor(ctx, portal.Actor{}, toldInShop("cora@example.com"))
	refused(t, err, portal.Unauthenticated, "sign_in_needed", "")
	_, _, err = d.SubmitFor(ctx, d.signIn("ada@example.com"), toldInShop("cora@example.com"))
	refused(t, err, portal.Forbidden, "team_only", "")
	if _, err := d.Store.MemberByEmail(ctx, "cora@example.com"); portal.KindOf(err) != portal.NotFound {
		t.Errorf("what was refused made a member: %v", err)
	}
	d.Screen.NoThrowaways, d.Throwaway = true, func(email string) bool { return strings.HasSuffix(email, "@thrown.example") }
	_, _, err = d.SubmitFor(ctx, boss, toldInShop("cora@thrown.example"))
	refused(t, err, portal.Invalid, "throwaway", "email")
	// One customer is not written to without end.
	for i := 0; ; i++ {
		if _, _, err = d.SubmitFor(ctx, boss, toldInShop("cora@example.com")); err != nil {
			refused(t, err, portal.TooMany, "too_many_behalf", "")
			if i != 10 {
				t.Errorf("refused after %d", i)
			}
			break
		}
	}
	_, _, err = d.SubmitFor(ctx, boss, toldInShop("dora@example.com"))
	d.must(err)
}

// TestSubmitForOnce: whatever write fails, and however often it is tried again with its
// key, there is one idea by one member, and one line in the log.
func TestSubmitForOnce(t *testing.T) {
	t.Parallel()
	for _, how := range []tabletest.How{tabletest.After, tabletest.Before, tabletest.Conflict} {
		for fault := range tabletest.Sweep(how) {
			d := newDesk(t)
			boss, ctx := d.signIn("boss@example.com"), t.Context()
			d.Portal.Store = &store.Store{Table: fault.Wrap(d.table), Clock: d.clock.Now}
			draft := toldInShop("cora@example.com")
			draft.Key = "k"
			_, _, err := d.SubmitFor(ctx, boss, draft)
			idea, again, err2 := d.SubmitFor(ctx, boss, draft)
			if err2 != nil || err == nil && !again {
				t.Fatalf("%v: %v, then %v, again %v", fault, err, err2, again)
			}
			d.drain()
			list, err := d.Ideas(ctx, portal.Actor{}, portal.ListQuery{Sort: portal.Newest})
			d.must(err)
			log, err := d.Log(ctx, boss, portal.LogQuery{What: portal.LogEnter})
			d.must(err)
			if len(list.Cards) != 1 || list.Cards[0].ID != idea.ID || len(log.Entries) != 1 || log.Entries[0].Whose != idea.AuthorID {
				t.Fatalf("%v: %+v, log %+v", fault, list.Cards, log.Entries)
			}
			draft.Words = "Another thing."
			_, _, err = d.SubmitFor(ctx, boss, draft)
			refused(t, err, portal.Invalid, "key_reused", "Idempotency-Key")
		}
	}
}

// TestSubmitForSomebodyLeaving: the write holds the member still. Who has left meanwhile
// gets no idea; the address is somebody new's.
func TestSubmitForSomebodyLeaving(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	boss, cora, ctx := d.signIn("boss@example.com"), d.signIn("cora@example.com"), t.Context()
	late := &meanwhile{Table: d.table, do: func() { d.must(d.DeleteAccount(ctx, cora, "cora@example.com")) }}
	p := &portal.Portal{Store: &store.Store{Table: late, Clock: d.clock.Now}, Clock: d.clock.Now, IDs: d.IDs, Categories: d.Categories, Locales: d.Locales}
	idea, _, err := p.SubmitFor(ctx, boss, toldInShop("cora@example.com"))
	d.must(err)
	if m, err := d.Store.MemberByEmail(ctx, "cora@example.com"); err != nil || m.ID == cora.ID || m.ID != idea.AuthorID || late.do != nil {
		t.Errorf("the idea of %s; the address is %+v, %v", idea.AuthorID, m, err)
	}
}

// meanwhile is a table in which something happens just before the first idea is written.
type meanwhile struct {
	table.Table
	do func()
}

func (m *meanwhile) Write(ctx context.Context, ops ...table.Op) error {
	if do := m.do; do != nil && ops[0].Rec.Kind == store.KindIdea {
		m.do = nil
		do()
	}
	return m.Table.Write(ctx, ops...)
}

// TestTakeBack: the author takes the idea back and puts it back, by the link of the mail
// or signed in; nobody else can, and the team can't show what its author took back.
func TestTakeBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.MailLinks = &portal.MailLinks{Store: d.Store.(*store.Store), Clock: d.clock.Now, Rand: rand.Reader}
	boss, ada, ctx := d.signIn("boss@example.com"), d.signIn("ada@example.com"), t.Context()
	idea, _, err := d.SubmitFor(ctx, boss, toldInShop("cora@example.com"))
	d.must(err)
	about := portal.Thing{IdeaID: idea.ID}
	sign := func(p portal.Purpose, member, scope string) string {
		s, err := d.MailLinks.Sign(ctx, portal.Ticket{Purpose: p, MemberID: member, Scope: portal.Scope(scope)})
		d.must(err)
		return s
	}
	link := sign(portal.ToWithdraw, idea.AuthorID, idea.ID)
	public := func(want bool) {
		t.Helper()
		if _, err := d.Idea(ctx, portal.Actor{}, portal.IdeaQuery{ID: idea.ID}); (err == nil) != want {
			t.Errorf("a visitor gets %v", err)
		}
	}
	w, err := d.Withdrawal(ctx, portal.Actor{}, link, "")
	if err != nil || w.Idea.ID != idea.ID || w.Body != "I can't sleep." || w.Channel != portal.InShop {
		t.Errorf("%+v, %v", w, err)
	}
	public(true) // looking changes nothing
	for range 2 {
		w, err = d.TakeBack(ctx, portal.Actor{}, link, "", true)
		if err != nil || w.Idea.Mod.State != portal.Withdrawn {
			t.Errorf("%+v, %v", w, err)
		}
	}
	public(false)
	refused(t, d.Decide(ctx, boss, about, portal.Decision{Act: portal.Approve}), portal.Conflict, "withdrawn", "")
	refused(t, d.Appeal(ctx, d.signIn("cora@example.com"), about, portal.AppealDraft{Words: "Why?"}), portal.Conflict, "no_appeal", "")
	log, err := d.Log(ctx, boss, portal.LogQuery{What: portal.LogTake})
	if err != nil || len(log.Entries) != 1 || log.Entries[0].By != idea.AuthorID || strings.Join(log.Entries[0].Reasons, " ") != portal.NotMe {
		t.Errorf("log %+v, %v", log.Entries, err)
	}
	_, err = d.PutBack(ctx, d.signIn("cora@example.com"), "", idea.ID)
	d.must(err)
	public(true)

	// What the team has hidden does not come back by this way.
	d.must(d.Decide(ctx, boss, about, portal.Decision{Act: portal.Decline, Reason: "off_topic"}))
	_, err = d.TakeBack(ctx, portal.Actor{}, link, "", false)
	d.must(err)
	w, err = d.PutBack(ctx, portal.Actor{}, link, "")
	if err != nil || w.Idea.Mod.State != portal.Held {
		t.Errorf("%+v, %v", w.Idea.Mod, err)
	}
	queue, err := d.Portal.Queue(ctx, boss, portal.QueueQuery{Queue: portal.HeldQ})
	if err != nil || len(queue.Items) != 1 || queue.Items[0].Case.Held[0] != "off_topic" {
		t.Errorf("%+v, %v", queue, err)
	}

	// Not with another's link, nor with a link to something else.
	adas := d.submit(ada, "Ada's own")
	for name, c := range map[string]struct {
		who      portal.Actor
		link, id string
		code     string
	}{
		"a visitor":               {portal.Actor{}, "", idea.ID, "sign_in_needed"},
		"somebody else":           {ada, "", idea.ID, "no_idea"},
		"one's own, not entered":  {ada, "", adas.ID, "no_idea"},
		"somebody else's link":    {portal.Actor{}, sign(portal.ToWithdraw, ada.ID, idea.ID), "", "no_idea"},
		"a link to unsubscribe":   {portal.Actor{}, sign(portal.ToUnsubscribe, idea.AuthorID, idea.ID), "", "bad_link"},
		"a broken link":           {ada, link[:len(link)-1], idea.ID, "bad_link"},
		"a link to no idea":       {portal.Actor{}, sign(portal.ToWithdraw, idea.AuthorID, "own"), "", "no_idea"},
		"an idea that can't be":   {ada, "", "nonsense", "no_idea"},
		"an idea that is not one": {ada, "", "00000000000000000", "no_idea"},
	} {
		t.Run(name, func(t *testing.T) {
			kind := portal.NotFound
			if c.code == "sign_in_needed" {
				kind = portal.Unauthenticated
			}
			_, err := d.TakeBack(ctx, c.who, c.link, c.id, false)
			refused(t, err, kind, c.code, "")
		})
	}
	d.must(d.Decide(ctx, boss, about, portal.Decision{Act: portal.Remove, Reason: "other", Note: "Asked to."}))
	_, err = d.TakeBack(ctx, portal.Actor{}, link, "", false)
	refused(t, err, portal.Conflict, "removed", "")
}

// TestEnteredLeavesNoTrace: with the account goes what the team wrote about the customer.
func TestEnteredLeavesNoTrace(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	draft := toldInShop("cora.quimby@example.com")
	draft.Name, draft.Words = "Cora Quimby", "Mrs Quimby from the corner, on the phone."
	idea, _, err := w.SubmitFor(t.Context(), w.boss, draft)
	w.must(err)
	w.deliver(w.table)
	cora := w.signIn("cora.quimby@example.com")
	e, err := w.Export(t.Context(), cora)
	if err != nil || len(e.Ideas) != 1 || e.Ideas[0].History[0].Entered.Words != draft.Words {
		t.Errorf("export %+v, %v", e, err)
	}
	if n := len(w.holding("quimby")); n < 5 {
		t.Fatalf("%d records with the name: does the test still know where it is?", n)
	}
	w.must(w.DeleteAccount(t.Context(), cora, "cora.quimby@example.com"))
	w.clock.Advance(time.Second)
	w.deliver(w.table)
	if found := w.holding("quimby"); len(found) != 0 {
		t.Errorf("still there: %q", found)
	}
	if page, err := w.Idea(t.Context(), portal.Actor{}, portal.IdeaQuery{ID: idea.ID}); err != nil || page.History[0].By.Name != portal.FormerMember || page.History[0].Entered.By != w.boss.ID {
		t.Errorf("%+v, %v", page.History, err)
	}
}
