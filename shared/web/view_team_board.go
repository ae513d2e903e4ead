package web

import (
	"groundswell/shared/i18n"
	"groundswell/shared/portal"
)

// boardView is the ideas by status.
type boardView struct {
	base
	Tab     string
	Columns []columnView
	Only    bool // one column, by itself
	Most    int  // ideas that can be moved at once
}

type columnView struct {
	Status portal.Status
	Count  string // how many, with a plus if there are more than are known
	Known  int    // the same as a number
	More   string // address of what follows
	First  string // address of the whole board
	Cards  []boardCard
}

// columnOf makes a column of its ideas; all is how many the census has of them, or 0.
func columnOf(p *i18n.Printer, st portal.Status, page portal.CardPage, all int, moved string) columnView {
	n := len(page.Cards)
	c := columnView{Status: st, Count: p.Number(n), Known: n}
	if page.Next != "" {
		c.More = columnPath(st, page.Next)
		if c.Count += "+"; all > n {
			c.Count, c.Known = p.Number(all), all
		}
	}
	for _, card := range page.Cards {
		b := boardCardOf(p, card)
		b.Moved = card.ID == moved
		c.Cards = append(c.Cards, b)
	}
	return c
}

type boardCard struct {
	ID, Open, Title string
	Votes           string
	Author          portal.Author
	Version         int64
	Moves           []option
	Moved           bool // just now
}

func boardCardOf(p *i18n.Printer, c portal.Card) boardCard {
	return boardCard{ID: c.ID, Open: teamIdeaPath(c.ID, fromBoard), Title: c.Title, Votes: p.N("vote.count", c.Votes),
		Author: named(p, c.Author), Version: c.Version, Moves: statusOptions(p, c.Status.Next(), "")}
}
