package web_test

import (
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// hear writes down what was heard of an address.
func hear(t *testing.T, s *site, email string, facts portal.Suppression) {
	t.Helper()
	if _, err := portal.Suppress(t.Context(), &store.Store{Table: s.table, Clock: s.clock.Now}, email, facts); err != nil {
		t.Fatal(err)
	}
}

// A member whose mails came back is told so, and nobody else can tell.
func TestMailAgain(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, s *site) {
		ada, bob := s.member("ada@example.com"), s.member("bob@example.com")
		ada.get("/me").want(200).is("mail_trouble", nil)
		at := s.clock.Now()
		hear(t, s, "ada@example.com", portal.Suppression{Complaint: at})
		since := at.UTC().Format("2006-01-02T15:04:05.000Z")
		ada.get("/me").want(200).is("mail_trouble.why", "complaint").is("mail_trouble.since", since)
		ada.get("/me/export").want(200).is("address.complaint", since).is("address.bounce", nil)
		bob.get("/me").want(200).is("mail_trouble", nil)
		s.visitor().post("/me/mail-again", "").problem(401, "sign_in_needed")
		s.clock.pass(time.Second)
		for range 3 {
			hear(t, s, "ada@example.com", portal.Suppression{Bounce: s.clock.Now()})
			s.clock.pass(time.Second)
			ada.post("/me/mail-again", "").want(204)
			ada.get("/me").want(200).is("mail_trouble", nil)
			s.clock.pass(time.Second)
		}
		hear(t, s, "ada@example.com", portal.Suppression{Bounce: s.clock.Now()})
		ada.post("/me/mail-again", "").problem(429, "too_many_mail_again")
	})
}

// The same as a page, without a script; an answer to signing in tells nothing.
func TestMailAgainPage(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada := s.reader().signIn("ada@example.com")
	ada.open("/me").seesNot("came back")
	if _, err := portal.Suppress(t.Context(), &store.Store{Table: s.table, Clock: s.clock.Now}, "ada@example.com", portal.Suppression{Bounce: s.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	s.clock.pass(time.Second)
	ada.open("/me").sees("Mails to your address came back")
	ada.fill("/me/mail-again", "", "").want(200).sees("You get mail from us again.").seesNot("came back")
}
