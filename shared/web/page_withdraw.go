package web

import (
	"html/template"
	"net/http"
	"net/url"

	"groundswell/shared/markdown"
	"groundswell/shared/portal"
)

// withdrawPage is where the mail about an idea leads that the team wrote down for its
// reader: they can take it back, and put it back.
type withdrawPage struct {
	base
	Action    string // of its forms: the signed link, or the idea's id for who is signed in
	How       string // the reader told it to the team, in words
	Idea      string // its title
	IdeaURL   string // "" where the reader could not open it
	Body      template.HTML
	Withdrawn bool
	Waits     bool // it was not public before, and would wait for the team
	Gone      bool // its text is
}

// withdrawPage asks; it changes nothing, since mail scanners follow every link.
func (s *Server) withdrawPage(w http.ResponseWriter, r *http.Request) error {
	link, id := readQuery(r, "t"), readQuery(r, "idea")
	back, err := s.Portal.Withdrawal(r.Context(), actor(r), link, id)
	if err != nil {
		return err
	}
	return s.showWithdraw(w, r, link, back)
}

func (s *Server) withdrawForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	ctx, a, link, id := r.Context(), actor(r), readQuery(r, "t"), readQuery(r, "idea")
	var back portal.Withdrawal
	switch do := v.Get("do"); do {
	case "withdraw", portal.NotMe:
		back, err = s.Portal.TakeBack(ctx, a, link, id, do == portal.NotMe)
	case "undo":
		back, err = s.Portal.PutBack(ctx, a, link, id)
	default: // a mail provider's one click is no answer to this question
		back, err = s.Portal.Withdrawal(ctx, a, link, id)
	}
	if err != nil {
		return err
	}
	return s.showWithdraw(w, r, link, back)
}

// withdrawPath is the page's address for the idea's author, who is signed in.
func withdrawPath(ideaID string) string {
	return portal.ToWithdraw.Path() + "?" + url.Values{"idea": {ideaID}}.Encode()
}

func (s *Server) showWithdraw(w http.ResponseWriter, r *http.Request, link string, back portal.Withdrawal) error {
	here := withdrawPath(back.Idea.ID)
	if link != "" {
		here = portal.ToWithdraw.Path() + "?" + url.Values{"t": {link}}.Encode()
	}
	p, i := s.printer(r), back.Idea
	page := withdrawPage{base: s.base(r, "", here), Action: here, How: p.T("mail.entered.by_" + string(back.Channel)), Idea: i.Title, Body: markdown.HTML(back.Body),
		Withdrawn: i.Mod.State == portal.Withdrawn, Gone: i.Mod.State == portal.Removed, Waits: len(i.Mod.Reasons) > 0}
	page.Title = p.T("withdraw.heading")
	if !i.Hidden() || actor(r).ID == i.AuthorID {
		page.IdeaURL = ideaPath(i.ID, i.Title)
	}
	return s.render(w, http.StatusOK, "withdraw", page)
}
