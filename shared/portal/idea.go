package portal

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"
)

// EditWindow is how long an author may edit the idea; the team always may.
const EditWindow = time.Hour

// Author is who wrote something, as others see it.
type Author struct {
	ID, Name string
	Team     bool
}

// Idea is an idea as its own record knows it. Votes and Comments are derived
// from the votes and comments themselves and may lag by seconds.
type Idea struct {
	ID         string
	Title      string
	Excerpt    string // the text's start, one plain line
	Category   string
	Status     Status
	AuthorID   string
	CreatedAt  time.Time
	Published  time.Time // from when on it counts as new, if not from CreatedAt; see Born
	UpdatedAt  time.Time
	LaunchedAt time.Time // of the last time; zero if never
	Version    int64     // grows with every edit; If-Match compares with it
	BaseVotes  int       // what an imported idea brought along; may be negative
	MergedInto string    // the idea that this one is a duplicate of
	MergedAt   time.Time // since when it is one; zero if it is none
	MergedFrom []string  // the ideas that are duplicates of this one
	Mod        Moderation
	Locked     bool   // takes no more comments, but the team's
	Entered    bool   // the team wrote it down for its author; the first history entry says how
	Source     string // where it was imported from, "" if written here
}

// Card is an idea as lists show it: derived, and a few seconds behind at most.
type Card struct {
	ID, Title, Excerpt string
	Category           string
	Status             Status
	Author             Author
	Votes, Comments    int
	Trend              float64 // log2 of the votes, each weighed 2^(time/half-life)
	CreatedAt          time.Time
	Published          time.Time // as Idea has it
	UpdatedAt          time.Time
	LaunchedAt         time.Time
	Version            int64 // of the idea
	MergedInto         string
	Hidden             bool      // the idea is: see Moderation
	MergedFrom         []string  // the duplicates whose votes are in Votes
	AsOf               time.Time // when the newest vote was cast that is in Votes; zero if none is
}

// Born is from when on the idea counts as new.
func (c Card) Born() time.Time { return born(c.CreatedAt, c.Published) }

// Excerpts are cut to this many bytes: twenty cards have to fit two read units.
const excerptBytes = 140

// IdeaDraft is what a member submits. Key is the client's Idempotency-Key, or "".
type IdeaDraft struct {
	Title, Body, Category string
	Key                   string
	Form                  FormFacts // how the form was filled in, if it was one
}

func (d *IdeaDraft) normalise(cs Categories) error {
	var f fields
	d.Title, d.Body = line(d.Title), text(d.Body)
	f.text("title", d.Title, MinTitle, MaxTitle)
	f.text("body", d.Body, 0, MaxBody)
	f.category(d.Category, cs)
	if len(d.Key) > 255 {
		f.add("Idempotency-Key", "too_long", 255, "Must have at most 255 characters.")
	}
	return f.err()
}

func (f *fields) category(id string, cs Categories) {
	if id == "" {
		f.add("category", "required", 0, "Choose a category.")
	} else if _, ok := cs.Find(id); !ok {
		f.add("category", "unknown", 0, "There is no such category.")
	}
}

// NewIdea is what Store.CreateIdea writes at once: the idea, its text, the first
// history entry and, with a Key, the note that this key has been used.
type NewIdea struct {
	Idea    Idea
	Body    string
	History HistoryEntry
	Key     string // hashed; "" for none
	Digest  string // of what was submitted under Key
	KeyTTL  time.Time
	Case    *Case // if it is held
	Log     []LogEntry

	// Author is set where somebody else wrote it down: the member must still be so or,
	// with NewAuthor, comes to be in the same write.
	Author    *Member
	NewAuthor bool
}

// IdeaUpdate replaces the idea if its version is still Prev; Body and History go
// with it in the same write where they are set. Other, if set, is a second idea
// (the other end of a merge) under its own condition.
type IdeaUpdate struct {
	Idea    Idea
	Prev    int64
	Body    *string
	History *HistoryEntry
	Other   *IdeaUpdate
	Log     []LogEntry // of the audit
}

// ErrKeyUsed is what Store.CreateIdea returns, with the idea it made then, when
// the Idempotency-Key has been used before.
type ErrKeyUsed struct{ IdeaID, Digest string }

func (e *ErrKeyUsed) Error() string { return "idempotency key used for idea " + e.IdeaID }

// keyLife is how long an Idempotency-Key is remembered.
const keyLife = 24 * time.Hour

// SubmitIdea creates an idea: members only, one atomic write. With a Key, a
// repeated submission answers with the first one's idea and again=true; the same
// key with another text is Invalid.
func (p *Portal) SubmitIdea(ctx context.Context, a Actor, d IdeaDraft) (idea Idea, again bool, err error) {
	if err := a.needWriter(); err != nil {
		return Idea{}, false, err
	}
	if err := d.normalise(p.Categories); err != nil {
		return Idea{}, false, err
	}
	now := p.now()
	id, err := p.IDs.At(now)
	if err != nil {
		return Idea{}, false, fmt.Errorf("make idea id: %w", err)
	}
	n := NewIdea{
		Idea: Idea{ID: id, Title: d.Title, Excerpt: Excerpt(d.Body, excerptBytes), Category: d.Category, Status: New,
			AuthorID: a.ID, CreatedAt: now, UpdatedAt: now, Version: 1},
		Body:    d.Body,
		History: HistoryEntry{IdeaID: id, Ver: 1, At: now, To: New, By: a.author()},
	}
	if d.Key != "" {
		n.Key, n.Digest, n.KeyTTL = hash(a.ID, d.Key), hash(d.Title, d.Body, d.Category), now.Add(keyLife)
		// A repeated request is answered before it counts against a limit.
		if used, err := p.Store.UsedKey(ctx, n.Key); err != nil {
			return Idea{}, false, err
		} else if used != nil {
			return p.submittedBefore(ctx, used, n.Digest)
		}
	}
	if err := p.allow(ctx, a, rateIdeas); err != nil {
		return Idea{}, false, err
	}
	if err := p.holdNew(ctx, a, &n, d.Form); err != nil {
		return Idea{}, false, err
	}
	var used *ErrKeyUsed
	switch err := p.Store.CreateIdea(ctx, n); {
	case errors.As(err, &used):
		return p.submittedBefore(ctx, used, n.Digest)
	case err != nil:
		return Idea{}, false, err
	}
	return n.Idea, false, nil
}

func (p *Portal) submittedBefore(ctx context.Context, used *ErrKeyUsed, digest string) (Idea, bool, error) {
	if used.Digest != digest {
		return Idea{}, false, InvalidField("Idempotency-Key", "key_reused", 0, "This key was used for another submission.")
	}
	idea, err := p.Store.Idea(ctx, used.IdeaID, true)
	return idea, true, err
}

func hash(parts ...string) string {
	h := sha256.New()
	for _, s := range parts {
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:16])
}

// IdeaEdit changes parts of an idea; nil leaves a part as it is.
type IdeaEdit struct {
	Title, Body, Category *string
	Version               int64     // that the actor saw; 0 = any
	Form                  FormFacts // how the form was filled in, if it was one
}

// EditIdea changes title, text or category: the author within EditWindow, the
// team always. One atomic write. A change that a rule minds holds the idea: see
// edited.go.
func (p *Portal) EditIdea(ctx context.Context, a Actor, ideaID string, e IdeaEdit) (Idea, error) {
	if err := a.needWriter(); err != nil {
		return Idea{}, err
	}
	idea, err := p.ideaToChange(ctx, ideaID, e.Version)
	if err != nil {
		return Idea{}, err
	}
	if err := p.MayEdit(a, idea); err != nil {
		return Idea{}, err
	}
	if idea.Mod.State == Removed {
		return Idea{}, errGone
	}
	var f fields
	title, u := idea.Title, IdeaUpdate{Prev: idea.Version}
	if e.Title != nil {
		idea.Title = line(*e.Title)
		f.text("title", idea.Title, MinTitle, MaxTitle)
	}
	if e.Body != nil {
		body := text(*e.Body)
		f.text("body", body, 0, MaxBody)
		idea.Excerpt, u.Body = Excerpt(body, excerptBytes), &body
	}
	if e.Category != nil && *e.Category != idea.Category { // which may be one that was dropped since
		idea.Category = *e.Category
		f.category(idea.Category, p.Categories)
	}
	if err := f.err(); err != nil {
		return Idea{}, err
	}
	if err := p.allow(ctx, a, rateEdits); err != nil {
		return Idea{}, err
	}
	var d Deed
	if idea.Title != title || u.Body != nil {
		if err := p.ideaEdited(ctx, a, &d, &idea, title, u.Body, e.Form); err != nil {
			return Idea{}, err
		}
	}
	idea.Version++
	idea.UpdatedAt = p.now()
	u.Idea, d.Idea = idea, &u
	if a.ID != idea.AuthorID {
		l, err := p.logged(idea.UpdatedAt, LogEntry{What: LogEdit, By: a.ID, Whose: idea.AuthorID, Thing: Thing{IdeaID: idea.ID}})
		if err != nil {
			return Idea{}, err
		}
		u.Log = []LogEntry{l}
	}
	return idea, p.Store.Moderate(ctx, d)
}

// ideaEdited is edited for an idea; title is that until now, body the next text or nil.
func (p *Portal) ideaEdited(ctx context.Context, a Actor, d *Deed, idea *Idea, title string, body *string, form FormFacts) error {
	was, err := p.Store.Body(ctx, idea.ID)
	if err != nil {
		return err
	}
	if body == nil {
		body = &was
	}
	if idea.Title == title && *body == was {
		return nil
	}
	x := subject{thing: Thing{IdeaID: idea.ID}, idea: *idea}
	err = p.edited(ctx, a, d, &x, Earlier{Title: title, Text: was}, Writing{Title: idea.Title, Text: *body, Form: form})
	idea.Mod = x.idea.Mod
	return err
}

// MayEdit is nil if the actor may edit the idea now.
func (p *Portal) MayEdit(a Actor, idea Idea) error {
	switch {
	case a.Blocked():
		return errBlocked
	case a.Team():
		return nil
	case a.ID == "" || a.ID != idea.AuthorID:
		return &Error{Kind: Forbidden, Code: "not_author", Msg: "Only its author and the team may edit this."}
	case p.now().Sub(idea.CreatedAt) > EditWindow:
		return &Error{Kind: Forbidden, Code: "edit_window", Msg: "An idea can be edited for one hour. Add a comment instead."}
	}
	return nil
}

// ideaToChange reads the idea strongly and checks the version the actor saw.
func (p *Portal) ideaToChange(ctx context.Context, id string, version int64) (Idea, error) {
	if !ValidTimedID(id) {
		return Idea{}, errNoIdea
	}
	idea, err := p.Store.Idea(ctx, id, true)
	if err != nil {
		return Idea{}, err
	}
	if version != 0 && version != idea.Version {
		return Idea{}, errStale
	}
	return idea, nil
}
