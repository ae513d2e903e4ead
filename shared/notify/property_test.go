package notify

import (
	"context"
	crypto "crypto/rand"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/mail"
	"groundswell/shared/portal"
	"groundswell/shared/queue"
	"groundswell/shared/queue/local"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/tabletest"
)

// perMail counts each mail: one idea, or sign-in, and one person.
func perMail(sent []mail.Message) map[string]int {
	n := map[string]int{}
	for _, m := range sent {
		n[m.ID+" "+m.To]++
	}
	return n
}

// shaken sends each job once or several times, in any order, and sometimes fails
// although it has sent some.
type shaken struct {
	queue.Queue
	mu  sync.Mutex
	rnd *rand.Rand
}

func (s *shaken) Send(ctx context.Context, bodies ...string) error {
	s.mu.Lock()
	p := s.rnd.Float64()
	var out []string
	for _, b := range bodies {
		for range 1 + s.rnd.IntN(3) {
			out = append(out, b)
		}
	}
	s.rnd.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	s.mu.Unlock()
	switch {
	case p < 0.1:
		return errors.New("queue down")
	case p < 0.2:
		return errors.Join(s.Queue.Send(ctx, out[:len(out)/2]...), errors.New("queue down half-way"))
	}
	return s.Queue.Send(ctx, out...)
}

// deliveries are the changes as a stream may deliver them: in batches of any size,
// some of them twice, in any order (Lambda keeps the order within a partition only,
// and the consumer must not need even that).
func deliveries(rnd *rand.Rand, changes []table.Change) (batches [][]table.Change) {
	changes = slices.Clone(changes)
	for _, n := range rnd.Perm(len(changes))[:len(changes)/3] {
		changes = append(changes, changes[n])
	}
	rnd.Shuffle(len(changes), func(i, j int) { changes[i], changes[j] = changes[j], changes[i] })
	for len(changes) > 0 {
		n := min(1+rnd.IntN(10), len(changes))
		batches, changes = append(batches, changes[:n]), changes[n:]
	}
	return batches
}

// meddler is a sender in whose midst the same job is sometimes delivered again, to
// another worker.
type meddler struct {
	mail.Sender
	again queue.Handler
	jobs  sync.Map // bodies by the mail's id
	mu    sync.Mutex
	rnd   *rand.Rand
}

// handle handles a job and remembers it.
func (d *meddler) handle(ctx context.Context, body string) error {
	if j, ok := parseJob(body); ok {
		d.jobs.Store(j.event()+"/"+j.Idea+"/"+j.To, body)
	}
	return d.again(ctx, body)
}

func (d *meddler) Send(ctx context.Context, m mail.Message) (string, error) {
	d.mu.Lock()
	n := d.rnd.IntN(4)
	d.mu.Unlock()
	meddle := func() {
		if body, ok := d.jobs.Load(m.ID); ok {
			d.again(ctx, body.(string))
		}
	}
	if n == 0 {
		meddle()
	}
	id, err := d.Sender.Send(ctx, m)
	if n == 1 {
		meddle()
	}
	return id, err
}

// TestEveryOneHearsOnce throws everything at the way from history entry to
// mail at once: batches split, shuffled and repeated; jobs repeated and lost on the
// way to the queue; several consumers and workers at the same time; reads and
// writes that fail before and after they are carried out; a sender that throttles,
// pauses, and does not answer. Each one due gets one mail, plus at most one for each
// time that the sender took a mail and did not answer, or that it could not be
// written down.
func TestEveryOneHearsOnce(t *testing.T) {
	t.Parallel()
	for seed := range tabletest.Seeds(4, 12) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			chaos(t, seed)
		})
	}
}

func chaos(t *testing.T, seed uint64) {
	w := newWorld(t)
	due := tale(w, 9)
	rnd := rand.New(rand.NewPCG(seed, 1))
	batches := deliveries(rnd, w.changes())
	faulty := tabletest.NewFaulty(w.table, seed)
	faulty.SetRates(tabletest.Rates{Before: 0.05, After: 0.05, Conflict: 0.05, Throttle: 0.02})

	srnd := rand.New(rand.NewPCG(seed, 2))
	unanswered := map[string]int{} // by mail: taken, but not answered
	silent := map[string]int{}     // by mail: not answered, whether taken or not
	p := &postOffice{}
	p.fail = func(m mail.Message) (bool, error) { // runs under the post office's lock
		id := m.ID + " " + m.To
		switch x := srnd.Float64(); {
		case x < 0.10:
			return false, mail.ErrThrottled
		case x < 0.15:
			return false, mail.ErrPaused
		case x < 0.18:
			return false, mail.ErrConfig
		case x < 0.28 && silent[id] < 2: // more would be a reason to give up
			silent[id]++
			if srnd.IntN(2) == 0 {
				return false, errLost
			}
			unanswered[id]++
			return true, errLost
		}
		return true, nil
	}

	var log logged
	s := &store.Store{Table: faulty, Clock: w.clock.now}
	q := local.New(s, "mail", local.Options{Clock: w.clock.now, Receives: 10_000, Log: log.logger()})
	consumer := &Consumer{Ideas: s, Queue: &shaken{Queue: q, rnd: rand.New(rand.NewPCG(seed, 3))}, Log: log.logger()}
	worker := w.on(faulty, nil, &log)
	worker.Linker = &portal.MailLinks{Store: s, Clock: w.clock.now, Rand: crypto.Reader}
	worker.Attempts = 50 // so many faults in a row mean nothing here
	worker.Queue, worker.perPage, worker.Rate = q, 3, 5
	meddles := &meddler{Sender: p, rnd: rand.New(rand.NewPCG(seed, 4)), again: worker.Handle}
	worker.Sender = meddles

	for round := 0; ; round++ {
		if round == 1000 {
			t.Fatal("the mails never end")
		}
		// Three consumers and three workers; time stands still while they are at work.
		var wg sync.WaitGroup
		var mu sync.Mutex
		left := batches
		batches = nil
		for range 3 {
			wg.Go(func() {
				for {
					mu.Lock()
					if len(left) == 0 {
						mu.Unlock()
						return
					}
					b := left[0]
					left = left[1:]
					mu.Unlock()
					if consumer.Consume(t.Context(), b) != nil {
						mu.Lock()
						batches = append(batches, b)
						mu.Unlock()
					}
				}
			})
			wg.Go(func() { q.Step(t.Context(), meddles.handle) })
		}
		wg.Wait()
		jobs, err := w.store.Jobs(t.Context(), "mail", 1)
		w.must(err)
		if len(batches) == 0 && len(jobs) == 0 {
			break
		}
		if len(jobs) > 0 {
			w.clock.advance(max(jobs[0].Due.Sub(w.clock.now()), 0))
		}
	}

	lost := map[string]int{}
	for id, n := range perMail(p.sent) {
		_, to, _ := strings.Cut(strings.Fields(id)[0], "/")
		idea, member, _ := strings.Cut(to, "/")
		lost[id] = log.count(eventLost, "subject="+idea, "to="+member)
		if extra := n - 1; extra > unanswered[id]+lost[id] {
			t.Errorf("mail %s sent %d times; %d times without an answer, %d times not written down", id, n, unanswered[id], lost[id])
		}
	}
	got := map[string]int{}
	for id := range perMail(p.sent) {
		got[strings.Fields(id)[1]]++
	}
	if diff := cmp.Diff(due, got); diff != "" {
		t.Errorf("who heard how often (-want +got):\n%s", diff)
	}
	if faulty.Fired() == 0 {
		t.Error("nothing failed: the test is no test")
	}
	if n := log.count("level=ERROR", eventGaveUp); n > 0 {
		t.Errorf("gave up %d times", n)
	}
	if strings.Contains(log.String(), "@") {
		t.Error("an address in the log")
	}
}
