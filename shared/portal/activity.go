package portal

import (
	"context"
	"reflect"
	"time"
)

// Activity is what happened to a number of ideas: votes that stand, by the week
// that they were cast in, and comments that are not deleted, by the week that they
// were written in. Nothing of hidden ideas is in it; of duplicates, all is. What
// imported ideas brought along has no dates: see Census.BaseVotes.
type Activity struct {
	Votes, Comments       Weeks // the last ChartWeeks weeks
	Fresh                 Weeks // of Votes, those by accounts that were made less than FreshFor before
	AllVotes, AllComments int   // of all times

	Real Launches // what came of those that lists show
}

// Join adds another's numbers.
func (a *Activity) Join(o Activity, now time.Time) {
	a.Votes.Join(o.Votes, now)
	a.Fresh.Join(o.Fresh, now)
	a.Comments.Join(o.Comments, now)
	a.AllVotes += o.AllVotes
	a.AllComments += o.AllComments
	a.Real.Join(o.Real)
}

// Influx is how many votes there were, and how many of them by accounts just made.
type Influx struct{ Votes, Fresh int }

// Lately is the influx of the running week and the last.
func (a Activity) Lately(now time.Time) (t Influx) {
	for w := range 2 {
		t.Votes += a.Votes[WeekOf(now)-w]
		t.Fresh += a.Fresh[WeekOf(now)-w]
	}
	return t
}

// Equal reports whether both say the same of the weeks that charts still show, and
// of all times.
func (a Activity) Equal(o Activity, now time.Time) bool {
	var x, y Activity
	x.Join(a, now)
	y.Join(o, now)
	return reflect.DeepEqual(x, y)
}

// Charts are the numbers of the team's charts.
type Charts struct {
	Census
	Activity
	Now time.Time // the last week is the one that this is in
}

// Charts reads what was counted last: ideas are seconds behind, votes and comments
// some minutes. One BatchGet of two records. Team only.
func (p *Portal) Charts(ctx context.Context, a Actor) (Charts, error) {
	if err := a.needTeam(); err != nil {
		return Charts{}, err
	}
	c, err := p.Store.Charts(ctx)
	c.Now = p.now()
	return c, err
}
