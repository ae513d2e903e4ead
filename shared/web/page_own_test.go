package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// Everything of one's own is on one page, goes into one file, and can be ended.
func TestOwnPage(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada, bob := s.reader().signIn("ada@example.com"), s.reader().signIn("bob@example.com")
	ada.open("/me").sees("You have not shared an idea yet.", "You have not voted yet.", "You have not commented yet.")
	dup, main := ada.newIdea("Tee for two"), bob.newIdea("Tea for two")
	s.settle()
	ada.open("/").fill("/ideas/" + main + "/vote").want(200)
	ada.open("/ideas/"+main).fill("/ideas/"+main+"/comments", "body", "Yes, *please*").want(200)
	team := s.reader().signIn("team@example.com")
	team.open("/team/ideas/" + dup + "/merge?into=" + main).fill("/team/ideas/" + dup + "/merge").want(200)
	team.open("/ideas/"+main).fill("/ideas/"+main+"/status", "status", "launched", "note", "Here it is").want(200)
	s.settle()

	// A duplicate stands where the idea stands that it became part of, and is credited.
	ada.open("/me").want(200).sees("Tee for two", "Became part of Tea for two Launched", "My comments Yes, please Tea for two")
	s.reader().open("/in-action").sees("An idea of member-", "What the team did Here it is", "idea became real 1", "vote for them 1")
	into := ada.link("Tea for two")
	if !strings.HasPrefix(into, "/ideas/"+main) {
		t.Errorf("the idea that it became part of is at %s", into)
	}

	ada.open("/me/export").want(200)
	if got := ada.last.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
		t.Errorf("the export is no file: %q", got)
	}
	s.reader().open("/me/export").want(200).sees("No password")
}

func TestDeleteAccountForm(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada := s.reader().signIn("ada@example.com")
	id := ada.newIdea("Tea for two")
	s.settle()
	ada.open("/me").sees("What goes", "What stays", "There is no way back.")
	ada.fill("/me/delete", "confirm", "").want(422).sees("Please fill this in.")
	ada.fill("/me/delete", "confirm", "bob@example.com").want(422).sees("This is not the address of your account.")
	if got := ada.form("/me/delete").Get("confirm"); got != "bob@example.com" {
		t.Errorf("what was typed is lost: %q", got)
	}
	ada.fill("/me/delete", "confirm", " ADA@example.com").want(200).sees("Your account is deleted", "Sign in").seesNot("My page")
	if ada.open("/me").want(200); !strings.HasPrefix(ada.at, "/sign-in?") {
		t.Errorf("whoever left is at %s", ada.at)
	}
	s.settle()
	s.reader().open("/ideas/" + id).want(200).sees("former member")
}

// The filters of the stories are part of the address, and the totals count what
// the filters leave.
func TestStoryFilters(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	team := s.reader().signIn("team@example.com")
	launch := func(title string) {
		id := team.newIdea(title)
		s.clock.pass(49 * time.Hour)
		team.open("/ideas/"+id).fill("/ideas/"+id+"/status", "status", "launched").want(200)
	}
	launch("First tea")
	s.clock.pass(366 * 24 * time.Hour)
	team = s.reader().signIn("team@example.com")
	launch("Second tea")
	team.newIdea("Third tea")
	s.settle()
	r := s.reader()
	r.open("/in-action").want(200).sees("ideas so far 3", "ideas became real 2", "2 days from idea to launch", "2026", "2027", "First tea", "Second tea")
	if first, second := strings.Index(r.text(), "First tea"), strings.Index(r.text(), "Second tea"); second > first {
		t.Error("the last launch does not come first")
	}
	r.open("/in-action?year=2026").want(200).sees("idea became real 1", "First tea", "2027").seesNot("Second tea", "so far")
	r.open("/in-action?category=tea&year=2027").want(200).sees("Second tea").seesNot("First tea")
	r.open("/in-action?category=coffee").want(200).sees("Nothing of this kind has launched yet.")
	r.open("/in-action?year=2001").want(200).sees("Nothing of this kind has launched yet.", "2001")
	r.open("/in-action?year=soon").want(422).sees("Please choose one of those offered.")
	r.open("/in-action?category=odd").want(422)
	r.open("/roadmap").want(200).sees("Launched 2 Second tea")
}

// A code may be pasted with its blanks; who asks again is told.
func TestPastedCode(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	r := s.reader().open("/sign-in?next=/roadmap").fill("/sign-in", "email", "ada@example.com").want(200).sees("you can ask for another code")
	s.clock.pass(61 * time.Second)
	r.fill("/sign-in", "again", "1").want(200).sees("Another code is on its way.")
	code := s.mails.code("ada@example.com")
	if r.fill("/sign-in/code", "code", "\u00a0"+code[:3]+" "+code[3:]+"\t").want(200).at != "/roadmap" {
		t.Errorf("after signing in the reader is at %s", r.at)
	}
}

func TestSitemap(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	id := s.reader().signIn("ada@example.com").newIdea("Tea & milk")
	s.settle()
	r := s.reader().open("/sitemap.xml").want(http.StatusOK)
	for _, loc := range []string{base + "/in-action", base + "/ideas/" + id + "/tea-milk"} {
		if !strings.Contains(r.body, "<loc>"+loc+"</loc>") {
			t.Errorf("the site map lacks %s:\n%s", loc, r.body)
		}
	}
	r.open("/robots.txt").sees("Sitemap: " + base + "/sitemap.xml")
	r.open("/nowhere").want(404).sees("Perhaps it is among the ideas")
}
