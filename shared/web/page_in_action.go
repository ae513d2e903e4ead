package web

import (
	"context"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"groundswell/shared/i18n"
	"groundswell/shared/markdown"
	"groundswell/shared/portal"
)

type inActionPage struct {
	base
	Stories []storyView
	Pager   pager
}

// storyView is how an idea became real.
type storyView struct {
	Card  cardView
	Also  []portal.Author // of merged duplicates
	Days  int             // from the idea to its last launch
	Note  template.HTML   // what the team said at the launch
	Steps []stepView
}

// story is what a storyView is made from.
type story struct {
	card    portal.Card
	history []portal.HistoryEntry
	also    []portal.Author
}

// storiesPerPage is small because each story reads its idea's history.
const storiesPerPage = 10

// inActionPage shows what became real, newest first: whose idea it was, how many
// wanted it, and the way it took.
func (s *Server) inActionPage(w http.ResponseWriter, r *http.Request) error {
	cursor := readQuery(r, "cursor")
	found, err := s.Portal.Ideas(r.Context(), portal.Actor{}, portal.ListQuery{Sort: portal.Newest, Status: portal.Launched, Cursor: cursor, Limit: storiesPerPage})
	if err != nil {
		return err
	}
	stories, err := s.stories(r.Context(), found.Cards)
	if err != nil {
		return err
	}
	here := "/in-action"
	if cursor != "" {
		here += "?" + url.Values{"cursor": {cursor}}.Encode()
	}
	b := s.base(r, "action", here)
	b.Canonical = s.origin(r) + here
	seen := newFingerprint()
	seen.cards(found)
	for _, st := range stories {
		seen.history(st.history)
		for _, a := range st.also {
			seen.author(a)
		}
	}
	return s.renderShared(w, r, "in_action", b, seen, func() (framed, error) {
		p := i18n.For(b.Lang)
		b.Title, b.Description = p.T("action.heading"), p.T("action.lead")
		page := inActionPage{base: b}
		for _, st := range stories {
			page.Stories = append(page.Stories, s.storyView(p, b, st))
		}
		if cursor != "" {
			page.Pager.First = "/in-action"
		}
		if found.Next != "" {
			page.Pager.Next = "/in-action?" + url.Values{"cursor": {found.Next}}.Encode()
		}
		return page, nil
	})
}

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
			for _, m := range merged {
				if m.Author.ID != c.Author.ID && !slices.Contains(out[i].also, m.Author) {
					out[i].also = append(out[i].also, m.Author)
				}
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(out, func(a, b story) int { return b.card.LaunchedAt.Compare(a.card.LaunchedAt) })
	return out, nil
}

func (s *Server) storyView(p *i18n.Printer, b base, st story) storyView {
	v := storyView{Card: s.cardView(p, b.Here, st.card, false), Days: days(st.card.CreatedAt, st.card.LaunchedAt)}
	for _, a := range st.also {
		v.Also = append(v.Also, named(p, a))
	}
	for _, step := range stepViews(p, st.history) {
		if step.Idea == "" { // merges are no part of the way
			v.Steps = append(v.Steps, step)
		}
	}
	for _, h := range st.history {
		if h.To == portal.Launched {
			v.Note = markdown.HTML(h.Note) // the last launch's
		}
	}
	return v
}

func days(from, to time.Time) int {
	if to.Before(from) {
		return 0
	}
	return int(to.Sub(from).Hours() / 24)
}
