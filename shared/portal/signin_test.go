package portal_test

import (
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
)

func TestEmail(t *testing.T) {
	t.Parallel()
	for in, ok := range map[string]bool{
		"a@example.com": true, "A.B+c@Example.COM": true, " a@example.com ": true, "é@example.com": true,
		"": false, "a": false, "a@b": false, "a@@example.com": false, "Ann <a@example.com>": false, "a@example.com\nBcc: x@y.zz": false,
		"a b@example.com": false, strings.Repeat("x", 65) + "@example.com": false, "a@" + strings.Repeat("x", 300) + ".com": false,
		"a,b@example.com": false, `"a"@example.com`: false, "a@[192.0.2.1]": false,
	} {
		got, err := portal.Email(in)
		if (err == nil) != ok {
			t.Errorf("Email(%q) = %q, %v", in, got, err)
		}
		if ok && got != strings.ToLower(strings.TrimSpace(in)) {
			t.Errorf("Email(%q) = %q", in, got)
		}
	}
}

// request is what a browser has after asking for a code.
type request struct{ email, browser, code string }

func (d *desk) ask(email string) request {
	d.Helper()
	b, err := d.RequestCode(d.Context(), portal.SignInRequest{Email: email, Address: "192.0.2.1", Locale: "zh"})
	d.must(err)
	return request{email, b, d.mails.last().Code}
}

func (d *desk) confirm(r request) (string, portal.Member, error) {
	return d.ConfirmCode(d.Context(), portal.Confirmation{Email: r.email, Code: r.code, Browser: r.browser, Address: "192.0.2.1"})
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	r := d.ask("Ann@Example.com")
	if m := d.mails.last(); m.Email != "ann@example.com" || len(m.Code) != 6 || m.Locale != "zh" {
		t.Errorf("code mail %+v", m)
	}
	spaced := r
	spaced.code = r.code[:3] + " " + r.code[3:]
	token, m, err := d.confirm(spaced)
	d.must(err)
	if m.Email != "ann@example.com" || m.Role != portal.RoleMember || m.Locale != "zh" {
		t.Errorf("member %+v", m)
	}
	a, err := d.Authenticate(t.Context(), token)
	if err != nil || a.ID != m.ID {
		t.Errorf("actor %+v, %v", a, err)
	}
	_, _, err = d.confirm(r)
	refused(t, err, portal.Invalid, "wrong_code", "code")
	again := d.signIn("ann@example.com")
	if again.ID != m.ID {
		t.Error("the same address signed in as another member")
	}
	if boss := d.signIn("boss@example.com"); boss.Role != portal.RoleAdmin || !boss.Team() {
		t.Errorf("configured admin has role %s", boss.Role)
	}
	ss, err := d.Sessions(t.Context(), a)
	if err != nil || len(ss) != 2 {
		t.Errorf("%d sessions, %v; want 2", len(ss), err)
	}
	d.must(d.SignOut(t.Context(), a))
	if a, err := d.Authenticate(t.Context(), token); err != nil || a.SignedIn() {
		t.Errorf("signed out, and still %s, %v", a.ID, err)
	}
	for _, forged := range []string{"", "x", m.ID, m.ID + ".", m.ID + ".AAAA", strings.Repeat("a", 5000), again.ID + "." + strings.Split(token, ".")[1]} {
		if a, err := d.Authenticate(t.Context(), forged); err != nil || a.SignedIn() {
			t.Errorf("token %.40q is %s, %v", forged, a.ID, err)
		}
	}
}

func TestCodeRules(t *testing.T) {
	t.Parallel()
	wrong := func(r request) request {
		r.code = string(rune('0'+(r.code[0]-'0'+1)%10)) + r.code[1:]
		return r
	}
	for name, f := range map[string]func(*testing.T, *desk, request){
		"wrong code": func(t *testing.T, d *desk, r request) {
			_, _, err := d.confirm(wrong(r))
			refused(t, err, portal.Invalid, "wrong_code", "code")
		},
		"another browser": func(t *testing.T, d *desk, r request) {
			r.browser = d.ask("eve@example.com").browser
			_, _, err := d.confirm(r)
			refused(t, err, portal.Invalid, "wrong_code", "code")
		},
		"another address": func(t *testing.T, d *desk, r request) {
			r.email = "eve@example.com"
			_, _, err := d.confirm(r)
			refused(t, err, portal.Invalid, "wrong_code", "code")
		},
		"no browser": func(t *testing.T, d *desk, r request) {
			r.browser = ""
			_, _, err := d.confirm(r)
			refused(t, err, portal.Invalid, "wrong_code", "code")
		},
		"ten minutes later": func(t *testing.T, d *desk, r request) {
			d.clock.Advance(portal.CodeLife)
			_, _, err := d.confirm(r)
			refused(t, err, portal.Invalid, "wrong_code", "code")
		},
		"right at the fifth try": func(t *testing.T, d *desk, r request) {
			for range portal.CodeTries - 1 {
				_, _, err := d.confirm(wrong(r))
				refused(t, err, portal.Invalid, "wrong_code", "code")
			}
			_, _, err := d.confirm(r)
			d.must(err)
		},
		"right after five tries": func(t *testing.T, d *desk, r request) {
			for range portal.CodeTries {
				_, _, err := d.confirm(wrong(r))
				refused(t, err, portal.Invalid, "wrong_code", "code")
			}
			_, _, err := d.confirm(r)
			refused(t, err, portal.TooMany, "code_tries", "")
		},
		"again within a minute": func(t *testing.T, d *desk, r request) {
			_, err := d.RequestCode(t.Context(), portal.SignInRequest{Email: r.email, Browser: r.browser, Address: "192.0.2.1"})
			refused(t, err, portal.TooMany, "resend", "")
			d.clock.Advance(portal.ResendAfter)
			_, err = d.RequestCode(t.Context(), portal.SignInRequest{Email: r.email, Browser: r.browser, Address: "192.0.2.1"})
			d.must(err)
		},
		"eleven for one address": func(t *testing.T, d *desk, r request) {
			for range 9 {
				d.ask(r.email)
			}
			_, err := d.RequestCode(t.Context(), portal.SignInRequest{Email: r.email, Address: "192.0.2.9"})
			refused(t, err, portal.TooMany, "too_many_codes", "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			f(t, d, d.ask("ann@example.com"))
		})
	}
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	token, m, err := d.confirm(d.ask("ann@example.com"))
	d.must(err)
	alive := func(want bool) {
		t.Helper()
		if a, err := d.Authenticate(t.Context(), token); err != nil || a.SignedIn() != want {
			t.Errorf("signed in %v, %v; want %v", a.SignedIn(), err, want)
		}
	}
	for range 3 { // use keeps it alive
		d.clock.Advance(portal.SessionIdle - time.Hour)
		alive(true)
	}
	d.clock.Advance(portal.SessionIdle)
	alive(false)

	token, _, err = d.confirm(d.ask("ann@example.com"))
	d.must(err)
	start := d.clock.Now()
	for d.clock.Now().Sub(start) < portal.SessionLife-portal.SessionIdle {
		d.clock.Advance(portal.SessionIdle / 2)
		alive(true)
	}
	d.clock.Advance(portal.SessionIdle) // used all the time, but for a year
	alive(false)

	token, _, err = d.confirm(d.ask("ann@example.com"))
	d.must(err)
	_, err = d.Grant(t.Context(), "ann@example.com", portal.RoleTeam)
	d.must(err)
	if a, err := d.Authenticate(t.Context(), token); err != nil || a.Role != portal.RoleTeam || a.ID != m.ID {
		t.Errorf("role %s, %v; a grant works at once", a.Role, err)
	}
}

func TestProfile(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.signIn("ann@example.com")
	i := d.submit(a, "Mine")
	_, err := d.AddComment(t.Context(), a, i.ID, portal.CommentDraft{Body: "also mine"})
	d.must(err)
	name, bad, lang := "  Ann  B. ", strings.Repeat("n", portal.MaxName+1), "tlh"
	_, err = d.EditProfile(t.Context(), a, portal.ProfileEdit{Name: &bad})
	refused(t, err, portal.Invalid, "too_long", "name")
	_, err = d.EditProfile(t.Context(), a, portal.ProfileEdit{Locale: &lang})
	refused(t, err, portal.Invalid, "unknown", "locale")
	m, err := d.EditProfile(t.Context(), a, portal.ProfileEdit{Name: &name})
	if err != nil || m.Name != "Ann B." {
		t.Fatalf("%+v, %v", m, err)
	}
	d.drain()
	p, err := d.Idea(t.Context(), a, portal.IdeaQuery{ID: i.ID})
	d.must(err)
	if p.Card.Author.Name != "Ann B." || p.Comments[0].Author.Name != "Ann B." {
		t.Errorf("after renaming: idea by %q, comment by %q", p.Card.Author.Name, p.Comments[0].Author.Name)
	}
}

// Throw-away addresses are marked, by today's list at each sign-in, and refused where
// the portal wants that: but not the team's, which the configuration names.
func TestThrowaway(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	listed := map[string]bool{"a@bin.example": true, "boss@example.com": true}
	d.Throwaway = func(email string) bool { return listed[email] }
	if a := d.signIn("a@bin.example"); !a.Throwaway {
		t.Error("a new member's address is not marked")
	}
	b := d.signIn("b@example.com")
	if b.Throwaway {
		t.Error("an honest address is marked")
	}
	listed["b@example.com"] = true // a newer list
	if b = d.signIn("b@example.com"); !b.Throwaway {
		t.Error("a newer list does not reach who comes back")
	}
	d.Throwaway = nil // as where nobody signs in
	if b = d.signIn("b@example.com"); !b.Throwaway {
		t.Error("who does not have the list took the mark away")
	}
	d.Throwaway = func(email string) bool { return listed[email] }
	d.Screen.NoThrowaways = true
	_, err := d.RequestCode(t.Context(), portal.SignInRequest{Email: "A@bin.example", Address: "192.0.2.1", Locale: "en"})
	refused(t, err, portal.Invalid, "throwaway", "email")
	if a := d.signIn("boss@example.com"); !a.Team() {
		t.Error("the team is refused")
	}
}
