package portal

import (
	"context"
	"reflect"
	"slices"
	"time"
)

// Standing is what the statistics know of one idea. It follows from the idea and
// its history alone: votes and comments do not change it.
type Standing struct {
	IdeaID    string
	Category  string
	Status    Status
	Listed    bool // lists show it: neither hidden nor merged
	Hidden    bool
	BaseVotes int
	// Arrived says when the idea first came to each step of the way or beyond it:
	// hours after its birth, for UnderReview, Planned, InProgress and Launched, as
	// far as it ever came. NotKnown is an imported step that nobody dated.
	Arrived []int
}

// NotKnown stands for a time that an import did not know.
const NotKnown = -1

// Way is the usual way of an idea, from its birth to its launch.
var Way = Statuses[:5]

// StandingOf takes the history in its order.
func StandingOf(i Idea, history []HistoryEntry) Standing {
	s := Standing{IdeaID: i.ID, Category: i.Category, Status: i.Status, Hidden: i.Hidden(), Listed: !i.Hidden() && i.MergedInto == "", BaseVotes: i.BaseVotes}
	for _, h := range history {
		if h.Merged != "" || h.Unmerged != "" {
			continue // says where the idea stood, not where it went
		}
		hours := max(0, int(h.At.Sub(i.CreatedAt)/time.Hour))
		if h.Imported && !h.At.After(i.CreatedAt) {
			hours = NotKnown
		}
		for step := slices.Index(Way, h.To); len(s.Arrived) < step; {
			s.Arrived = append(s.Arrived, hours) // what was skipped was reached, too
		}
	}
	return s
}

// Census is what a number of ideas come to. The zero value is that of none.
type Census struct {
	// Ideas are those that lists show: by category, in the order of Statuses.
	Ideas map[string][]int
	// Born are the ideas by the week they were submitted in, duplicates among them,
	// hidden ones not; the last ChartWeeks weeks.
	Born Weeks
	// BaseVotes are those that imported ideas brought along.
	BaseVotes int
	// Reached are the ideas that ever came to each step of Way, or beyond it.
	Reached [5]int
	// Took says how many days the ideas took from each step of Way to the next;
	// Whole from the first to the last.
	Took  [4]Spread
	Whole Spread
}

// Add counts one idea more.
func (c *Census) Add(s Standing, now time.Time) {
	if s.Hidden {
		return
	}
	c.Born.Add(IDTime(s.IdeaID), 1, now)
	c.BaseVotes += s.BaseVotes
	if !s.Listed {
		return
	}
	at := slices.Index(Statuses, s.Status)
	if at < 0 {
		return
	}
	row := c.row(s.Category)
	row[at]++
	c.Reached[0]++
	before := 0
	for i, hours := range s.Arrived {
		c.Reached[i+1]++
		if hours != NotKnown && before != NotKnown {
			c.Took[i].Add((hours-before)/24, 1)
		}
		before = hours
	}
	if len(s.Arrived) == len(c.Took) && before != NotKnown {
		c.Whole.Add(before/24, 1)
	}
}

// Join counts all ideas of another census, too.
func (c *Census) Join(o Census, now time.Time) {
	for category, counts := range o.Ideas {
		row := c.row(category)
		for i, n := range counts[:min(len(counts), len(row))] {
			row[i] += n
		}
	}
	c.Born.Join(o.Born, now)
	c.BaseVotes += o.BaseVotes
	for i, n := range o.Reached {
		c.Reached[i] += n
	}
	for i := range c.Took {
		c.Took[i].Join(o.Took[i])
	}
	c.Whole.Join(o.Whole)
}

// Equal reports whether both say the same of the weeks that charts still show, and
// of all else.
func (c Census) Equal(o Census, now time.Time) bool {
	var a, b Census
	a.Join(c, now)
	b.Join(o, now)
	return reflect.DeepEqual(a, b)
}

func (c *Census) row(category string) []int {
	if c.Ideas == nil {
		c.Ideas = map[string][]int{}
	}
	if c.Ideas[category] == nil {
		c.Ideas[category] = make([]int, len(Statuses))
	}
	return c.Ideas[category]
}

// Count is how many ideas lists show in the category and the status; "" is any.
func (c Census) Count(category string, status Status) int {
	at, n := slices.Index(Statuses, status), 0
	for name, counts := range c.Ideas {
		if category != "" && name != category {
			continue
		}
		for i, m := range counts {
			if status == "" || i == at {
				n += m
			}
		}
	}
	return n
}

// Census counts the ideas: one Get of what is counted already, a few seconds old
// at most. Everybody may know.
func (p *Portal) Census(ctx context.Context) (Census, error) { return p.Store.Census(ctx) }
