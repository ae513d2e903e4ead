package web_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
)

func TestTeamAccess(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada := s.reader().signIn("ada@example.com")
	id := ada.newIdea("Tea for two")
	for _, path := range []string{"/team", "/team?idea=" + id, "/team/board", "/team/board?column=new", "/team/ideas/" + id, "/team/ideas/" + id + "/told"} {
		r := s.reader().open(path).want(200).sees("Sign in")
		if got, _ := url.QueryUnescape(r.at); got != "/sign-in?next="+path {
			t.Errorf("%s leads a visitor to %s", path, got)
		}
		ada.open(path).want(403).sees("Only the product team may do this.")
		ada.open(path, "Accept-Language", "zh").want(403)
	}
	v := url.Values{"status": {"planned"}, "version": {"1"}}
	ada.request(http.MethodPost, "/team/ideas/"+id+"/status", v).want(403)
	s.reader().request(http.MethodPost, "/team/ideas/"+id+"/status", v).sees("Sign in")
	for _, what := range []string{"mail", "merge"} {
		ada.request(http.MethodPost, "/team/ideas/"+id+"/"+what, v).want(403)
	}
	s.reader().open("/ideas/" + id).sees("Submitted").seesNot("Coming soon")

	ada.open("/").seesNot("Team")
	team := s.reader().signIn("team@example.com").open("/").sees("Team")
	if got := team.link("Team"); got != "/team" {
		t.Errorf("the team's link leads to %s", got)
	}
	team.open("/team?idea=nonsense").want(404)
	team.open("/team?cursor=forged").want(400)
}

// Triage: each decision leads to the next idea, and what was decided is gone at once.
func TestInbox(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	team := s.reader().signIn("team@example.com")
	team.open("/team").want(200).sees("All caught up.")
	ada := s.reader().signIn("ada@example.com")
	first := ada.newIdea("Tea for two")
	second := ada.newIdea("Tea for three")
	s.settle()

	// The newest is opened by itself.
	team.open("/team").want(200).sees("Tea for two", "Tea for three", "Nobody yet.")
	team.fill("/team/ideas/"+second+"/status", "status", "under_review", "note", "We *look*").want(200).sees("“Tea for three” is now in Under review.", "Tea for two")
	if strings.Contains(team.body, "/team?idea="+second) {
		t.Error("what was decided is still in the list")
	}
	if want := "/team?idea=" + first; !strings.HasPrefix(team.at, want) {
		t.Errorf("goes on at %s, want %s", team.at, want)
	}

	// To decline needs a note, and what was chosen stays.
	team.fill("/team/ideas/"+first+"/status", "status", "declined", "link", "nonsense").want(422).sees("a declined idea needs a note", "must be an address")
	if v := team.form("/team/ideas/" + first + "/status"); v.Get("status") != "declined" || v.Get("link") != "nonsense" {
		t.Errorf("what was typed is lost: %v", v)
	}
	team.fill("/team/ideas/"+first+"/status", "note", "We have no cups", "link", "", "silent", "yes").want(200).sees("“Tea for two” is now in Declined.", "All caught up.")
	s.settle()
	team.open("/team").sees("All caught up.")
	team.open("/team?idea="+first).want(200).sees("Declined", "We have no cups")
	s.reader().open("/ideas/"+second).sees("Under review", "We look")
	if p, err := s.server.Portal.Store.IdeaPage(t.Context(), portal.IdeaQuery{ID: first, Comments: 1, Fresh: true}); err != nil || !p.History[1].Silent {
		t.Errorf("the switch did not arrive: %+v, %v", p.History, err)
	}
}

func TestInboxStale(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	id := s.reader().signIn("ada@example.com").newIdea("Tea for two")
	action := "/team/ideas/" + id + "/status"
	one, two := s.reader().signIn("team@example.com"), s.reader()
	two.cookies = one.cookies
	one.open("/team?idea=" + id)
	two.open("/team?idea="+id).fill(action, "status", "under_review").want(200)
	one.fill(action, "status", "planned", "note", "A long and thoughtful note", "silent", "yes").want(412).sees("Somebody changed this idea in the meantime", "What changed meanwhile Under review").seesNot("were edited")
	if v := one.form(action); v.Get("note") != "A long and thoughtful note" || v.Get("status") != "planned" || v.Get("silent") == "" || v.Get("version") != "2" {
		t.Errorf("what was typed is lost, or the version: %v", v)
	}
	one.fill(action).want(200)
	one.open("/team?idea="+id).sees("Coming soon", "A long and thoughtful note")
	one.request(http.MethodPost, action, url.Values{"status": {"launched"}}).want(400).sees("damaged")
}

func TestBoard(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{noCount: true}) // the lists never follow: what was moved has to be seen all the same
	ada := s.reader().signIn("ada@example.com")
	id := ada.newIdea("Tea for two")
	action := "/team/ideas/" + id + "/status"
	team := s.reader().signIn("team@example.com")
	team.open("/team/board").want(200).sees("New 0", "Launched 0", "Nothing here at the moment.")
	team.open("/team/ideas/" + id + "?from=board&status=planned").want(200)
	if v := team.form(action); v.Get("status") != "planned" {
		t.Errorf("the form has %v", v)
	}
	team.fill(action, "status", "planned").want(200).sees("“Tea for two” is now in Coming soon.", "Coming soon 1 Tea for two")
	if !strings.HasPrefix(team.at, "/team/board?") {
		t.Errorf("a move from the board leads to %s", team.at)
	}
	team.fill(action, "status", "in_progress").want(200).sees("In the works 1 Tea for two", "Coming soon 0")

	// Without its note this leads to the form that asks for it, and from there back.
	team.fill(action, "status", "already_offered").want(422).sees("Say where it is offered already")
	if v := team.form(action); v.Get("status") != "already_offered" || v.Get("from") != "board" {
		t.Errorf("the form has %v", v)
	}
	team.fill(action, "note", "At the counter").want(200).sees("Already offered 1 Tea for two")

	stale := team.form(action)
	team.fill(action, "status", "new").want(200).sees("New 1 Tea for two")
	stale.Set("status", "launched")
	team.request(http.MethodPost, action, stale).want(412).sees("Somebody changed this idea")
}

func TestBoardCounts(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada := s.reader().signIn("ada@example.com")
	for i := range portal.BoardColumn + 1 {
		ada.clock.pass(time.Hour) // nobody may submit that many at once
		ada.newIdea("Idea number " + strings.Repeat("x", i+1))
	}
	s.settle()
	team := s.reader().signIn("team@example.com").open("/team/board").want(200).sees("New 21 ", "Launched 0")
	if n := strings.Count(team.body, `class="piece"`); n != portal.BoardColumn {
		t.Errorf("%d cards", n)
	}
	team.open(html.UnescapeString(team.link("Show more"))).want(200).sees("New 21 Idea number x ").seesNot("Show more", "Launched 0")
	if team.link("The whole board") != "/team/board" {
		t.Error("no way back to the board")
	}
	team.open("/team").want(200)
	_, next, _ := strings.Cut(team.body, `rel="next" href="`)
	next, _, _ = strings.Cut(next, `"`)
	team.open(next).want(200).sees("Idea number x ", "First page")
}

// The delivery log names people, and never shows an address.
func TestDeliveryLog(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada := s.reader().signIn("ada@example.com")
	id := ada.newIdea("Tea for two")
	ada.open("/me").fill("/me", "name", "Ada L")
	author, err := s.server.Portal.Store.MemberByEmail(t.Context(), "ada@example.com")
	if err != nil {
		t.Fatal(err)
	}
	st := &store.Store{Table: s.table, Clock: s.clock.Now}
	for _, d := range []store.Delivery{
		{Subject: id, Event: "launched", To: author.ID, State: store.Sent, MessageID: "m-1", At: s.clock.Now()},
		{Subject: id, Event: "launched", To: portal.ImportedMember("x", "y"), State: store.Skipped, Why: "no_address", At: s.clock.Now()},
	} {
		if _, err := st.PutDelivery(t.Context(), d, 0); err != nil {
			t.Fatal(err)
		}
	}
	team := s.reader().signIn("team@example.com").open("/team?idea=" + id).want(200)
	team.sees("Ada L about the launch Mail sent 1 March 2026", "a member about the launch No mail sent", "There is no address", "UTC").seesNot("ada@example.com", "Nobody yet.")
	team.open("/team/ideas/" + id + "/told").want(200).sees("Ada L about the launch Mail sent").seesNot("ada@example.com")
	ada.open("/ideas/" + id).seesNot("Mail sent")
}
