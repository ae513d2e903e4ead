package portal

import (
	"context"
	"fmt"
	"time"
)

// Memo is a note among the team about an idea. Nobody else sees it: no page, feed,
// search or export of a customer has it. It knows its author by id alone, so that a
// name that is gone is gone here too.
type Memo struct {
	ID, IdeaID string
	Body       string // Markdown
	By         string // a member's id
	CreatedAt  time.Time
	EditedAt   time.Time // zero if never
	Version    int64
}

// MostMemos is how many of an idea's notes the console shows, the newest.
const MostMemos = 50

// AddMemo writes a note among the team about an idea. Team only.
func (p *Portal) AddMemo(ctx context.Context, a Actor, ideaID, body string) (Memo, error) {
	if err := p.teamWrites(ctx, a); err != nil {
		return Memo{}, err
	}
	body, err := memoText(body)
	if err != nil {
		return Memo{}, err
	}
	if _, err := p.ideaToChange(ctx, ideaID, 0); err != nil {
		return Memo{}, err
	}
	m, err := p.memo(a, ideaID, body)
	if err != nil {
		return Memo{}, err
	}
	l, err := p.loggedMemo(a, LogNote, m)
	if err != nil {
		return Memo{}, err
	}
	return m, p.Store.PutMemo(ctx, m, 0, l)
}

// loggedMemo is the line about a note.
func (p *Portal) loggedMemo(a Actor, what string, m Memo) (LogEntry, error) {
	return p.logged(p.now(), LogEntry{What: what, By: a.ID, Whose: m.By, Thing: Thing{IdeaID: m.IdeaID}})
}

func (p *Portal) memo(a Actor, ideaID, body string) (Memo, error) {
	now := p.now()
	id, err := p.IDs.At(now)
	if err != nil {
		return Memo{}, fmt.Errorf("make note id: %w", err)
	}
	return Memo{ID: id, IdeaID: ideaID, Body: body, By: a.ID, CreatedAt: now, Version: 1}, nil
}

func memoText(s string) (string, error) {
	var f fields
	s = text(s)
	f.text("memo", s, 1, MaxNote)
	return s, f.err()
}

// EditMemo changes a note: its author only. Version is what the actor saw; 0 = any.
func (p *Portal) EditMemo(ctx context.Context, a Actor, ideaID, id, body string, version int64) (Memo, error) {
	m, err := p.memoOf(ctx, a, ideaID, id, version)
	if err != nil {
		return Memo{}, err
	}
	if m.By != a.ID {
		return Memo{}, errNotMemoAuthor
	}
	if m.Body, err = memoText(body); err != nil {
		return Memo{}, err
	}
	m.EditedAt = p.now()
	m.Version++
	l, err := p.loggedMemo(a, LogNoteEdit, m)
	if err != nil {
		return Memo{}, err
	}
	return m, p.Store.PutMemo(ctx, m, m.Version-1, l)
}

// DeleteMemo takes a note away for good: its author, or an admin.
func (p *Portal) DeleteMemo(ctx context.Context, a Actor, ideaID, id string) error {
	m, err := p.memoOf(ctx, a, ideaID, id, 0)
	if err != nil {
		return err
	}
	if m.By != a.ID && a.Role != RoleAdmin {
		return errNotMemoAuthor
	}
	l, err := p.loggedMemo(a, LogNoteDelete, m)
	if err != nil {
		return err
	}
	return p.Store.DeleteMemo(ctx, m, l)
}

func (p *Portal) memoOf(ctx context.Context, a Actor, ideaID, id string, version int64) (Memo, error) {
	if err := p.teamWrites(ctx, a); err != nil {
		return Memo{}, err
	}
	if !ValidTimedID(ideaID) || !ValidTimedID(id) {
		return Memo{}, errNoMemo
	}
	m, err := p.Store.Memo(ctx, ideaID, id)
	switch {
	case KindOf(err) == NotFound:
		return Memo{}, errNoMemo
	case err != nil:
		return Memo{}, err
	case version != 0 && version != m.Version:
		return Memo{}, errStale
	}
	return m, nil
}

var (
	errNoMemo        = &Error{Kind: NotFound, Code: "no_memo", Msg: "There is no such note."}
	errNotMemoAuthor = &Error{Kind: Forbidden, Code: "not_memo_author", Msg: "Only its author may change a note; an admin may delete it."}
)
