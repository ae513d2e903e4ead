package reconcile

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"groundswell/shared/metric"
	"groundswell/shared/projection"
	"groundswell/shared/store"
	"groundswell/shared/trace"
)

// Reconciler compares counts with what they are of. Set the first five fields.
type Reconciler struct {
	Store       *store.Store
	Projections *projection.Consumer
	Meter       metric.Meter
	Log         *slog.Logger
	Clock       func() time.Time

	Grace time.Duration // see the package comment; 0 = DefaultGrace
	Spare time.Duration // of the context's time that is left when a run stops; 0 = 30 s
	Each  time.Duration // that one idea may take; 0 = 2 min
}

// DefaultGrace is an hour more than projections' event source keeps a record that
// fails (template.yaml; a test holds the two together).
const DefaultGrace = 7 * time.Hour

// atOnce is how many ideas are counted at the same time, and after how many the
// round is written down: a run that dies repeats no more than these.
const atOnce = 4

// Event names an alarm may watch.
const (
	eventDifference = "count_difference" // repaired
	eventSkipped    = "recount_skipped"  // an idea could not be counted
	eventRules      = "recount_needed"   // records are by older rules: see store.Rules
)

// report is what a run says of itself.
type report struct {
	mu                             sync.Mutex
	day                            string
	counted, suspects, differences int
}

func (r *report) add(n *int) { r.mu.Lock(); *n++; r.mu.Unlock() }

// Run looks at the suspects whose time has come, then takes the round on. It
// returns early, and without an error, when its time is nearly up or another run is
// at it. An idea that can't be counted is logged and passed over.
func (r *Reconciler) Run(ctx context.Context) error {
	begun := r.Clock()
	var rep report
	round, suspects, err := r.Store.Reconciliation(ctx)
	if err != nil {
		return err
	}
	if round.Version == 0 {
		round.Rules = store.Rules // nobody ever looked: there are no older records
	}
	if round.Rules < store.Rules {
		r.Log.WarnContext(ctx, eventRules, "rules", round.Rules, "current", store.Rules, "run", "admin recount")
		rep.add(&rep.differences)
	}
	err = r.suspects(ctx, suspects, &rep)
	if err == nil {
		err = r.rounds(ctx, round, &rep)
	}
	if errors.Is(err, store.ErrLost) {
		err = nil // another run is at it
	}
	if rep.counted > 0 {
		r.Meter.Put(metric.Recounted, "", float64(rep.counted))
	}
	// Nothing found is a value too: an alarm needs to know that somebody looked.
	r.Meter.Put(metric.CountDifferences, "", float64(rep.differences))
	r.Log.InfoContext(ctx, "reconcile", "day", rep.day, "counted", rep.counted, "suspects", rep.suspects, "differences", rep.differences,
		"ms", r.Clock().Sub(begun).Milliseconds(), "trace_id", trace.Of(ctx))
	return err
}

// rounds takes the round on, day after day up to yesterday.
func (r *Reconciler) rounds(ctx context.Context, round store.Round, rep *report) error {
	for {
		day := r.next(round)
		if day == "" {
			return nil
		}
		if day != round.Day {
			round = store.Round{Day: day, Rules: round.Rules, Version: round.Version}
		}
		rep.day = day
		for !round.Done {
			if !r.time(ctx) {
				return nil
			}
			ids, err := r.Store.Active(ctx, round.Day, round.After, atOnce)
			if err != nil {
				return err
			}
			if err := r.ideas(ctx, ids, rep); err != nil {
				return err
			}
			if round.Done = len(ids) < atOnce; len(ids) > 0 {
				round.After = ids[len(ids)-1]
			}
			if round, err = r.Store.PutRound(ctx, round); err != nil {
				return err
			}
		}
	}
}

// next is the day to work on: the round's until it is done, then the one behind it,
// yesterday being the last and a week ago the first; "" if there is none.
func (r *Reconciler) next(round store.Round) string {
	now := r.Clock()
	last, first := store.Day(now.AddDate(0, 0, -1)), store.Day(now.AddDate(0, 0, 1-store.ActiveDays))
	day := round.Day
	switch t, err := time.Parse(time.DateOnly, day); {
	case err != nil:
		return last
	case round.Done:
		day = store.Day(t.AddDate(0, 0, 1))
	}
	if day > last {
		return ""
	}
	return max(day, first)
}

// ideas counts some ideas, and keeps those that differ in mind.
func (r *Reconciler) ideas(ctx context.Context, ids []string, rep *report) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, id := range ids {
		g.Go(func() error {
			found, err := r.look(ctx, id)
			if err != nil {
				return r.skip(ctx, id, err)
			}
			rep.add(&rep.counted)
			if len(found) == 0 {
				return nil
			}
			rep.add(&rep.suspects)
			return r.Store.PutSuspect(ctx, store.Suspect{IdeaID: id, Found: r.Clock(), Marks: marksOf(found)})
		})
	}
	return g.Wait()
}

// skip passes an idea over that could not be counted, unless the whole run is over.
func (r *Reconciler) skip(ctx context.Context, id string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r.Log.ErrorContext(ctx, eventSkipped, "idea", id, "error", err)
	return nil
}

// time reports whether there is enough left for another few ideas.
func (r *Reconciler) time(ctx context.Context) bool {
	deadline, limited := ctx.Deadline()
	spare := r.Spare
	if spare == 0 {
		spare = 30 * time.Second
	}
	return ctx.Err() == nil && (!limited || deadline.Sub(r.Clock()) > spare)
}
