package web_test

import (
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/web"
)

// oneClick sends what a mail provider sends (RFC 8058): no cookie, no Origin, nothing
// but the link and two words, as a form of either kind.
func (s *site) oneClick(path, contentType, body string) int {
	s.t.Helper()
	r := httptest.NewRequestWithContext(s.t.Context(), http.MethodPost, base+path, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w.Code
}

func TestUnsubscribePages(t *testing.T) {
	t.Parallel()
	var links *portal.MailLinks
	s := newPages(t, options{adjust: func(_ *web.Server, p *portal.Portal) {
		links = &portal.MailLinks{Store: p.Store.(*store.Store), Clock: time.Now, Rand: rand.Reader}
		p.MailLinks = links
	}})
	ann := s.reader().signIn("ann@example.com")
	ann.open("/submit").fill("/submit", "title", "Oat milk at no extra cost", "category", "coffee").want(200)
	idea, _, _ := strings.Cut(ann.at, "?")
	id := strings.Split(idea, "/")[2]
	bob := s.reader().signIn("bob@example.com")
	bob.open(idea).fill("/ideas/"+id+"/follow", "do", "follow").want(200).sees("Following")
	m, err := s.server.Portal.Store.MemberByEmail(t.Context(), "bob@example.com")
	if err != nil {
		t.Fatal(err)
	}
	link := func(p portal.Purpose, scope portal.Scope) string {
		text, err := links.Sign(t.Context(), portal.Ticket{Purpose: p, MemberID: m.ID, Scope: scope})
		if err != nil {
			t.Fatal(err)
		}
		return p.Path() + "?t=" + text
	}
	this, own, choose := link(portal.ToUnsubscribe, portal.Scope(id)), link(portal.ToUnsubscribe, portal.ScopeOwn), link(portal.ToPreferences, portal.ScopeAll)

	// Looking changes nothing, however often, and shows nothing personal.
	for range 3 {
		s.reader().open(this).want(200).sees("You get mail when something happens with this idea:", "Oat milk at no extra cost").seesNot("bob@example.com", m.Name)
	}
	bob.open(idea).sees("Following")

	// One click, without a cookie; and once more.
	for _, c := range [][2]string{{"application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"},
		{"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"}} {
		if code := s.oneClick(this, c[0], c[1]); code != 200 {
			t.Errorf("one click as %s: %d", c[0], code)
		}
	}
	bob.open(idea).sees("You get no mail about this idea.")
	bob.open("/me").sees("Ideas I get no mail about Oat milk at no extra cost")

	// The page, and back.
	s.reader().open(this).want(200).sees("You get no mail about this idea any more").fill(this, "do", "undo").want(200).sees("You get mail when something happens")
	bob.open(idea).sees("Following")
	out := s.reader()
	out.open(own).sees("an idea of yours launches").fill(own, "do", "stop").want(200).sees("You get no mail about ideas of yours any more.")
	out.fill(own, "do", "all").want(200).sees("We send you no mail any more.")
	if m, err := s.server.Portal.Store.Member(t.Context(), m.ID); err != nil || m.Mail != portal.NoMail() {
		t.Errorf("after all was switched off: %+v, %v", m.Mail, err)
	}

	// All preferences.
	out.open(choose).want(200).sees("Your mails").seesNot("bob@example.com").fill(choose, "do", "save", "own", "yes", "digest", "yes", "followed", "launched").want(200).sees("Your choice is saved.")
	if m, err := s.server.Portal.Store.Member(t.Context(), m.ID); err != nil || m.Mail != (portal.MailPrefs{Own: true, Digest: true, Followed: portal.LaunchesOnly}) {
		t.Errorf("chosen: %+v, %v", m.Mail, err)
	}

	// What nobody signed.
	for _, bad := range []string{"/unsubscribe", "/unsubscribe?t=x", this[:len(this)-1], strings.Replace(this, "/unsubscribe", "/mail-preferences", 1)} {
		s.reader().open(bad).want(404).sees("This link is not whole, or too old.")
		if code := s.oneClick(bad, "application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"); code != 404 {
			t.Errorf("one click on %s: %d", bad, code)
		}
	}
}
