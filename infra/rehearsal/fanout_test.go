package rehearsal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table"
)

// TestFanOut launches an idea that many wait for, on a bad day: of those who follow it
// or voted for it and asked to hear, everybody gets one mail, and a second one only in
// the window that no sender can close: an answer of SES that got lost, or a sender that
// was killed. Who did not ask gets none.
func TestFanOut(t *testing.T) {
	t.Parallel()
	n := sized("GROUNDSWELL_FANOUT", 250) // pages of a hundred: more than two
	s := deploy(t)
	s.faults = faults{kill: 0.05, twice: 0.2}
	s.patience = 4*time.Minute + time.Duration(n)*200*time.Millisecond
	ann, boss := s.client("ann@example.com").signIn(), s.client("boss@example.com").signIn()
	id := ann.submit("What everybody waits for")
	due := s.fans(id, n)
	due[ann.email] = true
	s.settle()
	codes := len(s.ses.Sent())

	post := badPost{cut: 20, hang: 50, hangs: 2 + n/1000}
	s.ses.Decide = post.decide
	s.unleash(rand.New(rand.NewPCG(11, 12)))
	before, begun := s.written(), time.Now()
	if a := boss.call("POST", "/api/v1/ideas/"+id+"/status", `{"status":"launched"}`); a.status != http.StatusOK && a.status != http.StatusConflict {
		t.Fatalf("launch: %d %s", a.status, a.body)
	}
	for len(s.ses.Sent())-codes < n*9/10 && time.Since(begun) < s.patience+s.kept {
		s.round()
	}
	s.unleash(nil) // whoever is killed last is waited for, a lease long; SES stays as it is
	s.settle()
	took := time.Since(begun)

	told := map[string]int{}
	for _, m := range s.ses.Sent()[codes:] {
		told[m.Destinations[0]]++
	}
	twice := 0
	kills, killed := s.killed("mail")
	for to, n := range told {
		if !due[to] {
			t.Errorf("%s was told and had not asked", to)
		}
		twice += n - 1
		if n-1 > post.lost[to]+killed {
			t.Errorf("%d mails to one, of which %d answers got lost", n, post.lost[to])
		}
	}
	for to := range due {
		if told[to] == 0 {
			t.Fatalf("%d of %d were told; %s was not", len(told), len(due), to)
		}
	}
	if windows := post.broken + post.hung + killed; twice > windows {
		t.Errorf("%d came twice, and there were but %d moments in which that may happen", twice, windows)
	}
	if post.hung == 0 || post.throttled == 0 {
		t.Error("SES was never silent, or never throttled: the test is no test")
	}
	if n := len(s.dead.Messages()) + len(s.queue.Messages()); n != 0 {
		t.Errorf("%d messages left", n)
	}
	done, again := s.pages()
	// A page that was killed is begun again; one that was done is not: chains don't branch.
	if least := len(due) / 100; done < least || again > kills {
		t.Errorf("%d pages, %d of them again, want %d at least, and no more of them again than were killed", done, again, least)
	}
	t.Logf("%d told in %s, %d came twice; %d invocations killed, %d of them sending; %s; %d pages, %d begun again; %.1f units written a mail",
		len(told), took.Round(time.Second), twice, kills, killed, &post, done, again, (s.written()-before)/float64(len(due)))
}

// fans are n members who wait for the idea, three quarters of them as followers, and
// some more who must not hear of its launch. It returns the addresses of those who
// must.
func (s *stack) fans(idea string, n int) (due map[string]bool) {
	s.Helper()
	due = map[string]bool{}
	now := time.Now().UTC().Truncate(time.Millisecond)
	var ops []table.Op
	for i := range n + n/5 {
		m := portal.Member{ID: portal.ImportedMember("fan", fmt.Sprint(i)), Name: fmt.Sprint("fan ", i), Email: fmt.Sprintf("fan%d@example.com", i),
			Locale: []string{"en", "zh"}[i%2], Role: portal.RoleMember, Mail: portal.DefaultMail(), CreatedAt: now, Version: 1}
		f := portal.Follow{IdeaID: idea, MemberID: m.ID, At: now, Following: true, Version: 1}
		voter := i%4 == 3
		if i < n {
			m.Mail.Voted = voter
			due[m.Email] = true
		} else if !voter { // three who follow and don't want to hear, and a voter who did not ask
			f.Muted = i%2 == 0
			if !f.Muted {
				m.Mail.Followed = portal.Nothing
			}
		}
		s.hide(m.Email)
		ops = append(ops, store.MemberUnit(m).Ops()...)
		if voter {
			ops = append(ops, store.VoteUnit(portal.Vote{IdeaID: idea, MemberID: m.ID, At: now}).Ops()...)
		} else {
			ops = append(ops, store.FollowUnit(f).Ops()...)
		}
	}
	s.put(ops)
	return due
}

// pages are how many pages of a fan-out the functions say that they did, and how many of
// these were done again.
func (s *stack) pages() (done, again int) {
	s.Helper()
	seen := map[int]bool{}
	for line := range bytes.Lines([]byte(s.functions["mail"].Logs())) {
		var l struct {
			Message string
			Page    int
		}
		if json.Unmarshal(line, &l) != nil || l.Message != "fan_out_page" {
			continue
		}
		if seen[l.Page] {
			again++
		}
		seen[l.Page] = true
	}
	return len(seen), again
}
