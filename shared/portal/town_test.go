package portal_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/projection"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/tabletest"
)

const (
	adaEmail = "ada.zephyrine@example.com"
	adaName  = "Ada Zephyrine"
	adaAgent = "Zephyrine/1.0 (her own browser)"
)

// town is a portal in which ada did everything that a member, and an admin, can do.
// Its changes wait until the test delivers them.
type town struct {
	*desk
	changes        func() []table.Change
	ada, bob, boss portal.Actor
	token, pending string // a session's, and the browser of a code that was not used
	ideas          []string
}

func newTown(t *testing.T) *town {
	t.Helper()
	tab, clock := tabletest.OpenLocal(t)
	w := &town{desk: &desk{T: t, table: tab, clock: clock, mails: &mails{}}, changes: tabletest.Collect(t, tab, projection.Reacts)}
	w.Portal = w.portalOn(tab, 1)
	w.bob, w.boss = w.signIn("bob@example.com"), w.signIn("boss@example.com")
	for range 3 {
		browser, err := w.RequestCode(t.Context(), portal.SignInRequest{Email: adaEmail, Address: "192.0.2.1", Locale: "en"})
		w.must(err)
		w.token, _, err = w.ConfirmCode(t.Context(), portal.Confirmation{Email: adaEmail, Code: w.mails.last().Code, Browser: browser,
			Address: "192.0.2.1", Agent: adaAgent})
		w.must(err)
	}
	name := adaName
	ada, err := w.Authenticate(t.Context(), w.token)
	w.must(err)
	_, err = w.EditProfile(t.Context(), ada, portal.ProfileEdit{Name: &name})
	w.must(err)
	w.ada, err = w.Authenticate(t.Context(), w.token)
	w.must(err)

	bobs := w.submit(w.bob, "Bob's idea")
	w.ideas = []string{bobs.ID}
	for i := range 3 {
		w.clock.Advance(time.Minute)
		w.ideas = append(w.ideas, w.submit(w.ada, fmt.Sprint("Idea ", i)).ID)
	}
	for _, id := range w.ideas {
		for _, a := range []portal.Actor{w.ada, w.bob} {
			w.clock.Advance(time.Second)
			_, err := w.CastVote(t.Context(), a, id)
			w.must(err)
			c, err := w.AddComment(t.Context(), a, id, portal.CommentDraft{Body: "So do I."})
			w.must(err)
			if id == w.ideas[1] {
				w.must(w.DeleteComment(t.Context(), a, id, c.ID))
			}
		}
	}
	_, err = w.ChangeStatus(t.Context(), w.ada, w.ideas[0], portal.StatusChange{To: portal.Planned, Note: "We do it."})
	w.must(err)
	_, err = w.ChangeStatus(t.Context(), w.boss, w.ideas[2], portal.StatusChange{To: portal.Launched})
	w.must(err)
	_, err = w.Merge(t.Context(), w.ada, w.ideas[3], portal.MergeChange{Into: w.ideas[0]})
	w.must(err)
	_, err = w.store(tab).PutDelivery(t.Context(), store.Delivery{Subject: w.ideas[2], Event: "launched", To: w.ada.ID, State: store.Sent, At: w.clock.Now()}, 0)
	w.must(err)
	_, err = w.EditDossier(t.Context(), w.ada, w.ideas[0], portal.DossierEdit{Owner: &w.ada.ID, Tags: &[]string{"bug"}})
	w.must(err)
	_, err = w.AddMemo(t.Context(), w.ada, w.ideas[0], "Ask purchasing.")
	w.must(err)
	_, err = w.SaveFilter(t.Context(), w.ada, "Those of "+adaName, "owner=me", false)
	w.must(err)
	_, err = w.PinAnswer(t.Context(), w.ada, w.ideas[0], "", "In May.", 0)
	w.must(err)
	w.moderated()
	for _, email := range []string{adaEmail, "bob@example.com"} {
		_, err = portal.Suppress(t.Context(), w.Store, email, portal.Suppression{Complaint: w.clock.Now()})
		w.must(err)
	}
	w.pending, err = w.RequestCode(t.Context(), portal.SignInRequest{Email: adaEmail, Address: "192.0.2.1", Locale: "en"})
	w.must(err)
	w.deliver(tab)
	return w
}

// moderated: ada reported what bob wrote, and answered when something of hers was hidden.
func (w *town) moderated() {
	w.Helper()
	w.must(w.Report(w.Context(), w.ada, portal.Thing{IdeaID: w.ideas[0]}, portal.ReportDraft{Reason: "other", Words: "I am " + adaName + " and mind this."}))
	c, err := w.AddComment(w.Context(), w.ada, w.ideas[2], portal.CommentDraft{Body: "Buy tea."})
	w.must(err)
	about := portal.Thing{IdeaID: w.ideas[2], CommentID: c.ID}
	w.must(w.Decide(w.Context(), w.boss, about, portal.Decision{Act: portal.Decline, Reason: "spam"}))
	k, err := w.AddComment(w.Context(), w.ada, w.ideas[2], portal.CommentDraft{Body: "Call " + adaName + "."})
	w.must(err)
	w.must(w.Report(w.Context(), w.bob, portal.Thing{IdeaID: w.ideas[2], CommentID: k.ID}, portal.ReportDraft{Reason: "personal"}))
	_, err = w.EditComment(w.Context(), w.ada, w.ideas[2], k.ID, portal.CommentEdit{Body: "Call me."})
	w.must(err)
	w.must(w.Appeal(w.Context(), w.ada, about, portal.AppealDraft{Words: "It is me, " + adaName + "."}))
}

// foreign is an idea of somebody else's that ada has not reported.
func (w *town) foreign() string { return w.submit(w.bob, "Bob's other idea").ID }

// again is the same town on a table of its own: cheaper than to build it.
func (w *town) again() *town {
	w.Helper()
	tab, clock := tabletest.OpenLocal(w.T)
	clock.Advance(w.clock.Now().Sub(clock.Now()))
	next := *w
	next.desk = &desk{T: w.T, table: tab, clock: clock, mails: &mails{sent: w.mails.sent}}
	next.Portal = next.portalOn(tab, 3)
	var ops []table.Op
	for _, r := range w.records() {
		ops = append(ops, table.Op{Rec: r})
	}
	for _, err := range tab.WriteEach(w.Context(), ops...) {
		w.must(err)
	}
	next.changes = tabletest.Collect(w.T, tab, projection.Reacts)
	next.changes() // its own beginning
	return &next
}

func (w *town) store(tab table.Table) *store.Store {
	return &store.Store{Table: tab, Clock: w.clock.Now}
}

func (w *town) portalOn(tab table.Table, seed byte) *portal.Portal {
	return &portal.Portal{Store: w.store(tab), Mails: w.mails, Clock: w.clock.Now, IDs: portal.IDs{Rand: newSeeded(seed)},
		Categories: portal.DefaultCategories(), Locales: []string{"en", "zh"}, TeamEmails: []string{"boss@example.com", adaEmail}}
}

// deliver gives every change to a consumer on tab, twice, until its own writes
// cause no more; what fails comes again.
func (w *town) deliver(tab table.Table) {
	w.Helper()
	c := &projection.Consumer{Store: w.store(tab), Clock: w.clock.Now}
	for n := 0; ; {
		batch := w.changes()
		if len(batch) == 0 {
			return
		}
		for range 2 {
			for c.Handle(w.Context(), batch) != nil {
				if n++; n > 20 {
					w.Fatal("a batch is refused for ever")
				}
			}
		}
	}
}

// records are all there are.
func (w *town) records() (all []table.Record) {
	w.Helper()
	for after := ""; ; {
		page, err := w.table.Scan(w.Context(), after, 100)
		w.must(err)
		all = append(all, page.Recs...)
		if after = page.Next; after == "" {
			return all
		}
	}
}

// holding are the records that hold a word of the member, in any case.
func (w *town) holding(words ...string) (found []string) {
	w.Helper()
	for _, r := range w.records() {
		s := strings.ToLower(fmt.Sprintf("%s %v %s", r.Key, r.Idx, r.Body))
		for _, word := range words {
			if strings.Contains(s, strings.ToLower(word)) {
				found = append(found, fmt.Sprintf("%s %s %s", r.Kind, r.Key, r.Body))
			}
		}
	}
	return found
}

// count is what everybody reads of the ideas, and the number of records of each
// kind that must not change.
func (w *town) count() map[string]int {
	w.Helper()
	n := map[string]int{}
	for _, r := range w.records() {
		if r.Kind == store.KindVote || r.Kind == store.KindComment || r.Kind == store.KindHistory {
			n[r.Kind]++
		}
	}
	cards, err := w.Store.CardsOf(w.Context(), w.ideas)
	w.must(err)
	for _, c := range cards {
		n["votes of "+c.ID], n["comments of "+c.ID] = c.Votes, c.Comments
		counted, err := (&projection.Consumer{Store: w.store(w.table), Clock: w.clock.Now}).Count(w.Context(), c.ID)
		w.must(err)
		diffs, err := w.store(w.table).CardDiffs(w.Context(), counted.Card, counted.Listed)
		w.must(err)
		n["wrong"] += len(counted.Wrong) + len(diffs)
	}
	return n
}
