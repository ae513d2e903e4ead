package rehearsal

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"groundswell/infra/rehearsal/fakeaws"
	"groundswell/shared/metric"
)

// TestFaults is a bad day: a fifth of all batches come twice, a twentieth of all
// invocations are killed, SES throttles every second send and takes some mails
// without an answer. At its end every count is exact, everybody who was to be told
// has been told, nobody twice but where SES's answer was lost or a sender killed, and the
// queues are empty.
func TestFaults(t *testing.T) {
	t.Parallel()
	s := deploy(t)
	s.faults = faults{kill: 0.05, twice: 0.2}
	members := s.people(16)
	boss := s.client("boss@example.com").signIn()
	for i := range 6 {
		members = append(members, s.client(fmt.Sprintf("author%d@example.com", i)).signIn())
	}
	var ideas []string
	author := map[string]*client{}
	for i, m := range members[16:] {
		id := m.submit(fmt.Sprintf("Bad day %d", i))
		ideas, author[id] = append(ideas, id), m
	}
	s.settle()
	post := badPost{cut: 3, hang: 5, hangs: 2}
	s.ses.Decide = post.decide
	s.unleash(rand.New(rand.NewPCG(7, 8)))
	done := make(chan struct{})
	errs := make(chan error, 1000)
	go func() {
		defer close(done)
		// A member does one thing at a time, as people do.
		s.crowd(len(members), 4, func(i int) {
			m, r := members[i], rand.New(rand.NewPCG(9, uint64(i)))
			for n := range 10 {
				id := ideas[r.IntN(len(ideas))]
				var err error
				switch r.IntN(5) {
				case 0:
					err = m.insist("DELETE", "/api/v1/ideas/"+id+"/vote", "")
				case 1:
					err = m.insist("POST", "/api/v1/ideas/"+id+"/comments", fmt.Sprintf(`{"body":"number %d"}`, n))
				default:
					err = m.insist("PUT", "/api/v1/ideas/"+id+"/vote", "")
				}
				if err != nil {
					errs <- err
				}
			}
		})
	}()
	s.during(done)
	close(errs)
	for err := range errs {
		t.Error(err)
	}
	for _, id := range ideas {
		if a := boss.call("POST", "/api/v1/ideas/"+id+"/status", `{"status":"launched"}`); a.status != http.StatusOK && a.status != http.StatusConflict {
			t.Fatalf("launch: %d %s", a.status, a.body)
		}
	}
	s.settle() // the faults go on until everything is done
	s.unleash(nil)
	s.settle()

	kills, killed := s.killed("mail")
	twice := 0
	for _, id := range ideas {
		votes, comments := s.count(id)
		card, err := s.store.CardOf(t.Context(), id)
		if err != nil || card.Votes != votes || card.Comments != comments {
			t.Errorf("card: %d votes and %d comments, %v; counted %d and %d", card.Votes, card.Comments, err, votes, comments)
		}
		to := author[id].email
		n := len(s.launched(to, id))
		if n == 0 {
			t.Errorf("an author has not been told")
		}
		if twice += max(0, n-1); n-1 > post.lost[to]+killed {
			t.Errorf("%d mails, and only %d answers got lost, %d senders killed", n, post.lost[to], killed)
		}
	}
	if post.hung == 0 || post.throttled == 0 {
		t.Error("SES was never silent, or never throttled: the test is no test")
	}
	if n := len(s.dead.Messages()) + len(s.queue.Messages()); n != 0 {
		t.Errorf("%d messages left", n)
	}
	t.Logf("%d invocations killed, %d of them sending; %s; of %d due mails none is missing, %d came twice", kills, killed, &post, len(ideas), twice)
	t.Logf("outcomes as metrics: %v", s.points(metric.Mails))
}

// TestViral: members vote for one idea as fast as the machine goes. No vote fails,
// the count is exact, and all writes that a vote leads to are about the vote's own. It
// has the machine for itself, before the others begin: a table that others keep from
// answering for seconds is what votes do fail on.
func TestViral(t *testing.T) {
	n := sized("GROUNDSWELL_VIRAL", 1000) // a small crowd pays for the same few tallies
	s := deploy(t)
	members := s.people(n)
	id := s.client("ann@example.com").signIn().submit("Free refills")
	s.settle()
	before, begun := s.written(), time.Now()
	errs := make(chan error, n)
	s.crowd(n, 16, func(i int) {
		if err := members[i].insist("PUT", "/api/v1/ideas/"+id+"/vote", ""); err != nil {
			errs <- err
		}
	})
	took := time.Since(begun)
	close(errs)
	for err := range errs {
		t.Fatal(err) // one tells enough
	}
	s.settle()
	votes, _ := s.count(id)
	card, err := s.store.CardOf(t.Context(), id)
	if err != nil || votes != n || card.Votes != n {
		t.Errorf("%d votes, the card says %d, %v; want %d", votes, card.Votes, err, n)
	}
	units := (s.written() - before) / float64(n)
	if units > 2.1 {
		t.Errorf("%.3f write units a vote, want 2.1 at most", units)
	}
	t.Logf("%d votes in %v (%.0f a second), %.3f write units each, everything that follows included", n, took.Round(time.Millisecond), float64(n)/took.Seconds(), units)
}

// written are the write units of all functions so far.
func (s *stack) written() (units float64) {
	for _, gs := range s.guards {
		for _, g := range gs {
			units += g.Written()
		}
	}
	return units
}

// TestPoison: a record that nobody can read, a job that nobody can read and an address
// that takes no mail hold up nobody else; the job ends among the dead letters.
func TestPoison(t *testing.T) {
	t.Parallel()
	s := deploy(t)
	s.queue.Limit(s.tries()) // what chaos takes more of is not here
	ann, bob, boss := s.client("ann@example.com").signIn(), s.client("bob@example.com").signIn(), s.client("boss@example.com").signIn()
	dead, live := ann.submit("For a dead address"), bob.submit("For a live one")
	s.settle()
	s.spoil(live)
	s.enqueue("no job at all")
	s.ses.Decide = func(m fakeaws.Mail) fakeaws.Fault {
		if m.Destinations[0] == ann.email {
			return fakeaws.Reject
		}
		return fakeaws.NoFault
	}
	boss.want(http.StatusOK, "PUT", "/api/v1/ideas/"+live+"/vote", "")
	for _, id := range []string{dead, live} {
		boss.want(http.StatusOK, "POST", "/api/v1/ideas/"+id+"/status", `{"status":"launched"}`)
	}
	s.impatient = true
	s.settle()
	if card, err := s.store.CardOf(t.Context(), live); err != nil || card.Votes != 1 {
		t.Errorf("the vote behind the record: %d, %v", card.Votes, err)
	}
	if n := len(s.launched(bob.email, live)); n != 1 {
		t.Errorf("%d mails to the live address", n)
	}
	left := s.dead.Messages()
	if len(left) != 1 || left[0].Body != "no job at all" || left[0].Receives != s.tries() {
		t.Errorf("dead letters: %+v", left)
	}
	if !strings.Contains(s.functions["projections"].Logs(), "unreadable") && !strings.Contains(s.functions["projections"].Logs(), "skipped") {
		t.Error("nobody said that a record was passed over")
	}
}
