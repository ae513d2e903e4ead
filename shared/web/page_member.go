package web

import (
	"net/http"
	"net/url"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

type memberView struct {
	base
	Member   portal.Author
	Since    whenView
	Launched []ownView // where it was merged into one that launched: that one's credit too
	Ideas    []ownView
	Pager    pager
}

var errNoMember = &portal.Error{Kind: portal.NotFound, Code: "no_member", Msg: "There is no such member."}

// memberPage is what everybody may know of a member: name, ideas, and which of
// them became real.
func (s *Server) memberPage(w http.ResponseWriter, r *http.Request) error {
	id, cursor := r.PathValue("id"), readQuery(r, "cursor")
	m, cards, next, err := s.publicIdeas(r, id, cursor)
	if err != nil {
		return err
	}
	into, err := s.mergeTargets(r, cards)
	if err != nil {
		return err
	}
	who := m.Author()
	here := "/members/" + id
	if cursor != "" {
		here += "?" + url.Values{"cursor": {cursor}}.Encode()
	}
	b := s.base(r, "", here)
	seen := newFingerprint()
	seen.author(who)
	seen.time(m.CreatedAt)
	seen.cards(portal.CardPage{Cards: cards, Next: next})
	for _, c := range cards {
		seen.card(into[c.MergedInto])
	}
	return s.renderShared(w, r, "member", b, seen, func() (framed, error) {
		p := i18n.For(b.Lang)
		who = named(p, who)
		b.Title, b.Description = who.Name, p.T("member.ideas")
		page := memberView{base: b, Member: who}
		if !m.CreatedAt.IsZero() {
			page.Since = whenOf(p, m.CreatedAt)
		}
		for _, row := range ownRows(p, cards, into) {
			if row.Status == portal.Launched || row.Into != nil && row.Into.Status == portal.Launched {
				page.Launched = append(page.Launched, row)
			} else {
				page.Ideas = append(page.Ideas, row)
			}
		}
		if cursor != "" {
			page.Pager.First = "/members/" + id
		}
		if next != "" {
			page.Pager.Next = "/members/" + id + "?" + url.Values{"cursor": {next}}.Encode()
		}
		return page, nil
	})
}

// publicIdeas are a member who has not left, and a page of the ideas of theirs that
// everybody sees, the newest first.
func (s *Server) publicIdeas(r *http.Request, id, cursor string) (m portal.Member, cards []portal.Card, next string, err error) {
	if !portal.ValidMemberID(id) {
		return m, nil, "", errNoMember
	}
	if m, err = s.Portal.Store.Member(r.Context(), id); err != nil {
		return m, nil, "", err
	}
	if m.Deleted() {
		return m, nil, "", errNoMember
	}
	ids, next, err := s.Portal.Store.IdeasBy(r.Context(), id, cursor, portal.DefaultLimit)
	if err != nil {
		return m, nil, "", err
	}
	cards, err = s.cardsOf(r, ids)
	return m, public(cards), next, err
}
