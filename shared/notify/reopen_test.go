package notify

import (
	"errors"
	"testing"

	"groundswell/shared/mail"
	"groundswell/shared/portal"
	"groundswell/shared/store"
)

// TestReopen: mails that the sandbox kept back go out once it is left, each once, however
// often the operator asks and wherever it broke off; what ended otherwise stays ended.
func TestReopen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ann, team := w.member("ann", "ann@example.org", "en"), w.member("team", "team@example.org", "en")
	fan, gone := w.member("fan", "fan@example.org", "en"), w.member("gone", "gone@example.org", "en")
	i, j := w.idea("tea", ann), w.idea("milk", ann)
	w.follows(fan, i)
	w.follows(gone, i)
	planned := w.move(&i, portal.Planned, team)
	launched := w.move(&j, portal.Launched, team)

	sandbox := true
	p := &postOffice{fail: func(m mail.Message) (bool, error) {
		switch {
		case m.To == gone.Email:
			return false, mail.ErrAddress
		case sandbox:
			return false, mail.ErrSandbox
		}
		return true, nil
	}}
	var log logged
	worker := w.worker(p, log.logger())
	jobs := []job{{Kind: kindChanged, Idea: i.ID, Ver: planned.Ver, To: fan.ID}, {Kind: kindChanged, Idea: i.ID, Ver: planned.Ver, To: gone.ID},
		{Kind: kindLaunched, Idea: j.ID, Ver: launched.Ver, To: ann.ID}}
	for _, j := range jobs {
		w.must(worker.Handle(t.Context(), j.body()))
	}
	line := func(j job) store.Delivery {
		d, err := w.store.Delivery(t.Context(), j.Idea, j.event(), j.To)
		w.must(err)
		return d
	}
	bag := &mailbag{fail: errors.New("queue down")}
	r := &Reopen{Ledger: w.store, Ideas: w.store, Queue: bag}
	if again, err := r.Again(t.Context(), line(jobs[0])); again || err == nil {
		t.Errorf("without a queue: %t, %v", again, err)
	}
	bag.fail, sandbox = nil, false
	for range 2 { // the second time they are open, and queued twice
		for n, want := range []bool{true, false, true} {
			if again, err := r.Again(t.Context(), line(jobs[n])); again != want || err != nil {
				t.Errorf("job %d: %t, %v", n, again, err)
			}
		}
	}
	if len(bag.bodies) != 4 {
		t.Errorf("%d jobs queued", len(bag.bodies))
	}
	old := line(jobs[0])
	for _, b := range bag.bodies {
		w.must(worker.Handle(t.Context(), b))
	}
	if len(p.sent) != 2 {
		t.Errorf("%d mails went out", len(p.sent))
	}
	for n, want := range []store.DeliveryState{store.Sent, store.Failed, store.Sent} {
		if d := line(jobs[n]); d.State != want || r.Waits(d) {
			t.Errorf("job %d: %+v", n, d)
		}
	}
	old.State, old.Version = store.Failed, old.Version-1 // as an operator read it who slept on it
	if again, err := r.Again(t.Context(), old); again || err != nil {
		t.Errorf("a line that has moved on: %t, %v", again, err)
	}
	for _, d := range []store.Delivery{{Subject: "x", Event: kindSignIn, State: store.Failed, Why: portal.UnsentSandbox},
		{Subject: "x", Event: kindTest, State: store.Failed, Why: portal.UnsentSandbox}} {
		if r.Waits(d) {
			t.Errorf("%s can be sent again", d.Event)
		}
	}
}
