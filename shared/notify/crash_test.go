package notify

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/mail"
	"groundswell/shared/mail/outbox"
	"groundswell/shared/portal"
	"groundswell/shared/queue/local"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// process is one life of the program on a table: after its crash nothing it does
// has an effect any more, nobody gets a mail from it, and no call comes back well.
type process struct {
	table.Table
	mu     sync.Mutex
	n      int  // writes so far
	at     int  // the write that it crashes at; -1: none
	after  bool // the write is still carried out
	dead   bool
	window bool // it crashed exactly between sending and writing that down
}

var errCrashed = errors.New("the process is dead")

func (p *process) alive() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dead {
		return errCrashed
	}
	return nil
}

func (p *process) Write(ctx context.Context, ops ...table.Op) error {
	p.mu.Lock()
	if p.dead {
		p.mu.Unlock()
		return errCrashed
	}
	crash := p.n == p.at
	p.n++
	if crash {
		p.dead = true
		for _, op := range ops {
			if op.Rec.Kind == store.KindMail && !strings.HasSuffix(op.Rec.PK, "#F") && strings.Contains(string(op.Rec.Body), `"s":"sent"`) && !p.after {
				p.window = true
			}
		}
	}
	p.mu.Unlock()
	if !crash || p.after {
		if err := p.Table.Write(ctx, ops...); err != nil {
			return err
		}
	}
	if crash {
		return errCrashed
	}
	return nil
}

func (p *process) WriteEach(ctx context.Context, ops ...table.Op) []error {
	errs := make([]error, len(ops))
	for i, op := range ops {
		errs[i] = p.Write(ctx, op)
	}
	return errs
}

func (p *process) Get(ctx context.Context, k table.Key, consistent bool) (table.Record, error) {
	if err := p.alive(); err != nil {
		return table.Record{}, err
	}
	return p.Table.Get(ctx, k, consistent)
}

func (p *process) Query(ctx context.Context, q table.Query) (table.Page, error) {
	if err := p.alive(); err != nil {
		return table.Page{}, err
	}
	return p.Table.Query(ctx, q)
}

// guarded is a sender that a dead process can't use.
type guarded struct {
	mail.Sender
	p *process
}

func (g guarded) Send(ctx context.Context, m mail.Message) (string, error) {
	if err := g.p.alive(); err != nil {
		return "", err
	}
	return g.Sender.Send(ctx, m)
}

// live runs the program until there is nothing left to do or it has crashed. It
// takes the batches that have not been acknowledged and returns the rest.
func live(w *world, p *process, sender func(*store.Store) mail.Sender, log *logged, batches [][]table.Change) [][]table.Change {
	ctx := context.Background()
	s := &store.Store{Table: p, Clock: w.clock.now}
	q := local.New(s, "mail", local.Options{Clock: w.clock.now, Log: log.logger(), Jitter: func(d time.Duration) time.Duration { return d }})
	consumer := &Consumer{Ideas: s, Queue: q, Log: log.logger()}
	worker := w.on(p, guarded{sender(s), p}, log)
	worker.Queue, worker.perPage = q, 2
	for len(batches) > 0 && p.alive() == nil {
		if err := consumer.Consume(ctx, batches[0]); err != nil {
			continue
		}
		batches = batches[1:]
	}
	for p.alive() == nil {
		q.Step(ctx, worker.Handle)
		jobs, err := w.store.Jobs(ctx, "mail", 1)
		w.must(err)
		if len(jobs) == 0 {
			return batches
		}
		w.clock.advance(max(jobs[0].Due.Sub(w.clock.now()), 0))
	}
	return batches
}

// TestCrashAtEveryWrite runs the way from history entry to mail once for each write
// on it, and kills the program there, before and after the write; the next process
// goes on. With a sender like SES everybody due gets one mail, and a second one only
// where the crash fell exactly between sending and writing that down; with the
// outbox, which can tell, one always.
func TestCrashAtEveryWrite(t *testing.T) {
	t.Parallel()
	for _, sender := range []string{"post office", "outbox"} {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, after the write: %t", sender, after), func(t *testing.T) {
				t.Parallel()
				windows := sweep(t, sender == "outbox", after)
				// Jobs run side by side, so which write is the one behind a mail differs
				// each time: about four of a sweep's crashes fall there, rarely none.
				for again := 0; again < 5 && !after && windows == 0; again++ {
					windows = sweep(t, sender == "outbox", after)
				}
				if !after && windows == 0 || after && windows > 0 {
					t.Errorf("the crash fell between sending and writing down %d times", windows)
				}
			})
		}
	}
}

// sweep crashes at each write in turn, and counts the crashes between sending and
// writing that down.
func sweep(t *testing.T, toOutbox, after bool) (windows int) {
	t.Helper()
	for at := 0; ; at++ {
		crashed, window := crash(t, toOutbox, at, after)
		if window {
			windows++
		}
		if !crashed {
			if at < 15 {
				t.Errorf("%d writes: less than there must be", at)
			}
			return windows
		}
	}
}

// waiting is one launch that a submitter, a follower and a voter wait for, and so many
// others that there is more than one page of them.
func waiting(w *world) (due map[string]int) {
	ann, team := w.member("ann", "ann@example.org", "en"), w.member("team", "team@example.org", "en")
	i := w.idea("tea", ann)
	due = map[string]int{ann.Email: 1}
	for n := range 3 {
		m := w.member(fmt.Sprint("fan", n), fmt.Sprintf("fan%d@example.org", n), "en")
		w.follows(m, i)
		due[m.Email] = 1
	}
	m := w.wants(w.member("voter", "voter@example.org", "en"), func(p *portal.MailPrefs) { p.Voted = true })
	w.votes(m, i)
	due[m.Email] = 1
	w.move(&i, portal.Launched, team)
	return due
}

func crash(t *testing.T, toOutbox bool, at int, after bool) (crashed, window bool) {
	t.Helper()
	w := newWorld(t)
	due := waiting(w)
	batches := deliveries(rand.New(rand.NewPCG(uint64(at), 4)), w.changes())
	var log logged
	post := &postOffice{}
	sender := func(s *store.Store) mail.Sender {
		if toOutbox {
			return outbox.New(s)
		}
		return post
	}
	first := &process{Table: w.table, at: at, after: after}
	batches = live(w, first, sender, &log, batches)
	if first.dead {
		if left := live(w, &process{Table: w.table, at: -1}, sender, &log, batches); len(left) > 0 {
			t.Errorf("%d batches left", len(left))
		}
	}

	sent := post.sent
	if toOutbox {
		kept, _, err := w.store.Outbox(t.Context(), "", 500)
		w.must(err)
		for _, m := range kept {
			sent = append(sent, mail.Message{ID: m.ID, To: m.To})
		}
	}
	got, most, doubles := map[string]int{}, 0, 0
	for id, n := range perMail(sent) {
		got[strings.Fields(id)[1]]++
		most = max(most, n)
		if n > 1 {
			doubles++
		}
	}
	if diff := cmp.Diff(due, got); diff != "" {
		t.Errorf("crash at write %d: who heard how often (-want +got):\n%s", at, diff)
	}
	switch {
	case first.window && !toOutbox && (most != 2 || doubles != 1):
		t.Errorf("crash at write %d, between sending and writing down: %d mails sent up to %d times", at, doubles, most)
	case (!first.window || toOutbox) && most != 1:
		t.Errorf("crash at write %d: a mail was sent %d times", at, most)
	}
	return first.dead, first.window
}
