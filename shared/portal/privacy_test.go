package portal_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/tabletest"
)

// TestDeletedAccountLeavesNoTrace deletes an account while each write in turn fails,
// before and after the commit and by conflict, in the request as well as in what
// follows from it: afterwards no record holds the address, the name or the browser,
// the counts are as they were, and the address signs up as somebody new.
func TestDeletedAccountLeavesNoTrace(t *testing.T) {
	t.Parallel()
	for _, how := range []tabletest.How{tabletest.After, tabletest.Before, tabletest.Conflict} {
		t.Run(how.String(), func(t *testing.T) {
			t.Parallel()
			if testing.Short() && how != tabletest.After {
				return // the other two are subsets of it: nothing was written
			}
			town := newTown(t)
			for fault := range tabletest.Sweep(how) {
				if leavesNoTrace(t, town.again(), fault); t.Failed() {
					t.Fatal(fault)
				}
			}
		})
	}
}

func leavesNoTrace(t *testing.T, w *town, fault *tabletest.Fault) {
	before := w.count()
	if n := len(w.holding("zephyrine")); n < 20 {
		t.Fatalf("%d records with the name: does the test still know where it is?", n)
	}
	faulty := fault.Wrap(w.table)
	if err := w.portalOn(faulty, 2).DeleteAccount(t.Context(), w.ada, adaEmail); err != nil {
		t.Errorf("delete account: %v", err)
	}
	// At once, before anything else happens:
	w.refuses()
	if m, err := w.Store.Member(t.Context(), w.ada.ID); err != nil || m.Name != portal.FormerMember || !m.Deleted() || m.Email+m.Locale != "" {
		t.Errorf("member %+v, %v", m, err)
	}
	if found := w.holding(adaEmail, adaAgent); len(found) != 0 {
		t.Errorf("not gone at once: %q", found)
	}
	w.deliver(faulty)

	for _, s := range w.holding("zephyrine", portal.HashToken(adaEmail)) {
		if !strings.HasPrefix(s, store.KindUse) { // counters by a hash of the address, for two hours
			t.Errorf("still there: %s", s)
		}
	}
	if diff := cmp.Diff(before, w.count()); diff != "" {
		t.Errorf("counts before (-) and after (+):\n%s", diff)
	}
	w.signsUpAnew()
}

// refuses: nothing that ada ever got lets anybody in.
func (w *town) refuses() {
	w.Helper()
	if a, err := w.Authenticate(w.Context(), w.token); err != nil || a.SignedIn() {
		w.Errorf("the session stands: %+v, %v", a, err)
	}
	if s, err := w.Store.Sessions(w.Context(), w.ada.ID); err != nil || len(s) != 0 {
		w.Errorf("%d sessions, %v", len(s), err)
	}
	_, _, err := w.ConfirmCode(w.Context(), portal.Confirmation{Email: adaEmail, Code: w.mails.last().Code, Browser: w.pending, Address: "192.0.2.1"})
	refused(w.T, err, portal.Invalid, "wrong_code", "code")
	name := "Ada again"
	_, err = w.EditProfile(w.Context(), w.ada, portal.ProfileEdit{Name: &name})
	refused(w.T, err, portal.Unauthenticated, "sign_in_needed", "")
}

// signsUpAnew: the address is somebody new, to whom nothing belongs; and an admin,
// since the configuration names it.
func (w *town) signsUpAnew() {
	w.Helper()
	w.clock.Advance(time.Hour)
	anew := w.signIn(adaEmail)
	if anew.ID == w.ada.ID || anew.Name == adaName || anew.Role != portal.RoleAdmin {
		w.Errorf("signed in anew as %+v", anew.Member)
	}
	e, err := w.Export(w.Context(), anew)
	w.must(err)
	if len(e.Ideas)+len(e.Votes)+len(e.Comments)+len(e.Steps)+len(e.Mails) != 0 || len(e.Sessions) != 1 {
		w.Errorf("the new member has %+v", e)
	}
}

// TestRequestsOnTheirWay: whoever was authenticated a moment before may still write;
// what is written then bears no name for long either.
func TestRequestsOnTheirWay(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	code := portal.SignInCode{ID: "late", Email: adaEmail, Expires: w.clock.Now().Add(time.Minute), Version: 1}
	w.must(w.Store.PutCode(t.Context(), code, 0))
	w.must(w.DeleteAccount(t.Context(), w.ada, adaEmail))
	w.deliver(w.table) // all that followed from it is over

	err := w.Store.CreateSession(t.Context(), portal.Session{ID: "late", MemberID: w.ada.ID, SeenAt: w.clock.Now(), CreatedAt: w.clock.Now()}, code)
	refused(t, err, portal.Stale, "stale", "")
	code = portal.SignInCode{ID: "later", Email: "another@example.com", Expires: w.clock.Now().Add(time.Minute), Version: 1}
	w.must(w.Store.PutCode(t.Context(), code, 0))
	w.must(w.Store.CreateSession(t.Context(), portal.Session{ID: portal.HashToken("secret"), MemberID: w.ada.ID, SeenAt: w.clock.Now(), CreatedAt: w.clock.Now()}, code))
	if a, err := w.Authenticate(t.Context(), w.ada.ID+".secret"); err != nil || a.SignedIn() {
		t.Errorf("signed in as %+v, %v", a, err)
	}
	w.must(w.Report(t.Context(), w.ada, portal.Thing{IdeaID: w.foreign()}, portal.ReportDraft{Reason: "other", Words: "Says " + adaName}))
	c, err := w.AddComment(t.Context(), w.ada, w.ideas[0], portal.CommentDraft{Body: "One more thing."})
	w.must(err)
	late := w.submit(w.ada, "A late idea")
	_, err = w.ChangeStatus(t.Context(), w.ada, w.ideas[1], portal.StatusChange{To: portal.Planned})
	w.must(err)
	_, err = w.CastVote(t.Context(), w.ada, late.ID)
	w.must(err)
	if len(w.holding("zephyrine")) == 0 {
		t.Fatal("no old name was written")
	}
	w.deliver(w.table)
	if found := w.holding("zephyrine"); len(found) != 0 {
		t.Errorf("still there: %q", found)
	}
	if got, err := w.Store.Comment(t.Context(), w.ideas[0], c.ID); err != nil || !got.Author.Former() || got.Body != c.Body {
		t.Errorf("comment %+v, %v", got, err)
	}
	card, err := w.Store.CardOf(t.Context(), late.ID)
	if err != nil || !card.Author.Former() || card.Votes != 1 {
		t.Errorf("card %+v, %v", card, err)
	}
	w.must(w.DeleteAccount(t.Context(), w.ada, adaEmail)) // once more changes nothing
}

// TestRestoredAddress: a backup that brings the address back does not keep it from
// signing up.
func TestRestoredAddress(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	var address table.Record
	for _, r := range w.records() {
		if r.Kind == store.KindAddress && strings.Contains(string(r.Body), w.ada.ID) {
			address = r
		}
	}
	w.must(w.DeleteAccount(t.Context(), w.ada, adaEmail))
	w.must(w.table.Write(t.Context(), table.Op{Rec: address, Cond: table.NotExists}))
	w.signsUpAnew()
}

// TestNamesOfTheirTime: another name goes under what a member wrote, but the history
// of an idea tells what was; a deleted comment has no name at all.
func TestNamesOfTheirTime(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	name := "Countess"
	_, err := w.EditProfile(t.Context(), w.ada, portal.ProfileEdit{Name: &name})
	w.must(err)
	w.deliver(w.table)
	page, err := w.Idea(t.Context(), portal.Actor{}, portal.IdeaQuery{ID: w.ideas[2]})
	w.must(err)
	if page.Card.Author.Name != name || page.Comments[0].Author.Name != name || page.History[0].By.Name != adaName {
		t.Errorf("card by %s, comment by %s, submitted by %s", page.Card.Author.Name, page.Comments[0].Author.Name, page.History[0].By.Name)
	}
	// Written by a request that still knew the old name: no reason to change it.
	_, err = w.ChangeStatus(t.Context(), w.ada, w.ideas[2], portal.StatusChange{To: portal.InProgress})
	w.must(err)
	w.deliver(w.table)
	page, err = w.Idea(t.Context(), portal.Actor{}, portal.IdeaQuery{ID: w.ideas[2]})
	w.must(err)
	if by := page.History[len(page.History)-1].By.Name; by != adaName {
		t.Errorf("moved by %s", by)
	}
	c := page.Comments[0]
	w.must(w.DeleteComment(t.Context(), w.ada, c.IdeaID, c.ID))
	if c, err = w.Store.Comment(t.Context(), c.IdeaID, c.ID); err != nil || c.Author.Name != "" || c.Author.ID != w.ada.ID {
		t.Errorf("deleted comment %+v, %v", c, err)
	}
}

// TestTeamStaysTeam: what a member of the team said stays the team's word.
func TestTeamStaysTeam(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.must(w.DeleteAccount(t.Context(), w.ada, adaEmail))
	w.deliver(w.table)
	page, err := w.Idea(t.Context(), portal.Actor{}, portal.IdeaQuery{ID: w.ideas[0]})
	w.must(err)
	want := portal.Author{ID: w.ada.ID, Name: portal.FormerMember, Team: true}
	if by := page.History[1].By; by != want {
		t.Errorf("step by %+v", by)
	}
	if by := page.Comments[0].Author; by != want {
		t.Errorf("comment by %+v", by)
	}
	if note := page.History[1].Note; note != "We do it." {
		t.Errorf("note %q", note)
	}
}

func TestDeleteAccountRefuses(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ada := d.signIn("ada@example.com")
	for confirm, code := range map[string]string{"": "required", " \n": "required", "bob@example.com": "not_your_email", "ada": "not_your_email",
		"ada@example.com, bob@example.com": "not_your_email"} {
		refused(t, d.DeleteAccount(t.Context(), ada, confirm), portal.Invalid, code, "confirm")
	}
	refused(t, d.DeleteAccount(t.Context(), portal.Actor{}, "ada@example.com"), portal.Unauthenticated, "sign_in_needed", "")
	_, err := d.Export(t.Context(), portal.Actor{})
	refused(t, err, portal.Unauthenticated, "sign_in_needed", "")
	for _, name := range []string{portal.FormerMember, " Former   MEMBER"} {
		_, err := d.EditProfile(t.Context(), ada, portal.ProfileEdit{Name: &name})
		refused(t, err, portal.Invalid, "reserved", "name")
	}
	d.must(d.DeleteAccount(t.Context(), ada, " ADA@Example.com\n"))
}

// TestExportIsWhole: an export has every record that speaks of the member.
func TestExportIsWhole(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	e, err := w.Export(t.Context(), w.ada)
	w.must(err)
	have := map[string]int{store.KindMember: 1, store.KindSession: len(e.Sessions), store.KindVote: len(e.Votes), store.KindComment: len(e.Comments),
		store.KindHistory: len(e.Steps) + len(e.Ideas), store.KindMail: len(e.Mails), store.KindLog: len(e.Log), store.KindCase: len(e.Cases), store.KindReport: len(e.Reports), store.KindIdea: len(e.Ideas), store.KindBody: len(e.Ideas),
		store.KindFilters: len(e.Lists)}
	want := map[string]int{store.KindBody: 3}
	for _, r := range w.records() {
		c, _ := store.CommentOf(r)
		k, _ := store.CaseOf(r)
		switch {
		case r.Kind == store.KindCase && k.AuthorID != w.ada.ID: // what bob wrote, and ada reported
		case r.Kind == store.KindAnswer, r.Kind == store.KindDossier, r.Kind == store.KindMemo, r.Kind == store.KindSheet, r.Kind == store.KindLabel: // the team's
		case r.Kind == store.KindCard || r.Kind == store.KindAddress || r.Kind == store.KindKey, r.Kind == store.KindComment && c.Deleted:
		case strings.Contains(string(r.Body), w.ada.ID), strings.Contains(r.Key.String(), w.ada.ID):
			want[r.Kind]++
		}
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("kept (-) and exported (+):\n%s", diff)
	}
	if e.Member.Email != adaEmail || e.Ideas[0].Idea.ID != w.ideas[3] || e.Ideas[0].Body != "because" || e.Ideas[1].History[1].To != portal.Launched ||
		e.Steps[0].Merged != w.ideas[0] || e.Mails[0].State != "sent" || e.Mails[0].IdeaID != w.ideas[2] || e.Sessions[0].Agent != adaAgent {
		t.Errorf("export %+v", e)
	}
}

// TestEverythingGoes: who leaves with their words leaves none, neither in rows and
// indexes nor in what ideas are found by nor in any export, whatever write fails;
// what others wrote stays, and the counts of ideas that are not theirs.
func TestEverythingGoes(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	idea, _, err := town.SubmitIdea(t.Context(), town.ada, portal.IdeaDraft{Title: "Quixotry for all", Body: "A quincunx of tables.", Category: "tea"})
	town.must(err)
	for _, id := range []string{town.ideas[0], idea.ID} {
		_, err = town.AddComment(t.Context(), town.ada, id, portal.CommentDraft{Body: "Quizzical, am I not?"})
		town.must(err)
	}
	_, err = town.AddComment(t.Context(), town.bob, idea.ID, portal.CommentDraft{Body: "Bob likes this."})
	town.must(err)
	town.deliver(town.table)
	words := []string{"quixot", "quincunx", "quizzical", "zephyrine", portal.HashToken(adaEmail)}
	if n := len(town.holding(words[:3]...)); n < 8 {
		t.Fatalf("%d records with her words: does the test still know where they are?", n)
	}
	for n := 0; ; n += 4 { // TestDeletedAccountLeavesNoTrace tries every write
		fault := &tabletest.Fault{How: tabletest.After, N: n}
		if everythingGoes(t, town.again(), fault, idea.ID, words); t.Failed() {
			t.Fatal(fault)
		}
		if testing.Short() || !fault.Fired() {
			return
		}
	}
}

func everythingGoes(t *testing.T, w *town, fault *tabletest.Fault, ideaID string, words []string) {
	before, err := w.Store.CardOf(t.Context(), w.ideas[0])
	w.must(err)
	faulty := fault.Wrap(w.table)
	if err := w.portalOn(faulty, 2).DeleteEverything(t.Context(), w.ada, adaEmail); err != nil {
		t.Errorf("delete: %v", err)
	}
	w.deliver(faulty)
	// A request that was on its way brings more: it goes as well.
	_, err = w.AddComment(t.Context(), w.ada, w.ideas[0], portal.CommentDraft{Body: "One more quixotic thing."})
	w.must(err)
	w.deliver(faulty)

	w.refuses()
	for _, s := range w.holding(words...) {
		mark := strings.HasPrefix(s, store.KindPosting) && strings.HasSuffix(s, " {}") // keeps an older run from writing it anew
		if !mark && !strings.HasPrefix(s, store.KindUse) {
			t.Errorf("still there: %s", s)
		}
	}
	w.clock.Advance(15 * 24 * time.Hour)
	if found := w.holding(words...); len(found) != 0 { // counters and marks have gone by themselves
		t.Errorf("still there after two weeks: %q", found)
	}
	found, err := w.Search(t.Context(), w.bob, portal.SearchQuery{Words: "quixotry"})
	if err == nil && len(found.Cards) != 0 {
		t.Errorf("found: %+v", found.Cards)
	}
	after, err := w.Store.CardOf(t.Context(), w.ideas[0])
	w.must(err)
	if after.Votes != before.Votes || after.Title != before.Title || after.Comments != before.Comments-2 {
		t.Errorf("another's idea was %+v and is %+v", before, after)
	}
	if len(w.holding("bob likes this")) == 0 {
		t.Error("what bob wrote is gone, too")
	}
	if i, err := w.Store.Idea(t.Context(), ideaID, true); err != nil || i.Mod.State != portal.Removed {
		t.Errorf("idea %+v, %v", i, err)
	}
	w.signsUpAnew()
}
