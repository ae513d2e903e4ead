package web

import (
	"context"
	"html/template"
	"slices"

	"golang.org/x/sync/errgroup"

	"groundswell/shared/i18n"
	"groundswell/shared/markdown"
	"groundswell/shared/portal"
)

// storyView is how an idea became real.
type storyView struct {
	Card     cardView
	Also     []portal.Author // of merged duplicates
	Days     int             // from the idea to its last launch
	Launched whenView
	Note     template.HTML // what the team said at the launch
	Link     string        // the team's: where to find it
	Steps    []stepView
}

// story is what a storyView is made from.
type story struct {
	card    portal.Card
	history []portal.HistoryEntry
	also    []portal.Author
}

// figureView is a number and what it counts.
type figureView struct{ Number, Text string }

// stories reads the histories side by side.
func (s *Server) stories(ctx context.Context, cards []portal.Card) ([]story, error) {
	out := make([]story, len(cards))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(storiesPerPage)
	for i, c := range cards {
		g.Go(func() error {
			page, err := s.Portal.Idea(ctx, portal.Actor{}, portal.IdeaQuery{ID: c.ID, Comments: 1})
			if err != nil {
				return err
			}
			out[i] = story{card: c, history: page.History}
			if len(page.Idea.MergedFrom) == 0 {
				return nil
			}
			merged, err := s.Portal.Store.CardsOf(ctx, page.Idea.MergedFrom)
			for _, m := range public(merged) {
				if m.Author.ID != c.Author.ID && !slices.Contains(out[i].also, m.Author) {
					out[i].also = append(out[i].also, m.Author)
				}
			}
			return err
		})
	}
	return out, g.Wait()
}

func (s *Server) storyView(p *i18n.Printer, b base, st story) storyView {
	v := storyView{Card: s.cardView(p, b.Here, st.card, false), Days: portal.DaysBetween(st.card.CreatedAt, st.card.LaunchedAt), Launched: whenOf(p, st.card.LaunchedAt)}
	for _, a := range st.also {
		v.Also = append(v.Also, named(p, a))
	}
	for _, step := range stepViews(p, st.history) {
		if step.Idea == "" { // merges are no part of the way
			v.Steps = append(v.Steps, step)
		}
	}
	for _, h := range st.history {
		if h.To == portal.Launched && h.Merged == "" && h.Unmerged == "" {
			v.Note, v.Link = markdown.HTML(h.Note), h.Link // the last launch's
		}
	}
	return v
}

// launchTotal is what launches come to; days is the median. all says that none is
// missing.
type launchTotal struct {
	ideas, votes, days int
	all                bool
}

func totalOf(launched []portal.Card) launchTotal {
	if len(launched) == 0 {
		return launchTotal{}
	}
	votes, took := 0, make([]int, len(launched))
	for i, c := range launched {
		votes += max(0, c.Votes)
		took[i] = portal.DaysBetween(c.CreatedAt, c.LaunchedAt)
	}
	slices.Sort(took)
	return launchTotal{ideas: len(launched), votes: votes, days: took[len(took)/2]}
}

// totals are the figures on top: how many ideas these launches came from, unless that
// is 0 or not known, and what the launches come to.
func totals(p *i18n.Printer, ideas int, t launchTotal) []figureView {
	if t.ideas == 0 {
		return nil
	}
	var out []figureView
	if ideas > 0 {
		out = append(out, figureView{p.Number(ideas), p.N("action.total_ideas", ideas)})
	}
	return append(out,
		figureView{p.Number(t.ideas), p.N("action.total_launched", t.ideas)},
		figureView{p.Number(t.votes), p.N("action.total_votes", t.votes)},
		figureView{p.Number(t.days), p.N("action.total_days", t.days)})
}
