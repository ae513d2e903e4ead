package portal

import (
	"context"
	"slices"
)

// Desk is what the team keeps about one idea, as the console shows it.
type Desk struct {
	Dossier Dossier
	Memos   []Memo // the newest MostMemos, newest first
	Tags    Tags
	Team    []Author // whoever may look after an idea, by name
	Names   map[string]Author
	Votes   VoteCase // about odd votes; Version 0 if there were none
}

// Name is the author with the id; the zero Author for "".
func (d Desk) Name(id string) Author { return d.Names[id] }

// Desk reads what the team keeps about an idea: one Query of its own, the tags, the
// team, whether its votes are odd, and the members who are named. Team only.
func (p *Portal) Desk(ctx context.Context, a Actor, ideaID string) (Desk, error) {
	if err := a.needTeam(); err != nil {
		return Desk{}, err
	}
	if !ValidTimedID(ideaID) {
		return Desk{}, errNoIdea
	}
	var d Desk
	err := together(4, func(i int) (err error) {
		switch i {
		case 0:
			d.Dossier, d.Memos, err = p.Store.Desk(ctx, ideaID, MostMemos)
		case 1:
			d.Tags, err = p.Store.Tags(ctx)
		case 2:
			d.Votes, err = p.Store.VoteCase(ctx, ideaID, false)
		default:
			d.Team, err = p.team(ctx)
		}
		return err
	})
	if err != nil {
		return Desk{}, err
	}
	ids := []string{d.Dossier.Owner, d.Dossier.By}
	for _, m := range d.Memos {
		ids = append(ids, m.By)
	}
	d.Names, err = p.named(ctx, d.Team, ids)
	return d, err
}

// team are the members of the team, by name: one Query.
func (p *Portal) team(ctx context.Context) ([]Author, error) {
	ms, err := p.Store.Team(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Author, 0, len(ms))
	for _, m := range ms {
		out = append(out, m.Author())
	}
	slices.SortFunc(out, func(a, b Author) int {
		switch {
		case a.Name < b.Name:
			return -1
		case a.Name > b.Name:
			return 1
		}
		return 0
	})
	return out, nil
}

// named are the members with the ids, by id: the team's are known, others are read.
func (p *Portal) named(ctx context.Context, team []Author, ids []string) (map[string]Author, error) {
	out := make(map[string]Author, len(team))
	for _, m := range team {
		out[m.ID] = m
	}
	var rest []string
	for _, id := range ids {
		if _, ok := out[id]; !ok && id != "" && !slices.Contains(rest, id) {
			rest = append(rest, id)
		}
	}
	if len(rest) == 0 {
		return out, nil
	}
	more, err := p.Store.Members(ctx, rest)
	for id, m := range more {
		out[id] = m.Author()
	}
	return out, err
}

// TeamQuery asks for a page of the console's list. Owner or Tag, or both, narrow it
// to the ideas with that dossier, newest first; then neither a Sort nor a Category can
// be chosen: each list is one Query, and there is none for all of it at once.
type TeamQuery struct {
	Owner    string // a member's id, or OwnerMe
	Tag      string // a tag's id
	Status   Status
	Category string
	Sort     Sort
	Cursor   string
	Limit    int
}

// OwnerMe stands for whoever asks, so that one saved list is everybody's own.
const OwnerMe = "me"

// Labelled reports whether it is a list by owner or tag.
func (q TeamQuery) Labelled() bool { return q.Owner != "" || q.Tag != "" }

// TeamPage is a page of the console's list, with the dossiers of its ideas, those
// that there are.
type TeamPage struct {
	CardPage
	Dossiers map[string]Dossier
	Tags     Tags
	Team     []Author
	Names    map[string]Author
	Filters  Filters
}

// TeamList is a page of the console's list: one Query, and where it is one by owner
// or tag a BatchGet of the cards. Team only.
func (p *Portal) TeamList(ctx context.Context, a Actor, q TeamQuery) (TeamPage, error) {
	if err := a.needTeam(); err != nil {
		return TeamPage{}, err
	}
	var t TeamPage
	err := together(3, func(i int) (err error) {
		switch i {
		case 0:
			t.Tags, err = p.Store.Tags(ctx)
		case 1:
			t.Team, err = p.team(ctx)
		default:
			t.Filters, err = p.Store.Filters(ctx, a.ID)
		}
		return err
	})
	if err != nil {
		return TeamPage{}, err
	}
	if t.CardPage, err = p.teamCards(ctx, a, q, t.Tags); err != nil {
		return t, err
	}
	ids := make([]string, len(t.Cards))
	for i, c := range t.Cards {
		ids[i] = c.ID
	}
	if t.Dossiers, err = p.Store.Dossiers(ctx, ids); err != nil {
		return t, err
	}
	var owners []string
	for _, d := range t.Dossiers {
		owners = append(owners, d.Owner)
	}
	t.Names, err = p.named(ctx, t.Team, owners)
	return t, err
}

func (p *Portal) teamCards(ctx context.Context, a Actor, q TeamQuery, tags Tags) (CardPage, error) {
	if !q.Labelled() {
		if q.Sort == "" {
			q.Sort = Newest
		}
		lq := ListQuery{Sort: q.Sort, Category: q.Category, Status: q.Status, Cursor: q.Cursor, Limit: q.Limit}
		if err := lq.normalise(p.Categories); err != nil {
			return CardPage{}, err
		}
		return p.Store.Cards(ctx, lq)
	}
	l, err := q.label(a, tags)
	if err != nil {
		return CardPage{}, err
	}
	var f fields
	if q.Limit = f.limit(q.Limit); len(f) > 0 {
		return CardPage{}, f.err()
	}
	ids, next, err := p.Store.Labelled(ctx, l, q.Status, q.Cursor, q.Limit)
	if err != nil {
		return CardPage{}, err
	}
	cards, err := p.Store.CardsOf(ctx, ids)
	return CardPage{Cards: cards, Next: next}, err
}

// label is the list that q asks for.
func (q TeamQuery) label(a Actor, tags Tags) (Label, error) {
	var f fields
	l := Label{Owner: q.Owner}
	if l.Owner == OwnerMe {
		l.Owner = a.ID
	}
	if l.Owner != "" && !ValidMemberID(l.Owner) {
		f.add("owner", "unknown", 0, "There is no such member.")
	}
	if q.Tag != "" {
		t, ok := tags.Find(q.Tag)
		if !ok {
			f.add("tag", "no_tag", 0, "There is no such tag.")
		}
		l.Tag = t.ID
	}
	if q.Status != "" && !q.Status.Valid() {
		f.add("status", "unknown", 0, "There is no such status.")
	}
	if q.Category != "" {
		f.add("category", "not_together", 0, "A list by owner or tag can't be narrowed to a category.")
	}
	if q.Sort != "" && q.Sort != Newest {
		f.add("sort", "not_together", 0, "A list by owner or tag has the newest ideas first.")
	}
	return l, f.err()
}
