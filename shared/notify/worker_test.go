package notify

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/mail"
	"groundswell/shared/portal"
	"groundswell/shared/queue"
	"groundswell/shared/store"
	"groundswell/shared/table"
	"groundswell/shared/table/tabletest"
)

// launchedJob is a launched idea of ann's and the job of telling her.
func launchedJob(w *world) (portal.Idea, portal.Member, string) {
	ann := w.member("Ann", "ann@example.org", "zh")
	i := w.idea("Tea for two", ann)
	h := w.move(&i, portal.Launched, w.member("team", "team@example.org", "en"))
	return i, ann, job{Kind: kindLaunched, Idea: i.ID, Ver: h.Ver, To: ann.ID}.body()
}

// line is the ledger's line of the job.
func line(t *testing.T, w *world, i portal.Idea, m portal.Member) store.Delivery {
	t.Helper()
	d, err := w.store.Delivery(t.Context(), i.ID, kindLaunched, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestLaunchedMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i, ann, body := launchedJob(w)
	var p postOffice
	var log logged
	worker := w.worker(&p, log.logger())
	for range 3 {
		if err := worker.Handle(t.Context(), body); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.sent) != 1 {
		t.Fatalf("%d mails", len(p.sent))
	}
	m := p.sent[0]
	if m.To != ann.Email || m.From != `"Groundswell" <ideas@example.com>` || m.Subject != "你的点子成真了：Tea for two" || !m.At.Equal(w.clock.now()) {
		t.Errorf("mail %+v", m)
	}
	link := "https://ideas.example.com/ideas/" + i.ID + "/tea-for-two"
	for _, want := range []string{link, "Thank **you**", "Ann"} {
		if !strings.Contains(m.Text, want) || !strings.Contains(m.HTML, want) {
			t.Errorf("mail without %q:\n%s\n%s", want, m.Text, m.HTML)
		}
	}
	ticket := "u.1." + ann.ID + ".own."
	if !strings.HasPrefix(m.Headers[0].Value, "<https://ideas.example.com/unsubscribe?t="+ticket) || !strings.Contains(m.Text, "/mail-preferences?t=p.1."+ann.ID+".all.") {
		t.Errorf("no way to say enough: %+v\n%s", m.Headers, m.Text)
	}
	if diff := cmp.Diff([]mail.Header{{Name: "List-Unsubscribe-Post", Value: "List-Unsubscribe=One-Click"}, {Name: "Auto-Submitted", Value: "auto-generated"}, {Name: "X-Auto-Response-Suppress", Value: "OOF, AutoReply"}}, m.Headers[1:]); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	want := store.Delivery{Subject: i.ID, Event: kindLaunched, To: ann.ID, State: store.Sent, MessageID: "post-1", Attempts: 1, At: w.clock.now(), Version: 2}
	if diff := cmp.Diff(want, line(t, w, i, ann)); diff != "" {
		t.Errorf("ledger (-want +got):\n%s", diff)
	}
	if strings.Contains(log.String(), "@") || log.count("mail_sent") != 1 {
		t.Errorf("log:\n%s", log.String())
	}
}

func TestLaunchedAgainIsNotMailedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i, ann, body := launchedJob(w)
	team := portal.Member{ID: "team"}
	w.move(&i, portal.InProgress, team)
	h := w.move(&i, portal.Launched, team)
	var p postOffice
	worker := w.worker(&p, new(logged).logger())
	for _, b := range []string{body, job{Kind: kindLaunched, Idea: i.ID, Ver: h.Ver, To: ann.ID}.body()} {
		if err := worker.Handle(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.sent) != 1 {
		t.Errorf("%d mails", len(p.sent))
	}
}

func TestNobodyToMail(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		why  string
		make func(w *world) job
	}{
		{"no_address", func(w *world) job {
			m := w.member("imported", "", "en")
			return job{Idea: w.idea("tea", m).ID, To: m.ID}
		}},
		{"no_member", func(w *world) job {
			m := w.member("ann", "ann@example.org", "en")
			return job{Idea: w.idea("tea", m).ID, To: portal.ImportedMember("test", "nobody")}
		}},
		{"no_idea", func(w *world) job {
			return job{Idea: portal.ImportedAt(w.clock.now(), "test", "nothing"), To: w.member("ann", "ann@example.org", "en").ID}
		}},
		{"hidden", func(w *world) job {
			m := w.member("ann", "ann@example.org", "en")
			i := w.idea("tea", m)
			i.Mod.State, i.Version = portal.Hidden, 2
			w.must(w.store.UpdateIdea(context.Background(), portal.IdeaUpdate{Idea: i, Prev: 1}))
			return job{Idea: i.ID, To: m.ID}
		}},
	} {
		t.Run(tc.why, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			j := tc.make(w)
			j.Kind, j.Ver = kindLaunched, 1
			var p postOffice
			if err := w.worker(&p, new(logged).logger()).Handle(t.Context(), j.body()); err != nil {
				t.Fatal(err)
			}
			d, err := w.store.Delivery(t.Context(), j.Idea, kindLaunched, j.To)
			if err != nil || d.State != store.Skipped || d.Why != tc.why || len(p.sent) != 0 {
				t.Errorf("ledger %+v, %v; %d mails", d, err, len(p.sent))
			}
		})
	}
}

func TestSenderAnswers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		err   error
		took  bool
		acked bool
		after time.Duration // that the job should wait at least
		state store.DeliveryState
		free  bool // the claim was given back
		event string
	}{
		{"rejected", mail.ErrRejected, false, true, 0, store.Failed, true, eventRejected},
		{"throttled", mail.ErrThrottled, false, false, 0, store.Sending, true, ""},
		{"daily quota", mail.ErrDailyQuota, false, false, waitQuota, store.Sending, true, ""},
		{"paused", mail.ErrPaused, false, false, waitOperator, store.Sending, true, eventPaused},
		{"configuration", mail.ErrConfig, false, false, waitOperator, store.Sending, true, eventConfig},
		{"no answer", errors.New("timeout"), true, false, time.Minute, store.Sending, false, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			i, ann, body := launchedJob(w)
			p := postOffice{fail: func(mail.Message) (bool, error) { return tc.took, fmt.Errorf("send: %w", tc.err) }}
			var log logged
			worker := w.worker(&p, log.logger())
			err := worker.Handle(t.Context(), body)
			if (err == nil) != tc.acked || queue.Delay(err) < tc.after || errors.Is(err, queue.ErrDead) {
				t.Errorf("Handle: %v, delay %v", err, queue.Delay(err))
			}
			d := line(t, w, i, ann)
			if d.State != tc.state || d.LeasedUntil.IsZero() != tc.free {
				t.Errorf("ledger: %+v", d)
			}
			if tc.event != "" && log.count(tc.event) != 1 {
				t.Errorf("log without %s:\n%s", tc.event, log.String())
			}
			if (tc.event == eventPaused || tc.event == eventConfig) != (log.count("level=ERROR") > 0) {
				t.Errorf("alarm:\n%s", log.String())
			}
			if strings.Contains(log.String(), "@") {
				t.Errorf("an address in the log:\n%s", log.String())
			}

			// Then all is well again.
			p.fail = nil
			if !tc.free {
				if err := worker.Handle(t.Context(), body); !errors.Is(err, errHeld) {
					t.Errorf("under the lease: %v, want errHeld", err)
				}
				w.clock.advance(time.Minute)
			}
			if err := worker.Handle(t.Context(), body); err != nil {
				t.Error(err)
			}
			want := 1
			switch {
			case tc.acked:
				want = 0 // it would never be taken
			case tc.took:
				want = 2 // the one duplicate that can't be helped
			}
			if len(p.sent) != want {
				t.Errorf("%d mails, want %d", len(p.sent), want)
			}
		})
	}
}

// Tries that were given back don't use up the attempts; tries without an answer do.
func TestAttemptsAreLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i, ann, body := launchedJob(w)
	answer := mail.ErrThrottled
	p := postOffice{fail: func(mail.Message) (bool, error) { return errors.Is(answer, errLost), answer }}
	var log logged
	worker := w.worker(&p, log.logger())
	for range 50 {
		if err := worker.Handle(t.Context(), body); err == nil {
			t.Fatal("throttled, and acknowledged")
		}
	}
	answer = errLost
	for range defaultAttempts {
		if err := worker.Handle(t.Context(), body); err == nil {
			t.Fatal("no answer, and acknowledged")
		}
		w.clock.advance(2 * time.Minute)
	}
	if err := worker.Handle(t.Context(), body); err != nil {
		t.Fatal(err)
	}
	if len(p.sent) != defaultAttempts || log.count("level=ERROR", eventGaveUp) != 1 {
		t.Errorf("%d mails; log:\n%s", len(p.sent), log.String())
	}
	if d := line(t, w, i, ann); d.State != store.Failed || d.Why != "attempts" {
		t.Errorf("ledger: %+v", d)
	}
}

var errLost = errors.New("no answer")

func TestSignInMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var q mailbag
	c := portal.CodeMail{ID: "hash", Email: "new@example.org", Code: "012345", Locale: "en", Expires: w.clock.now().Add(portal.CodeLife)}
	if err := (Mails{Queue: &q}).SendCode(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	var p postOffice
	var log logged
	worker := w.worker(&p, log.logger())
	w.clock.advance(90 * time.Second)
	for range 2 {
		if err := worker.Handle(t.Context(), q.bodies[0]); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.sent) != 1 || p.sent[0].To != c.Email || !strings.Contains(p.sent[0].Text, "\n012345\n") || !strings.Contains(p.sent[0].Text, "9 minutes") {
		t.Errorf("mails %+v", p.sent)
	}
	// Another code is another mail; one that has expired is none.
	c.ID = "hash2"
	w.must((Mails{Queue: &q}).SendCode(t.Context(), c))
	w.clock.advance(portal.CodeLife)
	if err := worker.Handle(t.Context(), q.bodies[1]); err != nil || len(p.sent) != 1 {
		t.Errorf("expired: %v, %d mails", err, len(p.sent))
	}
	for _, secret := range []string{"012345", "@", "example.org"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("%q in the log:\n%s", secret, log.String())
		}
	}
	if err := (Mails{Queue: &mailbag{fail: errors.New("down")}}).SendCode(t.Context(), c); err == nil || strings.Contains(err.Error(), "@") {
		t.Errorf("queue down: %v", err)
	}
}

func TestBadJobs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i, ann, _ := launchedJob(w)
	var p postOffice
	for _, body := range []string{"", "nonsense", "[]", "{}", `{"kind":"unheard"}`, `{"kind":"launched"}`,
		job{Kind: kindLaunched, Idea: "x#y", To: ann.ID}.body(), job{Kind: kindLaunched, Idea: i.ID, To: "U#1"}.body(),
		job{Kind: kindSignIn, Email: "secret@example.org", Code: "1"}.body(), `{"kind":"sign_in","id":"1","email":"secret@example.org","code":"1"}`} {
		var log logged
		err := w.worker(&p, log.logger()).Handle(t.Context(), body)
		if !errors.Is(err, queue.ErrDead) || log.count("level=ERROR", eventBadJob) != 1 {
			t.Errorf("%s: %v\n%s", body, err, log.String())
		}
		if err != nil && strings.Contains(err.Error()+log.String(), "secret") {
			t.Errorf("the job's content leaks: %v\n%s", err, log.String())
		}
	}
	if len(p.sent) != 0 {
		t.Errorf("%d mails", len(p.sent))
	}
}

// on is the worker's world behind a table that fails.
func (w *world) on(tab table.Table, p mail.Sender, log *logged) *Worker {
	worker := w.worker(p, log.logger())
	s := &store.Store{Table: tab, Clock: w.clock.now}
	worker.Reads, worker.Ledger = s, s
	return worker
}

// Each write of a delivery, the claim and the record, fails in each way; the job
// comes back as a queue would bring it. There is one mail, and after a record that
// could not be written however hard the worker tried, two.
func TestEachWriteFails(t *testing.T) {
	t.Parallel()
	for _, how := range []tabletest.How{tabletest.Before, tabletest.After, tabletest.Conflict} {
		for _, tc := range []struct {
			name   string
			writes []int
			mails  int
		}{
			{"claim", []int{0}, 1},
			{"record", []int{1}, 1},
			{"record, and again", []int{1, 2}, 1},
			{"record, each time", []int{1, 2, 3, 4, 5}, 2},
		} {
			t.Run(how.String()+" "+tc.name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				i, ann, body := launchedJob(w)
				faulty := tabletest.NewFaulty(w.table, 1)
				for _, n := range tc.writes {
					faulty.Fail(how, n)
				}
				var p postOffice
				var log logged
				worker := w.on(faulty, &p, &log)
				for try := 0; worker.Handle(t.Context(), body) != nil; try++ {
					if try == 10 {
						t.Fatal("the job never ends")
					}
					w.clock.advance(2 * time.Minute)
				}
				want := tc.mails
				if how == tabletest.After {
					want = 1 // what was written is found when the worker looks again
				}
				if len(p.sent) != want || faulty.Fired() == 0 {
					t.Errorf("%d mails, want %d; %d faults", len(p.sent), want, faulty.Fired())
				}
				if lost := log.count(eventLost); lost != want-1 {
					t.Errorf("%d lines of %s\n%s", lost, eventLost, log.String())
				}
				if d := line(t, w, i, ann); d.State != store.Sent {
					t.Errorf("ledger: %+v", d)
				}
			})
		}
	}
}

// A worker whose lease has run out while it was sending still writes down what it
// did, and the one that took over keeps that.
func TestSentIsAFactForWhoeverTookOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i, ann, body := launchedJob(w)
	second := &postOffice{}
	first := &postOffice{}
	other := w.worker(second, new(logged).logger())
	first.fail = func(mail.Message) (bool, error) {
		w.clock.advance(2 * time.Minute) // the sender takes its time
		return true, other.Handle(context.Background(), body)
	}
	if err := w.worker(first, new(logged).logger()).Handle(t.Context(), body); err != nil {
		t.Fatal(err)
	}
	if d := line(t, w, i, ann); d.State != store.Sent || d.Attempts != 2 {
		t.Errorf("ledger: %+v", d)
	}
}

// slowLedger lets nobody write before everybody has read.
type slowLedger struct {
	Ledger
	read *sync.WaitGroup
}

func (l slowLedger) Delivery(ctx context.Context, subject, event, to string) (store.Delivery, error) {
	d, err := l.Ledger.Delivery(ctx, subject, event, to)
	l.read.Done()
	l.read.Wait()
	return d, err
}

// Workers that find the same line free at the same moment: one of them sends, both
// for the first claim and for one whose lease has run out.
func TestOneOfManyClaims(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i, ann, body := launchedJob(w)
	p := postOffice{fail: func(mail.Message) (bool, error) { return false, errLost }}
	for _, version := range []int64{1, 2} {
		const workers = 5
		var read, done sync.WaitGroup
		read.Add(workers)
		errs := make([]error, workers)
		for n := range workers {
			worker := w.worker(&p, new(logged).logger())
			worker.Ledger = slowLedger{w.store, &read}
			done.Go(func() { errs[n] = worker.Handle(t.Context(), body) })
		}
		done.Wait()
		held := 0
		for _, err := range errs {
			if errors.Is(err, errHeld) {
				held++
			} else if !errors.Is(err, errLost) {
				t.Errorf("Handle: %v", err)
			}
		}
		if held != workers-1 {
			t.Errorf("version %d: %d of %d found it held", version, held, workers)
		}
		if d := line(t, w, i, ann); d.Version != version {
			t.Errorf("ledger: %+v, want version %d", d, version)
		}
		w.clock.advance(2 * time.Minute)
	}
}
