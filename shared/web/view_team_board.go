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
}

type columnView struct {
	Status portal.Status
	Count  string // how many, with a plus if there are more than are known
	More   string // address of what follows
	First  string // address of the whole board
	Cards  []boardCard
}

func columnOf(p *i18n.Printer, st portal.Status, page portal.CardPage, moved string) columnView {
	c := columnView{Status: st, Count: p.Number(len(page.Cards))}
	if page.Next != "" {
		c.Count += "+"
		c.More = columnPath(st, page.Next)
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
