package browser

import (
	"regexp"
	"testing"
)

// enough is somebody who has had enough: from the mail, without signing in, about
// this idea, about everything, then after all about something.
func enough(t *testing.T, c *chrome, s *site, l look, m letter) {
	link := regexp.MustCompile(regexp.QuoteMeta(s.url) + `(/unsubscribe\?\S+)`).FindStringSubmatch(m.Text)
	if link == nil {
		t.Fatalf("the mail has no way out:\n%s", m.Text)
	}
	b := c.visit(t, s, l)
	b.open(link[1])
	b.check("unsubscribe")
	b.follow(`main form button[value="stop"]`)
	b.shows(`main form button[value="undo"]`, "")
	b.check("unsubscribed")
	b.follow(`main form button[value="all"]`)
	b.shows(`main form[action^="/mail-preferences"] button`, "") // the way back
	b.check("unsubscribed-from-all")
	b.follow(`main a[href^="/mail-preferences"]`)
	b.check("preferences")
	b.press(`main input[name="digest"]`)
	b.follow(`main button[value="save"]`)
	b.shows(`main [role="status"]`, "")
	b.wait(`document.querySelector('main input[name="digest"]').checked`)
	b.check("preferences-saved")
}
