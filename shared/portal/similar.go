package portal

import (
	"context"

	"groundswell/shared/search"
)

// Similar are at most three ideas that share words with what somebody is about to
// submit, best first: what they should see before submitting the same again. body
// may be empty.
func (p *Portal) Similar(ctx context.Context, title, body string) ([]Card, error) {
	title, body = line(title), text(body)
	var f fields
	f.text("title", title, 0, MaxTitle)
	f.text("body", body, 0, MaxBody)
	if err := f.err(); err != nil {
		return nil, err
	}
	return p.like(ctx, search.Like(title, body, similarLists), "", maxSimilar)
}

// Related are at most five ideas that are like the idea, best first.
func (p *Portal) Related(ctx context.Context, ideaID string) ([]Card, error) {
	if !ValidTimedID(ideaID) {
		return nil, errNoIdea
	}
	idea, err := p.Store.Idea(ctx, ideaID, false)
	if err != nil || idea.Hidden() {
		return nil, err // of what few may see nobody learns what it is like
	}
	bodies, err := p.Store.Bodies(ctx, []string{ideaID})
	if err != nil {
		return nil, err
	}
	return p.like(ctx, search.Like(idea.Title, bodies[ideaID], relatedLists), ideaID, maxRelated)
}

// like reads the beginnings of a few lists: a fixed price, however long the text is.
func (p *Portal) like(ctx context.Context, q search.Query, not string, most int) ([]Card, error) {
	if q.Empty() {
		return nil, nil
	}
	lists, err := p.Store.Postings(ctx, q.Terms(), relatedRows)
	if err != nil {
		return nil, err
	}
	hits := search.Rank(q, lists, search.Options{Least: enoughSimilar, Not: not, Unknown: true})
	ids := make([]string, 0, most)
	for _, h := range hits[:min(len(hits), most)] {
		ids = append(ids, h.IdeaID)
	}
	return p.Store.ListedCards(ctx, ids)
}
