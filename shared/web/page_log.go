package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// logView is the audit log, or the part of it that its address asks for.
type logView struct {
	base
	Tab     string
	Acts    []option
	By      string // the member whose deeds these are, or to whom they were done; "" = anybody's
	Whose   string
	Entries []entryView
	Pager   pager
}

// entryView is a line of the log.
type entryView struct {
	ID       string
	What     string
	At       whenView
	By       portal.Author // Name "" = a rule, or the operator
	ByURL    string        // the log of what they did
	Whose    portal.Author
	WhoseURL string
	Thing    string // an idea's title, or what else it is; "" if it is about a member
	ThingURL string
	On       string // the idea that a comment, or a case, is about
	Reasons  []string
	Change   string // from what to what
	Note     string
	Digest   string
}

// logPage shows what was done, newest first. Narrowed by what or by whom, it is still
// one Query.
func (s *Server) logPage(w http.ResponseWriter, r *http.Request) error {
	q := portal.LogQuery{What: readQuery(r, "what"), By: readQuery(r, "by"), Whose: readQuery(r, "whose"), Cursor: readQuery(r, "cursor")}
	page, err := s.Portal.Log(r.Context(), actor(r), q)
	if err != nil {
		return err
	}
	p := s.printer(r)
	v := logView{base: s.base(r, "team", logPath(q, q.Cursor)), Tab: "log", Entries: entryViews(p, page)}
	v.Title = p.T("log.heading")
	for _, act := range portal.LogActs {
		v.Acts = append(v.Acts, option{act, p.T("log." + act), act == q.What})
	}
	v.By, v.Whose = nameIn(p, page, q.By), nameIn(p, page, q.Whose)
	if q.Cursor != "" {
		v.Pager.First = logPath(q, "")
	}
	if page.Next != "" {
		v.Pager.Next = logPath(q, page.Next)
	}
	return s.render(w, http.StatusOK, "team_log", v)
}

func nameIn(p *i18n.Printer, page portal.LogPage, id string) string {
	if id == "" {
		return ""
	}
	return named(p, portal.Author{ID: id, Name: page.Names[id]}).Name
}

func logPath(q portal.LogQuery, cursor string) string {
	v := url.Values{}
	for name, value := range map[string]string{"what": q.What, "by": q.By, "whose": q.Whose, "cursor": cursor} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if len(v) == 0 {
		return "/team/log"
	}
	return "/team/log?" + v.Encode()
}

func entryViews(p *i18n.Printer, page portal.LogPage) []entryView {
	out := make([]entryView, len(page.Entries))
	for i, e := range page.Entries {
		v := entryView{ID: e.ID, What: p.T("log." + e.What), At: whenOf(p, e.At()), Reasons: inWords(p, e.Reasons), Note: e.Note, Digest: e.Digest}
		if e.By != "" {
			v.By = named(p, portal.Author{ID: e.By, Name: page.Names[e.By]})
			v.ByURL = logPath(portal.LogQuery{By: e.By}, "")
		}
		if e.Whose != "" && e.What != portal.LogOwner { // the change names them
			v.Whose = named(p, portal.Author{ID: e.Whose, Name: page.Names[e.Whose]})
			v.WhoseURL = teamMemberPath(e.Whose)
		}
		if e.Thing.IdeaID != "" {
			v.Thing, v.ThingURL = whatIs(p, e.Thing), thingPath(e.Thing)
			title := page.Titles[e.Thing.IdeaID]
			switch {
			case slices.Contains(voteActs, e.What):
				v.Thing, v.ThingURL, v.On = p.T("votes.case"), votesPath(e.Thing.IdeaID), title
			case e.Thing.CommentID != "":
				v.On = title
			case title != "":
				v.Thing = title
			}
		}
		v.Change = changeText(p, e, page.Names)
		out[i] = v
	}
	return out
}

// voteActs are the lines of the log that lead to a case about votes, where what was
// done can be undone.
var voteActs = []string{portal.LogSuspect, portal.LogVotesOut, portal.LogVotesFine, portal.LogVotesAgain}

// changeText says from what to what, where the line knows.
func changeText(p *i18n.Printer, e portal.LogEntry, names map[string]string) string {
	from, to := e.From, e.To
	switch e.What {
	case portal.LogOwner:
		who := func(id string) string {
			if id == "" {
				return p.T("desk.nobody")
			}
			return named(p, portal.Author{ID: id, Name: names[id]}).Name
		}
		from, to = who(from), who(to)
	case portal.LogTagNew, portal.LogTagDelete, portal.LogList, portal.LogListDelete:
		return from + to
	case portal.LogTags, portal.LogTagRename, portal.LogTagMerge:
	case portal.LogStatus:
		from, to = p.T("status."+from), p.T("status."+to)
	case portal.LogRole, portal.LogImport:
	case portal.LogEnter:
		return p.T("channel." + e.To)
	case portal.LogVotesOut, portal.LogVotesFine, portal.LogVotesAgain:
		n, _ := strconv.Atoi(to)
		return p.N("votes.members", n)
	default:
		return ""
	}
	return strings.Join([]string{from, to}, " → ")
}
