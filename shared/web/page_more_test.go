package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Preview shows the text as it will look and ideas like it, keeps all that was
// typed, and writes nothing, with or without a session.
func TestPreview(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada := s.reader().signIn("ada@example.com")
	id := ada.newIdea("Oat milk at no extra cost")
	s.settle()
	typed := url.Values{"title": {"Oat milk without extra cost"}, "body": {"**Every** day <script>alert(1)</script>"}, "category": {"coffee"}, "do": {"preview"}}
	ada.open("/submit")
	typed.Set("key", ada.form("/submit").Get("key"))
	ada.request(http.MethodPost, "/submit", typed).want(200).sees("This is how it will look", "Is it one of these already?", "Oat milk at no extra cost", "Vote for this instead")
	if !strings.Contains(ada.body, "<strong>Every</strong>") || strings.Contains(ada.body, "<script>") {
		t.Errorf("the preview is not the text's safe HTML:\n%s", ada.body)
	}
	for name := range typed {
		if got := ada.form("/submit").Get(name); name != "do" && got != typed.Get(name) {
			t.Errorf("%s was %q and is %q", name, typed.Get(name), got)
		}
	}
	if ada.last.Header.Get("Cache-Control") != "no-store" {
		t.Error("a draft can be cached")
	}
	ada.fill("/ideas/" + id + "/vote").want(200).sees("Voted")

	visitor := s.reader()
	visitor.request(http.MethodPost, "/submit", url.Values{"body": {"*Hi*"}, "do": {"preview"}}).want(200).sees("This is how it will look").seesNot("Vote for this instead")
	visitor.request(http.MethodPost, "/submit", url.Values{"body": {strings.Repeat("x", 32_001)}, "do": {"preview"}}).want(422).sees("at most 32,000 characters").seesNot("This is how it will look")
	visitor.request(http.MethodPost, "/submit", url.Values{"title": {strings.Repeat("x", 300)}, "do": {"preview"}}).want(200).sees("This is how it will look")

	ada.open("/edit/" + id)
	change := ada.form("/edit/" + id)
	change.Set("title", "Oat milk for free")
	change.Set("do", "preview")
	ada.request(http.MethodPost, "/edit/"+id, change).want(200).sees("This is how it will look", "Oat milk for free").seesNot("Vote for this instead")
	if got := ada.form("/edit/" + id).Get("version"); got != change.Get("version") {
		t.Errorf("the version was %q and is %q", change.Get("version"), got)
	}
	s.reader().signIn("bob@example.com").request(http.MethodPost, "/edit/"+id, change).want(403)
	s.settle()
	s.reader().open("/").want(200).sees("Oat milk at no extra cost").seesNot("without extra cost", "for free")
}

// The categories lead to the same list of each, and the form keeps where one is.
func TestCategoryLinks(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	r := s.reader().open("/?sort=top&status=planned&category=tea").want(200).sees("Category: Tea & other drinks", "Product", "Experience", "Involvement")
	if got, want := r.link("Food"), "/?category=food&sort=top&status=planned"; got != want {
		t.Errorf("Food leads to %s, want %s", got, want)
	}
	if got, want := r.link("All categories"), "/?sort=top&status=planned"; got != want {
		t.Errorf("all categories are at %s, want %s", got, want)
	}
	for _, hidden := range []string{`name="category" value="tea"`, `name="sort" value="top"`} {
		if !strings.Contains(r.body, hidden) {
			t.Errorf("searching forgets %s", hidden)
		}
	}
	if got := strings.Count(r.body, `href="/?category=tea&amp;sort=top&amp;status=planned" aria-current="true"`); got != 3 { // beside the list, above it on a phone, and in the order
		t.Errorf("the category one is in is marked %d times", got)
	}
	if r.open("/submit").want(200); r.at != "/sign-in?next=%2Fsubmit" {
		t.Fatalf("a visitor who submits is at %s", r.at)
	}
	s.reader().signIn("ada@example.com").open("/submit").sees("What belongs where?", "Queues, ordering ahead")
}

// The team's last word stands on top of an idea, once.
func TestAnswer(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	id := s.reader().signIn("ada@example.com").newIdea("Tea for two")
	s.reader().open("/ideas/" + id).want(200).seesNot("The team’s answer")
	team := s.reader().signIn("team@example.com").open("/ideas/" + id)
	team.fill("/ideas/"+id+"/status", "status", "planned", "note", "In **spring**").want(200)
	team.fill("/ideas/"+id+"/status", "status", "in_progress", "note", "").want(200)
	visitor := s.reader().open("/ideas/"+id).want(200).sees("The team’s answer", "In the works")
	if got := strings.Count(visitor.body, "In <strong>spring</strong>"); got != 1 {
		t.Errorf("the answer is there %d times:\n%s", got, visitor.text())
	}
	answer, text := strings.Index(visitor.body, `class="answer"`), strings.Index(visitor.body, `class="voting"`)
	if answer < 0 || answer > text {
		t.Error("the answer does not stand on top")
	}
	team.fill("/ideas/"+id+"/status", "status", "launched", "note", "Here it is").want(200)
	visitor.open("/ideas/"+id).sees("Here it is", "In spring")
	if got := strings.Count(visitor.body, `class="answer"`); got != 1 {
		t.Errorf("there are %d answers", got)
	}
}

// What other sites show of a page that somebody passes on.
func TestOpenGraph(t *testing.T) {
	t.Parallel()
	s := newPages(t, options{})
	ada := s.reader().signIn("ada@example.com")
	id := ada.newIdea(`Tea & "two"`)
	r := s.reader().open("/ideas/" + id).want(200)
	path, _, _ := strings.Cut(r.at, "?")
	for name, want := range map[string]string{"og:title": `Tea & "two"`, "og:url": base + path, "og:site_name": "Groundswell"} {
		if got := r.meta(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got := s.reader().open("/").meta("og:title"); got != "Groundswell" {
		t.Errorf("the home page's title is %q", got)
	}
	if got := ada.open("/me").meta("og:title"); got != "" {
		t.Errorf("a member's own page has a title for others: %q", got)
	}
}

// meta is what the page's head says of itself under the name.
func (r *reader) meta(name string) string {
	for n := range r.page.Descendants() {
		if n.Data == "meta" && attr(n, "property") == name {
			return attr(n, "content")
		}
	}
	return ""
}
