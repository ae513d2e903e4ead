package portal

import (
	"slices"
	"strings"
	"time"
)

// Visibility says who sees an idea or a comment. The author and the team see it
// always; everybody else sees what is Visible alone, in no list, search, feed, mail or
// picture anything else.
type Visibility string

// The visibilities.
const (
	Visible  Visibility = ""
	Held     Visibility = "held"     // not public yet: it waits for the team
	Rejected Visibility = "rejected" // the team declined to make it public
	Hidden   Visibility = "hidden"   // it was public, and the team took it off
	Removed  Visibility = "removed"  // its text is gone for good

	// Withdrawn is what its author took back, who alone can put it back. Reasons are then
	// why it was not public before, if it was not.
	Withdrawn Visibility = "withdrawn"
)

// Moderation is what was decided about who sees something. The zero value is that of
// what nobody minds.
type Moderation struct {
	State   Visibility
	Reasons []string // codes: of Reasons, or of the rules that held it
	Note    string   // what the team says to the author
	At      time.Time
	Appeal  Appeal
	Since   time.Time // since when it is not public, whatever was decided meanwhile
}

// Appeal says whether the author has answered the decision.
type Appeal string

// The states of an appeal.
const (
	NoAppeal Appeal = ""
	Open     Appeal = "open"
	Answered Appeal = "answered" // and turned down; another decision allows another one
)

// Shown reports whether everybody may see it.
func (m Moderation) Shown() bool { return m.State == Visible }

// MayAppeal reports whether the author can answer: once a decision.
func (m Moderation) MayAppeal() bool {
	return m.Appeal == NoAppeal && (m.State == Held || m.State == Rejected || m.State == Hidden)
}

// Reasons are the codes with which members report something, and the team hides it.
var Reasons = []string{"spam", "abuse", "personal", "off_topic", "illegal", "other"}

// MaxReasonNote is how long the words beside a reason may be, in characters.
const MaxReasonNote = 1000

// Thing names what moderation is about: an idea or, with a CommentID, a comment on it.
type Thing struct{ IdeaID, CommentID string }

// Valid reports whether there could be such a thing.
func (t Thing) Valid() bool {
	return ValidTimedID(t.IdeaID) && (t.CommentID == "" || ValidTimedID(t.CommentID))
}

// String is the id of an idea, or of a comment behind that of its idea.
func (t Thing) String() string {
	if t.CommentID == "" {
		return t.IdeaID
	}
	return t.IdeaID + "." + t.CommentID
}

// ThingOf reads what String wrote; what it returns may not be Valid.
func ThingOf(s string) Thing {
	idea, comment, _ := strings.Cut(s, ".")
	return Thing{IdeaID: idea, CommentID: comment}
}

func (t Thing) missing() error {
	if t.CommentID != "" {
		return errNoText
	}
	return errNoIdea
}

// Hidden reports whether the idea is out of every list: held, rejected, hidden or
// removed.
func (i Idea) Hidden() bool { return !i.Mod.Shown() }

// mayRead reports whether the actor may read what the author wrote.
func (m Moderation) mayRead(a Actor, authorID string) bool {
	return m.Shown() || a.Team() || a.SignedIn() && a.ID == authorID
}

// readable are the comments that the actor may read, in their order. Of one that was
// taken off the place stays, without text and name; so does that of one that waits,
// if there are replies to it.
func readable(a Actor, cs []Comment) []Comment {
	if !slices.ContainsFunc(cs, func(c Comment) bool { return !c.Mod.Shown() }) {
		return cs
	}
	out := make([]Comment, 0, len(cs))
	for _, c := range cs {
		if c.Mod.mayRead(a, c.Author.ID) {
			out = append(out, c)
			continue
		}
		waits := c.Mod.State == Held || c.Mod.State == Rejected
		if waits && !slices.ContainsFunc(cs, func(r Comment) bool { return r.Parent == c.ID }) {
			continue
		}
		state := Hidden
		if c.Mod.State == Removed {
			state = Removed
		}
		c.Body, c.Author, c.Mod = "", Author{}, Moderation{State: state}
		out = append(out, c)
	}
	return out
}

// reason checks a reason of Reasons and the words beside it.
func (f *fields) reason(reason string, note *string) {
	*note = text(*note)
	f.text("note", *note, 0, MaxReasonNote)
	switch {
	case reason == "":
		f.add("reason", "required", 0, "Choose a reason.")
	case !slices.Contains(Reasons, reason):
		f.add("reason", "unknown", 0, "There is no such reason.")
	case reason == "other" && *note == "":
		f.add("note", "words_needed", 0, "Say why in your own words.")
	}
}
