package browser

import (
	"testing"

	"github.com/chromedp/cdproto/network"
)

// voter comes for one vote, casts it before anybody knows who it is, and is gone
// again, account and all.
func voter(t *testing.T, c *chrome, s *site, l look) {
	b := c.visit(t, s, l)
	email := address("voter", l)
	b.open("/?sort=top")
	b.follow("article.card h3 a")
	b.press(voteButton)
	b.wait(complete + ` && location.pathname === "/sign-in"`)
	b.check("sign-in-to-vote")
	b.signIn(email, false)
	b.wait(complete + ` && document.querySelector("` + voteButton + `")?.getAttribute("aria-pressed") === "true"`)
	b.check("idea-voted")
	b.follow(`form[action$="/follow"] button`)
	b.wait(`document.querySelector('form[action$="/follow"] button').value === "unfollow"`)
	b.check("idea-following")
	if b.script {
		b.unplugged()
	}

	b.open("/me")
	b.press(`details:has(form[action="/me/delete"]) summary`)
	b.write("#confirm", "somebody@example.com")
	b.follow(send(`="/me/delete"`))
	b.shows("#confirm-error", "")
	b.check("me-delete-wrong")
	b.write("#confirm", email)
	b.follow(send(`="/me/delete"`))
	b.check("goodbye")
	b.open("/me")
	b.wait(`location.pathname === "/sign-in"`)
}

// unplugged votes without a network: the button says so, and goes back.
func (b *tab) unplugged() {
	b.Helper()
	unplug := func(out bool) {
		call(b, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{Offline: out, DownloadThroughput: -1, UploadThroughput: -1}}})
	}
	unplug(true)
	b.press(voteButton)
	b.wait(`document.querySelector("#toast").textContent !== ""`)
	b.wait(`document.querySelector("` + voteButton + `").getAttribute("aria-pressed") === "true"`)
	unplug(false)
	b.complaints() // it is the failure that was asked for
	b.check("vote-failed")
}
