package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"groundswell/shared/portal"
)

// A duplicate whose original is not public says so, takes nothing and leads nowhere;
// once the original is removed it is an idea of its own again. A duplicate that is
// hidden is not named beside its original.
func TestMergedAndHidden(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada, bob := s.reader().signIn("ada@example.com"), s.reader().signIn("bob@example.com")
	original, dup := ada.newIdea("A shelf for wet umbrellas"), bob.newIdea("Hooks for dry hats")
	p := s.server.Portal
	boss := portal.Actor{Member: portal.Member{ID: portal.ImportedMember("s", "boss"), Role: portal.RoleTeam}}
	decide := func(idea string, act portal.Act) {
		t.Helper()
		if err := p.Decide(t.Context(), boss, portal.Thing{IdeaID: idea}, portal.Decision{Act: act, Reason: "spam"}); err != nil {
			t.Fatal(err)
		}
		s.settle()
	}
	if _, err := p.Merge(t.Context(), boss, dup, portal.MergeChange{Into: original}); err != nil {
		t.Fatal(err)
	}
	s.settle()
	cat := s.reader().signIn("cat@example.com")
	cat.open("/ideas/" + original).want(200).sees("Hooks for dry hats")
	decide(dup, portal.Decline)
	cat.open("/ideas/" + original).want(200).seesNot("Hooks for dry hats")
	decide(dup, portal.Approve)

	decide(original, portal.Decline)
	cat.open("/ideas/" + dup).want(200).sees("This idea was merged into one that is not public at present.").seesNot("A shelf for wet umbrellas")
	cat.request(http.MethodPost, "/ideas/"+dup+"/vote", url.Values{"next": {"/"}}).want(409).sees("This idea was merged into another one.")
	if cat.body != "" && cat.element("a", "href", "/ideas/"+original) != nil {
		t.Error("a link leads to what nobody sees")
	}
	decide(original, portal.Remove)
	cat.open("/ideas/"+dup).want(200).sees("On its own again", "a rule of the portal").seesNot("This idea was merged into")
	cat.fill("/ideas/" + dup + "/vote").want(200)
	s.settle()
	s.reader().open("/?sort=new").sees("Hooks for dry hats").seesNot("A shelf for wet umbrellas")
}
