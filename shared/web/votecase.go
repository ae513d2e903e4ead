package web

import (
	"net/http"

	"groundswell/shared/portal"
)

// voteCase is a case about odd votes in JSON: what the rules found, in figures. Like the
// page it knows no address of anybody.
type voteCase struct {
	Idea     string   `json:"idea"`
	Title    string   `json:"title"`
	URL      string   `json:"url"`
	Open     bool     `json:"open"`
	Since    *string  `json:"since"`
	Version  int64    `json:"version"`
	Why      []string `json:"why"`
	Votes    int      `json:"votes"`
	From     string   `json:"from"`
	To       string   `json:"to"`
	Networks int      `json:"networks"`
	Biggest  int      `json:"biggest_network"`
	Unknown  int      `json:"unknown_networks"`
	Fresh    int      `json:"fresh"`
	With     []string `json:"with"`
	More     bool     `json:"more"`
}

// wholeVoteCase is one of them with its members and, once it is decided, how.
type wholeVoteCase struct {
	voteCase
	Throwaway int               `json:"throwaway"`
	Decided   *voteCaseDecision `json:"decided"`
	Members   []suspect         `json:"members"`
}

type voteCaseDecision struct {
	Act string `json:"act"`
	By  author `json:"by"`
	At  string `json:"at"`
}

// suspect is a member of a case, as they are now.
type suspect struct {
	author
	VotedAt   string   `json:"voted_at"`
	JoinedAt  *string  `json:"joined_at"`
	Fresh     bool     `json:"fresh"`
	Network   *int     `json:"network"` // its number within the case
	Why       []string `json:"why"`
	Blocked   bool     `json:"blocked"`
	Trusted   bool     `json:"trusted"`
	Excluded  bool     `json:"excluded"`
	Throwaway bool     `json:"throwaway"`
	Gone      bool     `json:"gone"`
}

func (s *Server) listVoteCases(w http.ResponseWriter, r *http.Request) error {
	v, err := query(r)
	if err != nil {
		return err
	}
	q := portal.QueueQuery{Oldest: v.Get("order") != "new", Cursor: v.Get("cursor")}
	if q.Limit, err = limitOf(v); err != nil {
		return err
	}
	page, err := s.Portal.VoteCases(r.Context(), actor(r), q)
	if err != nil {
		return err
	}
	origin := s.origin(r)
	return sendJSON(w, http.StatusOK, struct {
		Cases []voteCase `json:"cases"`
		Next  *string    `json:"next"`
	}{each(page.Items, func(i portal.VoteCaseItem) voteCase { return voteCaseJSON(origin, i) }), orNull(page.Next)})
}

func voteCaseJSON(origin string, item portal.VoteCaseItem) voteCase {
	c, e := item.Case, item.Case.Evidence()
	return voteCase{Idea: c.IdeaID, Title: item.Idea.Title, URL: origin + "/ideas/" + c.IdeaID, Open: c.Open, Since: stampOrNull(c.Since), Version: c.Version, Why: notNull(c.Why()),
		Votes: e.Votes, From: stamp(e.From), To: stamp(e.To), Networks: e.Networks, Biggest: e.Biggest, Unknown: e.Unknown, Fresh: e.Fresh, With: notNull(c.With), More: c.More}
}

func (s *Server) getVoteCase(w http.ResponseWriter, r *http.Request) error {
	f, err := s.Portal.VoteCase(r.Context(), actor(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	c := f.Case
	out := wholeVoteCase{voteCase: voteCaseJSON(s.origin(r), f.VoteCaseItem), Throwaway: f.Throwaway(), Members: make([]suspect, len(c.Suspects))}
	if !c.Open {
		out.Decided = &voteCaseDecision{string(c.Outcome), authorOf(f.By), stamp(c.At)}
	}
	networks := c.Networks()
	for i, one := range c.Suspects {
		out.Members[i] = suspectJSON(one, f.Members[one.MemberID])
		if networks[i] > 0 {
			out.Members[i].Network = &networks[i]
		}
	}
	setVersion(w, c.Version)
	return sendJSON(w, http.StatusOK, struct {
		Case wholeVoteCase `json:"case"`
	}{out})
}

func suspectJSON(s portal.Suspected, m portal.Member) suspect {
	m.ID = s.MemberID // also of one of whom nothing is known any more
	joined := s.Joined
	if joined.IsZero() {
		joined = m.CreatedAt
	}
	return suspect{author: authorOf(m.Author()), VotedAt: stamp(s.At), JoinedAt: stampOrNull(joined), Fresh: s.Fresh(), Why: notNull(s.Why),
		Blocked: m.Blocked(), Trusted: m.Trusted, Excluded: m.Uncounted, Throwaway: m.Throwaway, Gone: m.Deleted()}
}

// decideVotes carries a decision out and answers with what the case is then; If-Match is
// its version.
func (s *Server) decideVotes(w http.ResponseWriter, r *http.Request) error {
	var d portal.VoteDecision
	var err error
	if d.Version, err = ifMatch(r); err != nil {
		return err
	}
	if err := readJSON(w, r, field{"act", (*string)(&d.Act)}, field{"note", &d.Note}); err != nil {
		return err
	}
	if err := s.Portal.DecideVotes(r.Context(), actor(r), r.PathValue("id"), d); err != nil {
		return err
	}
	return s.getVoteCase(w, r)
}
