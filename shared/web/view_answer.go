package web

import (
	"html/template"
	"strings"

	"groundswell/shared/i18n"
	"groundswell/shared/markdown"
	"groundswell/shared/portal"
)

// pinnedView is the official answer: what the team pinned on top of the idea's page.
type pinnedView struct {
	At   whenView
	Body template.HTML
	URL  string // of the comment that it is; "" = it is a text of its own
}

func (v pinnedView) marked(s *slots) any {
	s.flag(v.URL != "")
	out := pinnedView{At: s.when(v.At), Body: s.html(v.Body)}
	if v.URL != "" {
		out.URL = s.of(v.URL)
	}
	return out
}

func pinnedHTML(p *i18n.Printer, page portal.IdeaPage, path string) (template.HTML, error) {
	v := pinnedView{At: whenOf(p, page.Answer.At), Body: markdown.HTML(page.Official())}
	if id := page.Answer.Comment; id != "" {
		v.At, v.URL = whenOf(p, page.PinnedComment.CreatedAt), commentLink(path, id)
	}
	return castAll("idea", p.Locale(), "pinned", []pinnedView{v})
}

// pins lets the team make a comment of its own the official answer, or take it away.
func (v *ideaView) pins(a portal.Actor, page portal.IdeaPage) {
	if !a.Team() {
		return
	}
	url := "/team/ideas/" + page.Idea.ID + "/answer"
	pin := func(c *commentView) {
		if c.Deleted || !c.Author.Team || c.Body == "" {
			return
		}
		c.PinURL, c.PinID = url, strings.TrimPrefix(c.Anchor, commentAnchor(""))
		c.Pinned = page.Answer.Comment != "" && c.Anchor == commentAnchor(page.Answer.Comment)
	}
	for _, ts := range [][]threadView{v.threads, v.linked} {
		for i := range ts {
			pin(&ts[i].Comment)
			for j := range ts[i].Replies {
				pin(&ts[i].Replies[j])
			}
		}
	}
}
