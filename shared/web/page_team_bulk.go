package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// bulkView is several ideas that are about to be moved, or what became of them.
type bulkView struct {
	base
	Tab      string
	Rows     []bulkRow
	Forms    *teamForms
	Problems problems
	Most     int

	Done         bool // these are results
	To           portal.Status
	Moved, Stood int         // how many by this try, and by an earlier one
	Failed       int         // and how many were not
	Sum          string      // of the results, in words
	Again        string      // address of a new try with what failed
	Typed        []typedText // for that
	Launching    bool
}

type bulkRow struct {
	Pick, Title, Open string
	Status            portal.Status
	Votes             string
	Author            portal.Author
	State             string // of a result: done, already, failed
	What              string // in words
}

// picksOf reads what was chosen: "<id>.<version>" each. What is spelled in another way
// is no idea, and the use case says so.
func picksOf(values []string) []portal.Pick {
	out := make([]portal.Pick, 0, len(values))
	for _, s := range values {
		id, version, _ := strings.Cut(s, ".")
		n, err := strconv.ParseInt(version, 10, 64)
		if err != nil || n < 0 {
			n = 0
		}
		out = append(out, portal.Pick{IdeaID: id, Version: n})
	}
	return out
}

// bulkPage shows what was chosen and asks for the status and the note.
func (s *Server) bulkPage(w http.ResponseWriter, r *http.Request) error {
	v, err := query(r)
	if err != nil {
		return err
	}
	return s.showBulk(w, r, http.StatusOK, v["pick"], portal.StatusChange{To: portal.Status(v.Get("status"))}, nil)
}

func (s *Server) showBulk(w http.ResponseWriter, r *http.Request, status int, picked []string, c portal.StatusChange, ps problems) error {
	p := s.printer(r)
	v := bulkView{base: s.base(r, "team", "/team/bulk?"+url.Values{"pick": picked}.Encode()), Tab: "list", Most: portal.MostAtOnce, Problems: ps}
	v.Title = p.T("bulk.heading")
	picks := picksOf(picked)
	cards, err := s.Portal.Picked(r.Context(), actor(r), picks)
	if err != nil {
		wrong, rest := formErrors(p, err, nil)
		if rest != nil {
			return rest
		}
		v.Problems, status = wrong, statusOf(err)
	}
	seen := map[string]int64{}
	for _, k := range picks {
		seen[k.IdeaID] = k.Version
	}
	for _, card := range cards {
		row := bulkRow{Pick: card.ID + "." + strconv.FormatInt(seen[card.ID], 10), Title: card.Title, Open: teamIdeaPath(card.ID, fromList), Status: card.Status,
			Votes: p.N("vote.count", card.Votes), Author: named(p, card.Author)}
		v.Rows = append(v.Rows, row)
	}
	v.Forms = &teamForms{Statuses: statusOptions(p, portal.Statuses, c.To), Note: c.Note, Link: c.Link, Silent: c.Silent}
	v.Forms.problems(v.Problems)
	return s.render(w, status, "team_bulk", v)
}

// bulkForm moves the ideas, and shows what became of each. Sent again it does what is
// left to do, so that a reload is harmless.
func (s *Server) bulkForm(w http.ResponseWriter, r *http.Request) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	c := portal.StatusChange{To: portal.Status(v.Get("status")), Note: v.Get("note"), Link: v.Get("link"), Silent: v.Get("silent") != ""}
	out, err := s.Portal.ChangeStatuses(r.Context(), actor(r), picksOf(v["pick"]), c)
	if err != nil {
		ps, rest := formErrors(s.printer(r), err, teamFields)
		if rest != nil {
			return rest
		}
		return s.showBulk(w, r, statusOf(err), v["pick"], c, ps)
	}
	p := s.printer(r)
	page := bulkView{base: s.base(r, "team", "/team/ideas"), Tab: "list", Done: true, To: c.To, Most: portal.MostAtOnce}
	page.Title = p.T("bulk.results")
	again := url.Values{"status": {string(c.To)}}
	for _, o := range out {
		row := resultOf(p, o)
		page.Rows = append(page.Rows, row)
		switch row.State {
		case "done":
			page.Moved++
		case "already":
			page.Stood++
		default:
			page.Failed++
			if o.Idea.ID != "" {
				again.Add("pick", o.Idea.ID+"."+strconv.FormatInt(o.Idea.Version, 10))
			}
		}
	}
	page.Sum = p.N("bulk.moved", page.Moved)
	if len(again["pick"]) > 0 {
		page.Again = "/team/bulk?" + again.Encode()
		page.Typed = typedWords(p, v)
	}
	return s.render(w, http.StatusOK, "team_bulk", page)
}

// resultOf is what became of one idea, in words.
func resultOf(p *i18n.Printer, o portal.Outcome) bulkRow {
	row := bulkRow{Title: o.Idea.Title, Status: o.Idea.Status, State: "failed"}
	if o.Idea.ID != "" {
		row.Open = teamIdeaPath(o.Idea.ID, fromList)
	} else {
		row.Title = o.IdeaID
	}
	var e *portal.Error
	switch {
	case o.Done:
		row.State, row.What = "done", p.T("bulk.done")
	case o.Already:
		row.State, row.What = "already", p.T("bulk.already")
	case errors.As(o.Err, &e):
		row.What = errorText(p, e.Code, e.Msg)
	}
	return row
}
