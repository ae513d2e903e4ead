package portal

import (
	"context"
	"net/url"
	"time"
)

// Status is where an idea stands.
type Status string

// The statuses, in the order of an idea's way. Declined and AlreadyOffered end it.
const (
	New            Status = "new"
	UnderReview    Status = "under_review"
	Planned        Status = "planned"     // shown as "Coming soon"
	InProgress     Status = "in_progress" // shown as "In the works"
	Launched       Status = "launched"
	Declined       Status = "declined"
	AlreadyOffered Status = "already_offered"
)

// Statuses are all of them, in order.
var Statuses = []Status{New, UnderReview, Planned, InProgress, Launched, Declined, AlreadyOffered}

// Valid reports whether s is one of Statuses.
func (s Status) Valid() bool {
	for _, t := range Statuses {
		if s == t {
			return true
		}
	}
	return false
}

// Next are the statuses that an idea in s may go to. The usual way is one step
// along the list; a team may also skip steps (what took a day needs no four
// mails), go back, or end the way. Only staying in place is no change.
func (s Status) Next() []Status {
	next := make([]Status, 0, len(Statuses)-1)
	for _, t := range Statuses {
		if t != s {
			next = append(next, t)
		}
	}
	return next
}

// HistoryEntry is one step of an idea's way. The entry is the source of truth
// for the mails that follow from it. Ver is the version of the idea that the
// step made; the first entry has Ver 1 and an empty From.
type HistoryEntry struct {
	IdeaID   string
	Ver      int64
	At       time.Time
	From, To Status
	By       Author
	Note     string // public, Markdown
	Link     string // for AlreadyOffered: where it is
	Silent   bool   // followers are not told; the submitter always is
	Imported bool   // happened before the portal knew the idea: nobody is told
	Merged   string // the step linked this idea into another, whose id it is
	Unmerged string // the step took such a link away
	Entered  Entered
}

// Launch reports whether the step made the idea real. To alone does not tell:
// merging a launched idea is written down with the status that it keeps.
func (h HistoryEntry) Launch() bool { return h.To == Launched && h.From != Launched }

// Moves reports whether it is a change of status that somebody may want to hear of.
// An idea's first entry is none, and a merge keeps the status.
func (h HistoryEntry) Moves() bool {
	return h.From != "" && h.To != h.From && !h.Imported && h.Merged == "" && h.Unmerged == ""
}

// StatusChange asks for a new status. Version is the version of the idea that the
// actor saw; 0 means "whatever it is now".
type StatusChange struct {
	To      Status
	Note    string
	Link    string
	Silent  bool
	Version int64

	atOnce bool // with others
}

func (c *StatusChange) normalise() error {
	var f fields
	c.Note, c.Link = text(c.Note), line(c.Link)
	if !c.To.Valid() {
		f.add("status", "unknown", 0, "Must be one of new, under_review, planned, in_progress, launched, declined, already_offered.")
	}
	f.text("note", c.Note, 0, MaxNote)
	f.text("link", c.Link, 0, MaxLink)
	if c.Link != "" && !webLink(c.Link) {
		f.add("link", "not_a_link", 0, "Must be an http or https address.")
	}
	if c.To == Declined && c.Note == "" {
		f.add("note", "note_needed", 0, "Say why: a declined idea needs a note.")
	}
	if c.To == AlreadyOffered && c.Note == "" && c.Link == "" {
		f.add("note", "note_or_link_needed", 0, "Say where it is offered already, in a note or as a link.")
	}
	return f.err()
}

func webLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
}

// ChangeStatus moves an idea to another status: one atomic write of the idea, if
// its version is still the one that was read, and of the history entry.
// Team only. Errors: Invalid, NotFound, Stale; Conflict for a merged idea or one
// that stands there already.
func (p *Portal) ChangeStatus(ctx context.Context, a Actor, ideaID string, c StatusChange) (Idea, error) {
	if err := a.needTeam(); err != nil {
		return Idea{}, err
	}
	if err := c.normalise(); err != nil {
		return Idea{}, err
	}
	idea, err := p.ideaToChange(ctx, ideaID, c.Version)
	if err != nil {
		return Idea{}, err
	}
	if idea.MergedInto != "" {
		return Idea{}, mergedInto(idea)
	}
	if idea.Hidden() {
		return Idea{}, &Error{Kind: Conflict, Code: "not_public", Msg: "This idea is not public. Approve it first, then move it."}
	}
	if idea.Status == c.To {
		return Idea{}, &Error{Kind: Conflict, Code: "same_status", Msg: "The idea already has this status.",
			Fields: []FieldError{{Name: "status", Code: "same_status", Msg: "The idea already has this status."}}}
	}
	if err := p.allow(ctx, a, rateTeam); err != nil {
		return Idea{}, err
	}
	prev := idea.Version
	h := HistoryEntry{IdeaID: idea.ID, Ver: prev + 1, At: p.now(), From: idea.Status, To: c.To,
		By: a.author(), Note: c.Note, Link: c.Link, Silent: c.Silent}
	idea.Status, idea.Version, idea.UpdatedAt = c.To, h.Ver, h.At
	if c.To == Launched {
		idea.LaunchedAt = h.At
	}
	e := LogEntry{What: LogStatus, By: a.ID, Whose: idea.AuthorID, Thing: Thing{IdeaID: idea.ID}, From: string(h.From), To: string(h.To)}
	if c.atOnce {
		e.Reasons = []string{AtOnce}
	}
	l, err := p.logged(h.At, e)
	if err != nil {
		return Idea{}, err
	}
	return idea, p.Store.UpdateIdea(ctx, IdeaUpdate{Idea: idea, Prev: prev, History: &h, Log: []LogEntry{l}})
}
