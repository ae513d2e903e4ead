package portal

import "context"

// TakeoutPart is how many ideas the team takes away at once: what a function reads in
// a second or two, and what fits its answer. All at once is the operator's (admin
// export).
const TakeoutPart = 200

// Takeout is a part of the ideas that lists show, newest first.
type Takeout struct {
	Cards []Card
	Texts []IdeaText // none if nobody asked for them
	Talk  []Comment  // likewise, by idea
	Next  string     // the cursor behind it; "" = this was the last part
}

// TakeoutAt is the part behind the cursor, as cards alone: one Query for each hundred.
// Team only.
func (p *Portal) TakeoutAt(ctx context.Context, a Actor, cursor string) (t Takeout, err error) {
	if err := a.needTeam(); err != nil {
		return t, err
	}
	t.Next = cursor
	for len(t.Cards) < TakeoutPart {
		page, err := p.Store.Cards(ctx, ListQuery{Sort: Newest, Cursor: t.Next, Limit: MaxLimit})
		if err != nil {
			return t, err
		}
		t.Cards = append(t.Cards, page.Cards...)
		if t.Next = page.Next; t.Next == "" {
			break
		}
	}
	return t, nil
}

// TakeIdeas is the part with its texts and histories. Team only.
func (p *Portal) TakeIdeas(ctx context.Context, a Actor, cursor string) (Takeout, error) {
	t, err := p.takeout(ctx, a, cursor)
	if err == nil {
		t.Texts, err = p.Store.TextsOf(ctx, t.ids())
	}
	return t, err
}

// TakeComments is the part with its comments, deleted ones left out. Team only.
func (p *Portal) TakeComments(ctx context.Context, a Actor, cursor string) (Takeout, error) {
	t, err := p.takeout(ctx, a, cursor)
	for _, c := range t.Cards {
		if c.Comments == 0 || err != nil {
			continue
		}
		err = p.talk(ctx, c.ID, &t.Talk)
	}
	return t, err
}

func (p *Portal) takeout(ctx context.Context, a Actor, cursor string) (Takeout, error) {
	if err := a.needTeam(); err != nil {
		return Takeout{}, err
	}
	if err := p.allow(ctx, a, rateExports); err != nil {
		return Takeout{}, err
	}
	return p.TakeoutAt(ctx, a, cursor)
}

func (t Takeout) ids() []string {
	ids := make([]string, len(t.Cards))
	for i, c := range t.Cards {
		ids[i] = c.ID
	}
	return ids
}

func (p *Portal) talk(ctx context.Context, ideaID string, into *[]Comment) error {
	for cursor := ""; ; {
		some, next, err := p.Store.Comments(ctx, ideaID, cursor, exportPage)
		if err != nil {
			return err
		}
		for _, c := range some {
			if !c.Deleted {
				*into = append(*into, c)
			}
		}
		if cursor = next; cursor == "" {
			return nil
		}
	}
}
