package portal

import (
	"context"
	"slices"
)

// Sort is the order of a list of ideas.
type Sort string

// The sorts.
const (
	Trending Sort = "trending" // recent votes weigh more; see Card.Trend
	Top      Sort = "top"      // most votes first
	Newest   Sort = "new"      // newest first
)

// Sorts are all of them, the default first.
var Sorts = []Sort{Trending, Top, Newest}

// ListQuery asks for a page of ideas. Category and Status narrow it where set; Year
// narrows the newest of the launched ideas, which stand in the order of their
// launch, to those launched in that year (UTC).
type ListQuery struct {
	Sort     Sort
	Category string
	Status   Status
	Year     int
	Cursor   string
	Limit    int
}

// Years that a list can be narrowed to: those that TimeKey can order.
const (
	firstYear = 1971
	lastYear  = 2999
)

// Limits of a page.
const (
	DefaultLimit = 20
	MaxLimit     = 100
)

// CardPage is a page of ideas; Voted names those the reader voted for. An empty
// Next is the end.
type CardPage struct {
	Cards []Card
	Voted map[string]bool
	Next  string
}

func (q *ListQuery) normalise(cs Categories) error {
	var f fields
	if q.Sort == "" {
		q.Sort = Trending
	}
	if !slices.Contains(Sorts, q.Sort) {
		f.add("sort", "unknown", 0, "Must be trending, top or new.")
	}
	if q.Category != "" {
		f.category(q.Category, cs)
	}
	if q.Status != "" && !q.Status.Valid() {
		f.add("status", "unknown", 0, "There is no such status.")
	}
	if q.Year != 0 && (q.Year < firstYear || q.Year > lastYear || q.Status != Launched || q.Sort != Newest) {
		f.add("year", "unknown", 0, "Must be a year, and the list that of the newest launched ideas.")
	}
	q.Limit = f.limit(q.Limit)
	return f.err()
}

func (f *fields) limit(n int) int {
	if n == 0 {
		return DefaultLimit
	}
	if n < 1 || n > MaxLimit {
		f.add("limit", "out_of_range", MaxLimit, "Must be from 1 to %d.", MaxLimit)
	}
	return n
}

// Ideas is a page of the list: one Query, whatever the sort and the filters.
func (p *Portal) Ideas(ctx context.Context, a Actor, q ListQuery) (CardPage, error) {
	if err := q.normalise(p.Categories); err != nil {
		return CardPage{}, err
	}
	page, err := p.Store.Cards(ctx, q)
	if err != nil {
		return CardPage{}, err
	}
	return page, p.markVotes(ctx, a, &page)
}

// markVotes sets Voted, and counts the reader's own newest votes in.
func (p *Portal) markVotes(ctx context.Context, a Actor, page *CardPage) error {
	if !a.SignedIn() || len(page.Cards) == 0 {
		return nil
	}
	var ids []string
	for _, c := range page.Cards {
		ids = append(append(ids, c.ID), c.MergedFrom...)
	}
	votes, err := p.Store.VotesOn(ctx, a.ID, ids)
	if err != nil {
		return err
	}
	page.Voted = make(map[string]bool, len(votes))
	for i := range page.Cards {
		c := &page.Cards[i]
		var own []Vote
		for _, id := range append([]string{c.ID}, c.MergedFrom...) {
			if v, ok := votes[id]; ok {
				own = append(own, v)
			}
		}
		if len(own) > 0 {
			page.Voted[c.ID] = true
			p.seen(a, c, first(own))
		}
	}
	return nil
}

// IdeaQuery asks for an idea's page. Cursor continues the discussion. Fresh asks
// for a strong read: right after the reader wrote something.
type IdeaQuery struct {
	ID       string
	Cursor   string
	Comments int // how many; 0 = DefaultLimit
	Fresh    bool
}

// IdeaPage is everything an idea's page shows.
type IdeaPage struct {
	Idea     Idea
	Body     string
	Card     Card // counts, and the author as others see it
	History  []HistoryEntry
	Answer   Answer    // what the team pinned; see Official
	Comments []Comment // oldest first
	Next     string    // of the comments
	Voted    bool
	Follow   Follow // the reader's
	MayEdit  bool

	PinnedComment Comment // that Answer names; zero if it is gone
}

// Idea is an idea's page: one Query of the idea's own partition, and for members
// one BatchGet of their vote and of their follow.
func (p *Portal) Idea(ctx context.Context, a Actor, q IdeaQuery) (IdeaPage, error) {
	if !ValidTimedID(q.ID) {
		return IdeaPage{}, errNoIdea
	}
	var f fields
	q.Comments = f.limit(q.Comments)
	if err := f.err(); err != nil {
		return IdeaPage{}, err
	}
	page, err := p.Store.IdeaPage(ctx, q)
	if err != nil {
		return IdeaPage{}, err
	}
	if !page.Idea.Mod.mayRead(a, page.Idea.AuthorID) {
		return IdeaPage{}, errNoIdea
	}
	page.Comments = readable(a, page.Comments)
	if err := p.pinned(ctx, a, &page); err != nil {
		return IdeaPage{}, err
	}
	if !a.SignedIn() {
		return page, nil
	}
	if err := p.tie(ctx, a, &page); err != nil {
		return IdeaPage{}, err
	}
	page.MayEdit = p.MayEdit(a, page.Idea) == nil
	return page, nil
}

// Comment is one comment, as the actor may read it.
func (p *Portal) Comment(ctx context.Context, a Actor, ideaID, id string) (Comment, error) {
	if !ValidTimedID(ideaID) || !ValidTimedID(id) {
		return Comment{}, errNoText
	}
	c, err := p.Store.Comment(ctx, ideaID, id)
	if err != nil {
		return Comment{}, err
	}
	if cs := readable(a, []Comment{c}); len(cs) == 1 {
		return cs[0], nil
	}
	return Comment{}, errNoText
}

// tie says on the page how its reader stands to the idea: a vote or a follow on a
// duplicate is one on the idea.
func (p *Portal) tie(ctx context.Context, a Actor, page *IdeaPage) error {
	ids := append([]string{page.Idea.ID}, page.Idea.MergedFrom...)
	ties, err := p.Store.TiesTo(ctx, a.ID, ids)
	if err != nil {
		return err
	}
	page.Follow = Follow{IdeaID: page.Idea.ID, MemberID: a.ID}
	if f := ties[page.Idea.ID].Follow; f.Version != 0 {
		page.Follow = f
	}
	var votes []Vote
	for _, id := range ids {
		if t := ties[id]; t.Voted() {
			votes = append(votes, t.Vote)
		}
		page.Follow.Following = page.Follow.Following || ties[id].Follow.Stands()
	}
	if page.Voted = len(votes) > 0; page.Voted {
		p.seen(a, &page.Card, first(votes))
	}
	return nil
}

// Comments is a further page of an idea's discussion, oldest first.
func (p *Portal) Comments(ctx context.Context, a Actor, ideaID, cursor string, limit int) ([]Comment, string, error) {
	var f fields
	limit = f.limit(limit)
	if err := f.err(); err != nil {
		return nil, "", err
	}
	if !ValidTimedID(ideaID) {
		return nil, "", errNoIdea
	}
	card, err := p.Store.CardOf(ctx, ideaID)
	if err != nil {
		return nil, "", err
	}
	if card.Hidden && !a.Team() && (!a.SignedIn() || a.ID != card.Author.ID) {
		return nil, "", errNoIdea
	}
	cs, next, err := p.Store.Comments(ctx, ideaID, cursor, limit)
	return readable(a, cs), next, err
}
