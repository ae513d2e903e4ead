package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// The team finds the idea that says the same, sees what comes of a merge before it is
// one, merges, goes on to the next idea, and back again.
func TestTeamMerge(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	s.server.Letters = letters{}
	ada, bob, cat := s.reader().signIn("ada@example.com"), s.reader().signIn("bob@example.com"), s.reader().signIn("cat@example.com")
	first := ada.newIdea("A shelf for wet umbrellas")
	second := bob.newIdea("Shelf for wet umbrellas please")
	third := ada.newIdea("Somewhere to dry a raincoat")
	s.settle()
	for _, v := range []struct {
		r  *reader
		id string
	}{{ada, first}, {cat, first}, {bob, second}, {cat, second}} {
		v.r.open("/ideas/" + v.id).fill("/ideas/" + v.id + "/vote").want(200)
	}
	cat.open("/ideas/"+second).fill("/ideas/"+second+"/follow", "do", "follow").want(200)
	s.settle()
	team := s.reader().signIn("team@example.com")
	team.open("/team?idea="+second).want(200).sees("Ideas like this one A shelf for wet umbrellas", "Compare, and see what it comes to")

	// Looking for it, by what it is like, by words, and by its id.
	page := "/team/ideas/" + second + "/merge"
	team.open(page).want(200).sees("Ideas like this one A shelf for wet umbrellas", "Choose an idea")
	team.open(page + "?q=raincoat&next=" + first).want(200).sees("Found Somewhere to dry a raincoat")
	if !strings.Contains(team.body, "<mark>raincoat</mark>") {
		t.Error("the word is not marked")
	}
	team.open(page + "?q=zebra").want(200).sees("Nothing has these words")
	team.open(page + "?into=nonsense").want(422).sees("There is no such idea.")
	team.open(page + "?into=" + second).want(422).sees("can’t be merged into itself")

	// What comes of it, and nothing has.
	team.open(page+"?into="+first+"&next="+third).want(200).
		sees("3 votes, everybody counted once", "1 follower of the two", "1 person voted for both", "2 votes here, 2 votes there", "author of this idea")
	team.request(http.MethodPost, "/team/ideas/"+second+"/mail", map[string][]string{"into": {first}, "to": {ada.browser.get("/me").str("member.id")}}).want(200).
		sees("Shelf for wet umbrellas please is A shelf for wet umbrellas")
	team.request(http.MethodPost, "/team/ideas/"+second+"/mail", map[string][]string{"into": {first}, "to": {cat.browser.get("/me").str("member.id")}}).want(404)
	s.reader().open("/ideas/" + first).sees("2 Vote")

	// Merged; the next idea is opened.
	team.open(page + "?into=" + first + "&next=" + third).fill(page).want(200).sees("The ideas are merged.")
	if strings.Contains(team.body, "/team?idea="+second) || !strings.Contains(team.body, `data-idea="`+third+`"`) {
		t.Errorf("goes on at %s", team.at)
	}
	s.settle()
	bob.open("/ideas/" + first).sees("3 Voted") // for the other one
	bob.fill("/ideas/"+first+"/vote", "do", "withdraw").want(200)
	s.settle()
	s.reader().open("/ideas/" + first).sees("2 Vote")
	team.open("/team/ideas/" + first + "/merge").want(200).sees("Other ideas were merged into this one")
	team.open("/team/ideas/"+third+"/merge?into="+second).want(422).sees("was merged into another one itself", "The idea that it was merged into")

	// And back.
	team.open("/team/ideas/"+second).want(200).sees("merged into another one", "A shelf for wet umbrellas", "See what undoing it restores")
	team.open(page).want(200).sees("1 vote goes back to this idea", "1 follower hears of this idea again", "2 votes stay with the other", "Nobody is mailed")
	team.fill(page, "from", "idea").want(200).sees("The merge is undone.")
	if want := "/team/ideas/" + second; !strings.HasPrefix(team.at, want) {
		t.Errorf("goes on at %s, want %s", team.at, want)
	}
	s.settle()
	s.reader().open("/ideas/" + second).sees("1 Vote")
}

// Who merges what has changed meanwhile sees what, and what was chosen is still there.
func TestTeamMergeStale(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada := s.reader().signIn("ada@example.com")
	first, second := ada.newIdea("A shelf for umbrellas"), ada.newIdea("Shelf for umbrellas")
	s.settle()
	team := s.reader().signIn("team@example.com")
	other := s.reader()
	other.cookies = team.cookies
	page := "/team/ideas/" + second + "/merge"
	team.open(page + "?into=" + first).want(200)
	other.open("/ideas/"+second).fill("/ideas/"+second+"/status", "status", "planned").want(200)
	team.fill(page, "silent", "yes").want(412).sees("Somebody changed this idea", "What changed meanwhile Coming soon", "What comes of it")
	if v := team.form(page); v.Get("into") != first || v.Get("silent") != "yes" {
		t.Errorf("what was chosen is lost: %v", v)
	}
	team.fill(page).want(200).sees("The ideas are merged.")
	member := s.reader().signIn("bob@example.com")
	member.open(page).want(403)
}
