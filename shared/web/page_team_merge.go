package web

import (
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"groundswell/shared/i18n"
	"groundswell/shared/markdown"
	"groundswell/shared/portal"
)

// mergeView is the page on which the team merges an idea, in two steps: which one it
// says the same as, then what comes of it. Of a merged idea it shows what undoing that
// restores.
type mergeView struct {
	base
	Tab        string
	Card       cardView
	Body       template.HTML
	Back       string // the idea in the console
	Here       string // address of this page, which its forms go to
	From, Next string // where to go on afterwards; see after
	Version    int64
	Duplicates []rowView // that were merged into it: then it can't be merged itself

	Words    string // that are looked for
	Found    []candidateView
	Into     string // what was chosen
	Problem  fieldProblem
	Problems problems
	Changed  *changedView
	Result   *mergeResult
	Undo     bool // it is merged: Result is what undoing it restores
	Silent   bool
}

// candidateView is an idea that this one may say the same as.
type candidateView struct {
	rowView
	ID, Excerpt  string
	Marked       template.HTML // the title with the words that were looked for; "" without any
	Choose       string        // address of this page with it chosen
	Chosen, Like bool          // it is; nobody looked for it, but its words are like
}

// mergeResult is what a merge, or undoing it, comes to.
type mergeResult struct {
	Into    cardView
	Figures []figureView
	Lines   []string
	Readers []readerView
	Unheard []readerView
	MailURL string
	Swap    string // address of the same merge the other way round; "" if it can't be
}

// mergeCandidates is how many ideas are proposed.
const mergeCandidates = 10

// teamMergePage shows the page for the idea of the address.
func (s *Server) teamMergePage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v, err := s.mergeView(w, r, q)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if len(v.Problems) > 0 || v.Problem.Text != "" {
		status = http.StatusUnprocessableEntity
	}
	return s.renderMerge(w, status, v)
}

func (s *Server) renderMerge(w http.ResponseWriter, status int, v *mergeView) error {
	w.Header()["Content-Security-Policy"] = consoleCSP // the mail is in a frame
	return s.render(w, status, "team_merge", v)
}

func mergePath(id string) string { return "/team/ideas/" + url.PathEscape(id) + "/merge" }

// mergeView reads the page; q says what was looked for and chosen.
func (s *Server) mergeView(w http.ResponseWriter, r *http.Request, q url.Values) (*mergeView, error) {
	id, p := r.PathValue("id"), s.printer(r)
	read, err := s.Portal.Idea(r.Context(), actor(r), portal.IdeaQuery{ID: id, Comments: 1, Fresh: true})
	if err != nil {
		return nil, err
	}
	card := currentCard(read)
	v := &mergeView{base: s.base(r, "team", mergePath(id)), Card: s.cardView(p, "/team", card, false), Body: markdown.HTML(read.Body), Back: teamIdeaPath(id, fromIdea), Here: mergePath(id),
		From: q.Get("from"), Next: q.Get("next"), Version: read.Idea.Version, Words: strings.TrimSpace(q.Get("q")), Into: ideaIn(q.Get("into")), Undo: read.Idea.MergedInto != ""}
	v.Title = p.T("merge.title")
	if v.Undo {
		v.Title = p.T("team.unmerge")
		return v, s.showUnmerge(r, p, v)
	}
	if len(read.Idea.MergedFrom) > 0 {
		dups, err := s.Portal.Store.CardsOf(r.Context(), read.Idea.MergedFrom)
		v.Duplicates = rowViews(p, dups)
		return v, err
	}
	if err := s.findCandidates(r, p, v, id); err != nil || v.Into == "" {
		return v, err
	}
	return v, s.showMerge(w, r, p, v, id)
}

// findCandidates looks for the words, or without any for ideas that are like this one.
func (s *Server) findCandidates(r *http.Request, p *i18n.Printer, v *mergeView, id string) error {
	var cards []portal.Card
	var mark func(string) template.HTML
	if v.Words == "" {
		like, err := s.Portal.Related(r.Context(), id)
		if err != nil {
			return err
		}
		cards = like
	} else {
		found, err := s.Portal.Search(r.Context(), portal.Actor{}, portal.SearchQuery{Words: v.Words, Limit: mergeCandidates})
		if ps, rest := formErrors(p, err, nil); rest != nil {
			return rest
		} else if v.Problems = ps; len(ps) > 0 {
			return nil
		}
		cards = found.Cards
		mark = func(s string) template.HTML { return markWords(found.Query, s) }
	}
	for _, c := range cards {
		if c.ID == id {
			continue
		}
		f := candidateView{rowView: rowOf(p, c), ID: c.ID, Excerpt: c.Excerpt, Choose: v.with(c.ID), Chosen: c.ID == v.Into, Like: v.Words == ""}
		if mark != nil {
			f.Marked = mark(c.Title)
		}
		v.Found = append(v.Found, f)
	}
	return nil
}

// with is the page's address with that idea chosen.
func (v *mergeView) with(into string) string {
	q := url.Values{"into": {into}}
	for name, value := range map[string]string{"q": v.Words, "from": v.From, "next": v.Next} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return v.Here + "?" + q.Encode() + "#result"
}

func (s *Server) showMerge(w http.ResponseWriter, r *http.Request, p *i18n.Printer, v *mergeView, id string) error {
	m, err := s.Portal.PreviewMerge(r.Context(), actor(r), id, v.Into)
	if err != nil {
		return v.refused(w, r, p, err)
	}
	res := s.mergeResult(p, m)
	res.Figures = []figureView{
		{votesRange(p, m), p.N("merge.votes", m.VotesMax)},
		{atLeast(p, m.Turnout.Follows.All(), m.Turnout.Follows.More), p.N("merge.followers", m.Turnout.Follows.All())},
		{p.Number(m.Turnout.Votes.Both), p.N("merge.both", m.Turnout.Votes.Both)},
	}
	if m.Turnout.Votes.More {
		res.Figures = res.Figures[:2]
	}
	res.Lines = append(res.Lines, p.T("merge.now", "This", p.N("vote.count", m.Card.Votes), "Other", p.N("vote.count", m.IntoCard.Votes)))
	if m.Duplicates > 0 {
		res.Lines = append(res.Lines, p.N("merge.joins", m.Duplicates))
	}
	res.Lines = append(res.Lines, p.T("merge.stays"))
	if m.Reversible {
		res.Swap = mergePath(m.Into.ID) + "?" + url.Values{"into": {id}}.Encode() + "#result"
	}
	v.Result = res
	return nil
}

func (s *Server) showUnmerge(r *http.Request, p *i18n.Printer, v *mergeView) error {
	m, err := s.Portal.PreviewUnmerge(r.Context(), actor(r), v.Card.ID)
	if err != nil {
		return err
	}
	v.Result = s.mergeResult(p, m)
	v.Result.Figures = []figureView{
		{p.Number(m.Card.Votes), p.N("merge.back_votes", m.Card.Votes)},
		{p.Number(m.Turnout.Follows.One), p.N("merge.back_followers", m.Turnout.Follows.One)},
		{votesRange(p, m), p.N("merge.left_votes", m.VotesMax)},
	}
	v.Result.Lines = []string{p.T("merge.back", "Comments", p.N("comments.count", m.Card.Comments), "Status", p.T("status."+string(m.Idea.Status))), p.T("merge.back_own"), p.T("merge.back_quiet")}
	return nil
}

func (s *Server) mergeResult(p *i18n.Printer, m portal.MergePreview) *mergeResult {
	into := m.IntoCard
	into.Title, into.Category, into.Status = m.Into.Title, m.Into.Category, m.Into.Status
	res := &mergeResult{Into: s.cardView(p, "/team", into, false), MailURL: "/team/ideas/" + m.Idea.ID + "/mail"}
	for _, to := range m.Readers {
		if rv := readerOf(p, to); rv.Why == "" {
			res.Readers = append(res.Readers, rv)
		} else {
			res.Unheard = append(res.Unheard, rv)
		}
	}
	return res
}

func votesRange(p *i18n.Printer, m portal.MergePreview) string {
	if m.VotesMin == m.VotesMax {
		return p.Number(m.VotesMin)
	}
	return p.Number(m.VotesMin) + "–" + p.Number(m.VotesMax)
}

func atLeast(p *i18n.Printer, n int, more bool) string {
	if more {
		return p.Number(n) + "+"
	}
	return p.Number(n)
}

// refused puts on the page why the idea can't be merged into what was chosen.
func (v *mergeView) refused(w http.ResponseWriter, r *http.Request, p *i18n.Printer, err error) error {
	ps, rest := statusProblems(w, r, p, err)
	if rest != nil {
		return rest
	}
	v.Problems, v.Problem = ps, ps.of("into")
	var e *portal.Error
	if errors.As(err, &e) && e.Kind == portal.Invalid && e.Target != "" { // it was merged itself: into what?
		v.Found = append([]candidateView{{rowView: rowView{URL: "/ideas/" + e.Target, Title: p.T("merge.its_original")}, ID: e.Target, Choose: v.with(e.Target)}}, v.Found...)
	}
	return nil
}

// teamMergeForm links an idea to the one that it is a duplicate of, or takes the
// link away.
func (s *Server) teamMergeForm(w http.ResponseWriter, r *http.Request) error {
	f, err := form(w, r)
	if err != nil {
		return err
	}
	version, err := formVersion(f)
	if err != nil {
		return err
	}
	id, what := r.PathValue("id"), "merged"
	if f.Get("do") == "unmerge" {
		what = "unmerged"
		_, err = s.Portal.Unmerge(r.Context(), actor(r), id, version)
	} else {
		_, err = s.Portal.Merge(r.Context(), actor(r), id, portal.MergeChange{Into: ideaIn(f.Get("into")), Silent: f.Get("silent") != "", Version: version})
	}
	if err == nil {
		http.Redirect(w, r, done(after(f, id), what), http.StatusSeeOther)
		return nil
	}
	return s.mergeAgain(w, r, f, err, version)
}

// mergeAgain shows the page as things stand now, with what was chosen and why that was
// refused; to whom the idea has changed under the hands, what changed.
func (s *Server) mergeAgain(w http.ResponseWriter, r *http.Request, typed url.Values, err error, seen int64) error {
	p := s.printer(r)
	ps, rest := statusProblems(w, r, p, err)
	if rest != nil {
		return rest
	}
	v, readErr := s.mergeView(w, r, typed)
	if readErr != nil {
		return readErr
	}
	v.Silent = typed.Get("silent") != ""
	v.Problems, v.Problem = ps, ps.of("into")
	if v.Version != seen {
		read, readErr := s.Portal.Idea(r.Context(), actor(r), portal.IdeaQuery{ID: r.PathValue("id"), Comments: 1, Fresh: true})
		if readErr != nil {
			return readErr
		}
		if v.Changed, readErr = changedSince(p, read.History, v.Version, seen); readErr != nil {
			return readErr
		}
	}
	return s.renderMerge(w, statusOf(err), v)
}
