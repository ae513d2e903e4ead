package notify

import (
	"container/heap"
	"context"
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"groundswell/shared/mail"
	"groundswell/shared/portal"
	"groundswell/shared/queue"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// waitingJob is a job and when it may be handed out.
type waitingJob struct {
	body string
	at   time.Time
}

// lineUp is a queue.Timed in memory, in the order of time.
type lineUp struct {
	clock *clock
	jobs  []waitingJob
	sent  int
	most  int // jobs at a time
}

func (q *lineUp) Len() int           { return len(q.jobs) }
func (q *lineUp) Less(a, b int) bool { return q.jobs[a].at.Before(q.jobs[b].at) }
func (q *lineUp) Swap(a, b int)      { q.jobs[a], q.jobs[b] = q.jobs[b], q.jobs[a] }
func (q *lineUp) Push(x any)         { q.jobs = append(q.jobs, x.(waitingJob)) }
func (q *lineUp) Pop() any {
	last := q.jobs[len(q.jobs)-1]
	q.jobs = q.jobs[:len(q.jobs)-1]
	return last
}

func (q *lineUp) Send(ctx context.Context, bodies ...string) error {
	for _, b := range bodies {
		if err := q.SendJobs(ctx, queue.Job{Body: b}); err != nil {
			return err
		}
	}
	return nil
}

func (q *lineUp) SendJobs(_ context.Context, jobs ...queue.Job) error {
	for _, j := range jobs {
		q.sent++
		heap.Push(q, waitingJob{j.Body, q.clock.now().Add(j.After)})
	}
	q.most = max(q.most, len(q.jobs))
	return nil
}

// tallied counts what DynamoDB would bill: records read one by one, by batch and by
// query, and records written.
type tallied struct {
	table.Table
	gets, batched, queries, writes atomic.Int64
}

func (c *tallied) Get(ctx context.Context, k table.Key, consistent bool) (table.Record, error) {
	c.gets.Add(1)
	return c.Table.Get(ctx, k, consistent)
}

func (c *tallied) BatchGet(ctx context.Context, ks []table.Key, consistent bool) (map[table.Key]table.Record, error) {
	c.batched.Add(int64(len(ks)))
	return c.Table.BatchGet(ctx, ks, consistent)
}

func (c *tallied) Query(ctx context.Context, q table.Query) (table.Page, error) {
	c.queries.Add(1)
	return c.Table.Query(ctx, q)
}

func (c *tallied) Write(ctx context.Context, ops ...table.Op) error {
	c.writes.Add(int64(len(ops)))
	return c.Table.Write(ctx, ops...)
}

// narrow is a sender that takes so many mails a second and throttles the rest.
type narrow struct {
	clock           *clock
	rate, throttled int
	second          int64
	inSecond        int
	told            map[string]int
}

func (n *narrow) Send(_ context.Context, m mail.Message) (string, error) {
	if s := n.clock.now().Unix(); s != n.second {
		n.second, n.inSecond = s, 0
	}
	if n.inSecond++; n.inSecond > n.rate {
		n.throttled++
		return "", mail.ErrThrottled
	}
	n.told[m.To]++
	return m.ID, nil
}

// TestAllOfManyHear launches one idea that many wait for, two thirds as
// followers, with as many again who voted and asked for no mail. The sender takes
// fewer mails a second than the fan-out queues. Everybody due is told once; the queue
// never holds more than what a few seconds bring; and it costs what it may.
func TestAllOfManyHear(t *testing.T) {
	t.Parallel()
	n := 1500 // GROUNDSWELL_FANOUT says another number, 10000 say: it changes the time that it takes, and nothing else
	if many, err := strconv.Atoi(os.Getenv("GROUNDSWELL_FANOUT")); err == nil && many > 0 {
		n = many
	} else if testing.Short() {
		n = 500
	}
	w := newWorld(t)
	team := w.member("team", "team@example.org", "en")
	i := w.idea("The one that everybody wants", w.member("ann", "ann@example.org", "en"))
	due := map[string]bool{"ann@example.org": true}
	var ops []table.Op
	add := func(u store.Unit) {
		if ops = append(ops, u.Ops()...); len(ops) > table.MaxOps-5 {
			w.must(w.table.Write(t.Context(), ops...))
			ops = ops[:0]
		}
	}
	for k := range 2 * n {
		m := portal.Member{ID: portal.ImportedMember("scale", fmt.Sprint(k)), Name: fmt.Sprint("m", k), Email: fmt.Sprintf("m%d@example.org", k),
			Locale: "en", Mail: portal.DefaultMail(), CreatedAt: w.clock.now(), Version: 1}
		m.Mail.Voted = k < n && k%3 == 0
		add(store.MemberUnit(m))
		if k < n {
			due[m.Email] = true
		}
		if k < n && k%3 != 0 {
			add(store.FollowUnit(portal.Follow{IdeaID: i.ID, MemberID: m.ID, At: w.clock.now(), Following: true, Version: 1}))
		} else {
			add(store.VoteUnit(portal.Vote{IdeaID: i.ID, MemberID: m.ID, At: w.clock.now()}))
		}
	}
	if len(ops) > 0 {
		w.must(w.table.Write(t.Context(), ops...))
	}
	w.move(&i, portal.Launched, team)

	const taken, queued = 45, 50 // mails a second
	p := &narrow{clock: w.clock, rate: taken, told: map[string]int{}}
	var log logged
	count := &tallied{Table: w.table}
	worker, q := w.on(count, p, &log), &lineUp{clock: w.clock}
	worker.Queue, worker.Rate = q, queued
	changes := w.changes()
	c := &Consumer{Ideas: w.store, Queue: q, Log: log.logger()}
	w.must(c.Consume(t.Context(), changes[len(changes)-2:]))
	began := w.clock.now()
	for tries := 0; q.Len() > 0; tries++ {
		if tries < 2 && !w.spreading(i.ID) { // before its first page, and after it
			t.Errorf("after %d jobs nobody knows that the fan-out goes on", tries)
		}
		j := heap.Pop(q).(waitingJob)
		w.clock.advance(max(0, j.at.Sub(w.clock.now())))
		w.must(worker.Handle(t.Context(), j.body))
	}
	took := w.clock.now().Sub(began)
	if w.spreading(i.ID) {
		t.Error("nobody knows that the fan-out is over")
	}

	told, throttled := p.told, p.throttled
	for to := range due {
		if told[to] != 1 {
			t.Fatalf("%s was told %d times", to, told[to])
		}
	}
	if len(told) != len(due) {
		t.Errorf("%d were told, %d were to be", len(told), len(due))
	}
	pages := log.count("fan_out_page")
	per := func(v int64) float64 { return float64(v) / float64(len(due)) }
	t.Logf("%d mails in %s, %d throttled on the way, %d pages, %d jobs, %d in the queue at most", len(due), took, throttled, pages, q.sent, q.most)
	t.Logf("a mail: %.2f records written, %.2f read one by one, %.2f by batches, %.3f queries", per(count.writes.Load()), per(count.gets.Load()), per(count.batched.Load()), per(count.queries.Load()))
	if throttled == 0 {
		t.Error("nothing was throttled: the test is no test")
	}
	if want := 1 + len(due) + pages - 1 + 1 + throttled; q.sent > want {
		t.Errorf("%d jobs, want %d at most: one a mail, a page and a throttled try", q.sent, want)
	}
	if most := int64(2*len(due) + 2*throttled + 2*pages + 1); count.writes.Load() > most {
		t.Errorf("%d records written, want %d at most: a mail's claim and end, and the same a throttled try", count.writes.Load(), most)
	}
	if least := time.Duration(len(due)) * time.Second / taken; took > 2*least {
		t.Errorf("it took %s; the sender's rate allows %s", took, least)
	}
	if q.most > len(due)/2 {
		t.Errorf("%d of %d jobs in the queue at a time: the fan-out does not wait for its mails", q.most, len(due))
	}
}

// spreading reports whether the idea's last step is still being told, as the team sees it.
func (w *world) spreading(id string) bool {
	w.t.Helper()
	page, err := w.store.IdeaPage(context.Background(), portal.IdeaQuery{ID: id, Comments: 1, Fresh: true})
	w.must(err)
	is, err := portal.Spreading(context.Background(), w.store, page, w.clock.now())
	w.must(err)
	return is
}
