package portal

import (
	"context"
	"slices"
	"strings"
	"unicode"
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
	ids := make([]string, len(page.Cards))
	for i, c := range page.Cards {
		ids[i] = c.ID
	}
	votes, err := p.Store.VotesOn(ctx, a.ID, ids)
	if err != nil {
		return err
	}
	page.Voted = make(map[string]bool, len(votes))
	for i := range page.Cards {
		if v, ok := votes[page.Cards[i].ID]; ok {
			page.Voted[v.IdeaID] = true
			p.seen(&page.Cards[i], v)
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
	Comments []Comment // oldest first
	Next     string    // of the comments
	Voted    bool
	Follow   Follow // the reader's
	MayEdit  bool
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
	if !a.SignedIn() {
		return page, nil
	}
	ties, err := p.Store.Ties(ctx, q.ID, a.ID)
	if err != nil {
		return IdeaPage{}, err
	}
	if ties.Voted() {
		page.Voted = true
		p.seen(&page.Card, ties.Vote)
	}
	page.Follow = ties.Follow
	page.MayEdit = p.MayEdit(a, page.Idea) == nil
	return page, nil
}

// Comments is a further page of an idea's discussion, oldest first.
func (p *Portal) Comments(ctx context.Context, ideaID, cursor string, limit int) ([]Comment, string, error) {
	var f fields
	limit = f.limit(limit)
	if err := f.err(); err != nil {
		return nil, "", err
	}
	if !ValidTimedID(ideaID) {
		return nil, "", errNoIdea
	}
	if cursor == "" {
		if _, err := p.Store.CardOf(ctx, ideaID); err != nil {
			return nil, "", err
		}
	}
	return p.Store.Comments(ctx, ideaID, cursor, limit)
}

// Similar are at most five ideas whose titles share words with title, best first:
// what a submitter should see before submitting the same again. It looks at the
// hundred newest ideas and the hundred with most votes.
func (p *Portal) Similar(ctx context.Context, title string) ([]Card, error) {
	title = line(title)
	var f fields
	f.text("title", title, 0, MaxTitle)
	if err := f.err(); err != nil {
		return nil, err
	}
	return p.match(ctx, title, 5, 0.3)
}

// Search are the ideas that match the words best, by the same simple means.
func (p *Portal) Search(ctx context.Context, q ListQuery, words string) ([]Card, error) {
	words = line(words)
	var f fields
	f.text("q", words, 1, MaxTitle)
	if err := f.err(); err != nil {
		return nil, err
	}
	if err := q.normalise(p.Categories); err != nil {
		return nil, err
	}
	found, err := p.match(ctx, words, MaxLimit, 0)
	return slices.DeleteFunc(found, func(c Card) bool {
		return q.Category != "" && c.Category != q.Category || q.Status != "" && c.Status != q.Status
	}), err
}

func (p *Portal) match(ctx context.Context, s string, most int, least float64) ([]Card, error) {
	want := words(s)
	if len(want) == 0 {
		return nil, nil
	}
	type hit struct {
		card  Card
		score float64
	}
	var hits []hit
	seen := map[string]bool{}
	for _, sort := range []Sort{Top, Newest} {
		page, err := p.Store.Cards(ctx, ListQuery{Sort: sort, Limit: MaxLimit})
		if err != nil {
			return nil, err
		}
		for _, c := range page.Cards {
			if seen[c.ID] {
				continue
			}
			seen[c.ID] = true
			if n := likeness(want, words(c.Title)); n > least {
				hits = append(hits, hit{c, n})
			}
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return b.card.Votes - a.card.Votes
	})
	cards := make([]Card, 0, min(len(hits), most))
	for _, h := range hits[:min(len(hits), most)] {
		cards = append(cards, h.card)
	}
	return cards, nil
}

// words are the distinct words of s: letters and digits in lower case, and for
// scripts that write without blanks each pair of neighbours.
func words(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		rs := []rune(w)
		if !unicode.In(rs[0], unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
			if len(rs) > 2 || unicode.IsDigit(rs[0]) {
				set[w] = true
			}
			continue
		}
		for i := range len(rs) - 1 {
			set[string(rs[i:i+2])] = true
		}
	}
	return set
}

// likeness is the share of common words (Dice's coefficient): 0 to 1.
func likeness(a, b map[string]bool) float64 {
	n := 0
	for w := range a {
		if b[w] {
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return 2 * float64(n) / float64(len(a)+len(b))
}

// What search can be narrowed to, as tags of an idea.
const (
	TagCategory = "c"
	TagStatus   = "s"
)
