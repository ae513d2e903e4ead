package feedback

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"groundswell/shared/i18n"
	"groundswell/shared/mail"
	"groundswell/shared/notify"
	"groundswell/shared/portal"
	"groundswell/shared/store"
	"groundswell/shared/table/tabletest"
)

// post is a sender like SES, and the world behind it: it takes mails, sometimes
// without an answer, and tells later what became of each, by the nature of the
// address.
type post struct {
	mu     sync.Mutex
	rnd    *rand.Rand
	now    func() time.Time
	sent   []mail.Message
	events []string
	heard  map[string][]Event // by line
}

func (p *post) Send(_ context.Context, m mail.Message) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rnd.IntN(8) == 0 {
		return "", mail.ErrThrottled
	}
	p.sent = append(p.sent, m)
	id := fmt.Sprint("ses-", len(p.sent))
	tags := map[string][]string{}
	for _, t := range m.Tags {
		tags[t.Name] = []string{t.Value}
	}
	for _, kind := range fates[strings.SplitN(m.To, ".", 2)[0]] {
		p.tell(m, id, kind, tags)
	}
	if p.rnd.IntN(5) == 0 {
		return "", errors.New("no answer")
	}
	return id, nil
}

// fates are the events that a mail to an address leads to, by the address's first
// part.
var fates = map[string][]string{
	"alive": {"Delivery"}, "slow": {"DeliveryDelay", "Delivery"}, "dead": {"Bounce"}, "late": {"Delivery", "Bounce"},
	"angry": {"Delivery", "Complaint"}, "full": {"DeliveryDelay", "Transient"},
}

func (p *post) tell(m mail.Message, id, kind string, tags map[string][]string) {
	at := p.now().Add(time.Duration(p.rnd.IntN(5000)) * time.Millisecond)
	part := map[string]any{"timestamp": at.Format(time.RFC3339Nano)}
	to := []map[string]string{{"emailAddress": m.To, "action": "failed"}}
	detail := map[string]any{"eventType": kind, "mail": map[string]any{"messageId": id, "destination": []string{m.To}, "tags": tags}}
	switch kind {
	case "Bounce", "Transient":
		part["bounceType"], part["bouncedRecipients"] = map[string]string{"Bounce": "Permanent", "Transient": "Transient"}[kind], to
		detail["eventType"], detail["bounce"] = "Bounce", part
	case "Complaint":
		part["complainedRecipients"] = to
		detail["complaint"] = part
	case "Delivery":
		detail["delivery"] = part
	case "DeliveryDelay":
		part["delayedRecipients"] = to
		detail["deliveryDelay"] = part
	}
	raw, err := json.Marshal(map[string]any{"source": "aws.ses", "detail": detail})
	if err != nil {
		panic(err)
	}
	p.events = append(p.events, string(raw))
	e, _, err := Parse(raw)
	if err != nil {
		panic(err)
	}
	p.heard[m.ID] = append(p.heard[m.ID], e)
}

// TestWhatIsHeardEndsTheSame mixes the worker and the consumer: mails to addresses of
// every nature; answers of the sender that get lost; events that come before the
// worker has written down that it sent, twice, late and in any order, several at a
// time; reads and writes that fail. In the end each line says the strongest thing
// that was ever heard of its mail, each address is as its facts say, no mail was
// sent to an address after it was known to be barred, and no event about a mail
// whose sending was never answered left it to be sent again.
func TestWhatIsHeardEndsTheSame(t *testing.T) {
	t.Parallel()
	for seed := range tabletest.Seeds(4, 16) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			chaos(t, seed)
		})
	}
}

type subject struct {
	idea   portal.Idea
	member portal.Member
}

func chaos(t *testing.T, seed uint64) {
	tab, clock := tabletest.OpenLocal(t)
	s := &store.Store{Table: tab, Clock: clock.Now}
	var jobs []string
	var lines []subject
	for name := range fates {
		m := portal.Member{ID: portal.ImportedMember("t", name), Name: name, Email: name + ".x@example.org", Locale: "en", Role: portal.RoleMember, Mail: portal.DefaultMail(), Version: 1}
		if _, err := s.CreateMember(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		for n := range 7 {
			i := portal.Idea{ID: portal.ImportedAt(clock.Now(), "t", fmt.Sprint(name, n)), Title: "Tea", Category: "tea", Status: portal.Launched, AuthorID: m.ID, CreatedAt: clock.Now(), Version: 1}
			if err := s.CreateIdea(t.Context(), portal.NewIdea{Idea: i, History: portal.HistoryEntry{IdeaID: i.ID, Ver: 1, At: clock.Now(), From: portal.InProgress, To: portal.Launched}}); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, subject{i, m})
			jobs = append(jobs, fmt.Sprintf(`{"kind":"launched","idea":%q,"ver":1,"to":%q}`, i.ID, m.ID))
		}
	}
	rnd := rand.New(rand.NewPCG(seed, 1))
	faulty := tabletest.NewFaulty(tab, seed)
	faulty.SetRates(tabletest.Rates{Before: 0.04, After: 0.04, Conflict: 0.04})
	on := &store.Store{Table: faulty, Clock: clock.Now}
	p := &post{rnd: rand.New(rand.NewPCG(seed, 2)), now: clock.Now, heard: map[string][]Event{}}
	log := slog.New(slog.DiscardHandler)
	worker := &notify.Worker{Reads: on, Ledger: on, Sender: p, From: "ideas@example.com", Clock: clock.Now, Log: log, Attempts: 1000, Lease: time.Minute,
		Texts: &notify.Texts{FS: os.DirFS("../../frontend/templates/mail"), Words: func(tag string) notify.Words { return i18n.For(i18n.Match(tag)) }, Portal: "Portal",
			BaseURL: "https://ideas.example.com", Markdown: func(s string) template.HTML { return "" }}}
	c := &Consumer{Store: on, Log: log}

	var mu sync.Mutex
	left := func(do func(context.Context, string) error, bodies []string) (again []string) {
		var wg sync.WaitGroup
		for _, b := range bodies {
			wg.Go(func() {
				if do(t.Context(), b) != nil {
					mu.Lock()
					again = append(again, b)
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		return again
	}
	taken := 0 // events of the post that are on their way
	var flying []string
	for round := 0; len(jobs)+len(flying) > 0 || taken < len(p.events); round++ {
		if round == 400 {
			t.Fatalf("%d mails and %d events never end", len(jobs), len(flying))
		}
		p.mu.Lock()
		for _, e := range p.events[taken:] {
			for range 1 + rnd.IntN(3) {
				flying = append(flying, e)
			}
		}
		taken = len(p.events)
		p.mu.Unlock()
		rnd.Shuffle(len(flying), func(i, j int) { flying[i], flying[j] = flying[j], flying[i] })
		rnd.Shuffle(len(jobs), func(i, j int) { jobs[i], jobs[j] = jobs[j], jobs[i] })
		n, k := rnd.IntN(len(flying)+1), rnd.IntN(min(len(jobs), 6)+1)
		some, rest := flying[:n], flying[n:]
		mails, later := jobs[:k], jobs[k:]
		barred := map[string]bool{}
		for _, l := range lines {
			known, err := s.Suppression(t.Context(), l.member.Email)
			if err != nil {
				t.Fatal(err)
			}
			barred[l.member.Email] = known.StopsMail()
		}
		before := len(p.sent)
		var wg sync.WaitGroup
		var againMails, againEvents []string
		wg.Go(func() { againMails = left(worker.Handle, mails) })
		wg.Go(func() { againEvents = left(c.Handle, some) })
		wg.Wait()
		for _, m := range p.sent[before:] {
			if barred[m.To] {
				t.Errorf("a mail to %s, which was known to be barred", m.To)
			}
		}
		flying, jobs = append(rest, againEvents...), append(later, againMails...)
		clock.Advance(time.Duration(rnd.IntN(40)) * time.Second)
	}

	facts := map[string]portal.Suppression{}
	for _, l := range lines {
		id := "launched/" + l.idea.ID + "/" + l.member.ID
		var want store.Outcome
		for _, e := range p.heard[id] {
			if o := (store.Outcome{What: e.What, At: e.At, Detail: e.Detail}); stronger(o, want) {
				want = o
			}
			if f, ok := e.facts(); ok {
				facts[l.member.Email] = facts[l.member.Email].With(f)
			}
		}
		d, err := s.Delivery(t.Context(), l.idea.ID, "launched", l.member.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, d.Outcome); diff != "" {
			t.Errorf("%s (-strongest of %d events +line):\n%s", l.member.Name, len(p.heard[id]), diff)
		}
		if sent := len(p.heard[id]) > 0; sent != (d.State == store.Sent) || !sent && d.Why != "suppressed" {
			t.Errorf("%s: %s %q after %d events", l.member.Name, d.State, d.Why, len(p.heard[id]))
		}
	}
	for _, name := range []string{"alive", "slow", "dead", "late", "angry", "full"} {
		email := name + ".x@example.org"
		got, err := s.Suppression(t.Context(), email)
		got.Version = 0
		if diff := cmp.Diff(facts[email], got); err != nil || diff != "" {
			t.Errorf("%s, %v (-its facts +what is known):\n%s", name, err, diff)
		}
	}
	if faulty.Fired() == 0 {
		t.Error("nothing failed: the test is no test")
	}
}
