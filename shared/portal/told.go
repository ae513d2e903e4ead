package portal

import (
	"context"
	"slices"
	"time"
)

// ToldLines is how many lines of an idea's delivery log the console shows beside
// the idea.
const ToldLines = 20

// Told says who was told of what happened to an idea and when, or why not. Of the
// member there is the name alone: nobody needs to see the address.
type Told struct {
	MailLine
	Name string // "" for a member who is not known; FormerMember
}

// ToldPending is the State of somebody who will be told: the idea was launched and
// the ledger does not know of it yet.
const ToldPending = "pending"

// eventLaunched is what the ledger calls the mail about a launch.
const eventLaunched = "launched"

// TeamIdea is an idea as the console shows it. Next is not empty if Told is not all.
type TeamIdea struct {
	IdeaPage
	Told      []Told
	Next      string
	Spreading bool     // followers and voters are still being told of the last step
	EnteredBy Author   // of an idea that the team wrote down: who did
	Readers   []Reader // who would hear of it if the actor launched the idea now
}

// FanOut is how far those who follow an idea or voted for it have been told of the step
// that made Ver: so many pages of them have been looked at, or are being.
type FanOut struct {
	Ver   int64
	Pages int
	Done  bool
	At    time.Time // of the last sign of life
}

// fanOutLives is how long a fan-out may be without a sign of life: its next job is in a
// queue, which keeps it so long.
const fanOutLives = 4 * 24 * time.Hour

// Spreading reports whether those who follow the idea or voted for it are still being
// told of its last step: one Query, if there is such a step.
func Spreading(ctx context.Context, s interface {
	FanOut(ctx context.Context, ideaID string) (FanOut, error)
}, page IdeaPage, now time.Time) (bool, error) {
	var h HistoryEntry
	for _, e := range page.History {
		if e.Moves() {
			h = e
		}
	}
	if h.Ver == 0 || h.Silent || page.Idea.Hidden() {
		return false, nil
	}
	f, err := s.FanOut(ctx, page.Idea.ID)
	if err != nil && KindOf(err) != NotFound {
		return false, err
	}
	if f.Ver != h.Ver { // it has not begun
		f = FanOut{At: h.At}
	}
	return !f.Done && now.Sub(f.At) < fanOutLives, nil
}

// TeamIdea reads an idea, strongly, its delivery log and how far its last step has been
// told: a Query each, and a Get for each member and each merged duplicate. Team only.
func (p *Portal) TeamIdea(ctx context.Context, a Actor, id string) (TeamIdea, error) {
	if err := a.needTeam(); err != nil {
		return TeamIdea{}, err
	}
	page, err := p.Idea(ctx, a, IdeaQuery{ID: id, Comments: 1, Fresh: true})
	if err != nil {
		return TeamIdea{}, err
	}
	t := TeamIdea{IdeaPage: page}
	err = together(4, func(i int) (err error) {
		switch i {
		case 0:
			t.Told, t.Next, err = p.told(ctx, id, "", ToldLines)
		case 1:
			t.Readers, err = p.readers(ctx, a, page.Idea)
		case 2:
			t.Spreading, err = Spreading(ctx, p.Store, page, p.Clock())
		case 3:
			t.EnteredBy, err = p.enteredBy(ctx, page)
		}
		return err
	})
	if err != nil || t.Next != "" {
		return t, err
	}
	waiting, err := p.waiting(ctx, page, t.Told)
	t.Told = append(waiting, t.Told...)
	return t, err
}

// Told is a page of an idea's delivery log: one Query, and a Get for each member.
// Team only.
func (p *Portal) Told(ctx context.Context, a Actor, id, cursor string) (told []Told, next string, err error) {
	if err := a.needTeam(); err != nil {
		return nil, "", err
	}
	return p.told(ctx, id, cursor, DefaultLimit*2)
}

func (p *Portal) told(ctx context.Context, id, cursor string, limit int) ([]Told, string, error) {
	lines, next, err := p.Store.MailsAbout(ctx, id, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	told, err := p.nameTold(ctx, lines)
	return told, next, err
}

func (p *Portal) nameTold(ctx context.Context, lines []MailLine) ([]Told, error) {
	told := make([]Told, len(lines))
	return told, together(len(lines), func(i int) error {
		told[i].MailLine = lines[i]
		m, err := p.Store.Member(ctx, lines[i].To)
		if KindOf(err) == NotFound {
			return nil
		}
		told[i].Name = m.Name
		return err
	})
}

// waiting are those who have to hear of the idea's last launch and of whom the
// ledger says nothing yet.
func (p *Portal) waiting(ctx context.Context, page IdeaPage, told []Told) ([]Told, error) {
	h, ok := lastLaunch(page.History)
	if !ok || h.Imported {
		return nil, nil
	}
	owners, err := Submitters(ctx, p.Store, page.Idea, h)
	if err != nil {
		return nil, err
	}
	var lines []MailLine
	for _, id := range OwnersOnce(owners) {
		if !slices.ContainsFunc(told, func(t Told) bool { return t.To == id && t.Event == eventLaunched }) {
			lines = append(lines, MailLine{IdeaID: page.Idea.ID, Event: eventLaunched, To: id, State: ToldPending, At: h.At})
		}
	}
	return p.nameTold(ctx, lines)
}

// lastLaunch is the last step that made the idea real.
func lastLaunch(hs []HistoryEntry) (HistoryEntry, bool) {
	for _, h := range slices.Backward(hs) {
		if h.Launch() {
			return h, true
		}
	}
	return HistoryEntry{}, false
}
