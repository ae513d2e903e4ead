package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"groundswell/shared/portal"
)

// TestDesk: what the team keeps about an idea, through the console's forms, and that no
// customer sees any of it.
func TestDesk(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada, team := s.reader().signIn("ada@example.com"), s.reader().signIn("team@example.com")
	id := ada.newIdea("Tea for two")
	s.settle()
	at := "/team/ideas/" + id
	team.open(at+"?from=list").want(200).sees("Owner: Nobody", "Notes among the team")
	me := s.memberID("team@example.com")
	team.request(http.MethodPost, at+"/dossier", url.Values{"version": {"1"}, "from": {"list"}, "owner": {me}, "new": {"Quick win，bug"}}).want(200).
		sees("Owner and tags are saved.", "Tag bug", "Tag quick win", "Owner: member-")
	team.request(http.MethodPost, at+"/dossier", url.Values{"version": {"1"}, "from": {"list"}, "new": {"late"}}).want(412).sees("changed owner or tags")
	if v := attr(team.element("input", "id", "tags"), "value"); v != "late" {
		t.Errorf("what was typed is %q", v)
	}
	team.request(http.MethodPost, at+"/dossier", url.Values{"version": {"2"}, "tag": {"bug"}, "new": {strings.Repeat("x", 31)}}).want(422).sees("at most 30 characters")
	team.request(http.MethodPost, at+"/notes", url.Values{"memo": {"Ask *purchasing*."}, "from": {"list"}}).want(200).sees("The notes are saved.", "Ask purchasing .")
	team.request(http.MethodPost, at+"/notes", url.Values{"memo": {" "}}).want(422).sees("Notes among the team")
	s.settle()

	team.open("/team/ideas?owner=me").want(200).sees("Tea for two", "bug")
	team.open("/team/ideas?owner=me&status=planned").want(200).sees("no ideas in this list")
	team.open("/team/ideas?owner=me&category=tea").want(422).sees("can’t be combined")

	team.open("/ideas/"+id+"/tea-for-two").want(200).seesNot("purchasing", "Quick win", "bug")
	for _, path := range []string{"/", "/ideas/" + id + "/tea-for-two", "/feed.atom", "/api/v1/ideas/" + id, "/api/v1/ideas?q=bug", "/me", "/me/export"} {
		ada.open(path).want(200).seesNot("purchasing", "quick win")
	}
	ada.open("/?q=purchasing").want(200).sees("No idea fits this.")
	for _, path := range []string{"/team/ideas", "/team/tags", "/team/bulk", at} {
		ada.open(path).want(403)
	}
	for _, form := range []string{at + "/dossier", at + "/notes", at + "/answer", "/team/tags", "/team/lists", "/team/bulk"} {
		ada.request(http.MethodPost, form, url.Values{"version": {"1"}}).want(403)
	}
}

// TestOfficialAnswer: it stands on top, whatever the steps say, until it is taken away.
func TestOfficialAnswer(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada, team, visitor := s.reader().signIn("ada@example.com"), s.reader().signIn("team@example.com"), s.reader()
	id := ada.newIdea("Tea for two")
	page := "/ideas/" + id + "/tea-for-two"
	team.browser.post("/ideas/"+id+"/status", `{"status": "planned", "note": "The step’s note."}`).want(200)
	visitor.open(page).want(200).sees("The team’s answer").seesNot("Official answer")
	team.request(http.MethodPost, "/team/ideas/"+id+"/answer", url.Values{"answer": {"It takes *time*."}, "do": {"pin"}}).want(200).sees("The official answer is pinned.")
	visitor.open(page).want(200).sees("Official answer Team", "It takes time .", "The step’s note.").seesNot("The team’s answer")
	team.browser.post("/ideas/"+id+"/comments", `{"body": "We found a supplier."}`).want(201)
	team.open(page).want(200).fill("/team/ideas/" + id + "/answer").want(200).sees("The official answer is pinned.")
	visitor.open(page).want(200)
	if n := strings.Count(visitor.text(), "We found a supplier."); n != 2 {
		t.Errorf("the comment stands there %d times: %s", n, visitor.text())
	}
	team.open(page).want(200).fill("/team/ideas/" + id + "/answer").want(200).sees("The official answer is taken away.")
	visitor.open(page).want(200).sees("The team’s answer").seesNot("Official answer")
	team.request(http.MethodPost, "/team/ideas/"+id+"/answer", url.Values{"answer": {""}, "from": {"idea"}}).want(422).sees("Official answer")
}

// TestTagsPage makes tags, changes, merges and deletes them.
func TestTagsPage(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	team := s.reader().signIn("team@example.com")
	team.open("/team/tags").want(200).sees("no tags yet").fill("/team/tags", "name", " Big  CUSTOMER ").want(200).sees("The tag is saved.", "big customer")
	team.request(http.MethodPost, "/team/tags", url.Values{"name": {"big customer"}}).want(422).sees("such a tag already")
	team.request(http.MethodPost, "/team/tags", url.Values{"name": {"bug"}}).want(200)
	tag := func(name string) string {
		return regexp.MustCompile(`tag=([0-9a-z]+)">` + name + `<`).FindStringSubmatch(team.body)[1]
	}
	bug, big := tag("bug"), tag("big customer")
	team.request(http.MethodPost, "/team/tags", url.Values{"do": {"edit"}, "tag": {bug}, "name": {"defect"}, "colour": {"4"}}).want(200).sees("defect").seesNot("bug")
	team.request(http.MethodPost, "/team/tags", url.Values{"do": {"edit"}, "tag": {bug}, "name": {"defect"}, "colour": {"9"}}).want(422)
	team.request(http.MethodPost, "/team/tags", url.Values{"do": {"edit"}, "tag": {bug}, "name": {"Big customer"}, "colour": {"4"}}).want(422)
	if !strings.Contains(team.body, `value="Big customer" aria-invalid="true" aria-describedby="name-`+bug+`-error"`) || strings.Count(team.body, "<details open>") != 1 {
		t.Error("the name that was refused is not in the form of its tag")
	}
	team.request(http.MethodPost, "/team/tags", url.Values{"do": {"merge"}, "tag": {bug}}).want(422).sees("Choose another tag.", "defect")
	team.request(http.MethodPost, "/team/tags", url.Values{"do": {"merge"}, "tag": {bug}, "into": {big}}).want(200).sees("The tags are merged.").seesNot("defect")
	team.request(http.MethodPost, "/team/tags", url.Values{"do": {"delete"}, "tag": {big}}).want(200).sees("The tag is deleted.", "no tags yet")
}

func TestSavedLists(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	team := s.reader().signIn("team@example.com")
	team.open("/team/ideas?owner=me&status=new").want(200).fill("/team/lists", "name", "My new ones").want(200).sees("The list is saved.")
	if to := team.link("My new ones"); to != "/team/ideas?owner=me&status=new" {
		t.Errorf("the saved list leads to %s", to)
	}
	team.request(http.MethodPost, "/team/lists", url.Values{"query": {"status=planned"}, "name": {" "}, "shared": {"yes"}}).want(422)
	if !has(team.element("input", "id", "shared"), "checked") {
		t.Error("what was chosen is lost")
	}
	fs, err := s.server.Portal.Store.Filters(t.Context(), s.memberID("team@example.com"))
	if err != nil || len(fs.Own.All) != 1 {
		t.Fatalf("%+v, %v", fs, err)
	}
	team.request(http.MethodPost, "/team/lists", url.Values{"delete": {fs.Own.All[0].ID}}).want(200).sees("The list is deleted.").seesNot("My new ones")
}

// TestBulk moves several ideas with one note, each for itself, and again without harm.
func TestBulk(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada, team := s.reader().signIn("ada@example.com"), s.reader().signIn("team@example.com")
	picks := url.Values{}
	var ids []string
	for _, title := range []string{"Oat milk", "Soy milk", "Rice milk"} {
		ids = append(ids, ada.newIdea(title))
		s.clock.pass(time.Second)
	}
	s.settle()
	for _, id := range ids {
		picks.Add("pick", id+".1")
	}
	team.open("/team/ideas").want(200).sees("Oat milk", "Rice milk")
	for _, p := range picks["pick"] {
		if team.element("input", "value", p) == nil {
			t.Errorf("%s can't be chosen", p)
		}
	}
	team.open("/team/bulk").want(422).sees("Choose at least one idea.")
	team.open("/team/bulk?"+picks.Encode()).want(200).sees("3 ideas", "Soy milk", "New")
	picks.Set("status", "declined")
	team.request(http.MethodPost, "/team/bulk", picks).want(422).sees("Say why")
	team.browser.post("/ideas/"+ids[1]+"/status", `{"status": "planned"}`).want(200) // a colleague is faster with one
	picks.Set("note", "Not this year.")
	team.request(http.MethodPost, "/team/bulk", picks).want(200).sees("2 ideas now stand at Declined", "1 was left as it is.", "Somebody changed this idea", "Moved")
	again := team.link("Look at them again and try once more")
	team.request(http.MethodPost, "/team/bulk", picks).want(200).sees("0 ideas now stand at Declined", "2 stood there already.", "1 was left")
	team.open(again).want(200).sees("Soy milk", "Coming soon").seesNot("Oat milk")
	for i, want := range []portal.Status{portal.Declined, portal.Planned, portal.Declined} {
		idea, err := s.server.Portal.Store.Idea(t.Context(), ids[i], true)
		if err != nil || idea.Status != want || idea.Version != 2 {
			t.Errorf("idea %d: %+v, %v", i, idea, err)
		}
	}
	many := url.Values{}
	for range 51 {
		many.Add("pick", portal.ImportedAt(s.clock.Now(), "t", many.Encode())+".1")
	}
	team.open("/team/bulk?" + many.Encode()).want(422).sees("At most 50 ideas")
}

// TestBoardBulk: the board's boxes lead to the form that moves several, without a script.
func TestBoardBulk(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ann := s.reader().signIn("ann@example.com")
	one, two := ann.newIdea("Tea for two"), ann.newIdea("Tea for three")
	s.settle()
	team := s.reader().signIn("team@example.com")
	team.open("/team/board").want(200).sees("Change status…")
	path := "/team/bulk?"
	for _, id := range []string{one, two} {
		box := team.element("input", "id", "pick-"+id)
		if box == nil || attr(box, "name") != "pick" || attr(box, "form") != "bulk" || attr(box, "value") != id+".1" {
			t.Fatalf("the box of %s: %+v", id, box)
		}
		path += "pick=" + attr(box, "value") + "&"
	}
	team.open(path).want(200).sees("Tea for two", "Tea for three").fill("/team/bulk", "status", "planned", "note", "In spring.", "pick", one+".1").want(200).sees("1 idea now stands at")
	team.open("/team/log?what=status").sees("Tea for two", "One of several at once")
}
