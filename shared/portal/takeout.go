package portal

import (
	"context"
	"slices"
	"strings"
)

// TakeKind is a kind of rows that can be taken away.
type TakeKind string

// The kinds. What nobody needs who works with the rest is in none of them: sessions,
// quotas, keys, counts that follow from other rows. A backup has those (shared/transfer).
const (
	TakeIdeas    TakeKind = "ideas"
	TakeComments TakeKind = "comments"
	TakeVotes    TakeKind = "votes"
	TakeFollows  TakeKind = "follows"
	TakeHistory  TakeKind = "history"
	TakeDossiers TakeKind = "dossiers" // owners and tags
	TakeNotes    TakeKind = "notes"    // among the team
	TakeMembers  TakeKind = "members"
	TakeMails    TakeKind = "mails"
	TakeLog      TakeKind = "log"
)

// TakeKinds are all of them.
var TakeKinds = []TakeKind{TakeIdeas, TakeComments, TakeVotes, TakeFollows, TakeHistory, TakeDossiers, TakeNotes, TakeMembers, TakeMails, TakeLog}

// A part of an export is what a function reads in a second or two and what fits its
// answer of 6 MB: so many ideas or members; so many rows of what there can be any number
// of for one idea, some hundred more at most; so many bytes of texts, one page more at
// most. All at once is the operator's (admin export).
const (
	TakeoutPart  = 200
	takeoutRows  = 2000
	takeoutBytes = 2 << 20
	takeoutTexts = 25 // texts of ideas that are read before their bytes are counted
	takeoutPage  = 200
)

// Takeout is a part of an export: the rows of one kind, with what is needed to read
// them. Ideas come in an order that says nothing, but stays.
type Takeout struct {
	Ideas    []IdeaText // for TakeIdeas and TakeHistory
	Comments []Comment  // deleted ones left out
	Votes    []Vote
	Follows  []Follow
	Dossiers []Dossier
	Notes    []Memo
	Members  []Member // not those who left
	Mails    []MailLine
	Log      []LogEntry // newest first

	Cards         map[string]Card          // of the ideas of the part, by id
	People        map[string]Member        // whom the rows speak of, by id; those who left have no name
	Contributions map[string]Contributions // by member; for TakeMembers
	Tags          Tags                     // for TakeDossiers

	Next string // the cursor behind it; "" = this was the last part
}

// Contributions are how much a member has written and voted for; hidden ideas and comments
// count, deleted ones don't.
type Contributions struct{ Ideas, Comments, Votes int }

// TakePlace is where in an idea's rows, or those of several ideas, a part ended; the
// zero TakePlace is their beginning.
type TakePlace struct {
	Idea   string // "" = before the first
	Cursor string // within the idea
}

// Take reads the part of an export behind the cursor, of all ideas, hidden and merged
// ones too. With addresses it is for admins, and written down: one line of the log a
// part. Else team only. Errors: NotFound for a kind that there is not.
func (p *Portal) Take(ctx context.Context, a Actor, kind TakeKind, cursor string, addresses bool) (Takeout, error) {
	if err := a.needTeam(); err != nil {
		return Takeout{}, err
	}
	if addresses && a.Role != RoleAdmin {
		return Takeout{}, errTakeAddresses
	}
	if err := p.allow(ctx, a, rateExports); err != nil {
		return Takeout{}, err
	}
	place, err := OpenCursor("take "+string(kind), cursor)
	if err != nil {
		return Takeout{}, err
	}
	if addresses {
		if err := p.LogAddresses(ctx, a.ID, string(kind)); err != nil {
			return Takeout{}, err
		}
	}
	var t Takeout
	switch kind {
	case TakeMembers:
		t, place, err = p.takeMembers(ctx, place)
	case TakeLog:
		t, place, err = GatherLog(ctx, p.Store, place)
	default:
		t, place, err = p.takeIdeas(ctx, kind, place)
	}
	t.Next = SealCursor("take "+string(kind), place)
	return t, err
}

var (
	errTakeAddresses = &Error{Kind: Forbidden, Code: "admin_only", Msg: "Addresses of members are for the portal's admins."}
	errNoTakeout     = &Error{Kind: NotFound, Code: "no_page", Msg: "There is nothing at this address."}
)

// LogAddresses writes down that addresses of members are taken away with a kind of rows;
// it comes before they are read. by is "" for the operator.
func (p *Portal) LogAddresses(ctx context.Context, by, kind string) error {
	l, err := p.logged(p.now(), LogEntry{What: LogExport, By: by, Note: kind})
	if err != nil {
		return err
	}
	return p.Store.Moderate(ctx, Deed{Log: []LogEntry{l}})
}

// takeIdeas is a part of what belongs to ideas. A place is an idea and, where its rows
// went on, a cursor within them.
func (p *Portal) takeIdeas(ctx context.Context, kind TakeKind, place string) (Takeout, string, error) {
	last, inner, more := strings.Cut(place, " ")
	if last != "" && !ValidTimedID(last) {
		return Takeout{}, "", errBadCursor
	}
	ids, next, err := p.Store.AllIdeas(ctx, last, TakeoutPart)
	if err != nil {
		return Takeout{}, "", err
	}
	from := TakePlace{}
	if more {
		ids, from = append([]string{last}, ids...), TakePlace{last, inner}
	}
	t, rest, err := Gather(ctx, p.Store, kind, ids, from)
	switch {
	case rest.Idea != "" && rest.Cursor != "":
		next = rest.Idea + " " + rest.Cursor
	case rest.Idea != "":
		next = rest.Idea
	}
	return t, next, err
}

// Gather reads the rows of a kind that belong to the ideas, from a place on, until a
// part is full. rest is where it ended, the last idea that it read of, with a Cursor if
// that one has more; the zero TakePlace if it read all. It asks nobody's leave: it is
// for Take and for the operator.
func Gather(ctx context.Context, s Store, kind TakeKind, ids []string, from TakePlace) (t Takeout, rest TakePlace, err error) {
	if i := slices.Index(ids, from.Idea); i >= 0 {
		if ids = ids[i:]; from.Cursor == "" {
			ids = ids[1:]
		}
	}
	cards, err := s.CardsOf(ctx, ids)
	if err != nil {
		return t, rest, err
	}
	t.Cards = make(map[string]Card, len(cards))
	for _, c := range cards {
		t.Cards[c.ID] = c
	}
	switch kind {
	case TakeIdeas, TakeHistory:
		rest, err = t.texts(ctx, s, ids)
	case TakeDossiers:
		err = t.dossiers(ctx, s, ids)
	case TakeComments:
		rest, err = gather(ctx, ids, from, s.Comments, &t.Comments, func(c Comment) int { return len(c.Body) })
		t.Comments = slices.DeleteFunc(t.Comments, func(c Comment) bool { return c.Deleted })
	case TakeVotes:
		rest, err = gather(ctx, ids, from, s.VotesFor, &t.Votes, nil)
	case TakeFollows:
		rest, err = gather(ctx, ids, from, s.FollowsOf, &t.Follows, nil)
	case TakeNotes:
		rest, err = gather(ctx, ids, from, s.Memos, &t.Notes, func(m Memo) int { return len(m.Body) })
	case TakeMails:
		rest, err = gather(ctx, ids, from, s.MailsAbout, &t.Mails, nil)
	default:
		err = errNoTakeout
	}
	if err == nil {
		err = t.people(ctx, s)
	}
	return t, rest, err
}

// gather reads pages of each idea's rows until there are enough. size is how many bytes
// of text a row has; nil = none to speak of.
func gather[T any](ctx context.Context, ids []string, from TakePlace, page func(ctx context.Context, ideaID, cursor string, limit int) ([]T, string, error),
	into *[]T, size func(T) int) (rest TakePlace, err error) {
	bytes := 0
	for i, id := range ids {
		cursor := ""
		if i == 0 {
			cursor = from.Cursor
		}
		for {
			some, next, err := page(ctx, id, cursor, min(takeoutPage, max(1, takeoutRows-len(*into))))
			if err != nil {
				return rest, err
			}
			*into = append(*into, some...)
			for _, row := range some {
				if size != nil {
					bytes += size(row)
				}
			}
			if (len(*into) >= takeoutRows || bytes >= takeoutBytes) && (next != "" || i+1 < len(ids)) {
				return TakePlace{id, next}, nil
			}
			if cursor = next; cursor == "" {
				break
			}
		}
	}
	return TakePlace{}, nil
}

// texts reads ideas with their histories, until there are enough.
func (t *Takeout) texts(ctx context.Context, s Store, ids []string) (rest TakePlace, err error) {
	bytes := 0
	for some := range slices.Chunk(ids, takeoutTexts) {
		texts, err := s.TextsOf(ctx, some)
		if err != nil {
			return rest, err
		}
		t.Ideas = append(t.Ideas, texts...)
		for _, i := range texts {
			bytes += len(i.Body)
			for _, h := range i.History {
				bytes += len(h.Note)
			}
		}
		if last := some[len(some)-1]; bytes >= takeoutBytes && last != ids[len(ids)-1] {
			return TakePlace{Idea: last}, nil
		}
	}
	return TakePlace{}, nil
}

func (t *Takeout) dossiers(ctx context.Context, s Store, ids []string) (err error) {
	if t.Tags, err = s.Tags(ctx); err != nil {
		return err
	}
	found, err := s.Dossiers(ctx, ids)
	for _, id := range ids {
		if d, ok := found[id]; ok && (d.Owner != "" || len(d.Tags) > 0) {
			t.Dossiers = append(t.Dossiers, d)
		}
	}
	return err
}

// GatherLog is a part of the audit log behind a cursor of Store.Log. Like Gather it asks
// nobody's leave.
func GatherLog(ctx context.Context, s Store, cursor string) (t Takeout, next string, err error) {
	for next = cursor; len(t.Log) < takeoutRows; {
		var some []LogEntry
		some, next, err = s.Log(ctx, LogQuery{Cursor: next, Limit: exportPage})
		if err != nil {
			return t, "", err
		}
		if t.Log = append(t.Log, some...); next == "" {
			break
		}
	}
	return t, next, t.people(ctx, s)
}

// takeMembers is a part of the members. A place is the last one's id.
func (p *Portal) takeMembers(ctx context.Context, place string) (t Takeout, next string, err error) {
	if place != "" && !ValidMemberID(place) {
		return t, "", errBadCursor
	}
	ms, next, err := p.Store.AllMembers(ctx, place, TakeoutPart)
	if err != nil {
		return t, "", err
	}
	t, err = GatherMembers(ctx, p.Store, ms)
	return t, next, err
}
