package portal

import (
	"context"
	"sync"
)

// Sizes of what the team's console shows.
const (
	BoardColumn = 20 // ideas of a status on the board
	ToldLines   = 20 // lines of an idea's delivery log
)

// Inbox is a page of the ideas that nobody has looked at yet, newest first: one
// Query. Team only.
func (p *Portal) Inbox(ctx context.Context, a Actor, cursor string) (CardPage, error) {
	if err := a.needTeam(); err != nil {
		return CardPage{}, err
	}
	return p.Store.Cards(ctx, ListQuery{Sort: Newest, Status: New, Cursor: cursor, Limit: DefaultLimit})
}

// Board is the ideas by status, in the order of Statuses: of each those with most
// votes, one Query a status. Next of a page says only that there are more. Team only.
func (p *Portal) Board(ctx context.Context, a Actor) ([]CardPage, error) {
	if err := a.needTeam(); err != nil {
		return nil, err
	}
	out := make([]CardPage, len(Statuses))
	err := together(len(Statuses), func(i int) (err error) {
		out[i], err = p.Store.Cards(ctx, ListQuery{Sort: Top, Status: Statuses[i], Limit: BoardColumn})
		return err
	})
	return out, err
}

// Told says who was told of an idea's launch and when, or why not. Of the member
// there is the name alone: nobody needs to see the address.
type Told struct {
	MailLine
	Name string // "" for a member who is not known; FormerMember
}

// TeamIdea is an idea as the console shows it. Next is not empty if Told is not all.
type TeamIdea struct {
	IdeaPage
	Told []Told
	Next string
}

// TeamIdea reads an idea, strongly, and its delivery log: a Query each, and a Get
// for each member in the log. Team only.
func (p *Portal) TeamIdea(ctx context.Context, a Actor, id string) (TeamIdea, error) {
	if err := a.needTeam(); err != nil {
		return TeamIdea{}, err
	}
	page, err := p.Idea(ctx, a, IdeaQuery{ID: id, Comments: 1, Fresh: true})
	if err != nil {
		return TeamIdea{}, err
	}
	lines, next, err := p.Store.MailsAbout(ctx, id, "", ToldLines)
	if err != nil {
		return TeamIdea{}, err
	}
	t := TeamIdea{IdeaPage: page, Next: next, Told: make([]Told, len(lines))}
	return t, together(len(lines), func(i int) error {
		t.Told[i].MailLine = lines[i]
		m, err := p.Store.Member(ctx, lines[i].To)
		if KindOf(err) == NotFound {
			return nil
		}
		t.Told[i].Name = m.Name
		return err
	})
}

// together calls do with 0 to n-1 at the same time, and returns the first error by
// number.
func together(n int, do func(i int) error) error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = do(i) })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
