package notify

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/queue/local"
	"groundswell/shared/store"
	"groundswell/shared/table/tabletest"
)

// station is a world with everything between a change and a mail at work.
type station struct {
	*world
	post     postOffice
	log      logged
	consumer *Consumer
	worker   *Worker
	queue    *local.Queue
	boss     portal.Member
}

func newStation(t *testing.T) *station {
	w := newWorld(t)
	s := &station{world: w, boss: w.member("team", "team@example.org", "en")}
	s.queue = local.New(w.store, "mail", local.Options{Clock: w.clock.now, Receives: 10_000, Log: s.log.logger(), Jitter: func(d time.Duration) time.Duration { return d }})
	s.consumer = &Consumer{Ideas: w.store, Queue: s.queue, Log: s.log.logger()}
	s.worker = w.worker(&s.post, s.log.logger())
	s.worker.Queue, s.worker.perPage = s.queue, 2
	return s
}

// hear gives what has changed to the consumer, twice.
func (s *station) hear() {
	s.t.Helper()
	batch := s.changes()
	for range 2 {
		s.must(s.consumer.Consume(s.t.Context(), batch))
	}
}

// run works the queue off with the handler, step by step.
func (s *station) run(handle func(ctx context.Context, body string) error, steps int) {
	s.t.Helper()
	for range steps {
		s.queue.Step(s.t.Context(), handle)
		s.hear()
		jobs, err := s.store.Jobs(s.t.Context(), "mail", 1)
		s.must(err)
		if len(jobs) == 0 {
			return
		}
		s.clock.advance(max(jobs[0].Due.Sub(s.clock.now()), 0))
	}
}

// told counts the mails about an event, by address.
func (s *station) told(event string) map[string]int {
	out := map[string]int{}
	for _, m := range s.post.sent {
		if strings.HasPrefix(m.ID, event) {
			out[m.To]++
		}
	}
	return out
}

const ever = 10_000 // steps

// TestHeldTellsNobody: of an idea that waits for the team nobody hears anything; when it
// is approved its author does, once, and if it is declined, once that.
func TestHeldTellsNobody(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ what, subject string }{
		{portal.LogApprove, "Your idea is public: Tea for two"}, {portal.LogDecline, "Your idea was not published: Tea for two"},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			s := newStation(t)
			i := s.idea("Tea for two", s.member("Ann", "ann@example.org", "en"))
			s.hold(&i)
			s.gather(s.crowd(), i, nil)
			s.hear()
			s.run(s.worker.Handle, ever)
			if len(s.post.sent) != 0 {
				t.Fatalf("held, and told %+v", s.post.sent)
			}
			state := portal.Visible
			if c.what == portal.LogDecline {
				state = portal.Rejected
			}
			s.decide(&i, c.what, state, s.boss)
			s.hear()
			s.run(s.worker.Handle, ever)
			if len(s.post.sent) != 1 || s.post.sent[0].To != "ann@example.org" || s.post.sent[0].Subject != c.subject {
				t.Errorf("told %+v", s.post.sent)
			}
		})
	}
}

// hold takes the idea out of sight, as a rule does.
func (w *world) hold(i *portal.Idea) {
	w.t.Helper()
	w.decide(i, portal.LogHold, portal.Held, portal.Member{})
}

// TestMissedWhileHeld: a launch of which the mails are due while the idea is held is told
// when the team approves it, to each once who would have heard; if it is declined, to
// nobody. So is a merge, and that the team wrote the idea down for somebody.
func TestMissedWhileHeld(t *testing.T) {
	t.Parallel()
	for _, approved := range []bool{true, false} {
		t.Run(fmt.Sprint("approved ", approved), func(t *testing.T) {
			t.Parallel()
			s := newStation(t)
			ann, bob := s.member("Ann", "ann@example.org", "en"), s.member("Bob", "bob@example.org", "en")
			c := s.crowd()
			dup, i := s.idea("Tea for one", bob), s.idea("Tea for two", ann)
			s.gather(c, i, nil)
			s.merge(&dup, &i, s.boss)
			s.move(&i, portal.Launched, s.boss)
			s.hold(&i)
			s.hear()
			s.run(s.worker.Handle, ever)
			if len(s.post.sent) != 0 {
				t.Fatalf("held, and told %+v", s.post.sent)
			}
			due, merged := map[string]int{}, map[string]int{}
			if approved {
				due[ann.Email], due[bob.Email] = 1, 1
				merged[ann.Email], merged[bob.Email] = 1, 1
				c.hear(due, true, false)
				s.decide(&i, portal.LogApprove, portal.Visible, s.boss)
			} else {
				s.decide(&i, portal.LogDecline, portal.Rejected, s.boss)
			}
			s.hear()
			s.run(s.worker.Handle, ever)
			if diff := cmp.Diff(due, s.told(kindLaunched)); diff != "" {
				t.Errorf("of the launch (-due +told):\n%s", diff)
			}
			if diff := cmp.Diff(merged, s.told(kindMerged)); diff != "" {
				t.Errorf("of the merge (-due +told):\n%s", diff)
			}
			if notes, err := s.store.Missed(t.Context(), i.ID); err != nil || len(notes) != 2 || (notes[0].State == store.Sent) != approved {
				t.Errorf("notes %+v, %v", notes, err)
			}
		})
	}
}

// racer is a ledger in which something happens just before a note is looked for: that is
// between finding an idea hidden and noting it.
type racer struct {
	*store.Store
	before func()
}

func (r racer) Delivery(ctx context.Context, subject, event, to string) (store.Delivery, error) {
	if strings.HasSuffix(subject, store.MissedOf("")) {
		r.before()
	}
	return r.Store.Delivery(ctx, subject, event, to)
}

// TestHiddenAtAnyTime hides and shows an idea at any time while its launch is told, with
// jobs and changes that come twice and the table failing: in the end each has heard once.
func TestHiddenAtAnyTime(t *testing.T) {
	t.Parallel()
	for seed := range tabletest.Seeds(4, 40) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			s := newStation(t)
			ann := s.member("Ann", "ann@example.org", "en")
			c, i := s.crowd(), s.idea("Tea for two", ann)
			s.gather(c, i, nil)
			s.move(&i, portal.Launched, s.boss)
			due := map[string]int{ann.Email: 1}
			c.hear(due, true, false)

			faulty := tabletest.NewFaulty(s.table, seed)
			faulty.SetRates(tabletest.Rates{Before: .03, After: .03, Conflict: .03})
			on := &store.Store{Table: faulty, Clock: s.clock.now}
			s.worker.Reads = on
			rnd := rand.New(rand.NewPCG(seed, 11))
			var mu sync.Mutex // jobs run side by side
			turns := 0
			turn := func() {
				turns++
				if i.Hidden() {
					s.decide(&i, portal.LogShow, portal.Visible, s.boss)
				} else {
					s.decide(&i, portal.LogHide, portal.Hidden, s.boss)
				}
			}
			s.worker.Ledger = racer{on, func() { // the team shows it, and all that follows is done at once
				mu.Lock()
				defer mu.Unlock()
				if !i.Hidden() || turns >= 15 || rnd.IntN(2) == 0 {
					return
				}
				id, err := portal.IDs{Rand: strings.NewReader(fmt.Sprintf("%-20d", turns+1))}.At(s.clock.now())
				s.must(err)
				s.hear() // of what was before
				turn()
				s.changes() // its own job is done here
				if rnd.IntN(2) == 0 {
					turns = 15 // the last one: no later one makes good for it
				}
				body := job{Kind: kindShown, Idea: i.ID, Again: id}.body()
				if s.worker.Handle(t.Context(), body) != nil {
					s.must(s.queue.Send(t.Context(), body))
				}
			}}
			handle := func(ctx context.Context, body string) error {
				mu.Lock()
				if turns < 15 && rnd.IntN(2) == 0 {
					turn()
				}
				twice := rnd.IntN(3) == 0
				mu.Unlock()
				err := s.worker.Handle(ctx, body)
				if twice {
					err = s.worker.Handle(ctx, body)
				}
				return err
			}
			s.hear()
			s.run(handle, ever)
			if i.Hidden() {
				turn()
			}
			s.hear()
			s.run(s.worker.Handle, ever)
			if turns < 2 {
				t.Fatalf("hidden and shown %d times: this shows nothing", turns)
			}
			if diff := cmp.Diff(due, s.told(kindLaunched)); diff != "" {
				t.Errorf("(-due +told):\n%s", diff)
			}
		})
	}
}
