package portal

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"

	"groundswell/shared/search"
)

// What search can be narrowed to, as tags of an idea.
const (
	TagCategory = "c"
	TagStatus   = "s"
)

// SearchQuery asks for ideas by their words; see search.Parse for how they are
// written. Category and Status narrow it where set.
type SearchQuery struct {
	Words    string
	Category string
	Status   Status
	Cursor   string
	Limit    int
}

// Found is a page of the ideas that answer a query.
type Found struct {
	CardPage
	Query search.Query // says which words to mark
}

// UnitRows is how many postings one read unit of DynamoDB holds, read eventually: none
// takes more than 128 bytes.
const UnitRows = 64

// How much of a list is read.
const (
	searchUnits = 3  // for up to three words; more cost one each
	narrowed    = 3  // times as much, where most of what is read may not count
	maxLists    = 12 // a word may have two spellings

	relatedLists = 6
	relatedRows  = UnitRows / 2 // half a unit a list
	maxRelated   = 5

	// A keystroke may cost three units: half a unit for each list, and for each card.
	similarLists = 3
	maxSimilar   = 3
)

// How much of the query an idea has to have, by weight.
const (
	enough        = 0.4
	enoughSimilar = 0.15
)

// window is how many of the best answers are compared by votes and age: their cards
// are read for each page that lies among them.
const window = 60

// maxWindows bounds the windows that one page is gathered from, where phrases or
// filters leave little of each.
const maxWindows = 4

// Search are the ideas that answer the words, the best first; of those about as good,
// the ones with more votes, then the newer (see tenfold). What was written a moment ago is found
// seconds later. Each word's list is read once, all at the same time; a common word's
// only in part, so that a search ends after some hundred answers.
func (p *Portal) Search(ctx context.Context, a Actor, q SearchQuery) (Found, error) {
	q.Words = line(q.Words)
	var f fields
	f.text("q", q.Words, 1, MaxTitle)
	if err := f.err(); err != nil {
		return Found{}, err
	}
	lq := ListQuery{Category: q.Category, Status: q.Status, Limit: q.Limit}
	if err := lq.normalise(p.Categories); err != nil {
		return Found{}, err
	}
	list := "search " + q.Category + " " + string(q.Status) + " " + q.Words
	place, err := OpenCursor(list, q.Cursor)
	if err != nil {
		return Found{}, err
	}
	from, _ := strconv.Atoi(place) // sealed by us, or the start

	if err := p.AllowSearch(ctx, a); err != nil {
		return Found{}, err
	}
	s := searching{p: p, SearchQuery: q, query: search.Parse(q.Words), size: (window + lq.Limit - 1) / lq.Limit * lq.Limit}
	found := Found{Query: s.query}
	if err := s.rank(ctx); err != nil {
		return found, err
	}
	next, err := s.page(ctx, from, lq.Limit, &found.CardPage)
	if err != nil {
		return found, err
	}
	if next > 0 {
		found.Next = SealCursor(list, strconv.Itoa(next))
	}
	return found, p.markVotes(ctx, a, &found.CardPage)
}

// AllowSearch counts a search, or a look for similar ideas.
func (p *Portal) AllowSearch(ctx context.Context, a Actor) error {
	return p.allow(ctx, a, rateSearches)
}

// searching is a search under way.
type searching struct {
	p *Portal
	SearchQuery
	query search.Query
	hits  []search.Hit
	size  int // of a window: whole pages
}

func (s *searching) rank(ctx context.Context) error {
	terms := s.query.Terms()
	if len(terms) == 0 {
		return nil
	}
	terms = terms[:min(len(terms), maxLists)]
	o := search.Options{Least: enough}
	rows := max(searchUnits*UnitRows/len(terms), UnitRows)
	for tag, value := range map[string]string{TagCategory: s.Category, TagStatus: string(s.Status)} {
		if value != "" {
			o.Tags = append(o.Tags, search.Tag(tag, value))
		}
	}
	if len(o.Tags) > 0 {
		rows *= narrowed
	}
	if len(s.query.Phrases) > 0 {
		o.Least = 1
	}
	lists, err := s.p.Store.Postings(ctx, terms, rows)
	if err != nil {
		return err
	}
	s.hits = search.Rank(s.query, lists, o)
	return nil
}

// page gathers up to limit answers from the place on, and says where the next page
// begins; 0 is the end. A place is a window's first hit plus the number of answers
// in it that came before.
func (s *searching) page(ctx context.Context, from, limit int, page *CardPage) (next int, err error) {
	page.Cards = []Card{}
	for w := 0; from < len(s.hits) && w < maxWindows; w++ {
		start := from / s.size * s.size
		answers, err := s.window(ctx, s.hits[start:min(start+s.size, len(s.hits))])
		if err != nil {
			return 0, err
		}
		for i := from - start; i < len(answers); i++ {
			if len(page.Cards) == limit {
				return start + i, nil
			}
			page.Cards = append(page.Cards, answers[i])
		}
		from = start + s.size
		if len(page.Cards) == limit {
			break
		}
	}
	if from < len(s.hits) {
		return from, nil
	}
	return 0, nil
}

// window are the hits that are answers indeed, in the order of the list.
func (s *searching) window(ctx context.Context, hits []search.Hit) ([]Card, error) {
	ids, score := make([]string, len(hits)), make(map[string]float64, len(hits))
	for i, h := range hits {
		ids[i], score[h.IdeaID] = h.IdeaID, h.Score
	}
	cards, err := s.p.Store.ListedCards(ctx, ids)
	if err != nil {
		return nil, err
	}
	// Signatures may name what an idea does not have, and postings be seconds behind.
	cards = slices.DeleteFunc(cards, func(c Card) bool {
		return s.Category != "" && c.Category != s.Category || s.Status != "" && c.Status != s.Status || !s.query.Begins(c.Title)
	})
	if len(s.query.Phrases) > 0 && len(cards) > 0 {
		if cards, err = s.follow(ctx, cards); err != nil {
			return nil, err
		}
	}
	for _, c := range cards {
		score[c.ID] *= 1 + tenfold*math.Log10(1+float64(max(c.Votes, 0)))
	}
	slices.SortFunc(cards, func(a, b Card) int {
		return cmp.Or(cmp.Compare(score[b.ID], score[a.ID]), b.Votes-a.Votes, cmp.Compare(b.ID, a.ID))
	})
	return cards, nil
}

// tenfold is how much more an idea with ten times the votes counts: a thousand votes
// decide between answers that are about as good, and don't make a good one of a poor.
const tenfold = 0.08

// follow are the cards whose idea has the query's phrases.
func (s *searching) follow(ctx context.Context, cards []Card) ([]Card, error) {
	ids := make([]string, len(cards))
	for i, c := range cards {
		ids[i] = c.ID
	}
	bodies, err := s.p.Store.Bodies(ctx, ids)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(cards, func(c Card) bool { return !s.query.Follows(c.Title, bodies[c.ID]) }), nil
}
