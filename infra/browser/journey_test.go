package browser

import (
	"fmt"
	"strings"
	"testing"
)

func teamOf(l look) string     { return address("team", l) }
func customerOf(l look) string { return address("customer", l) }

func address(who string, l look) string {
	return fmt.Sprintf("%s-%s-%d@example.com", who, l.lang, l.width)
}

// journey is the portal's whole story: a customer has an idea, the team makes it
// real, the customer reads about it.
func journey(t *testing.T, c *chrome, s *site, l look) {
	ann, email := c.visit(t, s, l), customerOf(l)
	title := map[string]string{"en": "A shelf for wet umbrellas", "zh": "门口放一个湿伞架"}[l.lang] + fmt.Sprint(" ", l.width)

	ann.open("/submit") // leads through the sign-in page
	ann.signIn(email, true)
	ann.wait(`location.pathname === "/submit"`)
	ann.submit(title)
	idea := eval[string](ann, `location.pathname`)
	ann.vote()
	ann.discuss()
	title = ann.edit(title)

	boss := c.visit(t, s, l)
	boss.open("/sign-in?next=" + idea)
	boss.signIn(teamOf(l), false)
	boss.shows("h1", title)
	boss.launch()

	m := s.launched(t, email, title)
	link := sub(m.Text, s.url, idea)
	if !strings.Contains(m.Text, "umbrella-stand") || link == "" {
		t.Errorf("the mail has not the team's note and the idea's address %s:\n%s", idea, m.Text)
	}
	ann.open(link)
	ann.shows(".status.launched", "")
	ann.check("idea-own-launched")
	ann.open("/in-action")
	ann.shows("main article h2", title)
	ann.open("/me")
	ann.shows("main", title)
	ann.check("me")
	enough(t, c, s, l, m)
	ann.leave()
}

// sub is the path of the first address in the text that begins with the site and
// path given, or "".
func sub(text, site, path string) string {
	_, rest, ok := strings.Cut(text, site+path[:strings.LastIndex(path, "/")])
	if !ok {
		return ""
	}
	end := strings.IndexAny(rest+"\n", " \r\n")
	return path[:strings.LastIndex(path, "/")] + rest[:end]
}

// signIn signs in from the sign-in page; wrong says whether to take wrong turns
// first.
func (b *tab) signIn(email string, wrong bool) {
	b.Helper()
	b.shows("h1", "")
	if wrong {
		b.pardon()
		b.write("#email", "nobody")
		b.follow(`form[action="/sign-in"] button`)
		b.shows("#email-error", "")
		b.check("sign-in-wrong")
	}
	b.write("#email", email)
	b.follow(`form[action="/sign-in"] button`)
	b.wait(`document.querySelector("#code") !== null`)
	code := b.site.code(b.T, email)
	if wrong {
		b.check("code")
		b.write("#code", strings.Map(func(r rune) rune { return '0' + (r-'0'+1)%10 }, code))
		b.follow(`form[action="/sign-in/code"] button`)
		b.shows("#code-error", "")
		b.check("code-wrong")
	}
	b.write("#code", code)
	b.follow(`form[action="/sign-in/code"] button`)
}

// send is the button that sends the form whose action fits: its only one without a
// name of its own, as Enter would press it.
func send(action string) string {
	return "form[action" + action + `] button:not([type="button"], [name], [form])`
}

// pardon makes forms go out unchecked, as those of older browsers do: what the
// server says about mistakes is looked at here, and what Chromium says is its own.
func (b *tab) pardon() {
	b.Helper()
	eval[any](b, `document.querySelectorAll("form").forEach((f) => (f.noValidate = true)) ?? 0`)
}

// linger waits until the page has been here for as long as people take to fill in a form:
// what comes back faster is held.
func (b *tab) linger() {
	b.Helper()
	b.wait(`performance.now() > performance.getEntriesByType("navigation")[0].responseEnd + 2000`)
}

// submit first makes a mistake, and loses nothing by it.
func (b *tab) submit(title string) {
	b.Helper()
	b.check("submit")
	b.pardon()
	b.write("#title", "x")
	b.write("#body", "They drip on **everything**.")
	b.follow(send(`="/submit"`))
	b.shows("#title-error", "")
	b.wait(`document.querySelector("#body").value === "They drip on **everything**."`)
	b.check("submit-wrong")
	b.write("#title", title)
	b.choose("#category", eval[string](b, `document.querySelector("#category option:not([value=''])").value`))
	b.linger()
	b.follow(send(`="/submit"`))
	b.shows("h1", title)
	b.shows(".prose strong", "everything")
}

const voteButton = "article.idea form.vote button"

// vote takes the own vote back or casts it, and sees it again after a reload.
func (b *tab) vote() {
	b.Helper()
	before := eval[bool](b, fmt.Sprintf(`document.querySelector(%q).getAttribute("aria-pressed") === "true"`, voteButton))
	is := fmt.Sprintf(`document.querySelector(%q)?.getAttribute("aria-pressed") === "%v"`, voteButton, !before)
	b.press(voteButton)
	b.wait(is)
	b.wait(complete)
	b.open(eval[string](b, `location.pathname`))
	b.wait(is)
}

// discuss comments, and changes the comment.
func (b *tab) discuss() {
	b.Helper()
	b.write("#discussion form textarea", "A **tray** below would do.")
	b.linger()
	b.press("#discussion " + send(`$="/comments"`))
	b.shows("#discussion .comment strong", "tray")
	b.check("idea-own")
	b.follow(`#discussion .comment a[href$="/edit"]`)
	b.check("edit-comment")
	b.write("#body", "A *bucket* below would do.")
	b.follow(send(`$="/edit"`))
	b.shows("#discussion .comment em", "bucket")
}

// edit changes the idea's title, and returns the new one.
func (b *tab) edit(title string) string {
	b.Helper()
	b.follow(`article.idea a[href^="/edit/"]`)
	b.check("edit")
	title += map[string]string{"en": ", please", "zh": "，谢谢"}[b.lang]
	b.write("#title", title)
	b.follow(send(`^="/edit/"`))
	b.shows("h1", title)
	return title
}

// launch is the team's part, on the idea's page.
func (b *tab) launch() {
	b.Helper()
	b.check("idea-team")
	b.choose("#new-status", "launched")
	b.write("#note", "Every shop has an umbrella-stand now.")
	b.follow(send(`$="/status"`))
	b.shows("article.idea", "umbrella-stand")
	for _, c := range b.complaints() {
		b.Error(c)
	}
}

// leave signs out, and finds the way in again.
func (b *tab) leave() {
	b.Helper()
	b.follow(`form[action="/sign-out"] button`)
	b.open("/me")
	b.wait(`location.pathname === "/sign-in"`)
	b.check("sign-in-for-me")
}
