package portal_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"groundswell/shared/portal"
)

func (d *desk) links(seed byte) *portal.MailLinks {
	return &portal.MailLinks{Store: d.Store.(portal.MailKeyStore), Clock: d.clock.Now, Rand: newSeeded(seed)}
}

func (d *desk) sign(l *portal.MailLinks, t portal.Ticket) string {
	d.Helper()
	s, err := l.Sign(d.Context(), t)
	d.must(err)
	return s
}

func TestMailLinks(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	l := d.links(1)
	member, idea := portal.ImportedMember("t", "m"), portal.ImportedAt(d.clock.Now(), "t", "i")
	ticket := portal.Ticket{Purpose: portal.ToUnsubscribe, MemberID: member, Scope: portal.Scope(idea)}
	link := d.sign(l, ticket)
	if len(link) > 100 || strings.Trim(link, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != "" {
		t.Errorf("link %q", link)
	}
	// Another process, with nothing in memory, reads it.
	if got, err := d.links(2).Verify(t.Context(), portal.ToUnsubscribe, link); err != nil || got != ticket {
		t.Errorf("read %+v, %v", got, err)
	}
	other := portal.ImportedMember("t", "n")
	for name, bad := range map[string]string{
		"nothing": "", "a word": "x", "no signature": link[:strings.LastIndexByte(link, '.')], "cut": link[:len(link)-1], "longer": link + "A",
		"another member": strings.Replace(link, member, other, 1), "another scope": strings.Replace(link, idea, "all", 1),
		"another purpose": "p" + link[1:], "another key": strings.Replace(link, "u.1.", "u.2.", 1), "no key": strings.Replace(link, "u.1.", "u.x.", 1),
		"a strange member": strings.Replace(link, member, "..", 1), "a strange scope": strings.Replace(link, idea, "../x", 1),
		"very long": link + strings.Repeat("A", 1000), "not a number": strings.Replace(link, "u.1.", "u.-1.", 1),
	} {
		for _, purpose := range []portal.Purpose{portal.ToUnsubscribe, portal.ToPreferences} {
			if _, err := l.Verify(t.Context(), purpose, bad); portal.KindOf(err) != portal.NotFound {
				t.Errorf("%s, for %s: %v", name, purpose, err)
			}
		}
	}
	if _, err := l.Verify(t.Context(), portal.ToPreferences, link); portal.KindOf(err) != portal.NotFound {
		t.Errorf("a link to unsubscribe opens the preferences: %v", err)
	}
}

// TestFirstMailKey: many processes need the first key at once, and agree on one.
func TestFirstMailKey(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ticket := portal.Ticket{Purpose: portal.ToPreferences, MemberID: portal.ImportedMember("t", "m"), Scope: portal.ScopeAll}
	links := make([]string, 8)
	var wg sync.WaitGroup
	for n := range links {
		wg.Go(func() { links[n], _ = d.links(byte(n)).Sign(t.Context(), ticket) })
	}
	wg.Wait()
	for _, l := range links {
		if l == "" || l != links[0] {
			t.Errorf("links %q", links)
		}
	}
}

func TestRotateMailKey(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	keys, r := d.Store.(portal.MailKeyStore), newSeeded(9)
	ticket := portal.Ticket{Purpose: portal.ToUnsubscribe, MemberID: portal.ImportedMember("t", "m"), Scope: portal.ScopeAll}
	l := d.links(1)
	old := d.sign(l, ticket)
	const keep = 30 * 24 * time.Hour
	k, err := portal.RotateMailKey(t.Context(), keys, r, d.clock.Now(), keep)
	if err != nil || k.ID != 2 {
		t.Fatalf("key %d, %v", k.ID, err)
	}
	if s := d.sign(l, ticket); s != old {
		t.Error("a process that has the old key in memory does not use it")
	}
	fresh := d.sign(d.links(2), ticket)
	if fresh == old {
		t.Error("the new key does not sign")
	}
	d.clock.Advance(time.Minute) // a process that has not heard of the new key looks for it
	verifies := func(link string, want bool) {
		t.Helper()
		if _, err := l.Verify(t.Context(), portal.ToUnsubscribe, link); (err == nil) != want {
			t.Errorf("link %s: %v; want it to hold: %t", link[:4], err, want)
		}
	}
	verifies(fresh, true)
	verifies(old, true)
	d.clock.Advance(keep - 2*time.Minute)
	verifies(old, true)
	d.clock.Advance(2 * time.Minute)
	verifies(old, false)
	verifies(fresh, true)

	_, err = portal.RotateMailKey(t.Context(), keys, r, d.clock.Now(), time.Minute)
	refused(t, err, portal.Invalid, "too_short", "keep")
}

func TestUnsubscribe(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.Portal.MailLinks = d.links(1)
	ann, bob := d.signIn("ann@example.com"), d.signIn("bob@example.com")
	i := d.submit(ann, "Enough of this")
	d.drain()
	on, all := true, string(portal.AllChanges)
	_, err := d.EditProfile(t.Context(), bob, portal.ProfileEdit{Mail: portal.MailEdit{Voted: &on, Digest: &on}})
	d.must(err)
	d.must(d.FollowIdea(t.Context(), bob, i.ID))
	link := func(p portal.Purpose, s portal.Scope) string {
		return d.sign(d.MailLinks, portal.Ticket{Purpose: p, MemberID: bob.ID, Scope: s})
	}
	full := portal.MailPrefs{Own: true, Followed: portal.AllChanges, Voted: true, Digest: true}
	stands := func(want portal.MailPrefs, follows bool) {
		t.Helper()
		m, err := d.Store.Member(t.Context(), bob.ID)
		d.must(err)
		f, err := d.Store.Follow(t.Context(), i.ID, bob.ID)
		d.must(err)
		if m.Mail != want || f.Stands() != follows {
			t.Errorf("preferences %+v, follow %+v; want %+v, %t", m.Mail, f, want, follows)
		}
	}
	for _, c := range []struct {
		scope  portal.Scope
		change func(*portal.MailPrefs)
		idea   bool
	}{
		{portal.ScopeOwn, func(m *portal.MailPrefs) { m.Own = false }, true},
		{portal.ScopeVoted, func(m *portal.MailPrefs) { m.Voted = false }, true},
		{portal.ScopeDigest, func(m *portal.MailPrefs) { m.Digest = false }, true},
		{portal.Scope(i.ID), func(*portal.MailPrefs) {}, false},
	} {
		want := full
		c.change(&want)
		for range 2 { // providers send it more than once
			was, err := d.Unsubscribe(t.Context(), link(portal.ToUnsubscribe, c.scope), false)
			d.must(err)
			if was.Member.ID != bob.ID {
				t.Errorf("whose? %+v", was)
			}
			stands(want, c.idea)
		}
		if s, err := d.Subscription(t.Context(), portal.ToUnsubscribe, link(portal.ToUnsubscribe, c.scope)); err != nil || !s.Off {
			t.Errorf("%s: off %t, %v", c.scope, s.Off, err)
		}
		_, err := d.Resubscribe(t.Context(), link(portal.ToUnsubscribe, c.scope))
		d.must(err)
		stands(full, true)
	}
	// Everything, whatever the link is about; and back by the preferences.
	_, err = d.Unsubscribe(t.Context(), link(portal.ToUnsubscribe, portal.Scope(i.ID)), true)
	d.must(err)
	stands(portal.NoMail(), true)
	_, err = d.SetMail(t.Context(), link(portal.ToPreferences, portal.ScopeAll), portal.MailEdit{Own: &on, Followed: &all, Voted: &on, Digest: &on})
	d.must(err)
	stands(full, true)
	odd := "sometimes"
	_, err = d.SetMail(t.Context(), link(portal.ToPreferences, portal.ScopeAll), portal.MailEdit{Followed: &odd})
	refused(t, err, portal.Invalid, "unknown", "mail.followed")

	// Links open nothing else, and an account that is gone has none.
	_, err = d.Unsubscribe(t.Context(), link(portal.ToPreferences, portal.ScopeAll), true)
	refused(t, err, portal.NotFound, "bad_link", "")
	_, err = d.SetMail(t.Context(), link(portal.ToUnsubscribe, portal.ScopeAll), portal.MailEdit{})
	refused(t, err, portal.NotFound, "bad_link", "")
	stands(full, true)
	d.must(d.DeleteAccount(t.Context(), bob, "bob@example.com"))
	_, err = d.Unsubscribe(t.Context(), link(portal.ToUnsubscribe, portal.ScopeAll), true)
	refused(t, err, portal.NotFound, "no_member", "")
}
