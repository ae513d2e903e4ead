package portal

import (
	"context"
	"errors"
	"slices"
)

// MostAtOnce is how many ideas one form can move.
const MostAtOnce = 50

// bulkAtOnce is how many of them are written at a time.
const bulkAtOnce = 8

// Pick is an idea that somebody chose, at the version that they saw; 0 = any.
type Pick struct {
	IdeaID  string
	Version int64
}

// Outcome is what became of one idea of several. Exactly one of Done, Already and Err
// says so.
type Outcome struct {
	Pick
	Idea    Idea  // as it is now; without a title if it could not be read
	Done    bool  // it was moved by this call
	Already bool  // it stood there already: by an earlier try, as a rule
	Err     error // an *Error that says why not
}

// ChangeStatuses moves several ideas to one status, with one note: each by its own
// atomic write under its own version, exactly as ChangeStatus does, mails included. So
// there is no all or nothing, and a try that was cut off half-way can simply be
// repeated: what it did counts as done already, and nobody is told twice. What is wrong
// with the change itself, or with the choice, is an error, and nothing was done then.
// Team only.
func (p *Portal) ChangeStatuses(ctx context.Context, a Actor, picks []Pick, c StatusChange) ([]Outcome, error) {
	if err := a.needTeam(); err != nil {
		return nil, err
	}
	picks, err := checkPicks(picks)
	if err != nil {
		return nil, err
	}
	if err := c.normalise(); err != nil {
		return nil, err
	}
	out := make([]Outcome, len(picks))
	for from := 0; from < len(picks); from += bulkAtOnce {
		some := picks[from:min(from+bulkAtOnce, len(picks))]
		_ = together(len(some), func(i int) error { // its errors are in the outcomes
			out[from+i] = p.changeOne(ctx, a, some[i], c)
			return nil
		})
	}
	return out, nil
}

// checkPicks is the choice with each idea once.
func checkPicks(picks []Pick) ([]Pick, error) {
	var once []Pick
	for _, k := range picks {
		if !slices.ContainsFunc(once, func(o Pick) bool { return o.IdeaID == k.IdeaID }) {
			once = append(once, k)
		}
	}
	switch {
	case len(once) == 0:
		return nil, InvalidField("ideas", "none_chosen", 0, "Choose at least one idea.")
	case len(once) > MostAtOnce:
		return nil, InvalidField("ideas", "too_many_chosen", MostAtOnce, "At most 50 ideas can be moved at once.")
	}
	return once, nil
}

// changeOne moves one idea, and tells what became of it.
func (p *Portal) changeOne(ctx context.Context, a Actor, k Pick, c StatusChange) Outcome {
	c.Version, c.atOnce = k.Version, true
	idea, err := p.ChangeStatus(ctx, a, k.IdeaID, c)
	if err == nil {
		return Outcome{Pick: k, Idea: idea, Done: true}
	}
	o := Outcome{Pick: k, Err: err}
	var told *Error
	if !errors.As(err, &told) {
		o.Err = errUnknownOutcome // repeating finds out
	}
	if !ValidTimedID(k.IdeaID) {
		return o
	}
	if now, err := p.Store.Idea(ctx, k.IdeaID, true); err == nil {
		if o.Idea = now; now.Status == c.To && now.MergedInto == "" {
			o.Already, o.Err = true, nil
		}
	}
	return o
}

var errUnknownOutcome = &Error{Kind: Conflict, Code: "unknown_outcome", Msg: "Something went wrong on our side. Try this one again."}

// Picked are the cards of chosen ideas, in their order, for a look before they are
// moved: one BatchGet. Team only.
func (p *Portal) Picked(ctx context.Context, a Actor, picks []Pick) ([]Card, error) {
	if err := a.needTeam(); err != nil {
		return nil, err
	}
	picks, err := checkPicks(picks)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(picks))
	for _, k := range picks {
		if ValidTimedID(k.IdeaID) {
			ids = append(ids, k.IdeaID)
		}
	}
	return p.Store.CardsOf(ctx, ids)
}
