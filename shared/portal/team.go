package portal

import (
	"context"
	"sync"
)

// BoardColumn is how many ideas of a status the board shows at once.
const BoardColumn = 20

// Inbox is a page of the ideas that nobody has looked at yet, newest first: one
// Query. Team only.
func (p *Portal) Inbox(ctx context.Context, a Actor, cursor string) (CardPage, error) {
	if err := a.needTeam(); err != nil {
		return CardPage{}, err
	}
	return p.Store.Cards(ctx, ListQuery{Sort: Newest, Status: New, Cursor: cursor, Limit: DefaultLimit})
}

// Board is the ideas by status, in the order of Statuses: of each the first page of
// its Column, one Query a status. Team only.
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

// Column is a page of the ideas of a status, those with most votes first: one Query.
// Team only.
func (p *Portal) Column(ctx context.Context, a Actor, st Status, cursor string) (CardPage, error) {
	if err := a.needTeam(); err != nil {
		return CardPage{}, err
	}
	return p.Store.Cards(ctx, ListQuery{Sort: Top, Status: st, Cursor: cursor, Limit: BoardColumn})
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
