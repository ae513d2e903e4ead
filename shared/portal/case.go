package portal

import (
	"context"
	"time"
)

// Queue is a list of cases that wait for the team; "" = of none, it is settled.
type Queue string

// The queues. A case about a thing is in one of the first three: an appeal goes before all else, what is held
// before what was reported.
const (
	NoQueue Queue = ""
	HeldQ   Queue = "held"
	Reports Queue = "reports"
	Appeals Queue = "appeals"
	VotesQ  Queue = "votes" // of cases about votes: see VoteCase
)

// Queues are all of them, in the order in which the team sees them.
var Queues = []Queue{HeldQ, Reports, Appeals, VotesQ}

// Case is what the team knows about a thing that somebody, or a rule, minded. There
// is one a thing; it stays when it is settled, and opens again. Reports belong to the
// Round in which they were made: settling the case begins the next one, so that all
// of them are dealt with in one write.
type Case struct {
	Thing     Thing
	Queue     Queue
	Since     time.Time // since when it waits; zero when it is settled
	AuthorID  string    // of the thing
	Round     int64     // how often it was settled
	Held      []string  // why it was held: codes of rules
	Evidence  []string  // that the rules found, each "code" or "code: words"
	Reports   int       // of this round
	Reasons   map[string]int
	Reporters []string // members, the newest reports' first, MaxReporters at most
	Earlier   bool     // there is the text from before it was edited: see edited.go
	Answer    string   // what the author says in an appeal; "" = there is none
	AnswerAt  time.Time
	Version   int64 // 0 = there is no case
}

// MaxReporters is of how many reports of a case the team sees the words at once.
const MaxReporters = 5

// waits puts the case where it belongs, given what its thing is.
func (c *Case) waits(m Moderation, now time.Time) {
	was := c.Queue
	switch {
	case m.State == Removed || m.State == Withdrawn:
		c.Queue = NoQueue
	case m.Appeal == Open:
		c.Queue = Appeals
	case m.State == Held:
		c.Queue = HeldQ
	case c.Reports > 0:
		c.Queue = Reports
	default:
		c.Queue = NoQueue
	}
	switch {
	case c.Queue == NoQueue:
		c.Since = time.Time{}
	case c.Queue != was:
		c.Since = now
	}
}

// settle closes the case: what was reported, held and answered is dealt with.
func (c *Case) settle() {
	c.Round++
	c.Reports, c.Reasons, c.Reporters = 0, nil, nil
	c.Held, c.Evidence, c.Answer, c.AnswerAt = nil, nil, "", time.Time{}
}

// QueueQuery asks for a page of a queue; Oldest first is for working it off.
type QueueQuery struct {
	Queue  Queue
	Oldest bool
	Titles bool // of each thing only the idea's record or the comment: for a list, at a sixth of the price
	Cursor string
	Limit  int
}

// QueuePage is a page of a queue, with the things as the team sees them.
type QueuePage struct {
	Items []QueueItem
	Next  string
}

// QueueItem is a case and what it is about. Of a thing that is no more, Idea.ID or
// Comment.ID is "".
type QueueItem struct {
	Case    Case
	Idea    Idea
	Body    string   // of the idea
	Earlier *Earlier // if the text was edited meanwhile
	Comment Comment  // if the case is about one
	Author  Member   // who wrote it
	Reports []Report // the newest, MaxReporters at most
}

// Queue is a page of cases that wait for the team: one Query, and one BatchGet of what
// they are about. Team only.
func (p *Portal) Queue(ctx context.Context, a Actor, q QueueQuery) (QueuePage, error) {
	if err := a.needTeam(); err != nil {
		return QueuePage{}, err
	}
	var f fields
	if q.Queue != HeldQ && q.Queue != Reports && q.Queue != Appeals {
		f.add("queue", "unknown", 0, "Must be held, reports or appeals.")
	}
	q.Limit = f.limit(q.Limit)
	if err := f.err(); err != nil {
		return QueuePage{}, err
	}
	return p.Store.Queue(ctx, q)
}

// QueueItem is what the team knows of one thing, whether or not its case waits. Team
// only.
func (p *Portal) QueueItem(ctx context.Context, a Actor, t Thing) (QueueItem, error) {
	if err := a.needTeam(); err != nil {
		return QueueItem{}, err
	}
	if !t.Valid() {
		return QueueItem{}, t.missing()
	}
	item, err := p.Store.QueueItem(ctx, t)
	if err == nil && (t.CommentID == "" && item.Idea.ID == "" || t.CommentID != "" && item.Comment.ID == "") {
		return item, t.missing()
	}
	return item, err
}

// Waiting is how many cases are in each queue, QueueCount at most; More says of which
// there are more.
type Waiting struct {
	Cases map[Queue]int
	More  map[Queue]bool
}

// QueueCount is up to where the cases of a queue are counted.
const QueueCount = 50

// Waiting counts the queues: one Query each. Team only.
func (p *Portal) Waiting(ctx context.Context, a Actor) (Waiting, error) {
	if err := a.needTeam(); err != nil {
		return Waiting{}, err
	}
	ns, more := make([]int, len(Queues)), make([]bool, len(Queues))
	err := together(len(Queues), func(i int) (err error) {
		ns[i], more[i], err = p.Store.Queued(ctx, Queues[i], QueueCount)
		return err
	})
	w := Waiting{Cases: map[Queue]int{}, More: map[Queue]bool{}}
	for i, q := range Queues {
		w.Cases[q], w.More[q] = ns[i], more[i]
	}
	return w, err
}

// OwnCases are the cases about what the actor wrote, newest things first.
func (p *Portal) OwnCases(ctx context.Context, a Actor, cursor string) ([]Case, string, error) {
	if err := a.needMember(); err != nil {
		return nil, "", err
	}
	return p.Store.CasesOf(ctx, a.ID, cursor, DefaultLimit)
}
