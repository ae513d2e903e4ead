package web

import (
	"net/http"
	"net/url"

	"groundswell/shared/portal"
)

// teamMemberView is a member as the team sees them: how they stand, what the team can
// do, and what the log says was done to them and what they wrote.
type teamMemberView struct {
	base
	Tab           string
	Member        portal.Author
	PublicURL     string // "" of a deleted account
	Since         whenView
	Standing      []string
	BlockedFor    string
	Acts          []sanctionView
	Action        string
	Reasons       []option
	Note          string
	Problems      problems
	ReasonProblem fieldProblem
	NoteProblem   fieldProblem
	Entries       []entryView
	Pager         pager
}

type sanctionView struct {
	Act, Name, Hint string
	Danger          bool
}

func teamMemberPath(id string) string { return "/team/members/" + url.PathEscape(id) }

func (s *Server) teamMemberPage(w http.ResponseWriter, r *http.Request) error {
	v, err := s.teamMember(r)
	if err != nil {
		return err
	}
	return s.render(w, http.StatusOK, "team_member", v)
}

func (s *Server) teamMember(r *http.Request) (*teamMemberView, error) {
	id, cursor, p := r.PathValue("id"), readQuery(r, "cursor"), s.printer(r)
	log, err := s.Portal.Log(r.Context(), actor(r), portal.LogQuery{Whose: id, Cursor: cursor})
	if err != nil {
		return nil, err
	}
	m, err := s.Portal.Store.Member(r.Context(), id)
	if err != nil {
		return nil, err
	}
	at := teamMemberPath(id)
	v := &teamMemberView{base: s.base(r, "team", at), Member: named(p, m.Author()), Standing: standingOf(p, m), BlockedFor: m.BlockedFor,
		Action: at, Reasons: reasonOptions(p, ""), Entries: entryViews(p, log), ReasonProblem: fieldProblem{Field: "reason"}, NoteProblem: fieldProblem{Field: "note"}}
	v.Title = v.Member.Name
	if !m.CreatedAt.IsZero() {
		v.Since = whenOf(p, m.CreatedAt)
	}
	if !m.Deleted() {
		v.PublicURL = "/members/" + id
		for _, act := range sanctionsOf(m) {
			v.Acts = append(v.Acts, sanctionView{string(act), p.T("sanction." + string(act)), p.T("sanction_hint." + string(act)), act == portal.Block || act == portal.Exclude})
		}
	}
	if cursor != "" {
		v.Pager.First = at
	}
	if log.Next != "" {
		v.Pager.Next = at + "?" + url.Values{"cursor": {log.Next}}.Encode()
	}
	return v, nil
}

// sanctionsOf are those that would change something for the member.
func sanctionsOf(m portal.Member) (out []portal.Sanction) {
	pick := func(is bool, undo, do portal.Sanction) {
		if is {
			out = append(out, undo)
		} else if do != "" {
			out = append(out, do)
		}
	}
	trust, block, exclude := portal.Trust, portal.Block, portal.Exclude
	if m.Author().Team {
		block, exclude = "", ""
	}
	if m.Blocked() {
		trust = ""
	}
	pick(m.Trusted, portal.Untrust, trust)
	pick(m.Blocked(), portal.Unblock, block)
	pick(m.Uncounted, portal.Include, exclude)
	return out
}

func (s *Server) teamMemberForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	act, reason, note := portal.Sanction(v.Get("do")), v.Get("reason"), v.Get("note")
	_, err = s.Portal.Sanction(r.Context(), actor(r), act, []string{r.PathValue("id")}, reason, note)
	if err == nil {
		http.Redirect(w, r, done(teamMemberPath(r.PathValue("id")), "sanctioned"), http.StatusSeeOther)
		return nil
	}
	ps, rest := s.formAnswer(w, r, err, nil)
	if rest != nil {
		return rest
	}
	page, err2 := s.teamMember(r)
	if err2 != nil {
		return err2
	}
	page.Problems, page.Note, page.Reasons = ps, note, reasonOptions(s.printer(r), reason)
	page.ReasonProblem, page.NoteProblem = ps.of("reason"), ps.of("note")
	return s.render(w, statusOf(err), "team_member", page)
}
