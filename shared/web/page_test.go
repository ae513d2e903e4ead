package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"groundswell/shared/table"
)

// The whole way of a customer and of the team, without a line of JavaScript.
func TestJourneyByForms(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada := s.reader()

	// Submitting asks to sign in, and comes back.
	ada.open("/submit").want(200).sees("Sign in")
	ada.fill("/sign-in", "email", "ada@example.com").want(200).sees("ada@example.com")
	ada.fill("/sign-in/code", "code", "000 000").want(422).sees("This code is wrong")
	ada.fill("/sign-in/code", "code", s.mails.code("ada@example.com")).want(200)
	if ada.at != "/submit" {
		t.Fatalf("after signing in the reader is at %s", ada.at)
	}
	ada.fill("/submit", "title", "x", "body", "**Every** day", "category", "").want(422).sees("This needs at least 3 characters.", "Please fill this in.", "Every")
	if v := ada.form("/submit"); v.Get("title") != "x" || v.Get("body") != "**Every** day" {
		t.Errorf("what was typed is lost: %v", v)
	}
	ada.fill("/submit", "title", "Oat milk at no extra cost", "category", "coffee").want(200).sees("Thank you. Your idea is online.", "Every day", "Coffee & espresso", "Submitted")
	idea, _, _ := strings.Cut(ada.at, "?")
	id := strings.Split(idea, "/")[2]

	// A visitor's vote waits until the visitor has signed in.
	s.settle()
	bob := s.reader()
	bob.open("/").sees("Oat milk at no extra cost").fill("/ideas/" + id + "/vote").want(200).sees("After you have signed in, your vote counts for: Oat milk at no extra cost")
	bob.fill("/sign-in", "email", "bob@example.com").want(200).sees("your vote counts for")
	bob.fill("/sign-in/code", "code", s.mails.code("bob@example.com")).want(200).sees("You are signed in, and your vote counts.", "1 Voted")
	s.settle()
	s.reader().open("/").sees("1 Vote :")
	bob.open("/").sees("1 Voted").fill("/ideas/" + id + "/vote").want(200).sees("Vote :").seesNot("Voted")
	s.settle()
	bob.open("/").sees("0 Vote :").fill("/ideas/" + id + "/vote").want(200).sees("1 Voted")

	// Following.
	bob.open(idea).sees("Mail me when an idea launches that I voted for").fill("/me/mail", "voted", "yes").want(200).sees("We will mail you when it launches.")
	bob.fill("/ideas/"+id+"/follow", "do", "follow").want(200).sees("You follow this idea now.", "Following")
	bob.open("/me").sees("Ideas I follow Oat milk at no extra cost")
	bob.open(idea).fill("/ideas/"+id+"/follow", "do", "unfollow").want(200).sees("You no longer follow this idea.", "Follow")
	cid := s.reader().open(idea).sees("Follow").fill("/ideas/"+id+"/follow", "do", "follow").want(200).sees("After you have signed in, you follow: Oat milk at no extra cost")
	cid.fill("/sign-in", "email", "cid@example.com").want(200).sees("you follow:")
	cid.fill("/sign-in/code", "code", s.mails.code("cid@example.com")).want(200).sees("You follow this idea now.", "Following")
	s.reader().request(http.MethodPost, "/ideas/"+id+"/follow", url.Values{"do": {"unfollow"}}).want(200).sees("Sign in").seesNot("you follow:")

	// Discussion.
	bob.open(idea).fill("/ideas/"+id+"/comments", "body", "").want(422).sees("Please fill this in.")
	bob.fill("/ideas/"+id+"/comments", "body", "I *agree*").want(200).sees("Your comment is online.", "I agree")
	comment := strings.Split(bob.at, "comment=")[1][:17]
	ada.open(idea).request(http.MethodPost, "/ideas/"+id+"/comments", url.Values{"body": {"So do I"}, "parent": {comment}}).want(200).sees("So do I")
	ada.seesNot("Delete this comment for good Its path") // the other's comment is not hers to delete
	bob.open("/ideas/"+id+"/comments/"+comment+"/edit").want(200).fill("/ideas/"+id+"/comments/"+comment+"/edit", "body", "I agree fully").want(200).sees("I agree fully", "edited")
	bob.fill("/ideas/"+id+"/comments/"+comment+"/delete").want(200).sees("This comment was deleted.", "So do I").seesNot("I agree fully")
	ada.open("/ideas/" + id + "/comments/" + comment + "/edit").want(404)

	// The team answers.
	team := s.reader().signIn("team@example.com")
	team.open(idea).want(200).sees("For the team")
	team.fill("/ideas/"+id+"/status", "status", "declined").want(422).sees("a declined idea needs a note")
	team.fill("/ideas/"+id+"/status", "status", "planned", "note", "In **spring**").want(200).sees("The status has changed.", "Coming soon", "In spring")
	s.clock.pass(36 * time.Hour)
	team.fill("/ideas/"+id+"/status", "status", "launched", "note", "It is here").want(200)
	s.settle()
	s.reader().open("/in-action").want(200).sees("1 day from idea to launch", "Oat milk at no extra cost", "It is here", "Coming soon", "2 March 2026")
	s.reader().open("/roadmap").want(200).sees("Launched 1 Oat milk at no extra cost")
	ada.seesNot("For the team").request(http.MethodPost, "/ideas/"+id+"/status", url.Values{"status": {"new"}, "version": {"3"}}).want(403).sees("Only the product team may do this.")

	// Their own pages.
	ada.open("/me").want(200).sees("ada@example.com", "Oat milk at no extra cost", "this browser")
	ada.fill("/me", "name", " ").want(422).sees("Please fill this in.")
	ada.fill("/me", "name", "Ada L", "locale", "zh").want(200).sees("个人资料已保存")
	s.settle()
	s.reader().open(s.reader().open(idea).link("Ada L")).want(200).sees("Became real Oat milk")
	ada.fill("/sign-out").want(200).sees("Sign in")
	ada.open("/me").want(200).sees("No password")
}

func TestCodeAgain(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	r := s.reader().open("/sign-in?next=/roadmap").fill("/sign-in", "email", "not an address").want(422).sees("This must be an e-mail address")
	r.fill("/sign-in", "email", "ada@example.com").want(200)
	first := s.mails.code("ada@example.com")
	r.fill("/sign-in").want(429).sees("A code is on its way.", "ada@example.com")
	s.clock.pass(61 * time.Second)
	r.fill("/sign-in").want(200).sees("We sent a code")
	if s.mails.code("ada@example.com") == first {
		t.Fatal("there was no second code")
	}
	r.fill("/sign-in/code", "code", first).want(422).sees("This code is wrong")
	if r.fill("/sign-in/code", "code", s.mails.code("ada@example.com")).want(200).at != "/roadmap" {
		t.Errorf("after signing in the reader is at %s", r.at)
	}
	if r.open("/sign-in?next=/in-action").want(200).at != "/in-action" {
		t.Errorf("a member who opens the sign-in page is at %s", r.at)
	}
	s.reader().open("/sign-in/code").want(200).sees("Send me a code") // nothing was asked for
}

// An error of ours shows a fixed sentence and its reference, and nothing of itself.
func TestInternalErrorPage(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{wrap: func(tb table.Table) table.Table { return brokenTable{tb} }})
	for _, path := range []string{"/", "/in-action", "/roadmap", "/ideas/00000000000000000/x"} {
		r := s.reader().open(path).want(500).sees("Something went wrong on our side", "It is not your fault.").seesNot("secret", "query")
		if id := r.last.Header.Get("X-Request-Id"); id == "" || !strings.Contains(r.text(), id) {
			t.Errorf("%s: the page does not name the request %q", path, id)
		}
		r.open(path, "Accept-Language", "zh").want(500).sees("我们这边出错了")
	}
	if !strings.Contains(s.log.String(), "secret table name") {
		t.Error("the log does not say what happened")
	}
}

type brokenTable struct{ table.Table }

func (brokenTable) Query(context.Context, table.Query) (table.Page, error) {
	return table.Page{}, errors.New("secret table name")
}

func TestDoubleSubmit(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	r := s.reader().signIn("ada@example.com")
	r.open("/submit")
	v := r.form("/submit")
	v.Set("title", "Once only")
	v.Set("category", "tea")
	first := r.request(http.MethodPost, "/submit", v).want(200).at
	if again := r.request(http.MethodPost, "/submit", v).want(200).at; again != first {
		t.Errorf("sent twice, the form made two ideas: %s and %s", first, again)
	}
	v.Set("title", "Something else")
	r.request(http.MethodPost, "/submit", v).want(422).sees("This form has been sent before, with another text.")
	if r.fill("/submit").want(200).at == first {
		t.Error("the second idea could not be sent after all")
	}
}

func TestStaleStatusForm(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	id := s.reader().signIn("ada@example.com").newIdea("Tea for two")
	one, two := s.reader().signIn("team@example.com"), s.reader()
	two.cookies = one.cookies
	one.open("/ideas/" + id)
	two.open("/ideas/"+id).fill("/ideas/"+id+"/status", "status", "under_review").want(200)
	one.fill("/ideas/"+id+"/status", "status", "planned", "note", "A long and thoughtful note").want(412).
		sees("Somebody changed this idea in the meantime", "Under review", "A long and thoughtful note")
	one.fill("/ideas/"+id+"/status").want(200).sees("Coming soon", "A long and thoughtful note")
	one.fill("/ideas/"+id+"/status", "status", "planned").want(409).sees("already has this status")
	one.open("/ideas/"+id).request(http.MethodPost, "/ideas/"+id+"/status", url.Values{"status": {"launched"}}).want(400).sees("damaged")
}

func TestMergeForm(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada := s.reader().signIn("ada@example.com")
	dup, main := ada.newIdea("Tee for two"), ada.newIdea("Tea for two")
	team := s.reader().signIn("team@example.com")
	team.open("/ideas/" + dup).sees("Merge into another idea")
	page := team.link("Merge into another idea")
	team.open(page + "?into=nonsense").want(422).sees("There is no such idea.")
	team.open(page + "?into=" + url.QueryEscape(base+"/ideas/"+main+"/tea-for-two?x=y#z")).fill(page).want(200).sees("The ideas are merged.")
	s.settle()
	team.open("/ideas/"+dup).sees("This idea was merged", "Merged into another idea", "See what undoing it restores")
	visitor := s.reader()
	visitor.open("/ideas/" + main).sees("Also suggested as Tee for two")
	visitor.open("/ideas/"+dup).sees("Tea for two", "Votes and comments go to the idea above", "The discussion goes on with the idea")
	bob := s.reader().signIn("bob@example.com")
	bob.request(http.MethodPost, "/ideas/"+dup+"/vote", url.Values{"next": {"/"}}).want(409).sees("This idea was merged into another one.")
	bob.request(http.MethodPost, "/ideas/"+dup+"/comments", url.Values{"body": {"Here?"}}).want(409).sees("This idea was merged into another one.")
	team.open(page).fill(page).want(200).sees("The merge is undone.")
}

func TestEditForm(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada := s.reader().signIn("ada@example.com")
	id := ada.newIdea("Tea for two")
	s.reader().signIn("bob@example.com").open("/edit/" + id).want(403).sees("Only its author and the team may change this.")
	ada.open("/edit/"+id).want(200).fill("/edit/"+id, "title", "").want(422)
	stale := ada.form("/edit/" + id)
	ada.fill("/edit/"+id, "title", "Tea for three").want(200).sees("Your changes are saved.", "Tea for three")
	stale.Set("title", "Tea for four")
	ada.request(http.MethodPost, "/edit/"+id, stale).want(412).sees("Somebody changed this idea")
	if v := ada.form("/edit/" + id); v.Get("title") != "Tea for four" {
		t.Errorf("what was typed is lost: %v", v)
	}
	s.clock.pass(2 * time.Hour)
	ada.fill("/edit/" + id).want(403).sees("for one hour")
}

// What was typed survives a session that ended meanwhile.
func TestSignedOutWhileTyping(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	r := s.reader().signIn("ada@example.com")
	id := r.newIdea("Tea for two")
	r.open("/submit")
	r.cookies = map[string]string{}
	r.fill("/submit", "title", "My long title", "body", "My long text", "category", "tea").want(401).sees("You are no longer signed in.", "My long text")
	if v := r.form("/submit"); v.Get("title") != "My long title" || v.Get("category") != "tea" {
		t.Errorf("what was typed is lost: %v", v)
	}
	r.open("/ideas/"+id).request(http.MethodPost, "/ideas/"+id+"/comments", url.Values{"body": {"My long comment"}}).want(401).sees("My long comment", "Sign in")
}

func TestNoOpenRedirect(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	for _, next := range []string{"https://evil.example/", "//evil.example/", `/\evil.example/`, "javascript:alert(1)", "/\t/evil.example"} {
		r := s.reader().open("/sign-in?" + url.Values{"next": {next}}.Encode()).want(200)
		if got := r.form("/sign-in").Get("next"); got != "/" {
			t.Errorf("next=%q is taken over as %q", next, got)
		}
		for _, action := range []string{"/language", "/ideas/00000000000000000/vote"} {
			if got := r.request(http.MethodPost, action, url.Values{"next": {next}, "language": {"zh"}}).at; strings.Contains(got, "evil") && !strings.HasPrefix(got, "/sign-in?") {
				t.Errorf("%s leads to %q", action, got)
			}
		}
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	r := s.reader()
	r.open("/", "Accept-Language", "zh-CN,zh;q=0.9").want(200).sees("怎样才能做得更好？")
	r.open("/in-action").sees("Nothing has launched yet").fill("/language", "language", "zh").want(200).sees("还没有点子上线")
	if r.at != "/in-action" {
		t.Errorf("choosing a language leads to %s", r.at)
	}
	r.open("/", "Accept-Language", "en").sees("怎样才能做得更好？") // what was chosen counts more
	r.request(http.MethodPost, "/language", url.Values{"language": {"tlh"}}).want(422)
	r.signIn("ada@example.com").open("/").sees("怎样才能做得更好？")
	r.fill("/language", "language", "en").want(200).sees("What would make it better?")
	if r.cookies = map[string]string{}; !strings.Contains(r.signIn("ada@example.com").open("/me").text(), "Profile and mail") {
		t.Error("a member's language is forgotten")
	}
}

func TestErrorPages(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	r := s.reader().signIn("ada@example.com")
	id := r.newIdea("Tea for two")
	for _, tt := range []struct {
		method, path string
		form         url.Values
		status       int
		text         string
	}{
		{"GET", "/nowhere", nil, 404, "There is nothing at this address."},
		{"GET", "/ideas/nonsense", nil, 404, "There is no such idea."},
		{"GET", "/ideas/00000000000000000/x", nil, 404, "There is no such idea."},
		{"GET", "/members/nonsense", nil, 404, "There is no such member."},
		{"GET", "/static/app.css", nil, 404, "There is nothing at this address."},
		{"GET", "/?cursor=forged", nil, 400, "This page of the list does not exist."},
		{"GET", "/?sort=odd", nil, 422, "Please choose one of those offered."},
		{"GET", "/?category=odd", nil, 422, "Category"},
		{"GET", "/?q=%zz", nil, 400, "The address has been damaged."},
		{"GET", "/in-action?cursor=forged", nil, 400, "This page of the list does not exist."},
		{"GET", "/ideas/" + id + "/tea-for-two?cursor=forged", nil, 400, "This page of the list does not exist."},
		{"POST", "/roadmap", url.Values{}, 405, "This address does not take such a request."},
		{"POST", "/submit", url.Values{"body": {strings.Repeat("x", 300<<10)}}, 413, "larger than we can take"},
		{"POST", "/submit", url.Values{"title": {"a\x00b c"}, "category": {"tea"}}, 422, "can’t be shown"},
		{"POST", "/me", url.Values{"name": {"x"}, "locale": {"tlh"}}, 422, "Please choose one of those offered."},
	} {
		r.request(tt.method, tt.path, tt.form).want(tt.status).sees(tt.text)
		if got := r.last.Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s %s: Cache-Control %q", tt.method, tt.path, got)
		}
	}
	if log := s.log.String(); strings.Contains(log, `"status":5`) {
		t.Errorf("a bad request was answered with a 500:\n%s", log)
	}
}

// A page is kept until something on it changes, and only for visitors.
func TestKeptPages(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada := s.reader().signIn("ada@example.com")
	id := ada.newIdea("Tea for two")
	s.settle()
	visitor := s.reader()
	for _, path := range []string{"/", "/ideas/" + id + "/tea-for-two", "/in-action", "/roadmap"} {
		etag := visitor.open(path).want(200).last.Header.Get("Etag")
		if etag == "" {
			t.Fatalf("%s has no ETag", path)
		}
		visitor.header("Cache-Control", "public, max-age=30, stale-while-revalidate=60")
		visitor.header("Vary", "Cookie, Accept-Language, Accept-Encoding")
		visitor.open(path, "If-None-Match", `"x", `+etag).want(304)
		visitor.header("Cache-Control", "public, max-age=30, stale-while-revalidate=60")
		if visitor.body != "" {
			t.Errorf("%s: the 304 has a body", path)
		}
		if got := visitor.open(path, "Accept-Language", "zh", "If-None-Match", etag).want(200).last.Header.Get("Etag"); got == etag {
			t.Errorf("%s has one ETag for two languages", path)
		}
		if got := ada.open(path, "If-None-Match", etag).want(200).last.Header; got.Get("Etag") != "" || got.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: a member's page can be cached: %v", path, got)
		}
	}
	ended := s.reader()
	ended.cookies["__Host-gs_session"] = "no-longer-valid"
	ended.open("/").want(200).header("Cache-Control", "no-store")
	visitor.open("/sign-in").want(200).header("Cache-Control", "no-cache")
	before := visitor.open("/").sees("0 Vote").last.Header.Get("Etag")
	ada.open("/").fill("/ideas/" + id + "/vote").want(200)
	s.settle()
	if got := visitor.open("/", "If-None-Match", before).want(200).sees("1 Vote").last.Header.Get("Etag"); got == before {
		t.Error("the ETag did not change with a vote")
	}
	visitor.open("/ideas/" + id)
	ada.open("/ideas/"+id).fill("/ideas/"+id+"/comments", "body", "New here").want(200)
	visitor.open("/ideas/" + id).sees("New here")
	visitor.open("/?utm_source=x")
	if got := visitor.form("/language").Get("next"); got != "/" {
		t.Errorf("what somebody added to an address is on the page: %q", got)
	}
}

func TestStaticFiles(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	r := s.reader().open("/")
	for _, part := range strings.Split(r.body, `"`) {
		if !strings.HasPrefix(part, "/static/") {
			continue
		}
		for _, encoding := range []string{"", "gzip, br"} {
			w := httptest.NewRecorder()
			req := httptest.NewRequest(http.MethodGet, base+part, nil)
			req.Header.Set("Accept-Encoding", encoding)
			s.handler.ServeHTTP(w, req)
			if h := w.Header(); w.Code != 200 || !strings.Contains(h.Get("Cache-Control"), "immutable") || h.Get("Content-Type") == "" || w.Body.Len() == 0 || (encoding != "" && part[len(part)-4:] == ".css") != (h.Get("Content-Encoding") == "gzip" && part[len(part)-4:] == ".css") {
				t.Errorf("%s (%s) = %d, %v", part, encoding, w.Code, h)
			}
		}
	}
	r.open("/robots.txt").want(200).sees("Disallow: /me")
}

func TestOldAddresses(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada := s.reader().signIn("ada@example.com")
	id := ada.newIdea("茶 & tea")
	for _, path := range []string{"/ideas/" + id, "/ideas/" + id + "/old-title", "/ideas/" + id + "/" + url.PathEscape("茶-tea")} {
		r := s.reader().open(path + "?comment=00000000000000000").want(200)
		if want := "/ideas/" + id + "/" + url.PathEscape("茶-tea") + "?comment=00000000000000000"; r.at != want {
			t.Errorf("%s leads to %s, want %s", path, r.at, want)
		}
	}
}
