package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/table"
)

// cardRow is what a list shows of an idea. Twenty have to fit two read units, so
// names are short and nothing is in it that no list shows.
type cardRow struct {
	Title    string  `json:"t"`
	Excerpt  string  `json:"x,omitempty"`
	Category string  `json:"c"`
	Status   string  `json:"s"`
	Author   string  `json:"a"`
	Name     string  `json:"n,omitempty"`
	Team     bool    `json:"tm,omitempty"`
	Votes    int     `json:"v"`
	Comments int     `json:"k,omitempty"`
	Trend    float64 `json:"h,omitempty"`
	Updated  int64   `json:"ut"`
	Launched int64   `json:"lt,omitempty"`
	Public   int64   `json:"pt,omitempty"`
	Version  int64   `json:"iv"`
	Into     string  `json:"mi,omitempty"`
	Hidden   bool    `json:"hd,omitempty"`
	AsOf     int64   `json:"of"`

	From []string `json:"mf,omitempty"`
}

// cardRecord is the card in one of its slots, under the fencing version ver. An
// idea that is in no list keeps its four cards, with empty index keys: a fenced
// record is never deleted, or a late writer could bring it back.
func cardRecord(c portal.Card, slot int, listed bool, ver int64) table.Record {
	r := record(cardKey(c.ID, slot), KindCard, ver, cardRow{Title: c.Title, Excerpt: c.Excerpt, Category: c.Category,
		Status: string(c.Status), Author: c.Author.ID, Name: c.Author.Name, Team: c.Author.Team, Votes: c.Votes, Comments: c.Comments,
		Trend: c.Trend, Public: ms(c.Published), Updated: ms(c.UpdatedAt), Launched: ms(c.LaunchedAt), Version: c.Version, Into: c.MergedInto, From: c.MergedFrom, Hidden: c.Hidden, AsOf: ms(c.AsOf)})
	if !listed {
		return r
	}
	p := [Slots]string{scope("", ""), scope(c.Category, ""), scope("", string(c.Status)), scope(c.Category, string(c.Status))}[slot]
	r.Idx[ixTop-1] = table.IndexKey{P: p, S: topKey(c.Votes) + "#" + c.ID}
	r.Idx[ixTrend-1] = table.IndexKey{P: p, S: trendKey(c.Trend) + "#" + c.ID}
	r.Idx[ixNew-1] = table.IndexKey{P: p, S: newKey(c, slot)}
	return r
}

// newKey puts ideas in the order of their birth, and in the lists of what was
// launched in the order of their launch.
func newKey(c portal.Card, slot int) string {
	if slot >= 2 && c.Status == portal.Launched && !c.LaunchedAt.IsZero() {
		return portal.TimeKey(c.LaunchedAt) + "#" + c.ID
	}
	return c.ID
}

// votesShift moves votes above zero, since an imported idea may have fewer than none.
const votesShift = 5_000_000_000

func topKey(votes int) string { return fmt.Sprintf("%010d", votes+votesShift) }

// trendSteps is how finely trend keys tell scores apart: 64 steps a doubling, so
// that a vote seldom moves the key and writes the index.
const trendSteps = 64

func trendKey(trend float64) string {
	return fmt.Sprintf("%08d", max(0, min(int64(math.Floor(trend*trendSteps)), 99_999_999)))
}

func cardOf(r table.Record) (portal.Card, error) {
	row, err := unmarshal[cardRow](r)
	id := strings.TrimPrefix(r.PK, "I#")
	return portal.Card{ID: id, Title: row.Title, Excerpt: row.Excerpt, Category: row.Category, Status: portal.Status(row.Status),
		Author: portal.Author{ID: row.Author, Name: row.Name, Team: row.Team}, Votes: row.Votes, Comments: row.Comments,
		Trend: row.Trend, CreatedAt: portal.IDTime(id), Published: at(row.Public), UpdatedAt: at(row.Updated), LaunchedAt: at(row.Launched),
		Version: row.Version, MergedInto: row.Into, MergedFrom: row.From, Hidden: row.Hidden, AsOf: at(row.AsOf)}, err
}

// newCard is the card of an idea that nothing has been counted for yet.
func newCard(i portal.Idea) portal.Card {
	return portal.Card{ID: i.ID, Title: i.Title, Excerpt: i.Excerpt, Category: i.Category, Status: i.Status,
		Author: portal.Author{ID: i.AuthorID}, Votes: i.BaseVotes, CreatedAt: i.CreatedAt, Published: i.Published, UpdatedAt: i.UpdatedAt,
		LaunchedAt: i.LaunchedAt, Version: i.Version, MergedInto: i.MergedInto, Hidden: i.Hidden()}
}

// Cards implements portal.Store: one Query of one index.
func (s *Store) Cards(ctx context.Context, q portal.ListQuery) (portal.CardPage, error) {
	index, ok := map[portal.Sort]int{portal.Top: ixTop, portal.Trending: ixTrend, portal.Newest: ixNew}[q.Sort]
	if !ok {
		return portal.CardPage{}, fmt.Errorf("list cards: sort %q", q.Sort)
	}
	p := scope(q.Category, string(q.Status))
	list := string(q.Sort) + " " + p
	query := table.Query{Index: index, PK: p, Desc: true}
	if q.Year != 0 { // see newKey
		query.From, query.To = portal.TimeKey(newYear(q.Year)), portal.TimeKey(newYear(q.Year+1))
		list += " " + strconv.Itoa(q.Year)
	}
	recs, next, err := s.page(ctx, list, query, q.Cursor, q.Limit)
	if err != nil {
		return portal.CardPage{}, err
	}
	page := portal.CardPage{Cards: make([]portal.Card, 0, len(recs)), Next: next}
	for _, r := range recs {
		c, err := cardOf(r)
		if err != nil {
			return portal.CardPage{}, err
		}
		page.Cards = append(page.Cards, c)
	}
	return page, nil
}

func newYear(year int) time.Time { return time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC) }

// CardOf implements portal.Store.
func (s *Store) CardOf(ctx context.Context, id string) (portal.Card, error) {
	r, err := s.Table.Get(ctx, cardKey(id, 0), false)
	if err == nil {
		return cardOf(r)
	}
	if !errors.Is(err, table.ErrNotFound) {
		return portal.Card{}, fmt.Errorf("get card: %w", err)
	}
	// Not counted yet, or just created: the idea itself decides, strongly.
	idea, err := s.Idea(ctx, id, true)
	if err != nil {
		return portal.Card{}, err
	}
	return newCard(idea), nil
}

// CardsOf implements portal.Store.
func (s *Store) CardsOf(ctx context.Context, ids []string) ([]portal.Card, error) {
	return s.cardsOf(ctx, ids, func(table.Record) bool { return true })
}

func (s *Store) cardsOf(ctx context.Context, ids []string, keep func(table.Record) bool) ([]portal.Card, error) {
	keys := make([]table.Key, 0, len(ids))
	for _, id := range ids {
		keys = append(keys, cardKey(id, 0))
	}
	recs, err := s.Table.BatchGet(ctx, keys, false)
	if err != nil {
		return nil, fmt.Errorf("get cards: %w", err)
	}
	cards := make([]portal.Card, 0, len(ids))
	for _, k := range keys {
		r, ok := recs[k]
		if !ok || !keep(r) {
			continue
		}
		c, err := cardOf(r)
		if err != nil {
			return nil, err
		}
		cards = append(cards, c)
	}
	return cards, nil
}

// CardVersion reads the highest fencing version among the idea's four cards, and up to
// when that one counts votes, strongly; 0 where there are none.
func (s *Store) CardVersion(ctx context.Context, ideaID string) (ver int64, asOf time.Time, err error) {
	err = s.each(ctx, table.Query{PK: ideaPK(ideaID), Prefix: cardPrefix, Limit: Slots, Consistent: true}, func(r table.Record) error {
		if ver < r.Ver {
			ver = r.Ver
			if row, err := unmarshal[cardRow](r); err == nil { // one that can't be read is replaced all the same
				asOf = at(row.AsOf)
			}
		}
		return nil
	})
	return ver, asOf, err
}

// PutCards overwrites the four cards under version prev+1. ErrLost means that at
// least one of them holds a version as high already: read again, and write all.
func (s *Store) PutCards(ctx context.Context, c portal.Card, listed bool, prev int64) error {
	ops := make([]table.Op, Slots)
	for i := range ops {
		ops[i] = table.Op{Rec: cardRecord(c, i, listed, prev+1), Cond: table.VerBelow, N: prev + 1}
	}
	lost := false
	for _, err := range s.Table.WriteEach(ctx, ops...) {
		if _, failed := table.FailedCond(err); failed || errors.Is(err, table.ErrConflict) {
			lost = true
		} else if err != nil {
			return fmt.Errorf("put card: %w", err)
		}
	}
	if lost {
		return ErrLost
	}
	return nil
}
