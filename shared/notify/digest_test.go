package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/portal"
	"groundswell/shared/projection"
	"groundswell/shared/queue"
	"groundswell/shared/queue/local"
	"groundswell/shared/store"
	"groundswell/shared/table/tabletest"
)

// subscriber is a member who gets the weekly summary.
func (w *world) subscriber(name string) portal.Member {
	w.t.Helper()
	m := portal.Member{ID: portal.ImportedMember("test", name), Name: name, Email: name + "@example.org", Locale: "en", Role: portal.RoleMember,
		Mail: portal.MailPrefs{Digest: true}, CreatedAt: w.clock.now(), Version: 1}
	_, err := w.store.CreateMember(context.Background(), m)
	w.must(err)
	return m
}

// summaries is a worker with summaries, on a table of its own choice.
func (w *world) summaries(s *store.Store, p *postOffice, log *slog.Logger) (*Worker, *local.Queue) {
	q := local.New(s, "mail", local.Options{Clock: w.clock.now, Receives: 10_000, Jitter: func(d time.Duration) time.Duration { return d }})
	worker := w.worker(p, log)
	worker.Ledger, worker.Reads, worker.Weekly = s, s, s
	worker.Digests = &Digests{Store: s, Queue: q, Log: log}
	return worker, q
}

// counted puts what lists show in order.
func (w *world) counted(ideas ...portal.Idea) {
	w.t.Helper()
	c := &projection.Consumer{Store: w.store, Clock: w.clock.now}
	for _, i := range ideas {
		w.must(c.Recount(context.Background(), i.ID))
	}
}

// drain works the queue off, as far as the clock may go.
func drain(t *testing.T, w *world, q *local.Queue, worker *Worker) {
	t.Helper()
	for range 5000 {
		_, _ = q.Step(t.Context(), worker.Handle)
		jobs, err := w.store.Jobs(t.Context(), "mail", 1)
		w.must(err)
		if len(jobs) == 0 {
			return
		}
		w.clock.advance(max(jobs[0].Due.Sub(w.clock.now()), 0))
	}
	t.Fatal("the queue never ends")
}

// TestDigestPagesDontBranch: a page that comes twice queues the next one once more only
// if that one got lost.
func TestDigestPagesDontBranch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.subscriber("ann")
	var bag mailbag
	d := &Digests{Store: w.store, Queue: &bag, Log: slog.New(slog.DiscardHandler)}
	w.must(d.Tick(t.Context(), w.clock.now()))
	first, week := portal.DigestPlace{}, portal.DigestWeekOf(w.clock.now())
	page := func() (queued int, err error) {
		before := len(bag.bodies)
		err = d.Page(t.Context(), w.clock.now(), week, first)
		return len(bag.bodies) - before, err
	}
	if n, err := page(); n == 0 || err != nil {
		t.Fatalf("%d jobs, %v", n, err)
	}
	if n, err := page(); n != 0 || queue.Delay(err) != time.Minute {
		t.Errorf("a copy of the page: %d jobs, %v", n, err)
	}
	w.clock.advance(time.Minute)
	if n, err := page(); n != 1 || err != nil {
		t.Errorf("a minute later, as nothing came of the next one: %d jobs, %v", n, err)
	}
	w.must(d.Page(t.Context(), w.clock.now(), week, portal.DigestPlace{Lane: 1}))
	if n, err := page(); n != 0 || err != nil {
		t.Errorf("once the next one is done: %d jobs, %v", n, err)
	}
}

// TestDigestSays: what happened in the week before, each idea once and under what it
// is to the reader; nothing that they did themselves, hid, muted or has moved on.
func TestDigestSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t) // Monday, 4 May 2026, noon
	ann, bob, team := w.subscriber("ann"), w.subscriber("bob"), w.member("team", "team@example.org", "en")
	old, waited := w.idea("too old", bob), w.idea("waited", bob)
	w.move(&old, portal.Planned, team)
	w.clock.advance(7 * 24 * time.Hour)
	own, voted, followed, muted := w.idea("own", ann), w.idea("voted", bob), w.idea("followed", bob), w.idea("muted", bob)
	launched, planned, review, hidden, back := w.idea("real", bob), w.idea("soon", bob), w.idea("looked at", bob), w.idea("hidden", bob), w.idea("came back", bob)
	fresh, unloved := w.idea("fresh", bob), w.idea("unloved", bob)
	w.must(second(w.store.PutVote(t.Context(), portal.Vote{IdeaID: voted.ID, MemberID: ann.ID, At: w.clock.now()})))
	waited.Published, waited.Version = w.clock.now(), waited.Version+1
	w.must(w.store.UpdateIdea(t.Context(), portal.IdeaUpdate{Idea: waited, Prev: waited.Version - 1}))
	for _, i := range []portal.Idea{fresh, launched, waited, review, followed} {
		w.must(second(w.store.PutVote(t.Context(), portal.Vote{IdeaID: i.ID, MemberID: bob.ID, At: w.clock.now()})))
	}
	w.must(w.store.PutFollow(t.Context(), portal.Follow{IdeaID: followed.ID, MemberID: ann.ID, Following: true, Version: 1}, 0))
	w.must(w.store.PutFollow(t.Context(), portal.Follow{IdeaID: muted.ID, MemberID: ann.ID, Muted: true, Version: 1}, 0))
	for i, to := range map[*portal.Idea]portal.Status{&own: portal.Declined, &voted: portal.Launched, &followed: portal.UnderReview, &muted: portal.Launched,
		&launched: portal.Launched, &planned: portal.Planned, &review: portal.UnderReview, &hidden: portal.Launched, &back: portal.Launched} {
		w.clock.advance(time.Minute)
		w.move(i, to, team)
	}
	hidden.Mod.State, hidden.Version = portal.Hidden, hidden.Version+1
	w.must(w.store.UpdateIdea(t.Context(), portal.IdeaUpdate{Idea: hidden, Prev: hidden.Version - 1}))
	w.counted(own, voted, followed, muted, launched, planned, review, hidden, back, fresh, unloved, waited)
	w.clock.advance(7 * 24 * time.Hour)
	w.move(&back, portal.Planned, team) // this week
	w.counted(back)

	worker, _ := w.summaries(w.store, &postOffice{}, slog.New(slog.DiscardHandler))
	read := func(m portal.Member) map[string][]string {
		d, err := worker.digestFor(t.Context(), m, portal.DigestWeekOf(w.clock.now()))
		w.must(err)
		out := map[string][]string{}
		for part, lines := range map[string][]DigestLine{"yours": d.Yours, "launched": d.Launched, "moved": d.Moved, "fresh": d.Fresh} {
			for _, l := range lines {
				out[part] = append(out[part], fmt.Sprintf("%s %s %d", l.Title, l.Status, l.Votes))
			}
		}
		return out
	}
	sorted := func(m map[string][]string) map[string]map[string]bool {
		out := map[string]map[string]bool{}
		for k, v := range m {
			out[k] = map[string]bool{}
			for _, s := range v {
				out[k][s] = true
			}
		}
		return out
	}
	want := map[string][]string{"yours": {"own declined 0", "voted launched 1", "followed under_review 1"}, "launched": {"real launched 1"}, "moved": {"soon planned 0"}, "fresh": {"fresh new 1", "waited new 1", "looked at under_review 1"}}
	if diff := cmp.Diff(sorted(want), sorted(read(ann))); diff != "" {
		t.Errorf("ann (-want +got):\n%s", diff)
	}
	if got := read(team); len(got["yours"])+len(got["launched"])+len(got["moved"]) != 0 {
		t.Errorf("the team is told of what it did: %v", got)
	}
	if got := read(team)["fresh"]; len(got) != 2 {
		t.Errorf("the team is told of new ideas that it looked at itself: %v", got)
	}
	w.clock.advance(7 * 24 * time.Hour)
	if got := read(ann); len(got["moved"]) != 1 || len(got) != 1 {
		t.Errorf("a week later: %v", got)
	}
}

// TestDigestOfMergedIdeas: whoever brought, follows or voted for a duplicate hears of its
// original as of their own; its votes are everybody's once; a duplicate has no line.
func TestDigestOfMergedIdeas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ann, bob, cat, dan, eve := w.subscriber("ann"), w.subscriber("bob"), w.subscriber("cat"), w.subscriber("dan"), w.subscriber("eve")
	team := w.member("team", "team@example.org", "en")
	original, dup := w.idea("original", ann), w.idea("duplicate", bob)
	w.follows(cat, dup)
	w.votes(dan, dup)
	w.votes(dan, original)
	w.votes(ann, original)
	w.clock.advance(time.Minute)
	w.merge(&dup, &original, team)
	w.clock.advance(time.Minute)
	w.move(&original, portal.Planned, team)
	w.counted(original, dup)
	w.clock.advance(7 * 24 * time.Hour)
	worker, _ := w.summaries(w.store, &postOffice{}, slog.New(slog.DiscardHandler))
	for _, m := range []portal.Member{ann, bob, cat, dan, eve} {
		d, err := worker.digestFor(t.Context(), m, portal.DigestWeekOf(w.clock.now()))
		w.must(err)
		lines, others := d.Yours, d.Moved
		if m.ID == eve.ID { // who has nothing to do with it
			lines, others = d.Moved, d.Yours
		}
		if len(lines) != 1 || len(others) != 0 || lines[0].Title != "original" || lines[0].Votes != 2 {
			t.Errorf("%s reads %+v, and elsewhere %+v", m.Name, lines, others)
		}
		for _, l := range d.Fresh {
			if l.Title == "duplicate" {
				t.Errorf("%s reads of the duplicate", m.Name)
			}
		}
	}
	w.follows(cat, original, func(f *portal.Follow) { f.Muted = true })
	if d, err := worker.digestFor(t.Context(), cat, portal.DigestWeekOf(w.clock.now())); err != nil || !d.Empty() {
		t.Errorf("who muted the original reads %+v, %v", d, err)
	}
}

func second[T any](_ T, err error) error { return err }

// TestDigestOnceAWeek: who asked for it gets one summary a week, however often the
// schedule ticks, pages come and writes fail; who has nothing to hear, has left, or
// changed their mind, none.
func TestDigestOnceAWeek(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			team := w.member("team", "team@example.org", "en")
			w.member("no subscriber", "no@example.org", "en")
			want := map[string]int{}
			for n := range 60 {
				want[w.subscriber(fmt.Sprint("m", n)).Email] = 1
			}
			changed := w.subscriber("changed")
			changed.Mail.Digest, changed.Version = false, 2
			w.must(w.store.UpdateMember(t.Context(), changed, 1))
			w.clock.advance(time.Hour)
			i := w.idea("tea", team)
			w.move(&i, portal.Planned, team)
			w.counted(i)
			w.clock.advance(7*24*time.Hour - 6*time.Hour) // Monday, 07:00: too early
			faulty := tabletest.NewFaulty(w.table, seed)
			faulty.SetRates(tabletest.Rates{Before: 0.03, After: 0.03, Conflict: 0.03})
			var p postOffice
			var log logged
			worker, q := w.summaries(&store.Store{Table: faulty, Clock: w.clock.now}, &p, log.logger())
			w.must(errOrNil(worker.Digests.Tick(t.Context(), w.clock.now())))
			if jobs, err := w.store.Jobs(t.Context(), "mail", 1); err != nil || len(jobs) != 0 {
				t.Fatalf("before Monday morning: %d jobs, %v", len(jobs), err)
			}
			w.clock.advance(time.Hour)
			rnd := rand.New(rand.NewPCG(seed, 9))
			for hour := range 24 { // ticks come between the pages, and after all is done
				_ = worker.Digests.Tick(t.Context(), w.clock.now())
				if rnd.IntN(2) == 0 {
					_, _ = q.Step(t.Context(), worker.Handle)
				}
				w.clock.advance(time.Duration(hour) * time.Second)
			}
			drain(t, w, q, worker)
			for try := 0; ; try++ { // what got lost is taken up by a later tick
				run, err := w.store.DigestRun(t.Context(), portal.DigestWeekOf(w.clock.now()))
				w.must(err)
				if run.Done || try == 20 {
					break
				}
				_ = worker.Digests.Tick(t.Context(), w.clock.now())
				drain(t, w, q, worker)
			}
			got := map[string]int{}
			for _, m := range p.sent {
				got[m.To]++
			}
			for to, n := range got { // written down in vain: the one window there is
				if extra := n - 1; extra > 0 && extra <= log.count(eventLost) {
					got[to] = 1
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("mails (-want +got):\n%s", diff)
			}
			if faulty.Fired() == 0 {
				t.Error("nothing failed")
			}
			n := len(p.sent)
			w.clock.advance(7 * 24 * time.Hour) // nothing happened in that week
			faulty.SetRates(tabletest.Rates{})
			w.must(worker.Digests.Tick(t.Context(), w.clock.now()))
			drain(t, w, q, worker)
			if len(p.sent) != n {
				t.Errorf("%d mails about nothing", len(p.sent)-n)
			}
			if strings.Contains(log.String(), "@") {
				t.Error("an address in the log")
			}
		})
	}
}

func errOrNil(err error) error {
	if errors.Is(err, tabletest.ErrInjected) {
		return nil
	}
	return err
}

// TestDigestWaitsForNobody: at no time are more summaries queued than a page holds,
// so a sign-in code does not wait behind all of them.
func TestDigestWaitsForNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for n := range 200 {
		w.subscriber(fmt.Sprint("m", n))
	}
	worker, q := w.summaries(w.store, &postOffice{}, slog.New(slog.DiscardHandler))
	w.must(worker.Digests.Tick(t.Context(), w.clock.now()))
	most := 0
	for {
		jobs, err := w.store.Jobs(t.Context(), "mail", 1000)
		w.must(err)
		if most = max(most, len(jobs)); len(jobs) == 0 {
			break
		}
		w.must(second(q.Step(t.Context(), worker.Handle)))
		w.clock.advance(time.Second)
	}
	if most > digestPage+1 || most < 5 {
		t.Errorf("%d jobs at once, want a page of %d and the next page's", most, digestPage)
	}
	if run, err := w.store.DigestRun(t.Context(), portal.DigestWeekOf(w.clock.now())); err != nil || !run.Done {
		t.Errorf("run %+v, %v", run, err)
	}
}

func TestDigestMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ann, team := w.subscriber("ann"), w.member("team", "", "en")
	i := w.idea("Tea & <cake>", ann)
	w.move(&i, portal.Planned, team)
	w.clock.advance(7 * 24 * time.Hour)
	var p postOffice
	worker, q := w.summaries(w.store, &p, slog.New(slog.DiscardHandler))
	w.must(worker.Digests.Tick(t.Context(), w.clock.now()))
	drain(t, w, q, worker)
	if len(p.sent) != 1 {
		t.Fatalf("%d mails", len(p.sent))
	}
	m := p.sent[0]
	for _, want := range []string{"https://ideas.example.com/ideas/" + i.ID + "/tea-cake", "Coming soon", "4 May 2026", "10 May 2026", "https://ideas.example.com/unsubscribe?t=u.1."} {
		if !strings.Contains(m.Text, want) || !strings.Contains(m.HTML, want) {
			t.Errorf("mail without %q:\n%s", want, m.Text)
		}
	}
	if m.Subject != "Groundswell: your week in ideas" || !strings.Contains(m.HTML, "Tea &amp; &lt;cake&gt;") {
		t.Errorf("subject %q", m.Subject)
	}
	d, err := w.store.Delivery(t.Context(), "2026W20-"+ann.ID, kindDigest, ann.ID)
	if err != nil || d.State != store.Sent || d.Forget.IsZero() {
		t.Errorf("ledger %+v, %v", d, err)
	}
}
