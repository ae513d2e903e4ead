package portal

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// A merge is a link between two ideas, the duplicate and the original, and moves
// nothing: votes, comments and follows stay where they were made, so taking the link
// away gives everything back as it was. What follows from the link is worked out
// where it is asked for. shared/projection counts each voter of both once; a vote or a
// follow on the duplicate is one on the original for whoever looks at it, and both go
// when their member takes them back there; shared/notify tells followers of both, and
// both authors.
//
// Either end can be hidden or removed, and the link stays; but an idea that is removed
// for good lets its duplicates go: see Released, and docs/moderation.md.
//
// One hop only: an idea that has duplicates can't become one, nor gather any once it
// is one. Both ends are written at once, each under the version that was read, so of
// two merges that share an idea one wins, and the other looks again.

// maxMerged is how many duplicates one idea can gather: each makes a recount of
// the idea's votes read one more partition.
const maxMerged = 20

// mergeTries bounds how often a merge looks again because somebody changed one of the
// two ideas meanwhile.
const mergeTries = 4

// MergeChange asks for a merge. Version is the duplicate's as the actor saw it; 0
// means "whatever it is now". What changes of the original meanwhile does not matter,
// unless it becomes one that can't be merged into.
type MergeChange struct {
	Into    string
	Silent  bool // the authors are not told
	Version int64
}

// Merge makes the idea a duplicate of another; doing it again changes nothing. Team
// only. Errors: Invalid, with the field into, where the other idea can't be an
// original; NotFound, Stale; Conflict for an idea that can't be a duplicate.
func (p *Portal) Merge(ctx context.Context, a Actor, ideaID string, c MergeChange) (Idea, error) {
	if err := p.teamWrites(ctx, a); err != nil {
		return Idea{}, err
	}
	return p.link(ctx, ideaID, c.Version, func(idea Idea) (ends, error) {
		if idea.MergedInto == c.Into && c.Into != "" {
			return ends{}, nil
		}
		into, err := p.original(ctx, idea, c.Into)
		if err != nil {
			return ends{}, err
		}
		h := p.linked(a, idea)
		h.Merged, h.Silent = into.ID, c.Silent
		idea.MergedInto, idea.MergedAt = into.ID, h.At
		into.MergedFrom = append(slices.Clone(into.MergedFrom), idea.ID)
		return ends{idea, into, h}, nil
	})
}

// original reads the idea that the other one may be merged into, or says why it may
// not.
func (p *Portal) original(ctx context.Context, idea Idea, id string) (Idea, error) {
	missing := InvalidField("into", "no_idea", 0, "There is no such idea.")
	switch {
	case !ValidTimedID(id):
		return Idea{}, missing
	case id == idea.ID:
		return Idea{}, InvalidField("into", "same_idea", 0, "An idea can't be merged into itself.")
	case idea.MergedInto != "":
		return Idea{}, mergedInto(idea)
	case len(idea.MergedFrom) > 0:
		return Idea{}, &Error{Kind: Conflict, Code: "has_duplicates", Msg: "Other ideas were merged into this one, so it can't be merged itself."}
	}
	into, err := p.Store.Idea(ctx, id, true)
	switch {
	case KindOf(err) == NotFound, err == nil && into.Hidden():
		return Idea{}, missing
	case err != nil:
		return Idea{}, err
	case into.MergedInto != "":
		e := InvalidField("into", "into_merged", 0, "That idea was merged into another one itself. Choose that one.")
		e.Target = into.MergedInto
		return Idea{}, e
	case len(into.MergedFrom) >= maxMerged:
		return Idea{}, InvalidField("into", "too_many", maxMerged, "That idea has gathered as many duplicates as one can.")
	}
	return into, nil
}

// Unmerge takes the link away: what the duplicate had is its own again, and its own
// alone. Team only. Errors: NotFound, Stale; Conflict for an idea that is not merged.
func (p *Portal) Unmerge(ctx context.Context, a Actor, ideaID string, version int64) (Idea, error) {
	if err := p.teamWrites(ctx, a); err != nil {
		return Idea{}, err
	}
	return p.link(ctx, ideaID, version, func(idea Idea) (ends, error) {
		if idea.MergedInto == "" {
			return ends{}, errNotMerged
		}
		into, err := p.Store.Idea(ctx, idea.MergedInto, true)
		if err != nil {
			return ends{}, err
		}
		h := p.linked(a, idea)
		h.Unmerged = into.ID
		idea.MergedInto, idea.MergedAt = "", time.Time{}
		into.MergedFrom = slices.DeleteFunc(slices.Clone(into.MergedFrom), func(id string) bool { return id == idea.ID })
		return ends{idea, into, h}, nil
	})
}

var errNotMerged = &Error{Kind: Conflict, Code: "not_merged", Msg: "This idea is not merged."}

// Released is what takes a duplicate out of an idea that was removed: nobody does it, so
// its step and its line in the log have no author.
func Released(dup, gone Idea, now time.Time) IdeaUpdate {
	into := gone
	into.MergedFrom = slices.DeleteFunc(slices.Clone(gone.MergedFrom), func(id string) bool { return id == dup.ID })
	into.Version++
	into.UpdatedAt = now
	h := HistoryEntry{IdeaID: dup.ID, Ver: dup.Version + 1, At: now, From: dup.Status, To: dup.Status, Unmerged: gone.ID}
	u := IdeaUpdate{Idea: dup, Prev: dup.Version, History: &h, Other: &IdeaUpdate{Idea: into, Prev: gone.Version}}
	u.Idea.MergedInto, u.Idea.MergedAt = "", time.Time{}
	u.Idea.Version, u.Idea.UpdatedAt = h.Ver, now
	// The line's id follows from the duplicate and its version: it is written once.
	u.Log = []LogEntry{{ID: ImportedAt(now, LogUnmerge, fmt.Sprint(dup.ID, h.Ver)), What: LogUnmerge, Whose: dup.AuthorID, Thing: Thing{IdeaID: dup.ID}, From: gone.ID}}
	return u
}

// ends are a duplicate and its original as a change of their link leaves them, and
// the duplicate's history entry about it; the zero ends are no change.
type ends struct {
	idea, into Idea
	history    HistoryEntry
}

// linked is the history entry of a change of the idea's link.
func (p *Portal) linked(a Actor, idea Idea) HistoryEntry {
	return HistoryEntry{IdeaID: idea.ID, Ver: idea.Version + 1, At: p.now(), From: idea.Status, To: idea.Status, By: a.author()}
}

// link writes what change makes of the idea and of the other end, in one go. Who
// loses a race looks again, as long as the idea is still the one that the actor saw.
func (p *Portal) link(ctx context.Context, ideaID string, version int64, change func(Idea) (ends, error)) (idea Idea, err error) {
	for range mergeTries {
		if idea, err = p.ideaToChange(ctx, ideaID, version); err != nil {
			return Idea{}, err
		}
		e, err2 := change(idea)
		if err2 != nil || e.history.Ver == 0 {
			return idea, err2
		}
		l := LogEntry{What: LogMerge, By: e.history.By.ID, Whose: idea.AuthorID, Thing: Thing{IdeaID: ideaID}, To: e.into.ID}
		if e.history.Unmerged != "" {
			l.What, l.From, l.To = LogUnmerge, e.into.ID, ""
		}
		if l, err = p.logged(e.history.At, l); err != nil {
			return Idea{}, err
		}
		u := IdeaUpdate{Idea: e.idea, Prev: e.idea.Version, History: &e.history, Log: []LogEntry{l}, Other: &IdeaUpdate{Idea: e.into, Prev: e.into.Version}}
		u.Idea.Version, u.Idea.UpdatedAt = e.history.Ver, e.history.At
		u.Other.Idea.Version, u.Other.Idea.UpdatedAt = e.into.Version+1, e.history.At
		if err = p.Store.UpdateIdea(ctx, u); KindOf(err) != Stale {
			return u.Idea, err
		}
	}
	return Idea{}, err
}

// elsewhere is mergedInto without a way to an original that is not public: there would
// be nothing to see.
func (p *Portal) elsewhere(ctx context.Context, into string) error {
	card, err := p.Store.CardOf(ctx, into)
	switch {
	case KindOf(err) == NotFound, err == nil && card.Hidden:
		into = ""
	case err != nil:
		return err
	}
	return mergedInto(Idea{MergedInto: into})
}

// mergedInto says that the idea takes nothing any more, and where to go instead.
func mergedInto(i Idea) error {
	return &Error{Kind: Conflict, Code: "merged", Msg: "This idea was merged into another one. Go there instead.", Target: i.MergedInto}
}

// MergeOwners are those who hear of a merge, each once and first for the duplicate;
// not who did it, nor authors without an account.
func MergeOwners(idea, into Idea, by string) []Owner {
	owners := []Owner{{idea.ID, idea.AuthorID}, {into.ID, into.AuthorID}}
	if into.AuthorID == idea.AuthorID {
		owners = owners[:1]
	}
	return tellable(owners, by)
}
