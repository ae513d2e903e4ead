package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/network"

	"groundswell/shared/portal"
)

// console is a day of somebody of the team, at a desk and on a phone: a portal of
// its own, since everybody's day begins with the same inbox.
func console(t *testing.T, c *chrome, l look) {
	team, email := teamOf(l), customerOf(l)
	s := open(t, team)
	s.settle(t, team)
	s.member(t, team, portal.RoleAdmin, l.lang)
	ann := s.member(t, email, portal.RoleMember, l.lang)
	if l.script { // one of the two is enough: neither page has much to go wrong
		idle(t, c, l)
	} else {
		ann.forbidden(c, l)
	}
	ben := s.member(t, "ben@example.com", portal.RoleMember, l.lang) // nobody new may have so many ideas in an hour
	var ideas []portal.Idea
	for i := range portal.BoardColumn + 4 {
		who := ann
		if i < portal.BoardColumn/2 {
			who = ben
		}
		ideas = append(ideas, who.submit(fmt.Sprint(map[string]string{"en": "A shelf for wet umbrellas ", "zh": "门口放一个湿伞架 "}[l.lang], i)))
	}
	s.counted(t)
	newest := ideas[len(ideas)-1]

	boss := c.visit(t, s, l)
	boss.open("/sign-in?next=/team")
	boss.signIn(team, false)
	boss.wait(`location.pathname === "/team"`)
	boss.check("console-inbox")
	if l.script {
		boss.triageByKeys(s)
	}
	boss.open("/team?idea=" + newest.ID)
	boss.beforehand(newest)
	boss.open("/team/ideas/" + newest.ID)
	await(t, "the delivery log says that the mail went out", func() bool {
		boss.open("/team/ideas/" + newest.ID)
		return eval[bool](boss, `document.querySelector(".told .sent") !== null`)
	})
	boss.check("console-told")
	boss.open("/team/ideas/" + newest.ID + "/told")
	boss.shows(".told .sent", "")
	boss.check("console-log")
	s.launched(t, email, newest.Title)

	boss.late(ideas[3])
	boss.open("/team/board")
	boss.check("console-board")
	if l.script {
		boss.boardByHand(s, ideas)
	}
	boss.open("/team/board?column=new")
	boss.check("console-column")
	boss.moveByForm(ideas[5])
	if l.script || l.width < 960 { // by forms alone once: on a phone, where it is harder
		boss.tools(ideas)
		boss.moveIn()
		boss.unite(s, ideas[7], ideas[8])
	}
}

// forbidden is what a customer sees of all this.
func (m *customer) forbidden(c *chrome, l look) {
	b := c.visit(m.t, m.site, l)
	b.open("/sign-in?next=/team")
	b.signIn(m.Email, false)
	if got := b.answered(); got != 403 {
		b.Errorf("/team answers a customer with %d", got)
	}
	b.check("console-forbidden")
}

// idle is the team's first day, before anybody had an idea.
func idle(t *testing.T, c *chrome, l look) {
	s := open(t, teamOf(l))
	s.member(t, teamOf(l), portal.RoleAdmin, l.lang)
	b := c.visit(t, s, l)
	b.open("/sign-in?next=/team")
	b.signIn(teamOf(l), false)
	b.shows(".inbox .empty", "")
	b.check("console-empty")
	b.open("/team/board")
	b.check("console-board-empty")
}

const panelIdea = `document.querySelector("#panel")?.dataset.idea`

// triageByKeys decides about two ideas without touching the mouse.
func (b *tab) triageByKeys(s *site) {
	b.Helper()
	first := eval[string](b, panelIdea)
	b.key("?", false)
	b.wait(`document.querySelector("#keys").open`)
	b.check("console-keys")
	b.key("Escape", false)
	b.wait(`!document.querySelector("#keys").open`)
	if b.width < 960 { // there the list is a page of its own: the first press shows where one is
		b.key("j", false)
		b.key("j", false)
		b.key("o", false)
		b.wait(complete + ` && ` + panelIdea + ` !== "` + first + `" && location.search !== ""`)
	} else {
		b.key("j", false)
		b.wait(panelIdea + ` !== "` + first + `" && !document.querySelector("#desk[aria-busy]")`)
		b.key("k", false)
		b.wait(panelIdea + ` === "` + first + `" && !document.querySelector("#desk[aria-busy]")`)
	}
	first = eval[string](b, panelIdea)
	b.key("r", false)
	b.wait(`document.activeElement.closest("#move") && document.querySelector("#to-under_review").checked`)
	b.key("Enter", false)
	b.wait(panelIdea + ` !== "` + first + `" && document.querySelector(".notice") !== null`)
	s.stands(b.T, first, portal.UnderReview)
	b.check("console-decided")

	second := eval[string](b, panelIdea)
	b.key("d", false)
	b.wait(`document.activeElement.id === "note"`)
	b.write("#note", "We have no room by the door.")
	b.key("Enter", true)
	b.wait(panelIdea + ` !== "` + second + `"`)
	s.stands(b.T, second, portal.Declined)
}

// beforehand reads the mail, then launches.
func (b *tab) beforehand(idea portal.Idea) {
	b.Helper()
	b.press("#to-launched")
	b.write("#note", "In *every* shop by the door.")
	if !b.script {
		b.press("#show-mail")
	}
	const mail = `document.querySelector("#mail iframe").contentDocument?.`
	b.wait(mail + `querySelector("pre")?.textContent.includes("In *every* shop") === true`)
	b.wait(fmt.Sprintf(mail+`querySelector("h1").textContent.includes(%q)`, idea.Title))
	const framed = mail + `querySelector("iframe").contentDocument`
	b.wait(framed + `?.querySelector("em")?.textContent === "every"`)
	if got := eval[string](b, framed+`.documentElement.lang`); got != b.lang {
		b.Errorf("the mail is in %q", got)
	}
	if got := eval[string](b, framed+`.defaultView.getComputedStyle(`+framed+`.querySelector("h1")).fontSize`); got == "32px" {
		b.Error("the mail has lost its styles")
	}
	b.check("console-mail")
	b.press(`#move p > button:not([formaction])`)
	b.wait(complete + ` && document.querySelector(".notice")?.textContent.includes("` + idea.Title + `") === true`)
}

// late decides about an idea that changed meanwhile: nothing typed is lost.
func (b *tab) late(idea portal.Idea) {
	b.Helper()
	b.open("/team?idea=" + idea.ID)
	b.press("#to-planned")
	b.write("#note", "A long and thoughtful note.")
	if _, err := b.site.one.Portal.ChangeStatus(b.Context(), b.site.boss(b.T), idea.ID, portal.StatusChange{To: portal.UnderReview, Note: "I was faster."}); err != nil {
		b.Fatal(err)
	}
	b.press(`#move p > button:not([formaction])`)
	b.wait(`document.querySelector(".changed")?.textContent.includes("I was faster.") === true`)
	b.wait(`document.querySelector("#note").value === "A long and thoughtful note." && document.querySelector("#to-planned").checked`)
	b.complaints() // a 412 is what was asked for
	b.check("console-late")
}

// boardByHand moves ideas by mouse and by keyboard, and what can't be moved goes back.
func (b *tab) boardByHand(s *site, ideas []portal.Idea) {
	b.Helper()
	in := func(id, status string) string {
		return fmt.Sprintf(`document.getElementById("i-%s")?.closest(".column").dataset.status === %q && !document.querySelector(".piece.busy")`, id, status)
	}
	first := eval[string](b, `document.querySelector(".column.new .piece").dataset.idea`)
	grip := func(id string) {
		eval[any](b, fmt.Sprintf(`document.querySelector("#i-%s .grip").focus() ?? 0`, id))
	}
	if b.width >= 960 {
		b.drag("#i-"+first+" h3", ".column.planned")
		b.wait(in(first, "planned"))
		s.stands(b.T, first, portal.Planned)
	}
	second := eval[string](b, `document.querySelector(".column.new .piece").dataset.idea`)
	grip(second)
	b.key(" ", false)
	b.key("ArrowRight", false)
	b.wait(`document.querySelector(".column.under_review.over") !== null`)
	b.key("Escape", false)
	b.wait(`document.querySelector(".over") === null`)
	b.key(" ", false)
	b.key("ArrowRight", false)
	b.key("Enter", false)
	b.wait(in(second, "under_review") + ` && document.activeElement.closest(".piece")?.dataset.idea === "` + second + `"`)
	s.stands(b.T, second, portal.UnderReview)

	third := eval[string](b, `document.querySelector(".column.new .piece").dataset.idea`)
	grip(third)
	b.key(" ", false)
	for range 5 {
		b.key("ArrowRight", false)
	}
	b.key("Enter", false)
	b.wait(`document.querySelector("#ask").open`)
	b.press("#ask-go")
	b.wait(`!document.querySelector("#ask-error-declined").hidden`)
	b.check("console-ask")
	b.write("#ask-note", "No room by the door.")
	b.press("#ask-go")
	b.wait(in(third, "declined"))
	s.stands(b.T, third, portal.Declined)

	b.press(".column.new .more a")
	b.wait(fmt.Sprintf(`document.querySelectorAll(".column.new .piece").length > %d`, portal.BoardColumn))

	out := &network.Conditions{Offline: true, DownloadThroughput: -1, UploadThroughput: -1}
	call(b, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{out}})
	grip(second)
	b.key(" ", false)
	b.key("ArrowRight", false)
	b.key("Enter", false)
	b.wait(`document.querySelector("#toast").textContent !== ""`)
	b.wait(in(second, "under_review"))
	out.Offline = false
	call(b, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{out}})
	b.complaints() // it is the failure that was asked for
	b.check("console-board-moved")
}

// moveByForm moves a card by what is on it without any script.
func (b *tab) moveByForm(idea portal.Idea) {
	b.Helper()
	b.open("/team/board?column=new")
	piece := "#i-" + idea.ID
	for eval[bool](b, fmt.Sprintf(`document.querySelector(%q) === null`, piece)) { // on a later page
		b.open(eval[string](b, `document.querySelector(".more a").getAttribute("href")`))
	}
	b.press(piece + " summary")
	b.choose(piece+" select", "in_progress")
	b.follow(piece + " form button")
	b.wait(complete + ` && document.querySelector(".notice") !== null`)
	b.shows(".column.in_progress .piece.moved", idea.Title)
	b.check("console-moved")
}
