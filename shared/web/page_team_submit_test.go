package web_test

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/web"
)

// TestSubmitForPages: the team's form keeps what was typed, looks for similar ideas, and
// is good for one idea; everybody is told that the team wrote it down, and nobody but the
// team what it wrote about the customer.
func TestSubmitForPages(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{adjust: func(_ *web.Server, p *portal.Portal) {
		p.MailLinks = &portal.MailLinks{Store: p.Store.(*store.Store), Clock: time.Now, Rand: rand.Reader}
	}})
	ann := s.reader().signIn("ann@example.com")
	ann.open("/submit").want(200).seesNot("Submit for a customer")
	ann.fill("/submit", "title", "Decaf espresso", "category", "coffee").want(200)
	ann.open("/team/submit").want(403)
	s.settle()
	team := s.reader().signIn("team@example.com")
	team.open(team.open("/submit").want(200).link("Submit for a customer")).want(200)
	typed := []string{"title", "Decaf espresso, please", "body", "For the *evening*.", "category", "coffee", "email", "cora@example.com", "name", "Cora <b>", "locale", "en", "channel", "phone", "words", "Rang on Monday."}
	team.fill("/team/submit", append(typed, "do", "preview")...).want(200).sees("For the evening .", "Decaf espresso")
	if strings.Contains(team.body, "/vote\"") {
		t.Error("the team is offered to vote in the customer's place")
	}
	team.fill("/team/submit", typed...).want(422).sees("Write it down only if the customer wants that.")
	for _, want := range []string{"For the *evening*.", `value="cora@example.com"`, `value="Cora &lt;b&gt;"`, `value="phone" selected`, "Rang on Monday.", `value="coffee" selected`} {
		if !strings.Contains(team.body, want) {
			t.Errorf("the form has lost %s", want)
		}
	}
	key := team.form("/team/submit").Get("key")
	typed = append(typed, "agreed", "yes", "key", key)
	team.fill("/team/submit", typed...).want(200).sees("Written down. The customer gets a mail about it.", "Written down for Cora <b> by", "On the phone", "Rang on Monday.")
	at := team.at
	team.open("/team/submit").fill("/team/submit", typed...).want(200)
	if cut := func(s string) string { a, _, _ := strings.Cut(s, "?"); return a }; cut(team.at) != cut(at) {
		t.Errorf("the same form sent twice made %s and %s", at, team.at)
	}
	id := strings.Split(strings.Split(at, "?")[0], "/")[3]
	page := s.reader().open("/ideas/"+id).want(200).sees("Written down by the team", "Cora <b>").seesNot("Rang on Monday.", "cora@example.com", "team@example.com")
	page.seesNot("Take it back")
	team.open("/team/log").sees("Written down for a customer", "On the phone")

	// The customer, by the link and then signed in.
	m, err := s.server.Portal.Store.MemberByEmail(t.Context(), "cora@example.com")
	if err != nil {
		t.Fatal(err)
	}
	link, err := s.server.Portal.MailLinks.Sign(t.Context(), portal.Ticket{Purpose: portal.ToWithdraw, MemberID: m.ID, Scope: portal.Scope(id)})
	if err != nil {
		t.Fatal(err)
	}
	back := "/withdraw?t=" + link
	out := s.reader().open(back).want(200).sees("You told us an idea on the phone.", "Decaf espresso, please").seesNot("cora@example.com", "Rang on Monday.")
	s.reader().open("/ideas/" + id).want(200)
	if code := s.oneClick(back, "application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"); code != 200 {
		t.Errorf("one click: %d", code)
	}
	s.reader().open("/ideas/" + id).want(200) // which is no answer to the page's question
	out.fill(back, "do", "not_me").want(200).sees("The idea is taken back", "Put it back")
	s.reader().open("/ideas/" + id).want(404)
	team.open("/team/log").sees("Taken back by its author", "This wasn’t me")
	team.open("/ideas/" + id).want(200).sees("Its author has taken this back")
	cora := s.reader().signIn("cora@example.com")
	cora.open("/ideas/"+id).want(200).sees("Its author has taken this back", "You can put it back.")
	cora.open(cora.link("Take it back")).want(200)
	cora.fill("/withdraw?idea="+id, "do", "undo").want(200).sees("An idea that we wrote down for you")
	s.reader().open("/ideas/" + id).want(200)
	for _, bad := range []string{"/withdraw?t=x", "/withdraw?t=" + link[:len(link)-1], "/withdraw?t=" + strings.Replace(link, "w.", "u.", 1)} {
		s.reader().open(bad).want(404).sees("This link is not whole, or too old.")
	}
	ann.open("/withdraw?idea=" + id).want(404)
	s.reader().open("/withdraw?idea=" + id).sees("Sign in")
}
