package web

import (
	"net/url"
	"strings"
	"time"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// voteCaseView is a case about odd votes: what was found, in words and figures, whose
// votes they are, and what can be decided. It shows no address of anybody.
type voteCaseView struct {
	ID      string // of the idea
	Version int64
	Title   string
	URL     string
	Open    bool
	Since   whenView
	Why     []string
	Facts   []string
	With    []linkView // other ideas that some of them voted for in step
	Members []suspectView
	More    bool
	Outcome string // of a decided case, in words
	By      portal.Author
	At      whenView

	Action, Back, Next string
	Note               string
	Problems           problems
	NoteProblem        fieldProblem
}

type linkView struct{ URL, Text string }

// suspectView is one of the members of a case.
type suspectView struct {
	Name     string
	URL      string // in the console; "" of whoever has left
	At       whenView
	Facts    []string
	Standing []string
}

// votesPath is the address of the case about an idea's votes.
func votesPath(ideaID string) string {
	return queuePath(portal.VotesQ, false, "", ideaID)
}

// rowOfVotes is a case about votes in the list.
func rowOfVotes(p *i18n.Printer, item portal.VoteCaseItem) queueRow {
	e := item.Case.Evidence()
	return queueRow{Title: ideaTitle(p, item.Idea), What: p.N("vote.count", e.Votes), Why: suspicionsShort(p, item.Case.Why()), Since: whenOf(p, item.Case.Since)}
}

func ideaTitle(p *i18n.Printer, i portal.Idea) string {
	if i.Title == "" {
		return p.T("moderation.no_title")
	}
	return i.Title
}

// suspicionsShort is what was found, in a word or two each.
func suspicionsShort(p *i18n.Printer, codes []string) string {
	words := make([]string, len(codes))
	for i, c := range codes {
		words[i] = p.T("votes.short_" + c)
	}
	return strings.Join(words, ", ")
}

// voteCaseOf makes the view; back is where its form leads to, next the case to open
// then.
func voteCaseOf(p *i18n.Printer, f portal.VoteCaseFile, back, next string) *voteCaseView {
	c, e := f.Case, f.Case.Evidence()
	v := &voteCaseView{ID: c.IdeaID, Version: c.Version, Title: ideaTitle(p, f.Idea), URL: "/ideas/" + c.IdeaID, Open: c.Open, Since: whenOf(p, c.Since), More: c.More,
		At: whenOf(p, c.At), Action: "/team/queue", Back: back, Next: next, NoteProblem: fieldProblem{Field: "note"}}
	for _, code := range c.Why() {
		v.Why = append(v.Why, reasonText(p, code))
	}
	if !c.Open {
		v.Outcome = p.T("votes.outcome_" + string(c.Outcome))
		v.By = named(p, f.By)
	}
	v.Facts = append(v.Facts, p.N("votes.votes", e.Votes, "From", p.DateTime(e.From), "Time", lasting(p, e.To.Sub(e.From))))
	if e.Networks > 0 {
		v.Facts = append(v.Facts, p.N("votes.networks", e.Networks, "Biggest", p.Number(e.Biggest)))
	}
	if e.Unknown > 0 {
		v.Facts = append(v.Facts, p.N("votes.unknown", e.Unknown))
	}
	v.Facts = append(v.Facts, p.N("votes.fresh", e.Fresh), p.N("votes.throwaway", f.Throwaway()))
	for _, i := range f.With {
		v.With = append(v.With, linkView{ideaPath(i.ID, i.Title), ideaTitle(p, i)})
	}
	networks := c.Networks()
	for i, s := range c.Suspects {
		m := f.Members[s.MemberID]
		row := suspectView{Name: named(p, m.Author()).Name, At: whenOf(p, s.At), Standing: standingOf(p, m)}
		if !m.Deleted() && m.ID != "" {
			row.URL = teamMemberPath(m.ID)
		}
		if !s.Joined.IsZero() {
			row.Facts = append(row.Facts, p.T("votes.age", "Time", lasting(p, s.At.Sub(s.Joined))))
		} else if !m.CreatedAt.IsZero() {
			row.Facts = append(row.Facts, p.T("votes.since", "Date", p.Date(m.CreatedAt)))
		}
		if networks[i] > 0 {
			row.Facts = append(row.Facts, p.T("votes.network", "Number", p.Number(networks[i])))
		}
		v.Members = append(v.Members, row)
	}
	return v
}

// lasting is a time in words, rounded as people would.
func lasting(p *i18n.Printer, d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return p.N("votes.seconds", int(d/time.Second))
	case d < 2*time.Hour:
		return p.N("votes.minutes", int(d.Round(time.Minute)/time.Minute))
	}
	return p.N("votes.hours", int(d.Round(time.Hour)/time.Hour))
}

// listVotes fills the rows.
func (v *queueView) listVotes(p *i18n.Printer, page portal.VoteCasePage, newest bool, cursor, open string) {
	for i, item := range page.Items {
		row, id := rowOfVotes(p, item), item.Case.IdeaID
		row.Open, row.Now = queuePath(portal.VotesQ, newest, cursor, id), id == open || open == "" && i == 0
		v.Rows = append(v.Rows, row)
	}
}

// voteDecisionOf is what a form about votes asks for; false if it is about something
// else.
func voteDecisionOf(v url.Values) (portal.VoteDecision, bool) {
	act, is := strings.CutPrefix(v.Get("do"), "votes_")
	return portal.VoteDecision{Act: portal.VoteAct(act), Note: v.Get("note"), Version: seenVersion(v)}, is
}
